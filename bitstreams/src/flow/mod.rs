//! From a board to a bitstream.
//!
//! ```text
//!  Board --> Verilog --> yosys --> netlist --> nextpnr (each seed) --> best --> packer --> bitstream
//!                                     |            |
//!                                     +--> blocks  +--> clock, critical path, utilisation --> Report
//! ```

mod error;
mod family;
mod netlist;
mod nextpnr;
mod pack;
mod paths;
mod process;
mod progress;
mod synthesise;
mod tools;
mod yosys;

pub use error::Excess;
pub use error::FlowError;
pub use netlist::{Count, Row};
pub use nextpnr::Seed;
pub(crate) use paths::short;
pub use paths::{CriticalPath, Hop};
pub use progress::{Progress, Silent, Step};
pub use synthesise::{Options, Outcome, synthesise};
pub use tools::{Tools, ToolsError};
