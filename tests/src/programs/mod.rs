//! Programs that put the core to the test: directed ones made from the instruction table, and
//! random ones biased to hazards, with the coverage that they must reach.

mod code;
pub mod coverage;
pub mod directed;
pub mod random;
mod seed;

use spikevec_isa::{LANES, Memory, Op, Target, Vector};

pub use code::Code;
pub use seed::Seed;

/// Bytes of a memory that a program starts from, and that are compared after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// The memory.
    pub memory: Memory,
    /// First byte, a multiple of 4.
    pub address: u32,
    /// The bytes, a multiple of 4 of them.
    pub bytes: Vec<u8>,
}

/// A program with its data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// What it is about.
    pub name: String,
    /// Seed of a random program.
    pub seed: Option<u64>,
    /// Instruction memory from address 0.
    pub code: Vec<u32>,
    /// Data.
    pub data: Vec<Segment>,
    /// It reads clocks or the status of a transfer: both sides agree only where the simulator
    /// has a timing model.
    pub timed: bool,
}

impl Program {
    /// How to run this one again.
    pub fn rerun(&self) -> String {
        let what = match self.seed {
            Some(seed) if self.timed => format!("SPIKEVEC_SEED={seed} SPIKEVEC_TIMED=1"),
            Some(seed) => format!("SPIKEVEC_SEED={seed}"),
            None => format!("SPIKEVEC_PROGRAM='{}'", self.name),
        };
        format!("{what} cargo test -p spikevec-tests --test lockstep rerun -- --nocapture")
    }
}

/// The least memory that the programs need.
///
/// # Errors
/// What is too small.
pub fn fits(target: &Target) -> Result<(), String> {
    let needs = [
        (Memory::Instruction, 4096),
        (Memory::Scalar, 2048),
        (Memory::Vector, 8192),
        (Memory::LaneLocal, 256),
    ];
    for (memory, bytes) in needs {
        let there = target.bytes(memory);
        if there < bytes {
            return Err(format!(
                "{} has {there} bytes of {memory}; the programs need {bytes}",
                target.name
            ));
        }
    }
    Ok(())
}

/// Words as little-endian bytes.
pub(crate) fn word_bytes(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// Vectors as vector memory holds them.
pub(crate) fn vector_bytes(vectors: &[Vector]) -> Vec<u8> {
    let lanes = vectors.iter().flatten();
    lanes.flat_map(|lane| lane.to_le_bytes()).collect()
}

/// The first bytes of each lane's memory: `value(lane, halfword)`.
pub(crate) fn lane_segments(
    target: &Target,
    bytes: u32,
    mut value: impl FnMut(usize, u32) -> i16,
) -> Vec<Segment> {
    (0..LANES)
        .map(|lane| Segment {
            memory: Memory::LaneLocal,
            address: lane as u32 * target.lane_local_bytes,
            bytes: (0..bytes / 2)
                .flat_map(|half| value(lane, half).to_le_bytes())
                .collect(),
        })
        .collect()
}

/// Stores all registers, draws from the generators and reads the counters that do not depend on
/// the clock: what the program before it has left, in terms that the retirement port shows.
pub fn dump(target: &Target) -> Program {
    let mut code = Code::default();
    for register in 0..32 {
        code.op(Op::Sw, 0, 0, register, 4 * i32::from(register));
    }
    for register in 0..32 {
        code.op(Op::Vstorev, 0, 0, register, 64 * (i32::from(register) % 31));
    }
    for register in 0..2 {
        code.op(Op::Vrng, register, 0, 0, 0);
    }
    for csr in [
        "mcountinhibit",
        "minstret",
        "minstreth",
        "mm2s_src_addr",
        "s2mm_count",
    ] {
        code.csr_read(1, csr);
    }
    code.op(Op::Ecall, 0, 0, 0, 0);
    let zeros = |memory, bytes: u32| Segment {
        memory,
        address: 0,
        bytes: vec![0; bytes as usize],
    };
    Program {
        name: format!("dump of {}", target.name),
        seed: None,
        code: code.words(),
        data: vec![zeros(Memory::Scalar, 128), zeros(Memory::Vector, 2048)],
        timed: false,
    }
}
