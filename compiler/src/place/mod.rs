//! The placed network: every tensor has an address, every hot value a register.
//!
//! Third stage of the compiler. Placement changes no arithmetic.

mod fanout;
mod memory;
mod registers;

use std::collections::BTreeMap;
use std::fmt;

use spikevec_isa::{LANES, Memory, Target, VECTOR_BYTES};

use crate::error::CompileError;
use crate::graph::Source;
use crate::options::Record;
use crate::quantise::{Kernel, QuantisedNetwork, QuantisedProjection, Values};
use crate::synapse::{Arrivals, Delivery, least_delay};

pub use fanout::{Entries, Fanout, Rows, SharedFanout, WordFanout, check_code, check_weights};
pub use memory::{Allocation, MemoryMap};
pub use registers::{Home, VectorRegisters};

/// Addresses of the control words in scalar memory.
pub mod control {
    /// Steps that the run takes.
    pub const STEPS: u32 = 0;
    /// 1 where the run begins a sample.
    pub const RESTART: u32 = 4;
    /// First address behind the control words.
    pub const END: u32 = 8;
}

/// How a population's update is laid out in code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// One stretch of code for each vector; spikes stay in scalar registers.
    Unrolled,
    /// A loop over the vectors; state and spikes stay in memory.
    Looped,
}

/// Where a spike record of a population goes, within a step's part of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordSlot {
    /// Offset from the step's record pointer, in bytes.
    pub offset: u32,
}

/// A population with addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedPopulation {
    /// Layout of its code.
    pub style: Style,
    /// Address of its block in vector memory: for each vector of neurons the state
    /// variables, then the constants that differ from neuron to neuron.
    pub block: u32,
    /// Bytes from one vector of neurons to the next.
    pub stride: u32,
    /// For each constant its place behind the state variables; `None` for uniform ones.
    pub constant_slots: Vec<Option<usize>>,
    /// Words of scalar memory for its spikes, where they do not stay in registers
    /// or must survive the run.
    pub spike_words: Option<u32>,
    /// Where its spikes are recorded.
    pub spike_record: Option<RecordSlot>,
    /// Where its membranes are recorded.
    pub membrane_record: Option<RecordSlot>,
    /// Address of the word that counts its spikes.
    pub counter: Option<u32>,
}

impl PlacedPopulation {
    /// Vectors that a loop over this population handles in one turn: few enough that
    /// the offsets within a turn fit in 12 bits.
    pub fn vectors_a_turn(&self) -> usize {
        (2048 / self.stride as usize).clamp(1, LOOP_UNROLL)
    }

    /// Where weights arrive at it. It is population `k`, with the update `kernel`.
    pub fn arrivals(&self, k: usize, kernel: &Kernel) -> Arrivals {
        Arrivals {
            population: k,
            neurons: kernel.size,
            accumulator: kernel.accumulator,
            words: kernel.words,
            looped: self.style == Style::Looped,
            address: self.state_address(kernel.accumulator, 0),
            stride: self.stride,
            vectors_a_turn: self.vectors_a_turn(),
        }
    }

    /// Address of state variable `variable` of vector `k`.
    pub fn state_address(&self, variable: usize, k: usize) -> u32 {
        self.block + k as u32 * self.stride + variable as u32 * VECTOR_BYTES
    }
}

/// How input spikes reach the core.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputEncoding {
    /// Row addresses, a list for each step: nothing is scanned.
    List,
    /// Bit words, where a projection needs them.
    Bits,
}

/// The third stage's product.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedNetwork {
    /// The machine.
    pub target: Target,
    /// The arithmetic.
    pub network: QuantisedNetwork,
    /// Populations, as in the network.
    pub populations: Vec<PlacedPopulation>,
    /// What spikes do, by source; sources without targets are left out.
    pub fanouts: BTreeMap<Source, Fanout>,
    /// How input spikes arrive.
    pub input_encoding: InputEncoding,
    /// The input buffer: address and words.
    pub input: (u32, u32),
    /// Start and bytes of all state and per-neuron constants.
    pub hot: (u32, u32),
    /// Address of the image of the above at the start of a sample.
    pub initial: u32,
    /// Address of the seed vectors, where random numbers are drawn.
    pub seed: Option<u32>,
    /// Scalar record: address, and bytes of a step.
    pub scalar_record: (u32, u32),
    /// Vector record: address, and bytes of a step.
    pub vector_record: (u32, u32),
    /// Most steps of a run.
    pub max_steps: u32,
    /// Vector registers.
    pub registers: VectorRegisters,
    /// What takes how much of each memory.
    pub map: MemoryMap,
}

/// Spike words that unrolled populations may keep in scalar registers.
pub const MAX_UNROLLED_VECTORS: usize = 12;

/// Most steps of one run, whatever the memory would hold.
const MAX_STEPS: u32 = 4096;

/// Places `network` on `target`. Populations of up to `unroll` vectors get a
/// stretch of code for each vector.
///
/// # Errors
/// [`CompileError::TooLarge`] with what takes how much, a recording of a population that does not
/// exist, or a delay that programs cannot make.
pub fn place(
    network: QuantisedNetwork,
    target: &Target,
    record: &Record,
    unroll: usize,
) -> Result<PlacedNetwork, CompileError> {
    check_delays(&network)?;
    let mut map = MemoryMap::new(target);
    map.take(Memory::Scalar, "control words", u64::from(control::END));
    let recorded = recordings(&network, record)?;
    let hot = map.mark(Memory::Vector);
    let mut populations = place_states(&network, unroll, &recorded.0, &mut map);
    let hot = (hot, map.mark(Memory::Vector) - hot);
    let initial = map.take(
        Memory::Vector,
        "state at the start of a sample",
        u64::from(hot.1),
    );
    let seed = network.draws_random_numbers().then(|| {
        let bytes = u64::from(2 * VECTOR_BYTES);
        map.take(Memory::Vector, "seed of the random numbers", bytes)
    });
    let fanouts = fanout::place_weights(&network, &populations, &mut map);
    for (source, fanout) in &fanouts {
        if let (Source::Population(k), true) = (source, fanout.has_events())
            && !recorded.0[*k]
        {
            let name = format!("{}: spike count", network.populations[*k].name);
            populations[*k].counter = Some(map.take(Memory::Scalar, &name, 4));
        }
    }
    let steps = place_records(&network, &recorded, &mut populations);
    let input = fanouts.get(&Source::Input);
    let input_encoding = if input.is_some_and(|fanout| !fanout.words.is_empty()) {
        InputEncoding::Bits
    } else {
        InputEncoding::List
    };
    let buffers = place_buffers(network.inputs, input_encoding, steps, &mut map);
    map.check()?;
    let registers = registers::assign(&network, &populations);
    Ok(PlacedNetwork {
        target: target.clone(),
        network,
        populations,
        fanouts,
        input_encoding,
        input: buffers.input,
        hot,
        initial,
        seed,
        scalar_record: (buffers.scalar_record, steps.0),
        vector_record: (buffers.vector_record, steps.1),
        max_steps: buffers.max_steps,
        registers,
        map,
    })
}

/// Gives each population its block of states and constants, and words for spikes that must stay.
fn place_states(
    network: &QuantisedNetwork,
    unroll: usize,
    recorded_spikes: &[bool],
    map: &mut MemoryMap,
) -> Vec<PlacedPopulation> {
    let mut populations = Vec::new();
    let styles = styles(network, unroll);
    for ((p, recorded), style) in network.populations.iter().zip(recorded_spikes).zip(styles) {
        let kernel = &p.kernel;
        let vectors = kernel.vectors();
        let late = kernel.resets_late();
        let mut slots = kernel.states.len();
        let constant_slots: Vec<Option<usize>> = kernel
            .constants
            .iter()
            .map(|c| match c.values {
                Values::Uniform(_) => None,
                Values::PerNeuron(_) => {
                    slots += 1;
                    Some(slots - 1)
                }
            })
            .collect();
        let stride = slots as u32 * VECTOR_BYTES;
        let bytes = vectors as u64 * u64::from(stride);
        let block = map.take(Memory::Vector, &format!("{}: state", p.name), bytes);
        let needs_words = late || (style == Style::Looped && !recorded);
        let words = (kernel.fire.is_some() && needs_words).then(|| {
            let name = format!("{}: spikes", p.name);
            map.take(Memory::Scalar, &name, vectors as u64 * 4)
        });
        populations.push(PlacedPopulation {
            style,
            block,
            stride,
            constant_slots,
            spike_words: words,
            spike_record: None,
            membrane_record: None,
            counter: None,
        });
    }
    populations
}

/// Gives recorded spikes and membranes their places in a step's records, and says how many bytes of
/// scalar and of vector memory a step's records have.
fn place_records(
    network: &QuantisedNetwork,
    (spikes, membranes): &(Vec<bool>, Vec<bool>),
    populations: &mut [PlacedPopulation],
) -> (u32, u32) {
    let (mut scalar, mut vector) = (0, 0);
    for (k, placed) in populations.iter_mut().enumerate() {
        let vectors = network.populations[k].kernel.vectors() as u32;
        if spikes[k] {
            placed.spike_record = Some(RecordSlot { offset: scalar });
            scalar += vectors * 4;
        }
        if membranes[k] {
            placed.membrane_record = Some(RecordSlot { offset: vector });
            vector += vectors * VECTOR_BYTES;
        }
    }
    (scalar, vector)
}

/// Buffers that are as long as memory allows.
struct Buffers {
    /// Address and words.
    input: (u32, u32),
    scalar_record: u32,
    vector_record: u32,
    max_steps: u32,
}

/// Takes what is left of scalar memory, half for records and half for input, and of vector
/// memory what records of as many steps need. `step` is what a step records of each, in bytes.
fn place_buffers(
    inputs: usize,
    encoding: InputEncoding,
    (scalar_step, vector_step): (u32, u32),
    map: &mut MemoryMap,
) -> Buffers {
    let scalar_free = |map: &MemoryMap| u32::try_from(map.free(Memory::Scalar)).unwrap_or(u32::MAX);
    let mut max_steps = MAX_STEPS;
    if let Some(steps) = (scalar_free(map) / 2).checked_div(scalar_step) {
        max_steps = max_steps.min(steps.max(1));
    }
    if let Some(steps) = map.free(Memory::Vector).checked_div(u64::from(vector_step)) {
        max_steps = max_steps.min(steps.clamp(1, u64::from(MAX_STEPS)) as u32);
    }
    let least = match encoding {
        InputEncoding::List => inputs as u32 + 1,
        InputEncoding::Bits => inputs.div_ceil(LANES) as u32,
    };
    let record = |step: u32| u64::from(max_steps) * u64::from(step);
    let scalar_record = map.take(Memory::Scalar, "recorded spikes", record(scalar_step));
    let vector_record = map.take(Memory::Vector, "recorded membranes", record(vector_step));
    let words = (scalar_free(map) / 4)
        .max(least)
        .min(max_steps.saturating_mul(least));
    if encoding == InputEncoding::Bits {
        max_steps = max_steps.min(words / least.max(1));
    }
    let bytes = u64::from(words) * 4;
    Buffers {
        input: (map.take(Memory::Scalar, "input spikes", bytes), words),
        scalar_record,
        vector_record,
        max_steps,
    }
}

/// Scalar registers that the code generator has for spikes.
pub const SPIKE_REGISTERS: usize = 15;

/// Most vectors, and so spike words, that a looped population handles at a time.
pub const LOOP_UNROLL: usize = 4;

/// The layout of each population's code. Unrolled populations keep their spikes in
/// registers: those that a late reset reads in the next step in registers of their
/// own, all others in registers that they share.
fn styles(network: &QuantisedNetwork, unroll: usize) -> Vec<Style> {
    let kernels = || network.populations.iter().map(|p| &p.kernel);
    // Shared weights find their sums by address.
    let in_memory = |k: usize| {
        let mut incoming = network.projections.iter().filter(|p| p.target == k);
        incoming.any(|p| matches!(p.weights.synapses().delivery(), Delivery::Shared(_)))
    };
    let short = |(k, kernel): &(usize, &Kernel)| {
        kernel.vectors() <= unroll.min(MAX_UNROLLED_VECTORS) && !in_memory(*k)
    };
    let all = || kernels().enumerate();
    let sharing = all().filter(|k| k.1.fire.is_some() && !k.1.resets_late() && short(k));
    let shared = sharing
        .map(|(_, kernel)| kernel.vectors())
        .max()
        .unwrap_or(0)
        .max(LOOP_UNROLL);
    let mut left = SPIKE_REGISTERS - shared;
    all()
        .map(|(k, kernel)| {
            if !short(&(k, kernel)) {
                return Style::Looped;
            }
            if kernel.resets_late() {
                match left.checked_sub(kernel.vectors()) {
                    Some(rest) => left = rest,
                    None => return Style::Looped,
                }
            }
            Style::Unrolled
        })
        .collect()
}

/// Programs add a spike's weights when its source has been updated, and keep no spikes for later.
///
/// # Errors
/// [`CompileError::LongDelay`] names the first projection that would need it.
fn check_delays(network: &QuantisedNetwork) -> Result<(), CompileError> {
    let long = |p: &&QuantisedProjection| p.delay > least_delay(p.source, p.target);
    let Some(p) = network.projections.iter().find(long) else {
        return Ok(());
    };
    Err(CompileError::LongDelay {
        origin: network.source_name(p.source).to_owned(),
        target: network.populations[p.target].name.clone(),
        delay: p.delay,
        most: least_delay(p.source, p.target),
    })
}

/// Which populations' spikes and membranes are recorded.
fn recordings(
    network: &QuantisedNetwork,
    record: &Record,
) -> Result<(Vec<bool>, Vec<bool>), CompileError> {
    let spiking = |k: usize| network.populations[k].kernel.fire.is_some();
    let known = || {
        let all = network
            .populations
            .iter()
            .enumerate()
            .filter(|(k, _)| spiking(*k));
        all.map(|(_, p)| p.name.as_str()).collect::<Vec<_>>()
    };
    for given in record.spikes.iter().filter(|name| *name != "*") {
        if !known().contains(&given.as_str()) {
            return Err(CompileError::UnknownRecord {
                given: given.clone(),
                known: known().join(", "),
            });
        }
    }
    let asked = |k: usize| {
        record
            .spikes
            .iter()
            .any(|n| n == "*" || *n == network.populations[k].name)
    };
    // Spikes are counted where each acts by itself; where none does they are recorded.
    let uncounted = |k: usize| {
        let mut all = network.projections_from(Source::Population(k));
        !all.any(|p| !matches!(p.weights.synapses().delivery(), Delivery::Words(_)))
    };
    let count = network.populations.len();
    let spikes = (0..count)
        .map(|k| spiking(k) && (asked(k) || uncounted(k) || network.outputs.contains(&k)));
    let membranes = (0..count)
        .map(|k| network.outputs.contains(&k) && (record.output_membranes || !spiking(k)));
    Ok((spikes.collect(), membranes.collect()))
}

impl PlacedNetwork {
    /// Where weights arrive at population `k`.
    pub fn arrivals(&self, k: usize) -> Arrivals {
        self.populations[k].arrivals(k, &self.network.populations[k].kernel)
    }
}

impl fmt::Display for PlacedNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "placed network on `{}`: up to {} steps a run",
            self.target.name, self.max_steps
        )?;
        for (p, placed) in self.network.populations.iter().zip(&self.populations) {
            writeln!(
                f,
                "  {}: {:?}, state at {:#x}, {} bytes a vector",
                p.name, placed.style, placed.block, placed.stride
            )?;
        }
        write!(f, "{}", self.registers)?;
        write!(f, "{}", self.map)
    }
}
