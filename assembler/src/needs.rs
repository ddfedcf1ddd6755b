//! What a program needs of each memory: the one tally of it.

use spikevec_isa::{LANES, Memory, Target};

use crate::image::Image;
use crate::places::Places;

/// All memories.
const MEMORIES: [Memory; 5] = [
    Memory::Instruction,
    Memory::Scalar,
    Memory::Vector,
    Memory::LaneLocal,
    Memory::External,
];

/// Bytes of each memory up to the end of what a program has there: its code and contents, what its
/// symbols name with their sizes, and the manifest's buffers. Of lane-local memory, one lane's.
///
/// The target that a program was compiled for may have much more. What a program reaches by
/// addresses that it computes is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Needs([u64; MEMORIES.len()]);

impl Needs {
    /// Those of `image`.
    pub fn of(image: &Image) -> Self {
        let mut needs = Self::default();
        let mut raise = |memory: Memory, end: u64| {
            let need = match memory {
                Memory::LaneLocal => lane_bytes(image, end),
                _ => end,
            };
            let rows = needs.0.iter_mut().zip(MEMORIES);
            for (most, _) in rows.filter(|(_, which)| *which == memory) {
                *most = need.max(*most);
            }
        };
        raise(Memory::Instruction, image.code.len() as u64 * 4);
        for segment in image.segments.iter().filter(|s| !s.bytes.is_empty()) {
            let end = u64::from(segment.address) + segment.bytes.len() as u64;
            raise(segment.memory, end);
        }
        for symbol in &image.symbols {
            if let Some(memory) = symbol.memory {
                raise(memory, u64::from(symbol.value) + u64::from(symbol.size));
            }
        }
        for buffer in image.manifest.iter().flat_map(|manifest| &manifest.buffers) {
            raise(buffer.memory.into(), Places::of(buffer).end());
        }
        needs
    }

    /// Bytes of `memory`; of lane-local memory, one lane's.
    pub fn bytes(&self, memory: Memory) -> u64 {
        let rows = self.0.iter().zip(MEMORIES);
        let mut here = rows.filter(|(_, which)| *which == memory);
        here.next().map_or(0, |(need, _)| *need)
    }

    /// The first memory that `target` has too little of, with the bytes that are needed.
    pub fn beyond(&self, target: &Target) -> Option<(Memory, u64)> {
        let needs = MEMORIES.map(|memory| (memory, self.bytes(memory)));
        needs
            .into_iter()
            .find(|(memory, need)| *need > u64::from(target.bytes(*memory)))
    }
}

/// Bytes of each lane for what ends at `end` in lane-local memory, where one lane's bytes follow the
/// other's.
fn lane_bytes(image: &Image, end: u64) -> u64 {
    if end == 0 {
        return 0;
    }
    match &image.manifest {
        // Addresses count that target's lanes, and any of them may be used up to its end.
        Some(manifest) => u64::from(manifest.target.lane_local_bytes),
        // They count the machine's: all of its lanes together must reach so far.
        None => end.div_ceil(LANES as u64).next_multiple_of(2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{Segment, Symbol};

    #[test]
    fn contents_and_symbols_count_in_every_memory() {
        for memory in &MEMORIES[1..] {
            let lanes = match memory {
                Memory::LaneLocal => LANES as u64,
                _ => 1,
            };
            let mut image = Image {
                segments: vec![Segment {
                    memory: *memory,
                    address: 640,
                    bytes: vec![1; 64],
                }],
                ..Image::default()
            };
            let need = |image: &Image| Needs::of(image).bytes(*memory);
            assert_eq!(need(&image), 704 / lanes, "{memory}");
            image.symbols.push(Symbol {
                name: "buffer".to_owned(),
                memory: Some(*memory),
                value: 0,
                size: 6400,
            });
            assert_eq!(need(&image), 6400 / lanes, "{memory}");
            image.segments[0].bytes.clear();
            image.symbols[0].size = 0;
            assert_eq!(Needs::of(&image), Needs::default(), "{memory}");
        }
    }

    #[test]
    fn what_a_target_lacks_is_named() {
        let image = Image {
            code: vec![0x73; 1025],
            ..Image::default()
        };
        let beyond = Needs::of(&image).beyond(&Target::base());
        assert_eq!(beyond, Some((Memory::Instruction, 4100)));
        assert_eq!(Needs::of(&image).beyond(&Target::large()), None);
    }
}
