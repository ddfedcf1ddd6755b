//! The instruction set of the Spikevec core.
//!
//! An instruction is a row of [`table::TABLE`]; its binary form, its text, the
//! registers it touches and its page in the manual all come from that row. The
//! meaning of every row is in [`meaning`], and of what lanes do in [`fixed`]: the
//! simulator, the compiler's interpreter and the hardware are judged by it.
//!
//! This crate does no I/O and holds no fast paths.

mod class;
pub mod csr;
pub mod dma;
pub mod fixed;
mod instruction;
pub mod manual;
pub mod meaning;
pub mod operand;
pub mod protocol;
pub mod registers;
pub mod rng;
pub mod stop;
pub mod table;
pub mod target;
#[cfg(feature = "testing")]
pub mod testing;

pub use class::Class;
pub use instruction::{DecodeError, EncodeError, Instruction};
pub use operand::Operand;
pub use rng::Rng;
pub use stop::{Cause, StopCode};
pub use table::{Extension, Op, Spec};
pub use target::{Memory, Target};

/// Lanes of a vector register. The architecture always has 32, whatever number
/// of physical lanes a core is built with.
pub const LANES: usize = 32;

/// Bytes of one vector in vector memory; the alignment of every access to it.
pub const VECTOR_BYTES: u32 = (LANES * 2) as u32;

/// The contents of one vector register: 32 lanes of two's-complement `i16`.
pub type Vector = [i16; LANES];
