//! Cores on FPGA boards: what a board is, the flow from Verilog to a bitstream, and the report of it.
//!
//! | step | what |
//! | --- | --- |
//! | [`Board`] | pins, clock and core of a board, from `bitstreams/NAME/` |
//! | [`fits`] | whether a program runs on a board |
//! | [`flow::Tools`] | Yosys, nextpnr and packers in an environment of their own |
//! | [`flow::synthesise`] | Verilog, synthesis, place and route for several seeds, bitstream |
//! | [`report::Report`] | utilisation by block, clock, critical path, versions, checksums |
//! | [`Loader`] | a bitstream into a board |
//!
//! Nothing is printed here: [`flow::Progress`] hears what goes on.

mod board;
pub mod flow;
mod loader;
mod program;
pub mod report;

pub use board::{Board, BoardFileError, ClockError, Device};
pub use loader::{Loader, LoaderError};
pub use program::{ProgramError, fits};
