//! All that instructions act on, as plain data: registers, generators, memories, counters and the
//! registers of DMA.
//!
//! | module | what |
//! | --- | --- |
//! | here | [`State`]: registers and generators, and the rest as parts |
//! | `memory`, `bytes` | the data memories |
//! | `dma` | the registers of DMA, where nobody times it |
//! | `counters` | `mcycle`, `minstret`, `mcountinhibit` |
//! | `saturation` | how often instructions clamped |
//!
//! Nothing here knows an instruction or runs anything.

mod bytes;
mod counters;
mod dma;
mod memory;
mod saturation;

use spikevec_isa::{LANES, Rng, Target, Vector};

pub(crate) use bytes::Bytes;
pub(crate) use counters::{Counters, Now};
pub(crate) use dma::Dma;
pub use memory::AccessError;
pub(crate) use memory::{Failure, Memories, VectorMemory};
pub(crate) use saturation::Saturation;
pub use saturation::{SiteCount, SiteError};

/// The state of a core and its memories.
// The vector registers come first, so that each is a line of the host's cache.
#[derive(Debug, Clone)]
#[repr(C, align(64))]
pub struct State {
    /// Vector registers.
    pub v: [Vector; 32],
    /// The random number generators.
    pub rng: Rng,
    /// Scalar registers; `x[0]` reads 0 whatever is written here.
    pub x: [u32; 32],
    /// Program counter.
    pub pc: u32,
    /// Bit of the register that a load has just written, for strict mode.
    pub(crate) pending_load: u32,
    pub(crate) retired: u64,
    /// Clocks of all runs, those that were not timed a clock an instruction.
    pub(crate) clocks: u64,
    /// A generator's state may have changed other than by a step since it was last looked at.
    pub(crate) rng_unchecked: bool,
    pub(crate) rng_used_unseeded: bool,
    pub(crate) memories: Memories,
    pub(crate) counters: Counters,
    pub(crate) saturation: Saturation,
}

impl State {
    /// Reset: registers, generators and memories zero, counters inhibited, DMA idle.
    pub(crate) fn new(target: &Target) -> Self {
        State {
            v: [[0; LANES]; 32],
            rng: Rng::default(),
            x: [0; 32],
            pc: 0,
            pending_load: 0,
            retired: 0,
            clocks: 0,
            rng_unchecked: true,
            rng_used_unseeded: false,
            memories: Memories::new(target),
            counters: Counters::default(),
            saturation: Saturation::default(),
        }
    }

    /// Instructions retired since the machine was made.
    pub fn retired(&self) -> u64 {
        self.retired
    }

    /// Clocks that the machine has run since it was made: those of timed runs by the
    /// model, of others an instruction each. While an observer is told of an
    /// instruction of a timed run, the clock in which its first beat left the stage A.
    pub fn clocks(&self) -> u64 {
        self.clocks
    }
}
