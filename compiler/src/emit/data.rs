//! Initial contents of the memories, and the symbols.

use spikevec_assembler::Image;
use spikevec_assembler::image::{Segment, Symbol};
use spikevec_isa::{Memory, Vector};

use super::manifest::manifest;
use crate::code::Site;
use crate::graph::Source;
use crate::options::Options;
use crate::place::{Entries, Fanout, PlacedNetwork, Rows};
use crate::quantise::Values;
use crate::synapse::Delivery;

/// Puts the image together.
pub fn image(
    placed: &PlacedNetwork,
    options: &Options,
    code: Vec<u32>,
    sites: Vec<(u32, Site)>,
    marks: Vec<(String, u32)>,
) -> Image {
    let mut segments = vec![initial_state(placed)];
    for (source, fanout) in &placed.fanouts {
        if let Some(rows) = &fanout.rows {
            segments.push(row_segment(placed, *source, rows));
        }
        if let Some(entries) = &fanout.entries {
            segments.extend(shared_segments(placed, *source, fanout, entries));
        }
        for words in &fanout.words {
            let projection = &placed.network.projections[words.projection];
            let to = placed.arrivals(projection.target);
            if let (Some(address), Delivery::Words(kind)) =
                (words.table, projection.weights.synapses().delivery())
            {
                segments.push(vectors(address, kind.table(&to)));
            }
        }
    }
    segments.retain(|segment| !segment.bytes.is_empty());
    segments.sort_by_key(|segment| (segment.memory, segment.address));
    let mut symbols: Vec<Symbol> = marks
        .into_iter()
        .map(|(name, value)| Symbol {
            name,
            memory: Some(Memory::Instruction),
            value,
            size: 0,
        })
        .collect();
    symbols.extend(placed.map.parts.iter().map(|part| Symbol {
        name: part.name.replace(": ", ".").replace(' ', "_"),
        memory: Some(part.memory),
        value: part.address,
        size: u32::try_from(part.bytes).unwrap_or(u32::MAX),
    }));
    Image {
        code,
        segments,
        symbols,
        manifest: Some(manifest(placed, options, sites)),
    }
}

fn vectors<'a>(address: u32, vectors: impl IntoIterator<Item = &'a Vector>) -> Segment {
    let lanes = vectors.into_iter().flatten();
    let bytes = lanes.flat_map(|lane| lane.to_le_bytes()).collect();
    Segment {
        memory: Memory::Vector,
        address,
        bytes,
    }
}

/// The block of states and per-neuron constants as a sample begins.
fn initial_state(placed: &PlacedNetwork) -> Segment {
    let mut out: Vec<Vector> = Vec::new();
    for (p, place) in placed.network.populations.iter().zip(&placed.populations) {
        for v in 0..p.kernel.vectors() {
            out.extend(p.kernel.states.iter().map(|state| state.initial[v]));
            for (constant, slot) in p.kernel.constants.iter().zip(&place.constant_slots) {
                if let (Values::PerNeuron(all), Some(_)) = (&constant.values, slot) {
                    out.push(all[v]);
                }
            }
        }
    }
    vectors(placed.initial, &out)
}

fn row_segment(placed: &PlacedNetwork, source: Source, rows: &Rows) -> Segment {
    let neurons = placed.network.source_size(source);
    let parts = rows.projections.iter().filter_map(|&k| {
        let projection = &placed.network.projections[k];
        let to = placed.arrivals(projection.target);
        match projection.weights.synapses().delivery() {
            Delivery::Rows(kind) => Some((kind, to)),
            Delivery::Shared(_) | Delivery::Words(_) => None,
        }
    });
    let parts: Vec<_> = parts.collect();
    let row = |neuron| {
        parts
            .iter()
            .flat_map(move |(kind, to)| kind.row(neuron, to))
    };
    let all = (0..neurons).flat_map(row);
    vectors(rows.address, all)
}

/// Weights that the neurons of `source` share, and the table that says which are whose.
fn shared_segments(
    placed: &PlacedNetwork,
    source: Source,
    fanout: &Fanout,
    entries: &Entries,
) -> Vec<Segment> {
    let mut kinds = Vec::new();
    let mut segments = Vec::new();
    for shared in &entries.projections {
        let projection = &placed.network.projections[shared.projection];
        let to = placed.arrivals(projection.target);
        if let Delivery::Shared(kind) = projection.weights.synapses().delivery() {
            segments.push(vectors(shared.weights, kind.weights(&to)));
            kinds.push((kind, to, shared.weights));
        }
    }
    let mut words: Vec<u32> = Vec::new();
    for neuron in 0..placed.network.source_size(source) {
        let end = words.len() + entries.stride as usize / 4;
        for (kind, to, weights) in &kinds {
            words.extend(kind.entry(neuron, to, *weights));
        }
        if let Some(rows) = &fanout.rows {
            words.push(rows.address + neuron as u32 * rows.stride());
        }
        words.resize(end, 0);
    }
    segments.push(Segment {
        memory: Memory::Scalar,
        address: entries.address,
        bytes: words.iter().flat_map(|word| word.to_le_bytes()).collect(),
    });
    segments
}
