//! What code is written in: blocks, their order in the pipeline, and what each scalar register is
//! for. Emission and the kinds of synapses write with it.

pub mod block;
pub mod registers;
pub mod schedule;

pub use block::{Block, Region, Site};
