//! Text to program, program to ELF image, and back.

pub mod image;

pub use image::Image;
