//! When each instruction is where in the core: the rules of `docs/core.md`,
//! section "Timing, exactly", to the clock.
//!
//! | module | what |
//! | --- | --- |
//! | here | [`Timing`]: the core that is timed |
//! | `table` | what each code word waits for and what waits for it, computed at load |
//! | [`dma`] | the DMA engine and external memory, clock by clock |
//! | `pipeline` | the state of a run: the clocks from which operands are there |
//! | `stalls` | [`Stalls`]: why an instruction waited, for observers |
//! | `profile` | [`StallProfile`]: the sum of that over runs |
//! | [`dma`] | the engine that moves vectors beside the program, by the clock |

pub mod dma;
mod pipeline;
mod profile;
mod stalls;
mod table;

pub(crate) use pipeline::{Clocked, Pipeline, Untimed};
pub use profile::StallProfile;
pub use stalls::{Issue, Stall, Stalls};

use spikevec_isa::LANES;

/// A core that is to be timed: how it is built, as far as its speed shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Timing {
    lanes: u32,
}

/// No core is built like this.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimingError {
    /// A number of lanes that there is no core with.
    #[error("a core with {lanes} lanes in hardware cannot be timed: choose 4, 8, 16 or 32")]
    Lanes {
        /// Lanes asked for.
        lanes: u32,
    },
}

/// Names of the core configurations and their lanes.
const NAMED: [(&str, u32); 4] = [("base", 32), ("half", 16), ("small", 8), ("tiny", 4)];

impl Timing {
    /// A core with `lanes` lanes in hardware.
    ///
    /// # Errors
    /// A number other than 4, 8, 16 and 32.
    pub fn new(lanes: u32) -> Result<Self, TimingError> {
        match lanes {
            4 | 8 | 16 | 32 => Ok(Timing { lanes }),
            _ => Err(TimingError::Lanes { lanes }),
        }
    }

    /// Names of the configurations that [`Timing::named`] knows.
    pub const NAMES: [&'static str; NAMED.len()] = {
        let mut names = [""; NAMED.len()];
        let mut k = 0;
        while k < names.len() {
            names[k] = NAMED[k].0;
            k += 1;
        }
        names
    };

    /// The core configuration called `name`: `base` has 32 lanes, `half` 16, `small` 8, `tiny` 4.
    pub fn named(name: &str) -> Option<Self> {
        let row = NAMED.iter().find(|row| row.0 == name)?;
        Some(Timing { lanes: row.1 })
    }

    /// Name of the configuration with as many lanes.
    pub fn name(&self) -> &'static str {
        let row = NAMED.iter().find(|row| row.1 == self.lanes);
        row.map_or("", |row| row.0)
    }

    /// Lanes in hardware.
    pub fn lanes(&self) -> u32 {
        self.lanes
    }

    /// Clocks that a vector instruction holds a stage: 32 / lanes.
    pub fn beats(&self) -> u32 {
        LANES as u32 / self.lanes
    }
}

impl Default for Timing {
    /// All 32 lanes in hardware.
    fn default() -> Self {
        Timing {
            lanes: LANES as u32,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_and_lanes() {
        for name in Timing::NAMES {
            let timing = Timing::named(name).unwrap();
            assert_eq!(timing.name(), name);
            assert_eq!(Timing::new(timing.lanes()), Ok(timing));
            assert_eq!(timing.beats() * timing.lanes(), 32);
        }
        assert_eq!(Timing::default(), Timing::named("base").unwrap());
        assert_eq!(Timing::named("huge"), None);
        let error = Timing::new(12).unwrap_err().to_string();
        assert!(error.contains("12 lanes"), "{error}");
    }
}
