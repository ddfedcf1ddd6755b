//! The hardware of the Spikevec core.
//!
//! Blocks are written in rust-hdl: small, named, one a file. What a block computes is
//! judged by `spikevec_isa::fixed`, on the Verilog that is emitted for it. See docs/hdl.md.

pub mod axi;
pub mod board;
pub mod core;
pub mod decode;
pub mod dma;
pub mod lane;
#[path = "lib/mod.rs"]
pub mod leaf;
pub mod scalar;
pub mod system;
pub mod vector;

pub use spikevec_emitter as emit;

/// A comment in a block's Verilog. The first one of `update` names the module:
/// `comment!("module add_subtract: a + b or a - b")`. In Rust it does nothing.
#[macro_export]
macro_rules! comment {
    ($text:literal) => {};
}
