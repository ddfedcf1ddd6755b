//! What happens in which clock.

pub mod dma;
