//! Leaves: the only blocks whose Verilog is written by hand.
//!
//! Each has a Rust model (`Logic::update`), and `hdl/tests/it/leaves.rs` compares the two.

mod ecp5;
mod memory;
mod multiplier;
mod pack;
mod registers;

pub use ecp5::{ClockGate, Pll};
pub use memory::{Memory, Style};
pub use multiplier::Multiplier;
pub use pack::{Join, Pack, Reverse, Unpack};
pub use registers::Registers;
