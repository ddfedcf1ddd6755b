//! What the retirement port shows in a clock.

use spikevec_isa::{LANES, Vector};

/// A beat of a vector: lanes `beat * P ..` of `P` physical ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VectorBeat {
    /// Beat, 0 to 32 / P - 1.
    pub beat: u8,
    /// The first P are the beat's lanes, the rest zero.
    pub lanes: Vector,
}

/// A beat of a VSTOREL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LaneStore {
    /// Values.
    pub data: VectorBeat,
    /// Bit i: lane i of the beat is written.
    pub enables: u32,
    /// Byte address in the lane's own memory; zero where the lane is not written.
    pub addresses: [u32; LANES],
}

/// One entry of a channel. Each channel is in program order; they are not in step with each
/// other (docs/core.md).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::large_enum_variant)] // Copied once, into a list that is reused.
pub enum Event {
    /// An instruction is retired.
    Retire {
        /// Its address.
        pc: u32,
        /// Its word.
        word: u32,
        /// Scalar register that it writes, not x0, and the value.
        scalar: Option<(u8, u32)>,
        /// A DMA transfer was under way.
        dma_busy: bool,
    },
    /// Bytes of a word of scalar memory are written.
    ScalarStore {
        /// Byte address, a multiple of 4.
        address: u32,
        /// Bit i: byte i is written.
        mask: u8,
        /// The word; bytes that are not written are zero.
        data: u32,
    },
    /// A beat of a vector register is written.
    VectorWrite {
        /// Register.
        register: u8,
        /// Beat and lanes.
        data: VectorBeat,
    },
    /// A beat of vector memory is written by a VSTOREV.
    VectorStore {
        /// Byte address of the vector.
        address: u32,
        /// Beat and lanes.
        data: VectorBeat,
    },
    /// A beat of a VSTOREL in which a lane is written.
    LaneStore(LaneStore),
}

/// The bytes of `data` that `mask` selects, the rest zero.
pub fn masked(data: u32, mask: u8) -> u32 {
    let bytes = data.to_le_bytes();
    let keep = |k: usize| if mask >> k & 1 == 1 { bytes[k] } else { 0 };
    u32::from_le_bytes(std::array::from_fn(keep))
}
