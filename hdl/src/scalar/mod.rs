//! The blocks of the scalar side.
//!
//! ```text
//!  D:  ScalarControl (registers: leaf::Registers)
//!  A:  Alu   Condition   Divider   AddressCheck   Csrs   ScalarMultiply (operands)   BitCount (bytes)
//!  M:  ScalarMultiply (product)   BitCount (word)   LoadAlign
//!  X:  StoreAlign
//! ```
//! `tests/it/scalar*.rs` compares each with what the simulator computes.

mod address_check;
mod alu;
mod alu_op;
mod bit_count;
mod condition;
mod control;
mod counter;
mod csr_decode;
mod csrs;
mod divider;
mod divider_step;
mod load_align;
mod multiply;
mod scalar_shift;
mod store_align;

pub use address_check::AddressCheck;
pub use alu::Alu;
pub use alu_op::{ALU_BITS, AluOp};
pub use bit_count::BitCount;
pub use condition::Condition;
pub use control::{CONTROL_BITS, ScalarControl};
pub use counter::Counter;
pub use csr_decode::CsrDecode;
pub use csrs::Csrs;
pub use divider::Divider;
pub use divider_step::DividerStep;
pub use load_align::LoadAlign;
pub use multiply::ScalarMultiply;
pub use scalar_shift::ScalarShift;
pub use store_align::StoreAlign;
