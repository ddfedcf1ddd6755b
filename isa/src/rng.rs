//! The random number generator: one xoroshiro32++ per lane.

use crate::{LANES, Vector};

/// State of the 32 generators.
///
/// A lane whose two words are both zero only ever yields zero, so a program
/// that draws from the generator must seed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rng {
    /// First state word of each lane.
    pub s0: [u16; LANES],
    /// Second state word of each lane.
    pub s1: [u16; LANES],
}

impl Default for Rng {
    /// The state at reset: all zero.
    fn default() -> Self {
        Rng {
            s0: [0; LANES],
            s1: [0; LANES],
        }
    }
}

/// One step of one lane (xoroshiro32++ with constants 13, 5, 10 and 9): the sample, and the new state.
pub const fn step(s0: u16, s1: u16) -> (u16, u16, u16) {
    let sample = s0.wrapping_add(s1).rotate_left(9).wrapping_add(s0);
    let mixed = s1 ^ s0;
    let next0 = s0.rotate_left(13) ^ mixed ^ (mixed << 5);
    (sample, next0, mixed.rotate_left(10))
}

/// SplitMix64, used only to spread a seed over the lanes.
fn splitmix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Rng {
    /// Generators seeded from `seed` and a `stream` number (for instance the
    /// sample's index, so that results do not depend on what ran before).
    /// No lane's state is all zero.
    pub fn from_seed(seed: u64, stream: u64) -> Self {
        let mut state = seed;
        state = splitmix(&mut state) ^ stream;
        let mut rng = Rng::default();
        for lane in 0..LANES {
            while rng.s0[lane] == 0 && rng.s1[lane] == 0 {
                let word = splitmix(&mut state);
                rng.s0[lane] = word as u16;
                rng.s1[lane] = (word >> 16) as u16;
            }
        }
        rng
    }

    /// The two state vectors as `vloadr0` and `vloadr1` take them from memory.
    pub fn to_vectors(&self) -> [Vector; 2] {
        [self.s0.map(|w| w as i16), self.s1.map(|w| w as i16)]
    }

    /// Steps every lane and gives each lane's 16-bit sample.
    pub fn sample(&mut self) -> [u16; LANES] {
        let mut out = [0; LANES];
        let state = self.s0.iter_mut().zip(self.s1.iter_mut());
        for (out, (s0, s1)) in out.iter_mut().zip(state) {
            (*out, *s0, *s1) = step(*s0, *s1);
        }
        out
    }

    /// True where some lane's state is all zero: that lane only yields zero.
    pub fn has_dead_lane(&self) -> bool {
        (0..LANES).any(|k| self.s0[k] == 0 && self.s1[k] == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_period_is_all_non_zero_states() {
        let (mut s0, mut s1) = (1, 0);
        let mut steps = 0u64;
        loop {
            let (_, a, b) = step(s0, s1);
            (s0, s1) = (a, b);
            steps += 1;
            if (s0, s1) == (1, 0) {
                break;
            }
        }
        assert_eq!(steps, u64::from(u32::MAX));
    }

    #[test]
    fn a_zero_lane_stays_zero_and_seeds_leave_none() {
        assert_eq!(step(0, 0), (0, 0, 0));
        assert!(Rng::default().has_dead_lane());
        for seed in 0..100 {
            assert!(!Rng::from_seed(seed, 7).has_dead_lane());
        }
        assert_ne!(Rng::from_seed(1, 0), Rng::from_seed(1, 1));
        assert_ne!(Rng::from_seed(1, 0), Rng::from_seed(0, 1));
    }
}
