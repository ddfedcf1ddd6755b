//! Text to program, program to ELF image, and back.
//!
//! | way | what |
//! | --- | --- |
//! | [`Builder`] | code from a compiler: labels, branches that reach, constants |
//!
//! The forms of the instructions come from the table in `spikevec_isa`; nothing
//! here lists them a second time.

pub mod build;
mod builder;
pub mod image;
mod layout;

pub use builder::{BuildError, Builder, Label, Program};
pub use image::Image;
