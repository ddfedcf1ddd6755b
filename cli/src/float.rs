//! The float reference over a data set, beside the program.

use anyhow::Result;
use rayon::prelude::*;
use spikevec_compiler::graph::Network;
use spikevec_compiler::options::Dynamics;
use spikevec_compiler::reference::{Recording, Reference};
use spikevec_runtime::{Membranes, OutputView, Readout, Sample};

/// What the reference did with a data set.
pub struct FloatSummary {
    /// Predicted class of each sample.
    pub predictions: Vec<usize>,
    /// Spikes of each population, in the network's order; `None` where its neurons do not spike.
    pub spikes: Vec<Option<u64>>,
}

/// Runs every sample in floating point, in parallel. The class is read from `output`,
/// an index of a population. `progress` is told of each sample that is done.
pub fn evaluate(
    network: &Network,
    dynamics: &Dynamics,
    output: usize,
    readout: Readout,
    samples: &[Sample],
    progress: &(dyn Fn() + Sync),
) -> Result<FloatSummary> {
    let recorded: &[usize] = if readout == Readout::Count {
        &[]
    } else {
        &[output]
    };
    let reference = Reference::new(network, dynamics, recorded)?;
    let spiking: Vec<bool> = network
        .populations
        .iter()
        .map(|p| p.neuron.primitive().firing().is_some())
        .collect();
    let one = |sample: &Sample| -> Result<(usize, Vec<u64>)> {
        let recording = reference.run(sample);
        let class = classify(
            network,
            output,
            spiking.get(output) == Some(&true),
            readout,
            &recording,
        )?;
        let count = |steps: &Vec<Vec<u32>>| steps.iter().map(|step| step.len() as u64).sum();
        progress();
        Ok((class, recording.spikes.iter().map(count).collect()))
    };
    let each: Vec<(usize, Vec<u64>)> = samples
        .par_iter()
        .with_max_len(1)
        .map(one)
        .collect::<Result<_>>()?;
    let total = |k: usize| each.iter().filter_map(|(_, spikes)| spikes.get(k)).sum();
    Ok(FloatSummary {
        spikes: spiking
            .iter()
            .enumerate()
            .map(|(k, spikes)| spikes.then(|| total(k)))
            .collect(),
        predictions: each.into_iter().map(|(class, _)| class).collect(),
    })
}

fn classify(
    network: &Network,
    output: usize,
    spiking: bool,
    readout: Readout,
    recording: &Recording,
) -> Result<usize> {
    let population = network.populations.get(output);
    Ok(readout.classify(&OutputView {
        population: population.map_or("", |p| p.name.as_str()),
        neurons: population.map_or(0, |p| p.size),
        spikes: recording
            .spikes
            .get(output)
            .filter(|_| spiking)
            .map(Vec::as_slice),
        membranes: match recording.membranes.get(output) {
            Some(values) if readout != Readout::Count => Some(Membranes::Float(values)),
            _ => None,
        },
    })?)
}
