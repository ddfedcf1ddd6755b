//! What a system is built for.

use super::System;
use crate::core::{Config, ConfigError};
use crate::emit;
use spikevec_design::Design;
use spikevec_isa::protocol::Rates;

/// The line is sampled in the middle of bits that have this many clocks at least.
const LEAST_DIVISOR: u32 = 4;

/// The most that the line's rate may differ from what was asked for, in thousandths.
const TOLERANCE: u32 = 20;

/// Microseconds of silence after which an unfinished frame is given up.
const GAP_MICROSECONDS: u32 = 20_000;

/// A core with a serial link and nothing at its port of external memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemConfig {
    /// The core. Its external memory has no bytes, so that a transfer is an error instead of waiting for ever.
    pub core: Config,
    /// Frequency of the only clock in Hz.
    pub clock_hz: u32,
    /// Bits a second on the line.
    pub baud: u32,
    /// Microseconds of silence after which an unfinished frame is given up.
    pub gap_microseconds: u32,
}

/// A system that cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum SystemError {
    /// Nor can its core.
    #[error(transparent)]
    Core(#[from] ConfigError),
    /// A line too fast or too slow for the clock.
    #[error(
        "a line of {baud} bit/s with a clock of {clock_hz} Hz: a bit must have 4 to 65535 clocks; choose a rate \
         from {} to {} bit/s", clock_hz.div_ceil(65_535), clock_hz / LEAST_DIVISOR
    )]
    Rate {
        /// The line's rate.
        baud: u32,
        /// The clock's.
        clock_hz: u32,
    },
    /// A rate that the clock does not divide into.
    #[error(
        "a line of {baud} bit/s with a clock of {clock_hz} Hz would run at {nearest} bit/s, more than 2 % off; choose \
         {nearest} bit/s or a rate below"
    )]
    Inexact {
        /// The line's rate.
        baud: u32,
        /// The clock's.
        clock_hz: u32,
        /// What would come out.
        nearest: u32,
    },
    /// A gap that ends frames which are not over, or that cannot be counted.
    #[error(
        "a gap of {microseconds} us is {clocks} clocks of {clock_hz} Hz; it must have {least} (two bytes on the line) \
         to 16777215"
    )]
    Gap {
        /// The gap.
        microseconds: u32,
        /// In clocks.
        clocks: u64,
        /// The clock's rate.
        clock_hz: u32,
        /// The fewest clocks.
        least: u64,
    },
}

impl SystemConfig {
    /// A system with `core`, whose external memory is left out, and a gap of 20 ms.
    pub fn new(core: &Config, clock_hz: u32, baud: u32) -> Self {
        let mut core = core.clone();
        core.target.external_bytes = 0;
        Self {
            core,
            clock_hz,
            baud,
            gap_microseconds: GAP_MICROSECONDS,
        }
    }

    fn bit_clocks(&self) -> u32 {
        (self.clock_hz + self.baud / 2)
            .checked_div(self.baud)
            .unwrap_or(0)
    }

    fn gap(&self) -> u64 {
        u64::from(self.clock_hz) * u64::from(self.gap_microseconds) / 1_000_000
    }

    /// Clocks of a bit on the line.
    pub fn divisor(&self) -> u16 {
        self.bit_clocks().clamp(LEAST_DIVISOR, 0xffff) as u16
    }

    /// The line's rates.
    pub fn rates(&self) -> Rates {
        Rates {
            clock_hz: self.clock_hz,
            baud: self.baud,
            divisor: self.divisor(),
        }
    }

    /// Clocks of the gap that ends an unfinished frame.
    pub fn gap_clocks(&self) -> u32 {
        self.gap().min(0xff_ffff) as u32
    }

    /// The clock in kHz.
    pub fn clock_khz(&self) -> u32 {
        self.clock_hz / 1000
    }

    /// Checks that the system can be built.
    ///
    /// # Errors
    /// What cannot be, and what can.
    pub fn check(&self) -> Result<(), SystemError> {
        self.core.check()?;
        let (baud, clock_hz) = (self.baud, self.clock_hz);
        let divisor = self.bit_clocks();
        if !(LEAST_DIVISOR..=0xffff).contains(&divisor) {
            return Err(SystemError::Rate { baud, clock_hz });
        }
        let nearest = clock_hz / divisor;
        if u64::from(nearest.abs_diff(baud)) * 1000 > u64::from(baud) * u64::from(TOLERANCE) {
            return Err(SystemError::Inexact {
                baud,
                clock_hz,
                nearest,
            });
        }
        let (clocks, least) = (self.gap(), 20 * u64::from(divisor));
        if !(least..=0xff_ffff).contains(&clocks) {
            return Err(SystemError::Gap {
                microseconds: self.gap_microseconds,
                clocks,
                clock_hz,
                least,
            });
        }
        Ok(())
    }

    /// The system's Verilog and ports.
    ///
    /// # Errors
    /// A configuration that cannot be built.
    pub fn design(&self) -> Result<Design, SystemError> {
        use rust_hdl::prelude::*;
        self.check()?;
        macro_rules! design {
            ($groups:literal, $each:literal, $lanes:literal) => {{
                let mut system = Box::new(System::<
                    $groups,
                    $each,
                    $lanes,
                    { 16 * $lanes },
                    { 17 * $lanes },
                >::new(self));
                system.connect_all();
                emit::emit("system", system.as_ref()).map_err(ConfigError::from)?
            }};
        }
        Ok(match self.core.target.lanes {
            4 => design!(1, 4, 4),
            8 => design!(1, 8, 8),
            16 => design!(4, 4, 16),
            _ => design!(8, 4, 32),
        })
    }
}

impl Config {
    /// The Verilog and ports of this core with a serial link: a clock of `clock_hz` and a line of `baud` bit/s.
    ///
    /// # Errors
    /// A configuration that cannot be built.
    pub fn system_design(&self, clock_hz: u32, baud: u32) -> Result<Design, SystemError> {
        SystemConfig::new(self, clock_hz, baud).design()
    }
}
