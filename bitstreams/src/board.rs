//! Boards: the files of a folder each.

use serde::Deserialize;
use spikevec_hdl::board::{BoardConfig, PllError};
use spikevec_hdl::core::Config;

/// A board and what is built for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    /// Its name, which is that of its folder.
    pub name: &'static str,
    /// Pins in the form that nextpnr reads for the board's device.
    pub constraints: &'static str,
    /// All else.
    pub file: BoardFile,
}

/// `board.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoardFile {
    /// The board's name for people.
    pub title: String,
    /// The FPGA.
    pub device: Device,
    /// Frequencies.
    pub clock: Clock,
    /// The core.
    pub core: Core,
    /// The serial line.
    pub link: Link,
    /// Lights and pins that are held.
    pub pins: Pins,
    /// How it is loaded.
    pub loader: LoaderName,
}

/// An FPGA of a family for which there is a flow.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "family", rename_all = "lowercase")]
pub enum Device {
    /// Lattice.
    Ecp5(Ecp5),
    /// Gowin.
    Gowin(Gowin),
}

impl Device {
    /// Its maker's name for it.
    pub fn part(&self) -> &str {
        match self {
            Self::Ecp5(device) => &device.part,
            Self::Gowin(device) => &device.part,
        }
    }
}

/// An ECP5.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ecp5 {
    /// Lattice's name.
    pub part: String,
    /// `25k`, `45k` or `85k`, as nextpnr calls it.
    pub size: String,
    /// Package.
    pub package: String,
    /// Speed grade, 6 to 8.
    pub speed: u32,
}

/// A Gowin GW2A.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gowin {
    /// Gowin's name, as nextpnr knows it.
    pub part: String,
    /// What Project Apicula calls the silicon.
    pub die: String,
}

/// Frequencies in Hz.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// The board's oscillator.
    pub input_hz: u32,
    /// The core; on a Gowin that is the oscillator's.
    pub core_hz: u32,
}

/// A named configuration and memories of other sizes, in bytes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Core {
    /// One of [`Config::NAMES`].
    pub configuration: String,
    /// Instruction memory.
    pub instruction_bytes: Option<u32>,
    /// Scalar memory.
    pub scalar_bytes: Option<u32>,
    /// Vector memory.
    pub vector_bytes: Option<u32>,
    /// Lane-local memory of one lane.
    pub lane_local_bytes: Option<u32>,
}

/// The serial line.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// Bits a second.
    pub baud: u32,
}

/// What the top has besides clock and line, and who says where all of it is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pins {
    /// Lights: 1 or 3.
    pub leds: usize,
    /// They light when their pins are low.
    pub leds_low: bool,
    /// Pins that are held high: 0 or 1.
    pub held: usize,
    /// Where the pins were looked up.
    pub sources: Vec<String>,
}

/// What openFPGALoader calls the board.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoaderName {
    /// For `--board`.
    pub board: String,
}

/// A `board.toml` that is wrong: a mistake in this repository.
#[derive(Debug, thiserror::Error)]
pub enum BoardFileError {
    /// No such board.
    #[error("no board is called {name}; there are {}", Board::NAMES.join(", "))]
    Unknown {
        /// The name asked for.
        name: String,
    },
    /// It cannot be read.
    #[error("bitstreams/{board}/board.toml: {message}")]
    Toml {
        /// The board.
        board: &'static str,
        /// What is wrong.
        message: String,
    },
    /// Its core does not exist.
    #[error("bitstreams/{board}/board.toml: no configuration is called {configuration}; there are {}", Config::NAMES.join(", "))]
    Configuration {
        /// The board.
        board: &'static str,
        /// The core's name.
        configuration: String,
    },
}

/// A clock that a board does not have.
#[derive(Debug, thiserror::Error)]
pub enum ClockError {
    /// The PLL cannot make it.
    #[error(transparent)]
    Pll(#[from] PllError),
    /// There is no PLL.
    #[error(
        "a clock of {} MHz: on {board} the core runs from the oscillator, at {} MHz; ask for no other clock",
        f64::from(*wanted_hz) / 1e6, f64::from(*input_hz) / 1e6
    )]
    Oscillator {
        /// The board.
        board: &'static str,
        /// The oscillator in Hz.
        input_hz: u32,
        /// What was asked for.
        wanted_hz: u32,
    },
}

/// Name, board.toml and constraints of each board.
const FILES: [(&str, &str, &str); 3] = [
    (
        "ulx3s-85f",
        include_str!("../ulx3s-85f/board.toml"),
        include_str!("../ulx3s-85f/ulx3s-85f.lpf"),
    ),
    (
        "colorlight-i5",
        include_str!("../colorlight-i5/board.toml"),
        include_str!("../colorlight-i5/colorlight-i5.lpf"),
    ),
    (
        "tang-nano-20k",
        include_str!("../tang-nano-20k/board.toml"),
        include_str!("../tang-nano-20k/tang-nano-20k.cst"),
    ),
];

impl Board {
    /// Names of all boards.
    pub const NAMES: [&'static str; 3] = [FILES[0].0, FILES[1].0, FILES[2].0];

    /// The board called `name`.
    ///
    /// # Errors
    /// No such board, with the names of those that there are.
    pub fn named(name: &str) -> Result<Self, BoardFileError> {
        let found = FILES.iter().find(|(known, _, _)| *known == name);
        let Some(&(name, text, constraints)) = found else {
            return Err(BoardFileError::Unknown {
                name: name.to_owned(),
            });
        };
        let file = toml::from_str(text).map_err(|error| BoardFileError::Toml {
            board: name,
            message: error.to_string(),
        })?;
        Ok(Self {
            name,
            constraints,
            file,
        })
    }

    /// The core with the board's memories, and without external memory.
    ///
    /// # Errors
    /// A configuration that does not exist.
    pub fn core(&self) -> Result<Config, BoardFileError> {
        let core = &self.file.core;
        let found = Config::named(&core.configuration);
        let mut config = found.ok_or_else(|| BoardFileError::Configuration {
            board: self.name,
            configuration: core.configuration.clone(),
        })?;
        let target = &mut config.target;
        target.name = self.name.to_owned();
        target.external_bytes = 0;
        for (bytes, wanted) in [
            (&mut target.instruction_bytes, core.instruction_bytes),
            (&mut target.scalar_bytes, core.scalar_bytes),
            (&mut target.vector_bytes, core.vector_bytes),
            (&mut target.lane_local_bytes, core.lane_local_bytes),
        ] {
            *bytes = wanted.unwrap_or(*bytes);
        }
        Ok(config)
    }

    /// The name of its bitstream's file.
    pub fn bitstream(&self) -> String {
        format!("{}.{}", self.name, self.file.device.family().bitstream)
    }

    /// The top of the board's bitstream, with a clock of about `clock_hz`.
    ///
    /// # Errors
    /// A clock that the board's PLL cannot make; any but the oscillator's on a board without one.
    pub fn top(&self, core: &Config, clock_hz: u32) -> Result<BoardConfig, ClockError> {
        let file = &self.file;
        let (input_hz, baud) = (file.clock.input_hz, file.link.baud);
        let top = match &file.device {
            Device::Ecp5(_) => BoardConfig::new(core, input_hz, clock_hz, baud)?,
            Device::Gowin(_) if clock_hz == input_hz => BoardConfig::direct(core, input_hz, baud),
            Device::Gowin(_) => {
                return Err(ClockError::Oscillator {
                    board: self.name,
                    input_hz,
                    wanted_hz: clock_hz,
                });
            }
        };
        Ok(BoardConfig {
            leds: file.pins.leds,
            leds_low: file.pins.leds_low,
            held: file.pins.held,
            ..top
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every port of a board's top has a pin, and every pin a port.
    #[test]
    fn boards_can_be_built_and_have_all_pins() {
        for name in Board::NAMES {
            let board = Board::named(name).unwrap_or_else(|e| panic!("{e}"));
            let core = board.core().unwrap_or_else(|e| panic!("{e}"));
            let top = board
                .top(&core, board.file.clock.core_hz)
                .unwrap_or_else(|e| panic!("{e}"));
            let design = top.design().unwrap_or_else(|e| panic!("{name}: {e}"));
            let mut ports: Vec<_> = design.ports.iter().map(|port| port.name.clone()).collect();
            let located = |line: &str| {
                let starts = ["LOCATE COMP \"", "IO_LOC \""];
                let rest = starts.iter().find_map(|start| line.strip_prefix(start))?;
                Some(rest.split('"').next()?.to_owned())
            };
            let mut pins: Vec<_> = board.constraints.lines().filter_map(located).collect();
            ports.sort();
            pins.sort();
            assert_eq!(ports, pins, "{name}");
            assert!(!board.file.pins.sources.is_empty());
        }
        let board = Board::named("tang-nano-20k").unwrap_or_else(|e| panic!("{e}"));
        let core = board.core().unwrap_or_else(|e| panic!("{e}"));
        let error = board.top(&core, 30_000_000).map_err(|e| e.to_string());
        assert!(error.is_err_and(|text| text.contains("oscillator, at 27 MHz")));
        let error = Board::named("arty").map_err(|error| error.to_string());
        assert!(error.is_err_and(|text| text.contains("colorlight-i5")));
    }
}
