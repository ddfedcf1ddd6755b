//! Whether a program fits a machine, and where its contents go.

use spikevec_assembler::image::Segment;
use spikevec_assembler::{Image, Needs};
use spikevec_isa::{LANES, Memory, Target, VECTOR_BYTES};

use super::BackendError;
use crate::limits::Limits;

/// Checks that a machine has the memory that `image` needs, and the extensions of its instructions.
///
/// # Errors
/// [`BackendError::TooSmall`] or [`BackendError::Extension`].
pub fn fits(image: &Image, target: &Target) -> Result<(), BackendError> {
    if let Some(spec) = target.lacks(&image.code) {
        return Err(BackendError::Extension {
            mnemonic: spec.mnemonic,
            extension: spec.extension,
            backend_target: target.name.clone(),
        });
    }
    let Some((memory, needed)) = Needs::of(image).beyond(target) else {
        return Ok(());
    };
    let manifest = image.manifest.as_ref();
    Err(BackendError::TooSmall {
        memory,
        needed,
        available: target.bytes(memory),
        image_target: manifest.map_or_else(String::new, |m| m.target.name.clone()),
        backend_target: target.name.clone(),
    })
}

/// The memories of a machine for `image`, where its target is no machine that is there: as large as
/// the target says, but no larger than the limit or what the program is known to need. A program
/// that goes beyond them stops at that instruction.
pub fn sized(image: &Image, target: &Target, limits: &Limits) -> Target {
    let needs = Needs::of(image);
    let bytes = |memory| {
        let most = limits.machine_memory(needs.bytes(memory));
        let most = most.next_multiple_of(u64::from(VECTOR_BYTES));
        target
            .bytes(memory)
            .min(u32::try_from(most).unwrap_or(u32::MAX))
    };
    Target {
        scalar_bytes: bytes(Memory::Scalar),
        vector_bytes: bytes(Memory::Vector),
        external_bytes: bytes(Memory::External),
        ..target.clone()
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
