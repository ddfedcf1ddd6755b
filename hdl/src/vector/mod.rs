//! The vector side of the core: lanes in groups, from stage A's output to W.

mod unit;

pub use unit::{VectorParameters, VectorUnit};
