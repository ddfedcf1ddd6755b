//! A program as a host sees it: code, contents of the memories, symbols and the manifest.

use serde::{Deserialize, Serialize};
use spikevec_isa::{Memory, Target};

/// A program with all that a host needs to load, feed and read it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Image {
    /// Instruction words from address 0.
    pub code: Vec<u32>,
    /// Initial contents of data memories. Bytes that no segment covers are zero.
    pub segments: Vec<Segment>,
    /// Named addresses.
    pub symbols: Vec<Symbol>,
    /// What a host may read and write; absent in programs that were assembled by hand.
    pub manifest: Option<Manifest>,
}

/// Initial contents of a part of one data memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// The memory; never `Instruction`. In lane-local memory lane 0's bytes come
    /// first, each lane's memory following the one before.
    pub memory: Memory,
    /// Address of the first byte.
    pub address: u32,
    /// The bytes, little-endian where they are words or halfwords.
    pub bytes: Vec<u8>,
}

/// A named address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// Name.
    pub name: String,
    /// The memory that it is in; `None` for a plain value.
    pub memory: Option<Memory>,
    /// Address or value.
    pub value: u32,
    /// Bytes that it covers; 0 where that is not known.
    pub size: u32,
}

/// Version of the manifest's form. Files of version 1 are read as well
/// ([`elf`](crate::elf) has the difference); one that a host does not know it refuses.
pub const MANIFEST_VERSION: u32 = 2;

/// What a host may feed and read, and how: stored in the ELF file as a note.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`MANIFEST_VERSION`], whatever version the file has that it was read from.
    pub version: u32,
    /// Name of the model that was compiled.
    pub model: String,
    /// The core that the program was made for. This is a description: the program runs on any
    /// machine that has the memory and the extensions which its code, contents and buffers use,
    /// whatever its lanes and bursts.
    pub target: Target,
    /// Length of a step in the unit of the model's time constants.
    pub dt: Option<f64>,
    /// Rounding mode: `nearest`, `stochastic` or `truncate`.
    pub rounding: String,
    /// What a neuron that spiked is reset to: `zero`, `subtract` or `v_reset`.
    pub reset: String,
    /// How what the model's file left open was read, in one line. Programs that were compiled before this was kept have
    /// none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<String>,
    /// Default seed of the run.
    pub seed: u64,
    /// Steps that one run of the program may take: what its record buffers hold.
    pub max_steps: u32,
    /// Everything that the host reads or writes.
    pub buffers: Vec<Buffer>,
    /// The network's populations in the order of their updates.
    pub populations: Vec<PopulationNote>,
    /// Instructions whose result can saturate, for the host's report.
    pub saturation_sites: Vec<SaturationSite>,
}

/// What a buffer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The host writes input spikes here before each run.
    Input,
    /// The network's result: the host reads it after each run.
    Output,
    /// State that the program keeps between runs.
    State,
    /// A recording that the user asked for, or a counter: read after each run.
    Record,
    /// Words that steer a run: `steps`, `restart`, and the vectors `seed`.
    Control,
}

/// How the elements of a buffer are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum ElementFormat {
    /// Little-endian 32-bit words.
    U32,
    /// Little-endian 16-bit words.
    U16,
    /// Fixed point, 16 bits, `fraction` of them after the point. In vector memory
    /// the last axis is padded to a multiple of 32.
    Fixed {
        /// Fraction bits.
        fraction: u32,
    },
    /// One bit an element, least significant first, the last axis padded to whole 32-bit words.
    Bits,
    /// A list of spikes: for each step one word `base + stride * neuron` for every
    /// spike, neurons ascending, then one word of all ones. The buffer's shape is `[words]`.
    SpikeList {
        /// Word of neuron 0.
        base: u32,
        /// Distance between the words of two neurons.
        stride: u32,
        /// Neurons.
        neurons: u32,
    },
}

/// A part of a memory that the host reads or writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Buffer {
    /// Name, unique in the manifest.
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// Population it belongs to, by name; empty for control words.
    pub population: String,
    /// The memory (`scalar`, `vector`, ...).
    pub memory: MemoryName,
    /// Address of the first byte.
    pub address: u32,
    /// Elements along each axis, slowest first; recordings begin with the steps.
    pub shape: Vec<u32>,
    /// Form of an element.
    pub format: ElementFormat,
    /// Bytes from one step's elements to the next step's; 0 where there is no step axis.
    pub step_stride: u32,
    /// In vector memory, bytes from one group of 32 elements to the next: 64 where
    /// they are contiguous. 0 in other memories.
    pub vector_stride: u32,
}

/// A memory's name in the manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // the variants of `spikevec_isa::Memory` that hold data
pub enum MemoryName {
    Scalar,
    Vector,
    LaneLocal,
    External,
}

impl From<MemoryName> for Memory {
    fn from(name: MemoryName) -> Memory {
        match name {
            MemoryName::Scalar => Memory::Scalar,
            MemoryName::Vector => Memory::Vector,
            MemoryName::LaneLocal => Memory::LaneLocal,
            MemoryName::External => Memory::External,
        }
    }
}

/// A population as the host reports on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PopulationNote {
    /// Name.
    pub name: String,
    /// Kind of neuron (`CubaLIF`, ...).
    pub kind: String,
    /// Neurons.
    pub neurons: u32,
    /// True where it emits spikes.
    pub spiking: bool,
    /// Channels whose neurons stand side by side in every buffer: neuron n of the model is at
    /// `n % p * channels + n / p`, where `p` is neurons / channels. 1, and not written, where
    /// neurons stand as in the model.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub channels: u32,
    /// Number formats, `(what, format)`, for instance `("v", "q7.8")`.
    pub formats: Vec<(String, String)>,
}

fn one() -> u32 {
    1
}

// Serde gives a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_one(channels: &u32) -> bool {
    *channels == 1
}

/// An instruction whose result can saturate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SaturationSite {
    /// Address of the instruction.
    pub pc: u32,
    /// Index of the population whose value it is.
    pub population: u32,
    /// Lanes that hold neurons; the rest is padding.
    pub lanes: u32,
}

impl Image {
    /// The symbol called `name`.
    pub fn symbol(&self, name: &str) -> Option<&Symbol> {
        self.symbols.iter().find(|symbol| symbol.name == name)
    }
}

impl Manifest {
    /// The buffer called `name`.
    pub fn buffer(&self, name: &str) -> Option<&Buffer> {
        self.buffers.iter().find(|buffer| buffer.name == name)
    }
}
