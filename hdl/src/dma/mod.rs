//! DMA between vector memory and external memory. docs/dma.md says what happens in which clock.

mod engine;
mod parameters;

pub use engine::DmaEngine;
pub use parameters::{DmaParameterError, DmaParameters};
