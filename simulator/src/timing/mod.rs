//! When each instruction is where in the core: the rules of `docs/core.md`,
//! section "Timing, exactly", to the clock.
//!
//! | module | what |
//! | --- | --- |
//! | here | [`Timing`]: the core that is timed |
//! | `table` | what each code word waits for and what waits for it, computed at load |
//! | `pipeline` | the state of a run: the clocks from which operands are there |
//! | `ports` | vector memory's ports, and what DMA sees of the core's stores |
//! | [`dma`] | the engine that moves vectors beside the program and external memory, by the clock |
//!
//! Nothing here knows what an instruction does: an engine tells which one enters, and asks here
//! for what memory holds in the clock of an access.

pub mod dma;
mod pipeline;
mod ports;
mod table;

pub(crate) use pipeline::Pipeline;
use ports::Ports;

use spikevec_isa::target::{HARDWARE_LANES, MOST_BURST_VECTORS};
use spikevec_isa::{LANES, Target};

use self::dma::ExternalTiming;

/// A core that is to be timed: how it is built, as far as its speed shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    lanes: u32,
    external: ExternalTiming,
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
    /// A parameter of external memory.
    #[error("external memory cannot have {what} {value}: choose {least} to {most}")]
    External {
        /// The parameter.
        what: &'static str,
        /// Its value.
        value: u32,
        /// The least it can be.
        least: u32,
        /// The most it can be.
        most: u32,
    },
}

impl Timing {
    /// A core with `lanes` lanes in hardware.
    ///
    /// # Errors
    /// A number other than 4, 8, 16 and 32.
    pub fn new(lanes: u32) -> Result<Self, TimingError> {
        if !HARDWARE_LANES.contains(&lanes) {
            return Err(TimingError::Lanes { lanes });
        }
        Ok(Timing {
            lanes,
            ..Timing::default()
        })
    }

    /// The core with a target's lanes and bursts.
    ///
    /// # Errors
    /// Lanes or bursts that there is no core with.
    pub fn of(target: &Target) -> Result<Self, TimingError> {
        let timing = Timing::new(target.lanes)?;
        let external = ExternalTiming {
            burst_vectors: target.burst_vectors,
            ..timing.external
        };
        timing.with_external(external)
    }

    /// The core called `name`, one of [`Target::CORE_NAMES`].
    pub fn named(name: &str) -> Option<Self> {
        Timing::of(&Target::core(name)?).ok()
    }

    /// Name of the core with as many lanes.
    pub fn name(&self) -> &'static str {
        Target::core_name(self.lanes).unwrap_or("")
    }

    /// The same core with another external memory.
    ///
    /// # Errors
    /// A latency that is not 1 to 65536 clocks, words that are not 1 to 4096 clocks
    /// apart, or bursts that are not 1 to 255 vectors long.
    pub fn with_external(self, external: ExternalTiming) -> Result<Self, TimingError> {
        let parameters = [
            ("a latency in clocks of", external.latency, 65536),
            ("clocks per word of", external.clocks_per_word, 4096),
            (
                "vectors in a burst of",
                external.burst_vectors,
                MOST_BURST_VECTORS,
            ),
        ];
        let wrong = parameters
            .into_iter()
            .find(|(_, value, most)| !(1..=*most).contains(value));
        match wrong {
            None => Ok(Timing { external, ..self }),
            Some((what, value, most)) => Err(TimingError::External {
                what,
                value,
                least: 1,
                most,
            }),
        }
    }

    /// The external memory.
    pub fn external(&self) -> ExternalTiming {
        self.external
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
    /// All 32 lanes in hardware, external memory as [`ExternalTiming::default`].
    fn default() -> Self {
        Timing {
            lanes: LANES as u32,
            external: ExternalTiming::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_and_lanes() {
        for name in Target::CORE_NAMES {
            let timing = Timing::named(name).unwrap();
            assert_eq!(timing.name(), name);
            assert_eq!(Timing::new(timing.lanes()), Ok(timing));
            assert_eq!(timing.beats() * timing.lanes(), 32);
        }
        assert_eq!(Timing::default(), Timing::named("base").unwrap());
        assert_eq!(Timing::named("huge"), None);
        let external = ExternalTiming {
            burst_vectors: 256,
            ..ExternalTiming::default()
        };
        let error = Timing::default().with_external(external).unwrap_err();
        assert!(error.to_string().contains("burst of 256: choose 1 to 255"));
        let error = Timing::new(12).unwrap_err().to_string();
        assert!(error.contains("12 lanes"), "{error}");
    }
}
