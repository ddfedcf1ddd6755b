//! What an engine is built for.

use spikevec_isa::VECTOR_BYTES;
use spikevec_isa::target::{HARDWARE_LANES, MOST_BURST_VECTORS};

/// Sizes that an engine checks transfers against, and how it cuts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DmaParameters {
    /// Bytes of vector memory, a multiple of 64.
    pub vector_bytes: u32,
    /// Bytes of external memory, a multiple of 64.
    pub external_bytes: u32,
    /// Vectors in a burst, 1 to 255; the last burst of a transfer may be shorter.
    pub burst_vectors: u32,
}

/// Parameters for which there is no engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DmaParameterError {
    /// A core cannot have this number of lanes.
    #[error("a core has no {lanes} lanes in hardware; use 4, 8, 16 or 32")]
    Lanes {
        /// The lanes.
        lanes: usize,
    },
    /// A memory is no whole number of vectors.
    #[error("{memory} memory of {bytes} bytes is no multiple of {VECTOR_BYTES}; round it up")]
    Unit {
        /// `vector` or `external`.
        memory: &'static str,
        /// Its size.
        bytes: u32,
    },
    /// Vector memory has more words than its port has addresses.
    #[error(
        "vector memory of {bytes} bytes has {words} words of {lanes} lanes; the port addresses \
         {limit}: use more lanes or less memory"
    )]
    VectorBytes {
        /// Its size.
        bytes: u32,
        /// Its words.
        words: u64,
        /// Lanes in hardware.
        lanes: usize,
        /// The most words.
        limit: u64,
    },
    /// No such burst.
    #[error("a burst has 1 to {MOST_BURST_VECTORS} vectors, not {burst_vectors}")]
    Burst {
        /// What was asked for.
        burst_vectors: u32,
    },
}

impl DmaParameters {
    /// Checks the parameters for a core with `lanes` lanes in hardware.
    ///
    /// # Errors
    /// [`DmaParameterError`], the first thing that is wrong.
    pub fn check(&self, lanes: usize) -> Result<(), DmaParameterError> {
        if !HARDWARE_LANES.iter().any(|n| *n as usize == lanes) {
            return Err(DmaParameterError::Lanes { lanes });
        }
        let memories = [
            ("vector", self.vector_bytes),
            ("external", self.external_bytes),
        ];
        for (memory, bytes) in memories {
            if !bytes.is_multiple_of(VECTOR_BYTES) {
                return Err(DmaParameterError::Unit { memory, bytes });
            }
        }
        let (words, limit) = (u64::from(self.vector_bytes) / (2 * lanes as u64), 1 << 20);
        if words > limit {
            return Err(DmaParameterError::VectorBytes {
                bytes: self.vector_bytes,
                words,
                lanes,
                limit,
            });
        }
        if !(1..=MOST_BURST_VECTORS).contains(&self.burst_vectors) {
            return Err(DmaParameterError::Burst {
                burst_vectors: self.burst_vectors,
            });
        }
        Ok(())
    }
}
