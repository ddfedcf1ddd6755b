//! From a trained network to a program for the Spikevec core.
//!
//! The stages, each a type and a folder, each printable:
//!
//! 1. [`graph::Network`]: populations and projections, in floating point;
//! 2. [`quantise::QuantisedNetwork`]: the same in 16-bit fixed point, which fixes
//!    the arithmetic completely;
//! 3. [`place::PlacedNetwork`]: addresses and registers;
//! 4. an image: instructions, initial memories, and the manifest for the host.
//!
//! [`mod@reference`] runs stage 1 in floating point, [`quantise::Interpreter`] runs
//! stage 2 bit-exactly as the program does.

pub mod code;
pub mod description;
mod emit;
pub mod error;
pub mod format;
pub mod graph;
pub mod neuron;
pub mod options;
pub mod place;
pub mod quantise;
pub mod reading;
pub mod reference;
pub mod synapse;
mod vectors;

use spikevec_assembler::Image;
use spikevec_isa::Memory;

pub use emit::emit;
pub use error::CompileError;
pub use format::Format;
pub use options::Options;

/// The products of all stages.
#[derive(Debug, Clone)]
pub struct Compiled {
    /// Stage 1.
    pub network: graph::Network,
    /// Stages 2 and 3.
    pub placed: place::PlacedNetwork,
    /// The program.
    pub image: Image,
}

/// Compiles a NIR graph that has been repaired and checked.
///
/// # Errors
/// Whatever keeps the network from having a program: see [`CompileError`].
pub fn compile(
    graph: &spikevec_nir::Graph,
    calibration: &quantise::Calibration,
    options: &Options,
) -> Result<Compiled, CompileError> {
    let network = graph::from_nir(graph)?;
    compile_network(network, calibration, options)
}

/// Compiles a network from stage 1 on.
///
/// # Errors
/// As [`compile`].
pub fn compile_network(
    mut network: graph::Network,
    calibration: &quantise::Calibration,
    options: &Options,
) -> Result<Compiled, CompileError> {
    // What cannot fit is refused before the search for formats, which takes long.
    place::check_weights(&network, &options.target)?;
    place::check_code(&network, &options.target)?;
    let quantised = quantise::quantise(&network, calibration, options)?;
    network.warnings.extend(quantised.warnings.iter().cloned());
    // Unrolled code is faster and longer: less of it where the program does not fit.
    let mut unroll = place::MAX_UNROLLED_VECTORS;
    loop {
        let placed = place::place(quantised.clone(), &options.target, &options.record, unroll)?;
        match emit(&placed, options) {
            Err(CompileError::TooLarge {
                memory: Memory::Instruction,
                ..
            }) if unroll > 0 => {
                unroll /= 2;
            }
            Err(error) => return Err(error),
            Ok(image) => {
                return Ok(Compiled {
                    network,
                    placed,
                    image,
                });
            }
        }
    }
}
