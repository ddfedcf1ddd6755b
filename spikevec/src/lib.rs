//! Compile trained spiking networks and run them bit-exactly.
//!
//! The crates below it, for what this one does not wrap:

pub use spikevec_assembler as assembler;
pub use spikevec_compiler as compiler;
pub use spikevec_isa as isa;
pub use spikevec_nir as nir;
pub use spikevec_runtime as runtime;
pub use spikevec_simulator as simulator;
