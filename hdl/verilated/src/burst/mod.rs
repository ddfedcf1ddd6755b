//! The other side of a design's burst port: external memory in Rust.

mod memory;
mod pins;

pub use memory::{ExternalInputs, ExternalMemory, ExternalOutputs, ExternalTiming, ExternalWord};
pub use pins::ExternalPins;
