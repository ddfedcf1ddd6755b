//! The verbs, one file each.

pub mod asm;
mod bare;
pub mod compile;
pub mod completions;
pub mod disasm;
#[cfg(feature = "hardware")]
pub mod flash;
#[cfg(feature = "hardware")]
pub mod hdl;
pub mod inspect;
pub mod reading;
pub mod run;
#[cfg(feature = "hardware")]
pub mod synth;
