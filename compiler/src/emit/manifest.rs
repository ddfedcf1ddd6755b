//! The manifest: what a host may feed and read.

use std::collections::BTreeSet;

use spikevec_assembler::image::{
    Buffer, ElementFormat, MANIFEST_VERSION, Manifest, MemoryName, PopulationNote, Role,
    SaturationSite,
};
use spikevec_isa::{LANES, VECTOR_BYTES};

use crate::code::Site;
use crate::graph::{Neurons, Source};
use crate::options::{Options, rounding_name};
use crate::place::{Fanout, InputEncoding, PlacedNetwork, control};
use crate::reading::{Reset, Setting};

/// The manifest of a placed network's program.
pub fn manifest(placed: &PlacedNetwork, options: &Options, sites: Vec<(u32, Site)>) -> Manifest {
    let populations = placed.network.populations.iter().map(|p| {
        let mut formats: Vec<(String, String)> = p
            .kernel
            .states
            .iter()
            .map(|s| (s.name.clone(), s.format.to_string()))
            .collect();
        let weights = p.kernel.states[p.kernel.accumulator].format;
        formats.push(("weights".to_owned(), weights.to_string()));
        PopulationNote {
            name: p.name.clone(),
            kind: p.kind.clone(),
            neurons: p.kernel.size as u32,
            spiking: p.kernel.fire.is_some(),
            channels: match p.order {
                Neurons::AsInFile => 1,
                Neurons::ChannelsLast(channels) => channels as u32,
            },
            formats,
        }
    });
    let sites = sites.into_iter().map(|(pc, site)| SaturationSite {
        pc,
        population: site.population as u32,
        lanes: site.lanes as u32,
    });
    Manifest {
        version: MANIFEST_VERSION,
        model: options.name.clone(),
        target: placed.target.clone(),
        dt: Some(placed.network.dt),
        rounding: rounding_name(placed.network.rounding).to_owned(),
        reset: resets(placed),
        reading: Some(placed.network.reading.to_string()),
        seed: options.seed,
        max_steps: placed.max_steps,
        buffers: buffers(placed),
        populations: populations.collect(),
        saturation_sites: sites.collect(),
    }
}

/// The reset rules of the populations.
fn resets(placed: &PlacedNetwork) -> String {
    let reading = &placed.network.reading;
    let values = reading.values(Setting::Reset);
    let words: BTreeSet<&str> = values.iter().map(|((word, _), _)| word.as_str()).collect();
    match words.is_empty() {
        // Nothing resets.
        true => Reset::default().name().to_owned(),
        false => words.into_iter().collect::<Vec<_>>().join(", "),
    }
}

fn buffers(placed: &PlacedNetwork) -> Vec<Buffer> {
    let word = |name: &str, role, population: &str, address| Buffer {
        name: name.to_owned(),
        role,
        population: population.to_owned(),
        memory: MemoryName::Scalar,
        address,
        shape: vec![1],
        format: ElementFormat::U32,
        step_stride: 0,
        vector_stride: 0,
    };
    let mut buffers = vec![
        word("steps", Role::Control, "", control::STEPS),
        word("restart", Role::Control, "", control::RESTART),
        input(placed),
    ];
    if let Some(address) = placed.seed {
        buffers.push(Buffer {
            name: "seed".to_owned(),
            role: Role::Control,
            population: String::new(),
            memory: MemoryName::Vector,
            address,
            shape: vec![2, LANES as u32],
            format: ElementFormat::U16,
            step_stride: 0,
            vector_stride: VECTOR_BYTES,
        });
    }
    for (k, (p, place)) in placed
        .network
        .populations
        .iter()
        .zip(&placed.populations)
        .enumerate()
    {
        let neurons = p.kernel.size as u32;
        let role = if placed.network.outputs.contains(&k) {
            Role::Output
        } else {
            Role::Record
        };
        let membrane = p.kernel.states[p.kernel.membrane].format;
        if let Some(slot) = place.spike_record {
            buffers.push(Buffer {
                name: format!("{}.spikes", p.name),
                role,
                population: p.name.clone(),
                memory: MemoryName::Scalar,
                address: placed.scalar_record.0 + slot.offset,
                shape: vec![placed.max_steps, neurons],
                format: ElementFormat::Bits,
                step_stride: placed.scalar_record.1,
                vector_stride: 0,
            });
        }
        if let Some(slot) = place.membrane_record {
            buffers.push(Buffer {
                name: format!("{}.v", p.name),
                role,
                population: p.name.clone(),
                memory: MemoryName::Vector,
                address: placed.vector_record.0 + slot.offset,
                shape: vec![placed.max_steps, neurons],
                format: ElementFormat::Fixed {
                    fraction: membrane.fraction(),
                },
                step_stride: placed.vector_record.1,
                vector_stride: VECTOR_BYTES,
            });
        }
        if let Some(address) = place.counter {
            buffers.push(word(
                &format!("{}.count", p.name),
                Role::Record,
                &p.name,
                address,
            ));
        }
        for (variable, state) in p.kernel.states.iter().enumerate() {
            buffers.push(Buffer {
                // Recordings have the plain names.
                name: format!("{}.{}.state", p.name, state.name),
                role: Role::State,
                population: p.name.clone(),
                memory: MemoryName::Vector,
                address: place.state_address(variable, 0),
                shape: vec![neurons],
                format: ElementFormat::Fixed {
                    fraction: state.format.fraction(),
                },
                step_stride: 0,
                vector_stride: place.stride,
            });
        }
    }
    buffers
}

fn input(placed: &PlacedNetwork) -> Buffer {
    let neurons = placed.network.inputs as u32;
    let (address, words) = placed.input;
    let events = placed.fanouts.get(&Source::Input).map(Fanout::events);
    let (shape, format, step_stride) = match placed.input_encoding {
        InputEncoding::List => {
            let (base, stride) = events.unwrap_or_default();
            (
                vec![words],
                ElementFormat::SpikeList {
                    base,
                    stride,
                    neurons,
                },
                0,
            )
        }
        InputEncoding::Bits => (
            vec![placed.max_steps, neurons],
            ElementFormat::Bits,
            neurons.div_ceil(LANES as u32) * 4,
        ),
    };
    Buffer {
        name: "input".to_owned(),
        role: Role::Input,
        population: String::new(),
        memory: MemoryName::Scalar,
        address,
        shape,
        format,
        step_stride,
        vector_stride: 0,
    }
}
