//! The verbs, one file each.

pub mod asm;
pub mod compile;
pub mod completions;
pub mod disasm;
pub mod flash;
pub mod hdl;
pub mod inspect;
pub mod run;
pub mod synth;
