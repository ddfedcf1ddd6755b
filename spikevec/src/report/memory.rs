//! How much of each memory a program takes.

use serde::Serialize;
use spikevec_assembler::Image;
use spikevec_assembler::image::Role;
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
    /// Of the scalar memory used, the buffers for input and recordings. They take
    /// what is free, so that a run has many steps.
    pub scalar_buffer_bytes: u64,
    /// Of the vector memory used, the buffers for recordings.
    pub vector_buffer_bytes: u64,
}

impl MemoryReport {
    /// Of an image; its symbols say what it takes beyond its contents.
    pub fn new(image: &Image) -> Self {
        let base = Target::base();
        let target = image
            .manifest
            .as_ref()
            .map_or(&base, |manifest| &manifest.target);
        let limit = |memory| u64::from(target.bytes(memory));
        MemoryReport {
            program_bytes: image.code.len() as u64 * 4,
            program_limit: limit(Memory::Instruction),
            scalar_bytes: end(image, Memory::Scalar),
            scalar_limit: limit(Memory::Scalar),
            vector_bytes: end(image, Memory::Vector),
            vector_limit: limit(Memory::Vector),
            scalar_buffer_bytes: buffers(image, Memory::Scalar),
            vector_buffer_bytes: buffers(image, Memory::Vector),
        }
    }
}

/// First byte behind all that an image has in a memory.
fn end(image: &Image, memory: Memory) -> u64 {
    let segments = image.segments.iter().filter(|s| s.memory == memory);
    let segments = segments.map(|s| u64::from(s.address) + s.bytes.len() as u64);
    let symbols = image.symbols.iter().filter(|s| s.memory == Some(memory));
    let symbols = symbols.map(|s| u64::from(s.value) + u64::from(s.size));
    segments.chain(symbols).max().unwrap_or(0)
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
