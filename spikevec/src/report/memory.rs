//! How much of each memory a program takes.

use serde::Serialize;
use spikevec_assembler::image::Role;
use spikevec_assembler::{Image, Needs};
use spikevec_isa::{Memory, Target};

/// Bytes that a program takes, and that its target has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MemoryReport {
    /// Instructions.
    pub program_bytes: u64,
    /// Instruction memory of the target.
    pub program_limit: u64,
    /// Scalar memory up to the end of what the program uses, its buffers included.
    pub scalar_bytes: u64,
    /// Scalar memory of the target.
    pub scalar_limit: u64,
    /// Vector memory up to the end of what the program uses.
    pub vector_bytes: u64,
    /// Vector memory of the target.
    pub vector_limit: u64,
    /// Lane-local memory of one lane up to the end of what the program uses.
    pub lane_local_bytes: u64,
    /// Lane-local memory of one lane of the target.
    pub lane_local_limit: u64,
    /// External memory up to the end of what the program uses.
    pub external_bytes: u64,
    /// External memory of the target.
    pub external_limit: u64,
    /// Of the scalar memory used, the buffers for input and recordings. They take
    /// what is free, so that a run has many steps.
    pub scalar_buffer_bytes: u64,
    /// Of the vector memory used, the buffers for recordings.
    pub vector_buffer_bytes: u64,
}

impl MemoryReport {
    /// Of an image, by what it [`Needs`].
    pub fn new(image: &Image) -> Self {
        let base = Target::base();
        let target = image
            .manifest
            .as_ref()
            .map_or(&base, |manifest| &manifest.target);
        let limit = |memory| u64::from(target.bytes(memory));
        let needs = Needs::of(image);
        MemoryReport {
            program_bytes: needs.bytes(Memory::Instruction),
            program_limit: limit(Memory::Instruction),
            scalar_bytes: needs.bytes(Memory::Scalar),
            scalar_limit: limit(Memory::Scalar),
            vector_bytes: needs.bytes(Memory::Vector),
            vector_limit: limit(Memory::Vector),
            lane_local_bytes: needs.bytes(Memory::LaneLocal),
            lane_local_limit: limit(Memory::LaneLocal),
            external_bytes: needs.bytes(Memory::External),
            external_limit: limit(Memory::External),
            scalar_buffer_bytes: buffers(image, Memory::Scalar),
            vector_buffer_bytes: buffers(image, Memory::Vector),
        }
    }
}

/// Bytes of the buffers that hold something for every step of a run.
fn buffers(image: &Image, memory: Memory) -> u64 {
    let Some(manifest) = &image.manifest else {
        return 0;
    };
    let here = manifest
        .buffers
        .iter()
        .filter(|buffer| Memory::from(buffer.memory) == memory);
    let mut recorded = 0;
    let mut input = 0;
    for buffer in here {
        let first = buffer.shape.first().copied().map_or(0, u64::from);
        match (buffer.role, buffer.step_stride) {
            (Role::Input, 0) => input += 4 * first,
            (Role::Input, stride) => input += first * u64::from(stride),
            // Recordings of a step lie beside each other, a stride for all of them.
            (_, stride) => recorded = recorded.max(first * u64::from(stride)),
        }
    }
    input + recorded
}
