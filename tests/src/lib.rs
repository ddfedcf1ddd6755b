//! Helpers shared by the tests that cross crates.

pub mod evaluate;
pub mod lockstep;
pub mod programs;
pub mod shared;
pub mod synthetic;
