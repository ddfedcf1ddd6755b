//! What a program is made for: memories and extensions.

use std::fmt;

use crate::{Extension, Instruction, LANES, Spec, VECTOR_BYTES};

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

/// A core, to compile for, to simulate or to build: its memories, its extensions, and how it is made.
///
/// Programs see memories and extensions only: a vector has 32 lanes in the architecture, whatever
/// number of them hardware has.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
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
    /// Lanes in hardware, one of [`HARDWARE_LANES`].
    pub lanes: u32,
    /// Vectors in a burst of DMA, 1 to [`MOST_BURST_VECTORS`].
    pub burst_vectors: u32,
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
    /// Lanes that do not divide the vector.
    #[error("a core has 4, 8, 16 or 32 lanes in hardware, not {lanes}")]
    Lanes {
        /// The lanes asked for.
        lanes: u32,
    },
    /// No such burst.
    #[error("a burst of DMA has 1 to {MOST_BURST_VECTORS} vectors, not {vectors}")]
    Burst {
        /// The vectors asked for.
        vectors: u32,
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

/// Numbers of lanes that hardware can have.
pub const HARDWARE_LANES: [u32; 4] = [4, 8, 16, 32];

/// Most vectors in a burst of DMA: what an AXI4 burst of the widest bus carries.
pub const MOST_BURST_VECTORS: u32 = 255;

/// Vectors in a burst of DMA where nothing else is said.
const BURST_VECTORS: u32 = 16;

/// External memory of the cores that have a name, in bytes.
const CORE_EXTERNAL_BYTES: u32 = 64 << 20;

/// The cores that have a name, and their lanes.
const CORES: [(&str, u32); 4] = [("base", 32), ("half", 16), ("small", 8), ("tiny", 4)];

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
            lanes: LANES as u32,
            burst_vectors: BURST_VECTORS,
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
            lanes: LANES as u32,
            burst_vectors: BURST_VECTORS,
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
            lanes: 8,
            burst_vectors: BURST_VECTORS,
        }
    }

    /// Names of the cores that [`Target::core`] knows.
    pub const CORE_NAMES: [&'static str; CORES.len()] = {
        let mut names = [""; CORES.len()];
        let mut k = 0;
        while k < names.len() {
            names[k] = CORES[k].0;
            k += 1;
        }
        names
    };

    /// The core called `name`: `base` has 32 lanes and the reference machine's memories, `half` the
    /// same with 16 lanes, `small` 8 lanes and memories for a small FPGA, `tiny` the same with 4. All
    /// have DMA to 64 MiB of external memory.
    pub fn core(name: &str) -> Option<Self> {
        let &(_, lanes) = CORES.iter().find(|row| row.0 == name)?;
        Some(Target {
            external_bytes: CORE_EXTERNAL_BYTES,
            ..Target::of_lanes(lanes)
        })
    }

    /// Name of the core with as many lanes.
    pub fn core_name(lanes: u32) -> Option<&'static str> {
        let row = CORES.iter().find(|row| row.1 == lanes);
        row.map(|row| row.0)
    }

    /// What to compile for a core with so many of the 32 lanes in hardware: the memories of `small`
    /// below 16 lanes, else those of `base`, and no external memory, which not every machine has.
    pub fn of_lanes(lanes: u32) -> Self {
        let memories = if lanes < 16 {
            Target::small()
        } else {
            Target::base()
        };
        Target { lanes, ..memories }
    }

    /// Beats of a vector instruction: 32 / lanes.
    pub const fn beats(&self) -> u32 {
        LANES as u32 / self.lanes
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

    /// The first instruction of `code` whose extension is not named here. Words that are no
    /// instructions are passed over.
    pub fn lacks(&self, code: &[u32]) -> Option<&'static Spec> {
        let instructions = code
            .iter()
            .filter_map(|word| Instruction::decode(*word).ok());
        instructions
            .map(|instruction| instruction.op.spec())
            .find(|spec| !self.extensions.contains(&spec.extension))
    }

    /// Checks lanes and burst, and that every memory is a whole number of its units and can be
    /// addressed.
    ///
    /// # Errors
    /// The first of them that is not possible.
    pub fn check(&self) -> Result<(), TargetError> {
        if !HARDWARE_LANES.contains(&self.lanes) {
            return Err(TargetError::Lanes { lanes: self.lanes });
        }
        if !(1..=MOST_BURST_VECTORS).contains(&self.burst_vectors) {
            return Err(TargetError::Burst {
                vectors: self.burst_vectors,
            });
        }
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::Op;

    #[test]
    fn cores_and_targets_by_name() {
        for name in Target::CORE_NAMES {
            let core = Target::core(name).unwrap();
            assert_eq!(Target::core_name(core.lanes), Some(name));
            assert_eq!(core.check(), Ok(()));
            assert_eq!(core.beats() * core.lanes, 32);
        }
        for name in Target::NAMES {
            assert_eq!(Target::named(name).unwrap().check(), Ok(()));
        }
        assert_eq!(Target::core("huge"), None);
        assert_eq!(Target::core_name(12), None);
    }

    #[test]
    fn what_is_lacked_is_the_first_instruction_of_its_kind() {
        let words = [(Op::Addi, 0), (Op::Mul, 0), (Op::Vadd, 0)].map(|(op, imm)| {
            let (rd, rs1, rs2) = (1, 2, 3);
            let rs2 = if op == Op::Addi { 0 } else { rs2 };
            let instruction = Instruction {
                op,
                rd,
                rs1,
                rs2,
                imm,
            };
            instruction.encode().unwrap()
        });
        let code = [&[0xffff_ffff], &words[..]].concat();
        let mut target = Target::base();
        assert!(target.lacks(&code).is_none());
        target.extensions.retain(|e| *e != Extension::Vector);
        assert_eq!(target.lacks(&code).unwrap().op, Op::Vadd);
        target.extensions.retain(|e| *e != Extension::M);
        assert_eq!(target.lacks(&code).unwrap().op, Op::Mul);
        assert!(target.lacks(&code[..2]).is_none());
    }

    #[test]
    fn lanes_and_bursts_have_limits() {
        let lanes = Target {
            lanes: 12,
            ..Target::base()
        };
        assert_eq!(lanes.check(), Err(TargetError::Lanes { lanes: 12 }));
        for vectors in [0, 256] {
            let burst = Target {
                burst_vectors: vectors,
                ..Target::base()
            };
            assert_eq!(burst.check(), Err(TargetError::Burst { vectors }));
        }
    }
}
