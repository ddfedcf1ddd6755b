//! An input as a source of choices.

/// Takes numbers off an input; zeros where it has ended.
#[derive(Debug, Clone, Copy)]
pub struct Bytes<'a> {
    rest: &'a [u8],
}

impl<'a> Bytes<'a> {
    /// A source of the bytes of `input`.
    pub fn new(input: &'a [u8]) -> Self {
        Bytes { rest: input }
    }

    /// True where nothing is left.
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// What is left.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next bytes, fewer where the input ends.
    pub fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at(count.min(self.rest.len()));
        self.rest = rest;
        taken
    }

    fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut all = [0; N];
        let taken = self.take(N);
        all.iter_mut().zip(taken).for_each(|(to, from)| *to = *from);
        all
    }

    /// A byte.
    pub fn byte(&mut self) -> u8 {
        let [byte] = self.array();
        byte
    }

    /// A word.
    pub fn word(&mut self) -> u32 {
        u32::from_le_bytes(self.array())
    }

    /// A lane.
    pub fn lane(&mut self) -> i16 {
        i16::from_le_bytes(self.array())
    }

    /// A number below `limit`, which is not 0.
    pub fn below(&mut self, limit: usize) -> usize {
        usize::from(u16::from_le_bytes(self.array())) % limit
    }

    /// True in a quarter of all inputs.
    pub fn seldom(&mut self) -> bool {
        self.byte() >= 192
    }

    /// A number: mostly one of those that parameters have, sometimes any, infinite and none
    /// included.
    pub fn number(&mut self) -> f64 {
        const USUAL: [f64; 16] = [
            0.0, 1.0, -1.0, 0.5, -0.25, 2.0, 10.0, 0.1, 0.02, 1e-3, -1e-3, 100.0, 3e4, 1e-6, 1e6,
            -7.0,
        ];
        match self.byte() {
            kind @ 0..192 => USUAL[usize::from(kind % 16)],
            192..240 => f64::from(self.lane()) / 256.0,
            _ => f64::from_le_bytes(self.array()),
        }
    }
}
