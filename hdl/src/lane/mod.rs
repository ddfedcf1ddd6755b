//! The arithmetic of one lane, and the control that a group of lanes shares.
//!
//! ```text
//!  X:  AddSubtract -> Compare     Shift   AndAdd   Select   Fill   Generator
//!      Multiply (operand registers of the DSP block)
//!  X1: Multiply (product register)
//!  X2: RoundShift
//!  X3: Narrow
//! ```
//! [`MultiplyPath`] is the last three in a row. Tests compare each with `spikevec_isa::fixed`; the module
//! `vector` makes lanes of them.

mod add_subtract;
mod and;
mod and_add;
mod compare;
mod fill;
mod generator;
mod multiply;
mod multiply_path;
mod narrow;
mod rng_step;
mod round_shift;
mod rounding;
mod select;
mod shift;
mod shift_mask;

pub use add_subtract::AddSubtract;
pub use and::And;
pub use and_add::AndAdd;
pub use compare::Compare;
pub use fill::Fill;
pub use generator::Generator;
pub use multiply::Multiply;
pub use multiply_path::MultiplyPath;
pub use narrow::Narrow;
pub use rng_step::RngStep;
pub use round_shift::RoundShift;
pub use rounding::Rounding;
pub use select::Select;
pub use shift::Shift;
pub use shift_mask::ShiftMask;
