//! DMA between vector memory and external memory. docs/dma.md says what happens in which clock.
//!
//! ```text
//!  CSRs --> DmaChannel (2) --> DmaBursts (2) --> DmaArbiter --> burst port
//!                                |                                 |
//!  vector memory: write port <-- DmaToVector <---------------------+
//!                 read port  --> DmaToExternal --------------------+
//! ```
//! [`ExternalMemory`] and [`ExternalPins`] are the other side of a Verilated design's burst port.

mod arbiter;
mod bursts;
mod channel;
mod engine;
mod external;
mod parameters;
mod pins;
mod queue;
mod to_external;
mod to_vector;

pub use arbiter::DmaArbiter;
pub use bursts::DmaBursts;
pub use channel::DmaChannel;
pub use engine::DmaEngine;
pub use external::{ExternalInputs, ExternalMemory, ExternalOutputs, ExternalTiming, ExternalWord};
pub use parameters::{DmaParameterError, DmaParameters};
pub use pins::ExternalPins;
pub use queue::{DmaQueue, DmaQueueLane};
pub use to_external::DmaToExternal;
pub use to_vector::DmaToVector;
