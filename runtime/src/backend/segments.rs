//! What a program needs of the memories, and where its contents go.

use spikevec_assembler::Image;
use spikevec_assembler::image::Segment;
use spikevec_isa::{LANES, Memory, Target};

use super::BackendError;
use crate::session::check::end;

/// Bytes that an image's code, contents and buffers need of each memory; of lane-local memory, one lane's.
///
/// The target that a program was compiled for may have much more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Needs([u64; 5]);

/// All memories.
const MEMORIES: [Memory; 5] = [
    Memory::Instruction,
    Memory::Scalar,
    Memory::Vector,
    Memory::LaneLocal,
    Memory::External,
];

impl Needs {
    /// Those of `image`.
    pub fn of(image: &Image) -> Self {
        let mut needs = Self::default();
        needs.raise(Memory::Instruction, image.code.len() as u64 * 4);
        // Without a manifest nothing is known of lanes but that they are used.
        let manifest = image.manifest.as_ref();
        let lane = manifest.map_or(2, |m| u64::from(m.target.lane_local_bytes));
        for segment in &image.segments {
            let last = u64::from(segment.address) + segment.bytes.len() as u64;
            match segment.memory {
                // Lanes lie one after the other, and any of them may be used up to its end.
                Memory::LaneLocal if !segment.bytes.is_empty() => {
                    needs.raise(Memory::LaneLocal, lane)
                }
                memory => needs.raise(memory, last),
            }
        }
        if let Some(manifest) = &image.manifest {
            for buffer in &manifest.buffers {
                match Memory::from(buffer.memory) {
                    Memory::LaneLocal => needs.raise(Memory::LaneLocal, lane),
                    memory => needs.raise(memory, end(buffer)),
                }
            }
        }
        needs
    }

    /// Bytes of `memory`; of lane-local memory, one lane's.
    pub fn bytes(&self, memory: Memory) -> u64 {
        let rows = self.0.iter().zip(MEMORIES);
        rows.filter(|(_, which)| *which == memory)
            .map(|(need, _)| *need)
            .sum()
    }

    fn raise(&mut self, memory: Memory, bytes: u64) {
        for (need, which) in self.0.iter_mut().zip(MEMORIES) {
            if which == memory {
                *need = (*need).max(bytes);
            }
        }
    }

    /// Checks that a machine has them, and the extensions of the image's instructions.
    ///
    /// # Errors
    /// [`BackendError::TooSmall`] or [`BackendError::Extension`].
    pub fn check(&self, image: &Image, target: &Target) -> Result<(), BackendError> {
        if let Some(spec) = target.lacks(&image.code) {
            return Err(BackendError::Extension {
                mnemonic: spec.mnemonic,
                extension: spec.extension,
                backend_target: target.name.clone(),
            });
        }
        for (need, memory) in self.0.iter().zip(MEMORIES) {
            let available = target.bytes(memory);
            if *need > u64::from(available) {
                let manifest = image.manifest.as_ref();
                return Err(BackendError::TooSmall {
                    memory,
                    needed: u32::try_from(*need).unwrap_or(u32::MAX),
                    available,
                    image_target: manifest.map_or_else(String::new, |m| m.target.name.clone()),
                    backend_target: target.name.clone(),
                });
            }
        }
        Ok(())
    }
}

/// A segment's contents and where they go on a machine with `there` bytes a lane, where the image counts `from`.
pub fn place(segment: &Segment, from: u32, there: u32) -> Vec<(u32, &[u8])> {
    if segment.memory != Memory::LaneLocal || from == there || from == 0 {
        return vec![(segment.address, segment.bytes.as_slice())];
    }
    let mut out = Vec::with_capacity(LANES);
    let mut address = segment.address;
    let mut rest = segment.bytes.as_slice();
    while !rest.is_empty() {
        let (lane, byte) = (address / from, address % from);
        let count = rest.len().min((from - byte) as usize);
        let (now, later) = rest.split_at(count);
        out.push((lane.saturating_mul(there).saturating_add(byte), now));
        address = address.saturating_add(count as u32);
        rest = later;
    }
    out
}
