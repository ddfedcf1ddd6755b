//! The placed network: every tensor has an address, every hot value a register.
//!
//! Third stage of the compiler. Placement changes no arithmetic.

mod memory;
mod registers;

use std::collections::BTreeMap;
use std::fmt;

use spikevec_isa::{LANES, Target, VECTOR_BYTES, Vector};

use crate::error::CompileError;
use crate::graph::{Connectivity, Network, Source};
use crate::options::Record;
use crate::quantise::{Kernel, QuantisedNetwork, QuantisedProjection, Values, Weights};

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

    /// Address of state variable `variable` of vector `k`.
    pub fn state_address(&self, variable: usize, k: usize) -> u32 {
        self.block + k as u32 * self.stride + variable as u32 * VECTOR_BYTES
    }
}

/// The rows of a source: all that one of its spikes adds, in one piece.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rows {
    /// Address of neuron 0's row.
    pub address: u32,
    /// Target populations, in the order of their parts of the row.
    pub targets: Vec<usize>,
    /// Vectors of a row.
    pub vectors: usize,
}

impl Rows {
    /// Bytes of a row.
    pub fn stride(&self) -> u32 {
        self.vectors as u32 * VECTOR_BYTES
    }
}

/// A one-to-one projection with addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Target population.
    pub target: usize,
    /// Its weights, one for every neuron or one for all.
    pub weights: LinkWeights,
}

/// The weights of a one-to-one projection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkWeights {
    /// All the same.
    Uniform(i16),
    /// In vector memory from this address.
    At(u32),
}

/// What the spikes of one source do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fanout {
    /// Dense projections.
    pub rows: Option<Rows>,
    /// One-to-one projections.
    pub links: Vec<Link>,
}

/// How input spikes reach the core.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputEncoding {
    /// Row addresses, a list for each step: nothing is scanned.
    List,
    /// Bit words, where a one-to-one projection needs them.
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
/// [`CompileError::TooLarge`] with what takes how much, or a recording of a
/// population that does not exist.
pub fn place(
    network: QuantisedNetwork,
    target: &Target,
    record: &Record,
    unroll: usize,
) -> Result<PlacedNetwork, CompileError> {
    let mut map = MemoryMap::new(target);
    map.scalar("control words", control::END);
    let hot = map.vector_mark();
    let (recorded_spikes, recorded_membranes) = recordings(&network, record)?;
    let mut populations = Vec::new();
    let styles = styles(&network, unroll);
    for ((p, recorded), style) in network.populations.iter().zip(&recorded_spikes).zip(styles) {
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
        let block = map.vector(
            &format!("{}: state", p.name),
            vectors as u64 * u64::from(stride),
        );
        let needs_words = late || (style == Style::Looped && !recorded);
        let words = (kernel.fire.is_some() && needs_words)
            .then(|| map.scalar(&format!("{}: spikes", p.name), vectors as u32 * 4));
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
    let hot = (hot, map.vector_mark() - hot);
    let initial = map.vector("state at the start of a sample", u64::from(hot.1));
    let seed = network
        .draws_random_numbers()
        .then(|| map.vector("seed of the random numbers", u64::from(2 * VECTOR_BYTES)));
    let fanouts = place_weights(&network, &mut map);
    for (source, fanout) in &fanouts {
        if let (Source::Population(k), Some(_)) = (source, &fanout.rows)
            && !recorded_spikes[*k]
        {
            let name = format!("{}: spike count", network.populations[*k].name);
            populations[*k].counter = Some(map.scalar(&name, 4));
        }
    }
    let mut scalar_step = 0;
    let mut vector_step = 0;
    for (k, placed) in populations.iter_mut().enumerate() {
        let vectors = network.populations[k].kernel.vectors() as u32;
        if recorded_spikes[k] {
            placed.spike_record = Some(RecordSlot {
                offset: scalar_step,
            });
            scalar_step += vectors * 4;
        }
        if recorded_membranes[k] {
            placed.membrane_record = Some(RecordSlot {
                offset: vector_step,
            });
            vector_step += vectors * VECTOR_BYTES;
        }
    }
    let input_links = fanouts
        .get(&Source::Input)
        .is_some_and(|f| !f.links.is_empty());
    let input_encoding = if input_links {
        InputEncoding::Bits
    } else {
        InputEncoding::List
    };
    // Half of what is left of scalar memory records, the other half feeds.
    let free = map.scalar_free();
    let mut max_steps = MAX_STEPS;
    if let Some(steps) = (free / 2).checked_div(scalar_step) {
        max_steps = max_steps.min(steps.max(1));
    }
    if vector_step > 0 {
        max_steps = max_steps.min(
            (map.vector_free() / u64::from(vector_step)).clamp(1, u64::from(MAX_STEPS)) as u32,
        );
    }
    let least = match input_encoding {
        InputEncoding::List => network.inputs as u32 + 1,
        InputEncoding::Bits => network.inputs.div_ceil(LANES) as u32,
    };
    let scalar_record = (
        map.scalar("recorded spikes", max_steps * scalar_step),
        scalar_step,
    );
    let vector_record = (
        map.vector(
            "recorded membranes",
            u64::from(max_steps) * u64::from(vector_step),
        ),
        vector_step,
    );
    let words = (map.scalar_free() / 4)
        .max(least)
        .min(max_steps.saturating_mul(least));
    if input_encoding == InputEncoding::Bits {
        max_steps = max_steps.min(words / least.max(1));
    }
    let input = (map.scalar("input spikes", words * 4), words);
    map.check()?;
    let registers = registers::assign(&network, &populations, &fanouts);
    Ok(PlacedNetwork {
        target: target.clone(),
        network,
        populations,
        fanouts,
        input_encoding,
        input,
        hot,
        initial,
        seed,
        scalar_record,
        vector_record,
        max_steps,
        registers,
        map,
    })
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
    let short = |kernel: &Kernel| kernel.vectors() <= unroll.min(MAX_UNROLLED_VECTORS);
    let sharing = kernels().filter(|k| k.fire.is_some() && !k.resets_late() && short(k));
    let shared = sharing
        .map(Kernel::vectors)
        .max()
        .unwrap_or(0)
        .max(LOOP_UNROLL);
    let mut left = SPIKE_REGISTERS - shared;
    kernels()
        .map(|kernel| {
            if !short(kernel) {
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

/// Checks that the rows of dense projections alone fit into vector memory.
///
/// # Errors
/// [`CompileError::TooLarge`] with what takes how much.
pub fn check_weights(network: &Network, target: &Target) -> Result<(), CompileError> {
    let mut map = MemoryMap::new(target);
    for p in &network.projections {
        if let Connectivity::Dense(_) = p.connectivity {
            let vectors = network.populations[p.target].size.div_ceil(LANES) as u64;
            let rows = network.source_size(p.source) as u64;
            let target = &network.populations[p.target].name;
            let name = format!("{} -> {target}: weights", network.source_name(p.source));
            map.vector(&name, rows * vectors * u64::from(VECTOR_BYTES));
        }
    }
    map.check()
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
    // Spikes are counted where their rows are added; without rows they are recorded.
    let uncounted = |k: usize| {
        let mut all = network.projections_from(Source::Population(k));
        !all.any(|p| matches!(p.weights, Weights::Dense(_)))
    };
    let count = network.populations.len();
    let spikes = (0..count)
        .map(|k| spiking(k) && (asked(k) || uncounted(k) || network.outputs.contains(&k)));
    let membranes = (0..count)
        .map(|k| network.outputs.contains(&k) && (record.output_membranes || !spiking(k)));
    Ok((spikes.collect(), membranes.collect()))
}

fn place_weights(network: &QuantisedNetwork, map: &mut MemoryMap) -> BTreeMap<Source, Fanout> {
    let mut fanouts: BTreeMap<Source, Fanout> = BTreeMap::new();
    for projection in &network.projections {
        let fanout = fanouts.entry(projection.source).or_default();
        match &projection.weights {
            Weights::Dense(_) => {
                let rows = fanout.rows.get_or_insert_default();
                rows.targets.push(projection.target);
                rows.vectors += network.populations[projection.target].kernel.row_vectors();
            }
            Weights::OneToOne(vectors) => {
                fanout.links.push(Link {
                    target: projection.target,
                    weights: link_weights(network, projection, vectors, map),
                });
            }
        }
    }
    for (source, fanout) in &mut fanouts {
        if let Some(rows) = &mut fanout.rows {
            let (name, size) = match source {
                Source::Input => ("input", network.inputs),
                Source::Population(k) => (
                    network.populations[*k].name.as_str(),
                    network.populations[*k].kernel.size,
                ),
            };
            rows.address = map.vector(
                &format!("{name}: weights of its spikes"),
                size as u64 * u64::from(rows.stride()),
            );
        }
    }
    fanouts
}

fn link_weights(
    network: &QuantisedNetwork,
    projection: &QuantisedProjection,
    vectors: &[Vector],
    map: &mut MemoryMap,
) -> LinkWeights {
    let kernel = &network.populations[projection.target].kernel;
    let mut all = vectors
        .iter()
        .enumerate()
        .flat_map(|(k, v)| v[..kernel.lanes(k / kernel.words)].iter());
    let first = all.next().copied().unwrap_or(0);
    if kernel.words == 1 && all.all(|w| *w == first) {
        return LinkWeights::Uniform(first);
    }
    let name = &network.populations[projection.target].name;
    let bytes = vectors.len() as u64 * u64::from(VECTOR_BYTES);
    LinkWeights::At(map.vector(&format!("{name}: one-to-one weights"), bytes))
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
