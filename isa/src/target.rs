//! What a program is made for: memories and extensions.

use std::fmt;

use crate::{VECTOR_BYTES, table::Extension};

/// A memory of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Memory {
    /// Instructions: 32-bit words from address 0, not readable as data.
    Instruction,
    /// Scalar data: bytes from address 0.
    Scalar,
    /// Vector data: 64-byte vectors from address 0.
    Vector,
    /// Lane-local data: each lane has its own, byte addresses from 0.
    LaneLocal,
    /// External memory, reached by DMA only.
    External,
}

impl Memory {
    /// Its number at a core's host port and on a serial line; `None` for external memory, which
    /// is not behind that port.
    pub const fn port_number(self) -> Option<u8> {
        match self {
            Memory::Instruction => Some(0),
            Memory::Scalar => Some(1),
            Memory::Vector => Some(2),
            Memory::LaneLocal => Some(3),
            Memory::External => None,
        }
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Memory::Instruction => "instruction memory",
            Memory::Scalar => "scalar memory",
            Memory::Vector => "vector memory",
            Memory::LaneLocal => "lane-local memory",
            Memory::External => "external memory",
        })
    }
}

/// A machine to compile for or to simulate: sizes of its memories and the
/// extensions it has. The lane count is not here: it is 32 in the architecture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Name, as `--target` takes it.
    pub name: String,
    /// Instruction memory in bytes.
    pub instruction_bytes: u32,
    /// Scalar memory in bytes.
    pub scalar_bytes: u32,
    /// Vector memory in bytes.
    pub vector_bytes: u32,
    /// Lane-local memory of one lane in bytes; at most 32 KiB, since a negative lane address is masked off.
    pub lane_local_bytes: u32,
    /// External memory in bytes; 0 where there is none.
    pub external_bytes: u32,
    /// Extensions that the compiler may use.
    pub extensions: Vec<Extension>,
}

/// A target whose memories make no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// A size that is not a multiple of the memory's unit.
    #[error("{memory} of {bytes} bytes: the size is not a multiple of {unit} bytes")]
    Unit {
        /// The memory.
        memory: Memory,
        /// The size asked for.
        bytes: u32,
        /// What it must be a multiple of.
        unit: u32,
    },
    /// A size beyond what the instruction set can address.
    #[error("{memory} of {bytes} bytes is more than the {max} bytes that programs can address")]
    TooLarge {
        /// The memory.
        memory: Memory,
        /// The size asked for.
        bytes: u32,
        /// The most.
        max: u32,
    },
}

/// The base set: what a program may use that must run on the reference machine.
pub const BASE_EXTENSIONS: [Extension; 5] = [
    Extension::Rv32i,
    Extension::M,
    Extension::Zicsr,
    Extension::Zbb,
    Extension::Vector,
];

impl Target {
    /// The reference machine: 1024 instructions, 128 KiB scalar, 512 KiB vector
    /// memory, 2 KiB a lane, no external memory.
    pub fn base() -> Self {
        Target {
            name: "base".to_owned(),
            instruction_bytes: 4096,
            scalar_bytes: 128 << 10,
            vector_bytes: 512 << 10,
            lane_local_bytes: 2048,
            external_bytes: 0,
            extensions: BASE_EXTENSIONS.to_vec(),
        }
    }

    /// The reference machine with more of everything, for networks that do not fit it.
    pub fn large() -> Self {
        Target {
            name: "large".to_owned(),
            instruction_bytes: 64 << 10,
            scalar_bytes: 1 << 20,
            vector_bytes: 16 << 20,
            lane_local_bytes: 4096,
            external_bytes: 0,
            extensions: BASE_EXTENSIONS.to_vec(),
        }
    }

    /// Memories that fit the block RAM of an FPGA with 25 thousand LUTs: 2048 instructions, 8 KiB scalar,
    /// 32 KiB vector memory, 512 bytes a lane.
    pub fn small() -> Self {
        Target {
            name: "small".to_owned(),
            instruction_bytes: 8 << 10,
            scalar_bytes: 8 << 10,
            vector_bytes: 32 << 10,
            lane_local_bytes: 512,
            external_bytes: 0,
            extensions: BASE_EXTENSIONS.to_vec(),
        }
    }

    /// The memories that a core with so many of the 32 lanes in hardware comes with: those of `small` below 16 lanes, else
    /// those of `base`.
    pub fn of_lanes(lanes: u32) -> Self {
        if lanes < 16 {
            Target::small()
        } else {
            Target::base()
        }
    }

    /// Names of the targets that [`Target::named`] knows.
    pub const NAMES: [&'static str; 3] = ["base", "small", "large"];

    /// The target called `name`.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "base" => Some(Target::base()),
            "small" => Some(Target::small()),
            "large" => Some(Target::large()),
            _ => None,
        }
    }

    /// Size of `memory` in bytes; of lane-local memory, one lane's.
    pub fn bytes(&self, memory: Memory) -> u32 {
        match memory {
            Memory::Instruction => self.instruction_bytes,
            Memory::Scalar => self.scalar_bytes,
            Memory::Vector => self.vector_bytes,
            Memory::LaneLocal => self.lane_local_bytes,
            Memory::External => self.external_bytes,
        }
    }

    /// Checks that every memory is a whole number of its units and can be addressed.
    ///
    /// # Errors
    /// The first memory that is not.
    pub fn check(&self) -> Result<(), TargetError> {
        let limits = [
            (Memory::Instruction, 4, 1 << 20),
            (Memory::Scalar, 4, 1 << 30),
            (Memory::Vector, VECTOR_BYTES, 1 << 30),
            (Memory::LaneLocal, 2, 32 << 10),
            (Memory::External, VECTOR_BYTES, 1 << 31),
        ];
        for (memory, unit, max) in limits {
            let bytes = self.bytes(memory);
            if !bytes.is_multiple_of(unit) {
                return Err(TargetError::Unit {
                    memory,
                    bytes,
                    unit,
                });
            }
            if bytes > max {
                return Err(TargetError::TooLarge { memory, bytes, max });
            }
        }
        Ok(())
    }
}
