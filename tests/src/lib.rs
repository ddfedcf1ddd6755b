//! Helpers shared by the tests that cross crates.

pub mod block_coverage;
pub mod conformance;
pub mod evaluate;
pub mod lockstep;
pub mod programs;
pub mod sabotage;
pub mod shared;
pub mod synthetic;
