//! The float reference over a data set, beside the program.

use spikevec_compiler::Compiled;
use spikevec_compiler::graph::Network;
use spikevec_compiler::quantise::{Difference, record};
use spikevec_compiler::reading::Readings;
use spikevec_compiler::reference::{Recording, Reference};
use spikevec_isa::Rng;
use spikevec_runtime::{
    Cancel, Interrupted, Membranes, OutputView, Readout, ReadoutError, Sample, in_parallel,
};

use crate::error::{Error, Result};
use crate::progress::Stage;

/// What the network does with a data set in floating point, and how far fixed point is from it.
#[derive(Debug, Clone, PartialEq)]
pub struct FloatSummary {
    /// Predicted class of each sample; `None` where the readout finds none.
    pub predictions: Vec<Option<usize>>,
    /// Spikes of each population, in the network's order; `None` where its neurons do not spike.
    pub spikes: Vec<Option<u64>>,
    /// What each population does otherwise in fixed point, in the network's order.
    pub differences: Vec<Difference>,
    /// Each sample's spikes and membranes of the populations that the program records.
    pub recordings: Vec<Recording>,
}

/// How samples are run.
pub(crate) struct FloatOptions<'a> {
    /// The population that classes are read from, by name.
    pub output: &'a str,
    /// How classes are read.
    pub readout: Readout,
    /// Seed of the random numbers that fixed point draws.
    pub seed: u64,
    /// Populations whose spikes and membranes are kept, by name.
    pub keep: Vec<&'a str>,
    /// Ends the work.
    pub cancel: &'a Cancel,
}

/// What came of a sample.
struct One {
    class: Option<usize>,
    differences: Vec<Difference>,
    recording: Recording,
}

/// Runs every sample in floating point, and in fixed point beside it, in parallel. `progress` is
/// told how many samples are done.
pub(crate) fn evaluate(
    compiled: &Compiled,
    readings: &Readings,
    options: &FloatOptions<'_>,
    samples: &[Sample],
    progress: &(dyn Fn(usize) + Sync),
) -> Result<FloatSummary> {
    let populations = &compiled.network.populations;
    let spiking: Vec<bool> = populations.iter().map(|p| p.neuron.is_spiking()).collect();
    let work = Work::new(compiled, readings, options, &spiking)?;
    let one = |_: &mut (), index: usize| work.one(index, samples.get(index));
    let workers = vec![(); rayon::current_num_threads()];
    let each = in_parallel(workers, samples.len(), options.cancel, progress, one);
    let each = each.map_err(|interrupted| match interrupted {
        Interrupted::Failed(error) => Error::Readout(error),
        Interrupted::Cancelled { done } => Error::Cancelled {
            stage: Stage::Reference,
            done,
            samples: samples.len(),
        },
    })?;
    let difference = |k: usize| {
        let all = each.iter().filter_map(|one| one.differences.get(k));
        all.fold(Difference::default(), |sum, one| sum.plus(one))
    };
    let differences: Vec<Difference> = (0..spiking.len()).map(difference).collect();
    let counts = spiking.iter().zip(&differences);
    Ok(FloatSummary {
        spikes: counts
            .map(|(spikes, difference)| spikes.then_some(difference.reference_spikes))
            .collect(),
        differences,
        predictions: each.iter().map(|one| one.class).collect(),
        recordings: each.into_iter().map(|one| one.recording).collect(),
    })
}

/// What all samples share.
struct Work<'a> {
    compiled: &'a Compiled,
    reference: Reference<'a>,
    readout: Readout,
    seed: u64,
    /// The population that classes are read from.
    output: usize,
    spiking: &'a [bool],
    /// Populations whose membranes are compared.
    compared: Vec<bool>,
    /// Populations that are kept.
    kept: Vec<bool>,
}

impl<'a> Work<'a> {
    fn new(
        compiled: &'a Compiled,
        readings: &Readings,
        options: &FloatOptions<'_>,
        spiking: &'a [bool],
    ) -> Result<Self> {
        let network = &compiled.network;
        let names = || network.populations.iter().map(|p| p.name.as_str());
        let output = names().position(|name| name == options.output);
        let output = output.ok_or_else(|| Error::NoPopulation {
            name: options.output.to_owned(),
        })?;
        let compared: Vec<bool> = spiking.iter().map(|spikes| !spikes).collect();
        let kept: Vec<bool> = names().map(|name| options.keep.contains(&name)).collect();
        let read = |k: usize| k == output && options.readout != Readout::Count;
        let membranes = (0..spiking.len()).filter(|&k| compared[k] || kept[k] || read(k));
        let membranes: Vec<usize> = membranes.collect();
        Ok(Work {
            compiled,
            reference: Reference::new(network, readings, &membranes).map_err(Error::Reference)?,
            readout: options.readout,
            seed: options.seed,
            output,
            spiking,
            compared,
            kept,
        })
    }

    fn one(&self, index: usize, sample: Option<&Sample>) -> Result<One, ReadoutError> {
        let sample = sample.map_or(&[][..], Vec::as_slice);
        let network = &self.compiled.network;
        let mut float = self.reference.run(sample);
        let spikes = self.spiking.get(self.output) == Some(&true);
        let class = classify(network, self.output, spikes, self.readout, &float)?;
        let rng = Rng::from_seed(self.seed, index as u64);
        let mut fixed = record(&self.compiled.placed.network, sample, rng, &self.compared);
        network.restore_recording(&mut fixed);
        let mut differences = vec![Difference::default(); self.spiking.len()];
        for (k, difference) in differences.iter_mut().enumerate() {
            let there = (&float.spikes[k], &float.membranes[k][..]);
            let here = (&fixed.spikes[k], &fixed.membranes[k][..]);
            difference.add_sample(network.populations[k].size(), there, here);
        }
        for (k, kept) in self.kept.iter().enumerate() {
            if !kept {
                float.spikes[k] = Vec::new();
                float.membranes[k] = Vec::new();
            }
        }
        Ok(One {
            class,
            differences,
            recording: float,
        })
    }
}

fn classify(
    network: &Network,
    output: usize,
    spiking: bool,
    readout: Readout,
    recording: &Recording,
) -> Result<Option<usize>, ReadoutError> {
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
