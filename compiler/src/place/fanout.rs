//! What the spikes of a source do, and where the weights for it are.

use std::collections::{BTreeMap, BTreeSet};

use spikevec_isa::{LANES, Memory, Target, VECTOR_BYTES};

use super::{MemoryMap, PlacedPopulation};
use crate::error::CompileError;
use crate::graph::{Network, Source};
use crate::quantise::QuantisedNetwork;
use crate::synapse::Delivery;

/// The rows of a source: all that one of its spikes adds, in one piece.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rows {
    /// Address of neuron 0's row.
    pub address: u32,
    /// The projections that have a part of each row, by index, in the order of their parts.
    pub projections: Vec<usize>,
    /// Vectors of a row.
    pub vectors: usize,
}

impl Rows {
    /// Bytes of a row.
    pub fn stride(&self) -> u32 {
        self.vectors as u32 * VECTOR_BYTES
    }
}

/// A projection that acts on words of spikes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordFanout {
    /// The projection, by index.
    pub projection: usize,
    /// Address of what it keeps in vector memory.
    pub table: Option<u32>,
}

/// A projection of shared weights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedFanout {
    /// The projection, by index.
    pub projection: usize,
    /// Address of its weights in vector memory.
    pub weights: u32,
}

/// The entries of a source: all that one of its spikes must know.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entries {
    /// Address of neuron 0's entry, in scalar memory.
    pub address: u32,
    /// The projections that have two words of each entry, in their order. Behind them is the
    /// address of the neuron's row, where it has one.
    pub projections: Vec<SharedFanout>,
    /// Bytes of an entry.
    pub stride: u32,
}

/// What the spikes of one source do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fanout {
    /// What each spike does by itself.
    pub rows: Option<Rows>,
    /// What each spike does with weights that neurons share.
    pub entries: Option<Entries>,
    /// What a step's spikes do together.
    pub words: Vec<WordFanout>,
}

impl Fanout {
    /// True where each spike does something by itself.
    pub fn has_events(&self) -> bool {
        self.rows.is_some() || self.entries.is_some()
    }

    /// Where a spike begins, its neuron's entry or row: the address of neuron 0's, and the bytes
    /// from one to the next.
    pub fn events(&self) -> (u32, u32) {
        match (&self.entries, &self.rows) {
            (Some(entries), _) => (entries.address, entries.stride),
            (None, Some(rows)) => (rows.address, rows.stride()),
            (None, None) => (0, 0),
        }
    }
}

/// Checks that weights and states alone, in a word each, fit into vector memory.
///
/// # Errors
/// [`CompileError::TooLarge`] with what takes how much.
pub fn check_weights(network: &Network, target: &Target) -> Result<(), CompileError> {
    let mut map = MemoryMap::new(target);
    for p in &network.populations {
        // One state variable at least, and its image at the start of a sample.
        let bytes = 2 * p.size().div_ceil(LANES) as u64 * u64::from(VECTOR_BYTES);
        map.take(Memory::Vector, &format!("{}: state", p.name), bytes);
    }
    for p in &network.projections {
        let target = &network.populations[p.target];
        let sources = network.source_size(p.source);
        let bytes = p
            .connectivity
            .synapses()
            .least_bytes(sources, target.size());
        if bytes > 0 {
            let source = network.source_name(p.source);
            let name = format!("{source} -> {}: weights", target.name);
            map.take(Memory::Vector, &name, bytes);
        }
    }
    map.check()
}

/// Instructions of the shortest update: load, operation and store of a state, and what zeroes an
/// input.
const LEAST_UPDATE: u64 = 4;

/// Instructions with which a population's spikes are found, one by one, and their rows.
const LEAST_DELIVERY: u64 = 9;

/// Instructions of a projection: load of weights, load, addition and store of sums.
const LEAST_PROJECTION: u64 = 4;

/// Loads and stores that states in the vector registers need not.
const IN_REGISTERS: u64 = 64;

/// Checks that the least code of every population and projection fits into instruction memory.
///
/// # Errors
/// [`CompileError::TooLarge`].
pub fn check_code(network: &Network, target: &Target) -> Result<(), CompileError> {
    let rows = network
        .projections
        .iter()
        .filter(|p| !p.connectivity.synapses().takes_bits());
    let sources: BTreeSet<Source> = rows.map(|p| p.source).collect();
    let (populations, projections) = (network.populations.len(), network.projections.len());
    let instructions = (LEAST_UPDATE * populations as u64
        + LEAST_DELIVERY * sources.len() as u64
        + LEAST_PROJECTION * projections as u64)
        .saturating_sub(IN_REGISTERS + LEAST_DELIVERY);
    let (needed, available) = (4 * instructions, u64::from(target.instruction_bytes));
    if needed <= available {
        return Ok(());
    }
    Err(CompileError::TooLarge {
        memory: Memory::Instruction,
        target: target.name.clone(),
        needed,
        available,
        parts: format!("  {needed:>10} bytes  least code of {populations} populations"),
        remedy: "choose a target with more instruction memory (--target large)".to_owned(),
    })
}

/// Takes vector memory for all weights.
pub(super) fn place_weights(
    network: &QuantisedNetwork,
    populations: &[PlacedPopulation],
    map: &mut MemoryMap,
) -> BTreeMap<Source, Fanout> {
    let mut fanouts: BTreeMap<Source, Fanout> = BTreeMap::new();
    for (k, projection) in network.projections.iter().enumerate() {
        let fanout = fanouts.entry(projection.source).or_default();
        let target = &network.populations[projection.target];
        let to = populations[projection.target].arrivals(projection.target, &target.kernel);
        let synapses = projection.weights.synapses();
        match synapses.delivery() {
            Delivery::Rows(kind) => {
                let rows = fanout.rows.get_or_insert_default();
                rows.projections.push(k);
                rows.vectors += kind.row_vectors(&to);
            }
            Delivery::Shared(kind) => {
                let bytes = kind.weights(&to).len() as u64 * u64::from(VECTOR_BYTES);
                let name = format!(
                    "{} -> {}: {} weights",
                    network.source_name(projection.source),
                    target.name,
                    synapses.kind()
                );
                let entries = fanout.entries.get_or_insert_default();
                entries.projections.push(SharedFanout {
                    projection: k,
                    weights: map.take(Memory::Vector, &name, bytes),
                });
            }
            Delivery::Words(kind) => {
                let bytes = kind.table(&to).len() as u64 * u64::from(VECTOR_BYTES);
                let name = format!("{}: {} weights", target.name, synapses.kind());
                fanout.words.push(WordFanout {
                    projection: k,
                    table: (bytes > 0).then(|| map.take(Memory::Vector, &name, bytes)),
                });
            }
        }
    }
    for (source, fanout) in &mut fanouts {
        if let Some(rows) = &mut fanout.rows {
            let name = format!("{}: weights of its spikes", network.source_name(*source));
            let bytes = network.source_size(*source) as u64 * u64::from(rows.stride());
            rows.address = map.take(Memory::Vector, &name, bytes);
        }
        if let Some(entries) = &mut fanout.entries {
            let words = 2 * entries.projections.len() + usize::from(fanout.rows.is_some());
            // A shift finds an entry.
            entries.stride = 4 * words.next_power_of_two() as u32;
            let name = format!("{}: where its spikes go", network.source_name(*source));
            let bytes = network.source_size(*source) as u64 * u64::from(entries.stride);
            entries.address = map.take(Memory::Scalar, &name, bytes);
        }
    }
    fanouts
}
