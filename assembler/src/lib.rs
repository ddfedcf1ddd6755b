//! Text to program, program to ELF image, and back.
//!
//! | way | what |
//! | --- | --- |
//! | [`Builder`], [`build`] | code from a compiler: labels, branches that reach, constants |
//! | [`assemble`] | GNU-style text to an [`Image`], all errors of a file at once |
//! | [`disassemble`] | an [`Image`] to text that assembles to the same image |
//! | [`listing`] | address, word and text of each instruction, for people |
//! | [`visible`] | a name from a file, as text that may be shown |
//! | [`write_elf`], [`read_elf`] | an [`Image`] as an ELF file: see [`elf`] for its form |
//!
//! The forms of the instructions come from the table in `spikevec_isa`: operands are
//! parsed by its operand kinds, and nothing here lists them a second time. The
//! builder and the text assembler share one layout, in which branches grow until
//! they reach. `docs/assembler.md` is the manual of the text.
//!
//! ```
//! use spikevec_assembler::{assemble, disassemble, read_elf, write_elf};
//!
//! let image = assemble("loop: addi a0, a0, -1\n bnez a0, loop\n ecall\n", "loop.s")?;
//! assert_eq!(image.code, [0xfff5_0513, 0xfe05_1ee3, 0x0000_0073]);
//! assert_eq!(read_elf(&write_elf(&image)?)?.image, image);
//! assert_eq!(assemble(&disassemble(&image), "again.s")?, image);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! This crate does no I/O and knows no target: whether a program fits a machine is
//! the loader's question.

pub mod build;
mod builder;
mod disasm;
pub mod elf;
pub mod image;
mod layout;
mod names;
mod needs;
mod places;
mod text;
mod visible;

pub use builder::{BuildError, Builder, Label, Program};
pub use disasm::{disassemble, listing};
pub use elf::{ElfError, ElfFile, ElfWarning, read_elf, write_elf};
pub use image::Image;
pub use names::CodeNames;
pub use needs::Needs;
pub use places::Places;
pub use spikevec_visible::{visible, visible_lines};
pub use text::{Diagnostic, Diagnostics, Span, assemble, did_you_mean};
