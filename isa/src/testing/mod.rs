//! What tests of several crates share: random instructions and values, and a plain machine to
//! hold others against. Behind the feature `testing`.

mod plain;
mod strategies;

pub use plain::Plain;
pub use strategies::{instruction, instruction_of, lane, vector, word};
