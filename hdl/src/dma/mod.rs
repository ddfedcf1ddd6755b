//! DMA between vector memory and external memory. docs/dma.md says what happens in which clock.
//!
//! ```text
//!  CSRs --> DmaChannel (2) --> DmaBursts (2) --> DmaArbiter --> burst port
//!                                |                                 |
//!  vector memory: write port <-- DmaToVector <---------------------+
//!                 read port  --> DmaToExternal --------------------+
//! ```
//! `spikevec_verilated::burst` is the other side of a design's burst port.

mod arbiter;
mod bursts;
mod channel;
mod engine;
mod parameters;
mod queue;
mod to_external;
mod to_vector;

pub use arbiter::DmaArbiter;
pub use bursts::DmaBursts;
pub use channel::DmaChannel;
pub use engine::DmaEngine;
pub use parameters::{DmaParameterError, DmaParameters};
pub use queue::{DmaQueue, DmaQueueLane};
pub use to_external::DmaToExternal;
pub use to_vector::DmaToVector;
