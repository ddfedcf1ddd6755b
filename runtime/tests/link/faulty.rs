//! A line that damages bytes.

use std::io;
use std::time::Duration;

use spikevec_runtime::link::Line;

/// SplitMix64.
#[derive(Debug, Clone)]
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}

/// Bytes that were lost, doubled, flipped, and transfers that were cut short.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Faults {
    pub lost: u64,
    pub doubled: u64,
    pub flipped: u64,
    pub cut: u64,
}

impl Faults {
    pub fn total(&self) -> u64 {
        self.lost + self.doubled + self.flipped + self.cut
    }
}

/// Damages one byte in `rate`, in both directions; none where that is 0.
pub struct Faulty<L> {
    pub line: L,
    pub rate: u64,
    pub to_machine: Faults,
    pub from_machine: Faults,
    random: Random,
    /// The rest of an answer is lost.
    cutting: bool,
}

impl<L> Faulty<L> {
    pub fn new(line: L, seed: u64) -> Self {
        Self {
            line,
            rate: 0,
            to_machine: Faults::default(),
            from_machine: Faults::default(),
            random: Random(seed),
            cutting: false,
        }
    }
}

/// `bytes` with faults; true where all that follows is cut.
fn damage(bytes: &[u8], rate: u64, random: &mut Random, faults: &mut Faults) -> (Vec<u8>, bool) {
    let mut out = Vec::with_capacity(bytes.len());
    for byte in bytes {
        if rate == 0 || random.below(rate) != 0 {
            out.push(*byte);
            continue;
        }
        match random.below(8) {
            0..3 => faults.lost += 1,
            3..5 => {
                faults.doubled += 1;
                out.extend([*byte, *byte]);
            }
            5..7 => {
                faults.flipped += 1;
                out.push(byte ^ (1 << random.below(8)));
            }
            _ => {
                faults.cut += 1;
                return (out, true);
            }
        }
    }
    (out, false)
}

impl<L: Line> Line for Faulty<L> {
    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.cutting = false;
        let (bytes, _) = damage(bytes, self.rate, &mut self.random, &mut self.to_machine);
        self.line.send(&bytes)
    }

    fn receive(&mut self, out: &mut [u8], patience: Duration) -> io::Result<usize> {
        loop {
            // Room for doubled bytes.
            let half = out.len() / 2;
            let count = self.line.receive(&mut out[..half], patience)?;
            if count == 0 {
                self.cutting = false;
                return Ok(0);
            }
            if self.cutting {
                continue;
            }
            let (random, faults) = (&mut self.random, &mut self.from_machine);
            let (bytes, cut) = damage(&out[..count], self.rate, random, faults);
            self.cutting = cut;
            if !bytes.is_empty() {
                out[..bytes.len()].copy_from_slice(&bytes);
                return Ok(bytes.len());
            }
        }
    }

    fn rate(&self) -> u32 {
        self.line.rate()
    }

    fn elapsed(&self) -> Duration {
        self.line.elapsed()
    }
}
