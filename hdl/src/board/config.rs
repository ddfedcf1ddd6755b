//! What a board's top is built for.

use super::{BoardTop, DirectTop, PllError, PllSettings};
use crate::core::{Config, ConfigError};
use crate::emit;
use crate::system::{SystemConfig, SystemError};
use spikevec_design::Design;

/// A system on a board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardConfig {
    /// The system; its clock is the one that the PLL makes, or the oscillator's.
    pub system: SystemConfig,
    /// The board's oscillator in Hz.
    pub input_hz: u32,
    /// The dividers of an ECP5's PLL; without them the system runs from the oscillator.
    pub pll: Option<PllSettings>,
    /// Lights that have pins: 1 (the core runs) or 3 (also error and link).
    pub leds: usize,
    /// They light when their pins are low.
    pub leds_low: bool,
    /// Pins that are held high: 0 or 1.
    pub held: usize,
}

/// A board's top that cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum BoardError {
    /// Nor can its clock.
    #[error(transparent)]
    Pll(#[from] PllError),
    /// Nor can its system.
    #[error(transparent)]
    System(#[from] SystemError),
    /// Pins that no top has.
    #[error("{leds} lights and {held} pins held high: a top has 1 light or 3, and 0 pins or 1")]
    Pins {
        /// Lights.
        leds: usize,
        /// Pins held high.
        held: usize,
    },
}

impl BoardConfig {
    /// A board with an ECP5 whose PLL makes a clock of about `clock_hz` (see [`PllSettings::find`]) for `core`.
    ///
    /// # Errors
    /// A clock that the PLL cannot make.
    pub fn new(core: &Config, input_hz: u32, clock_hz: u32, baud: u32) -> Result<Self, PllError> {
        let pll = PllSettings::find(input_hz, clock_hz)?;
        Ok(Self {
            system: SystemConfig::new(core, pll.output_hz, baud),
            pll: Some(pll),
            ..Self::direct(core, input_hz, baud)
        })
    }

    /// A board with any FPGA whose oscillator is the clock of `core`.
    pub fn direct(core: &Config, input_hz: u32, baud: u32) -> Self {
        Self {
            system: SystemConfig::new(core, input_hz, baud),
            input_hz,
            pll: None,
            leds: 1,
            leds_low: false,
            held: 0,
        }
    }

    /// The top's Verilog and ports. With a PLL it holds cells of the ECP5, `EHXPLLL` and `DCCA`.
    ///
    /// # Errors
    /// A configuration that cannot be built.
    pub fn design(&self) -> Result<Design, BoardError> {
        use rust_hdl::prelude::Block;
        self.system.check()?;
        macro_rules! top {
            ($groups:literal, $each:literal, $lanes:literal, $leds:literal, $held:literal) => {{
                const WIDE: usize = 16 * $lanes;
                const PLACES: usize = 17 * $lanes;
                match &self.pll {
                    Some(pll) => {
                        type Top = BoardTop<$groups, $each, $lanes, WIDE, PLACES, $leds, $held>;
                        let mut top = Box::new(Top::new(self, pll));
                        top.connect_all();
                        emit::emit("board_top", top.as_ref())
                    }
                    None => {
                        type Top = DirectTop<$groups, $each, $lanes, WIDE, PLACES, $leds, $held>;
                        let mut top = Box::new(Top::new(self));
                        top.connect_all();
                        emit::emit("board_top", top.as_ref())
                    }
                }
            }};
        }
        macro_rules! lanes {
            ($leds:literal, $held:literal) => {
                match self.system.core.target.lanes {
                    4 => top!(1, 4, 4, $leds, $held),
                    8 => top!(1, 8, 8, $leds, $held),
                    16 => top!(4, 4, 16, $leds, $held),
                    _ => top!(8, 4, 32, $leds, $held),
                }
            };
        }
        let (leds, held) = (self.leds, self.held);
        let design = match (leds, held) {
            (1, 0) => lanes!(1, 0),
            (3, 0) => lanes!(3, 0),
            (1, 1) => lanes!(1, 1),
            (3, 1) => lanes!(3, 1),
            _ => return Err(BoardError::Pins { leds, held }),
        };
        Ok(design.map_err(|error| SystemError::from(ConfigError::from(error)))?)
    }
}
