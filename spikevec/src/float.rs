//! The float reference over a data set, beside the program.

use spikevec_compiler::Compiled;
use spikevec_compiler::graph::Network;
use spikevec_compiler::options::Dynamics;
use spikevec_compiler::reference::{Recording, Reference};
use spikevec_runtime::{
    Cancel, Interrupted, Membranes, OutputView, Readout, ReadoutError, Sample, in_parallel,
};

use crate::error::{Error, Result};
use crate::progress::Stage;

/// What the network does with a data set in floating point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FloatSummary {
    /// Predicted class of each sample.
    pub predictions: Vec<usize>,
    /// Spikes of each population, in the network's order; `None` where its neurons do not spike.
    pub spikes: Vec<Option<u64>>,
}

/// Runs every sample in floating point, in parallel. The class is read from the population called `output`.
/// `progress` is told how many samples are done.
pub(crate) fn evaluate(
    compiled: &Compiled,
    dynamics: &Dynamics,
    (output, readout): (&str, Readout),
    samples: &[Sample],
    cancel: &Cancel,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<FloatSummary> {
    let network = &compiled.network;
    let output = network
        .populations
        .iter()
        .position(|p| p.name == output)
        .ok_or_else(|| Error::NoPopulation {
            name: output.to_owned(),
        })?;
    let recorded: &[usize] = if readout == Readout::Count {
        &[]
    } else {
        &[output]
    };
    let reference = Reference::new(network, dynamics, recorded).map_err(Error::Reference)?;
    let populations = network.populations.iter();
    let spiking: Vec<bool> = populations.map(|p| p.neuron.is_spiking()).collect();
    let one = |_: &mut (), index: usize| -> Result<(usize, Vec<u64>), ReadoutError> {
        let recording = reference.run(samples.get(index).map_or(&[], Vec::as_slice));
        let spikes = spiking.get(output) == Some(&true);
        let class = classify(network, output, spikes, readout, &recording)?;
        let count = |steps: &Vec<Vec<u32>>| steps.iter().map(|step| step.len() as u64).sum();
        Ok((class, recording.spikes.iter().map(count).collect()))
    };
    let workers = vec![(); rayon::current_num_threads()];
    let each = in_parallel(workers, samples.len(), cancel, progress, one);
    let each = each.map_err(|interrupted| match interrupted {
        Interrupted::Failed(error) => Error::Readout(error),
        Interrupted::Cancelled { done } => Error::Cancelled {
            stage: Stage::Reference,
            done,
            samples: samples.len(),
        },
    })?;
    let total = |k: usize| each.iter().filter_map(|(_, spikes)| spikes.get(k)).sum();
    let counts = spiking.iter().enumerate();
    Ok(FloatSummary {
        spikes: counts.map(|(k, spikes)| spikes.then(|| total(k))).collect(),
        predictions: each.into_iter().map(|(class, _)| class).collect(),
    })
}

fn classify(
    network: &Network,
    output: usize,
    spiking: bool,
    readout: Readout,
    recording: &Recording,
) -> Result<usize, ReadoutError> {
    let population = network.populations.get(output);
    readout.classify(&OutputView {
        population: population.map_or("", |p| p.name.as_str()),
        neurons: population.map_or(0, |p| p.size()),
        spikes: recording
            .spikes
            .get(output)
            .filter(|_| spiking)
            .map(Vec::as_slice),
        membranes: match recording.membranes.get(output) {
            Some(values) if readout != Readout::Count => Some(Membranes::Float(values)),
            _ => None,
        },
    })
}
