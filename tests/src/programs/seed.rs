//! Random numbers that depend on a seed alone.

use spikevec_isa::{Class, Op};

/// SplitMix64.
#[derive(Debug, Clone)]
pub struct Seed(u64);

impl Seed {
    /// A sequence of its own for each seed.
    pub fn new(seed: u64) -> Self {
        Seed(seed ^ 0x5bf0_3635_dcd1_d867)
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `end`, which is not 0.
    pub fn below(&mut self, end: u32) -> u32 {
        ((u128::from(self.bits()) * u128::from(end)) >> 64) as u32
    }

    /// From `first` to `last`, both included.
    pub fn within(&mut self, first: i32, last: i32) -> i32 {
        first + self.below((last - first) as u32 + 1) as i32
    }

    /// True once in `n`.
    pub fn one_in(&mut self, n: u32) -> bool {
        self.below(n) == 0
    }

    /// One of a list that is not empty.
    pub fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len() as u32) as usize]
    }

    /// An instruction of a class.
    pub fn op(&mut self, class: Class) -> Op {
        self.pick(&class.ops().collect::<Vec<_>>())
    }

    /// A word: edges often.
    pub fn word(&mut self) -> u32 {
        match self.below(3) {
            0 => self.pick(&super::directed::WORDS),
            1 => self.below(64).wrapping_sub(16),
            _ => self.bits() as u32,
        }
    }

    /// A lane: edges often.
    pub fn lane(&mut self) -> i16 {
        match self.below(3) {
            0 => self.pick(&super::directed::LANE_EDGES),
            1 => self.within(-8, 8) as i16,
            _ => self.bits() as i16,
        }
    }
}
