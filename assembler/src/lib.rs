//! Text to program, program to ELF image, and back.
//!
//! | way | what |
//! | --- | --- |
//! | [`Builder`] | code from a compiler: labels, branches that reach, constants |
//! | [`write_elf`], [`read_elf`] | an [`Image`] as an ELF file: see [`elf`] for its form |
//!
//! The forms of the instructions come from the table in `spikevec_isa`; nothing
//! here lists them a second time.

pub mod build;
mod builder;
mod disasm;
pub mod elf;
pub mod image;
mod layout;
mod text;

pub use builder::{BuildError, Builder, Label, Program};
pub use disasm::{disassemble, listing};
pub use elf::{ElfError, read_elf, write_elf};
pub use image::Image;
pub use text::{Diagnostic, Diagnostics, Span, assemble};
