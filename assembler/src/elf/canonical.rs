//! The canonical form of an image: one way to write the same contents.

use spikevec_isa::Memory;

use crate::image::{Image, Segment};

/// Two segments that give the same byte.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "two segments of {memory} overlap at address {address:#x}: give each byte one initial value"
)]
pub struct Overlap {
    /// The memory.
    pub memory: Memory,
    /// First address that both cover.
    pub address: u32,
}

impl Image {
    /// The image with its segments sorted by memory and address, touching ones
    /// joined and empty ones left out. Symbols keep their order.
    ///
    /// # Errors
    /// [`Overlap`] where two segments give the same byte.
    pub fn canonical(mut self) -> Result<Image, Overlap> {
        self.segments.retain(|segment| !segment.bytes.is_empty());
        self.segments
            .sort_by_key(|segment| (segment.memory, segment.address));
        let mut joined: Vec<Segment> = Vec::with_capacity(self.segments.len());
        for segment in self.segments {
            match joined.last_mut() {
                Some(last) if last.memory == segment.memory => {
                    let end = u64::from(last.address) + last.bytes.len() as u64;
                    let start = u64::from(segment.address);
                    if start < end {
                        return Err(Overlap {
                            memory: segment.memory,
                            address: segment.address,
                        });
                    }
                    if start == end {
                        last.bytes.extend_from_slice(&segment.bytes);
                    } else {
                        joined.push(segment);
                    }
                }
                _ => joined.push(segment),
            }
        }
        self.segments = joined;
        Ok(self)
    }
}
