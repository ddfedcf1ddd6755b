//! What the spikes of a source do, and where the weights for it are.

use std::collections::BTreeMap;

use spikevec_isa::{Memory, Target, VECTOR_BYTES, Vector};

use super::MemoryMap;
use crate::error::CompileError;
use crate::graph::{Network, Source};
use crate::quantise::{QuantisedNetwork, QuantisedProjection, Weights};
use crate::synapse::OneToOneWeights;

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

/// Checks that the rows of dense projections alone fit into vector memory.
///
/// # Errors
/// [`CompileError::TooLarge`] with what takes how much.
pub fn check_weights(network: &Network, target: &Target) -> Result<(), CompileError> {
    let mut map = MemoryMap::new(target);
    for p in &network.projections {
        let target = &network.populations[p.target];
        let sources = network.source_size(p.source);
        let bytes = p.connectivity.synapses().least_bytes(sources, target.size);
        if bytes > 0 {
            let source = network.source_name(p.source);
            let name = format!("{source} -> {}: weights", target.name);
            map.take(Memory::Vector, &name, bytes);
        }
    }
    map.check()
}

/// Takes vector memory for all weights.
pub(super) fn place_weights(
    network: &QuantisedNetwork,
    map: &mut MemoryMap,
) -> BTreeMap<Source, Fanout> {
    let mut fanouts: BTreeMap<Source, Fanout> = BTreeMap::new();
    for projection in &network.projections {
        let fanout = fanouts.entry(projection.source).or_default();
        match &projection.weights {
            Weights::Dense(_) => {
                let rows = fanout.rows.get_or_insert_default();
                rows.targets.push(projection.target);
                rows.vectors += network.populations[projection.target].kernel.row_vectors();
            }
            Weights::OneToOne(OneToOneWeights(vectors)) => {
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
            rows.address = map.take(
                Memory::Vector,
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
    LinkWeights::At(map.take(
        Memory::Vector,
        &format!("{name}: one-to-one weights"),
        bytes,
    ))
}
