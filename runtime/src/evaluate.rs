//! A whole data set through a program.

use std::iter::once;
use std::time::Instant;

use spikevec_assembler::image::Manifest;

use crate::backend::{Backend, BackendError, Counters};
use crate::cancel::Cancel;
use crate::data::Sample;
use crate::limits::Limits;
use crate::parallel::{Interrupted, in_parallel};
use crate::readout::{Readout, ReadoutError, output_population};
use crate::session::{SampleResult, Session, SessionError};

/// How a data set is evaluated.
#[derive(Debug, Clone)]
pub struct EvaluateOptions {
    /// How classes are read; `None` for [`Readout::default_for`] the output.
    pub readout: Option<Readout>,
    /// Name of the output population that classes are read from; `None` for the first.
    pub output: Option<String>,
    /// Keep every sample's result in [`Summary::results`].
    pub keep_results: bool,
    /// Ends the evaluation.
    pub cancel: Cancel,
    /// Memory of all machines side by side.
    pub limits: Limits,
}

impl Default for EvaluateOptions {
    /// The default readout of the first output; results are kept.
    fn default() -> Self {
        EvaluateOptions {
            readout: None,
            output: None,
            keep_results: true,
            cancel: Cancel::default(),
            limits: Limits::default(),
        }
    }
}

/// A population over a whole data set.
#[derive(Debug, Clone, PartialEq)]
pub struct PopulationSummary {
    /// Name.
    pub name: String,
    /// Spikes, where the program counts or records them.
    pub spikes: Option<u64>,
    /// Spikes of all its neurons in a step, on average.
    pub spikes_per_step: Option<f64>,
    /// Values that were computed by an instruction that can saturate. 0 where that is not counted.
    pub values: u64,
    /// Those that were clamped.
    pub saturated_values: u64,
    /// Fraction of the values that were clamped; `None` where that is not counted.
    pub saturated: Option<f64>,
}

/// What a data set came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Samples.
    pub samples: usize,
    /// Steps of all samples.
    pub steps: u64,
    /// The readout used.
    pub readout: Readout,
    /// Name of the output population that it read.
    pub output: String,
    /// Predicted class of each sample; `None` where the readout finds none.
    pub predictions: Vec<Option<usize>>,
    /// Samples predicted right, where there are labels. One without a class never is.
    pub correct: Option<usize>,
    /// Fraction predicted right, where there are labels and samples.
    pub accuracy: Option<f64>,
    /// The populations in the manifest's order.
    pub populations: Vec<PopulationSummary>,
    /// Instructions executed.
    pub instructions: u64,
    /// Instructions of a step, on average, with the cost of starting and ending runs.
    pub instructions_per_step: f64,
    /// Clocks that the core takes for them; `None` where the machine does not time runs.
    pub clocks: Option<u64>,
    /// Clocks of a step, on average, with those of starting and ending runs.
    pub clocks_per_step: Option<f64>,
    /// Runs of the program.
    pub runs: u64,
    /// Time on the host, all threads together from start to end.
    pub seconds: f64,
    /// Instructions executed by the host in a second, all threads together; fewer where runs are timed.
    pub instructions_per_second: f64,
    /// Some sample drew random numbers from an unseeded generator, which only yields
    /// zero: warn the user.
    pub rng_used_unseeded: bool,
    /// Each sample's result, where they are kept.
    pub results: Vec<SampleResult>,
}

/// A data set that cannot be evaluated.
#[derive(Debug, thiserror::Error)]
pub enum EvaluateError {
    /// Labels for another number of samples.
    #[error("{labels} labels for {samples} samples: there must be one label a sample")]
    Labels {
        /// Labels given.
        labels: usize,
        /// Samples given.
        samples: usize,
    },
    /// A label that is no class of the network.
    #[error("label {label} of sample {sample}: the network has {classes} classes (0 to {})", .classes.saturating_sub(1))]
    Label {
        /// Index of the sample.
        sample: usize,
        /// Its label.
        label: usize,
        /// Classes of the network.
        classes: usize,
    },
    /// The run was cancelled.
    #[error("the run was cancelled after {done} of {samples} samples")]
    Cancelled {
        /// Samples done.
        done: usize,
        /// Samples given.
        samples: usize,
    },
    /// There are no machines for it.
    #[error(transparent)]
    Backend(#[from] BackendError),
    /// A sample that cannot be run.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// A class that cannot be read.
    #[error(transparent)]
    Readout(#[from] ReadoutError),
}

/// Checks that there is one label a sample and that each is one of `classes`.
///
/// # Errors
/// [`EvaluateError::Labels`] or [`EvaluateError::Label`].
pub fn check_labels(labels: &[usize], samples: usize, classes: usize) -> Result<(), EvaluateError> {
    if labels.len() != samples {
        return Err(EvaluateError::Labels {
            labels: labels.len(),
            samples,
        });
    }
    match labels.iter().position(|label| *label >= classes) {
        Some(sample) => Err(EvaluateError::Label {
            sample,
            label: labels.get(sample).copied().unwrap_or(0),
            classes,
        }),
        None => Ok(()),
    }
}

/// Samples whose class is their label. One without a class never is.
pub fn count_right(labels: &[usize], predictions: &[Option<usize>]) -> usize {
    let pairs = labels.iter().zip(predictions);
    pairs
        .filter(|(label, class)| **class == Some(**label))
        .count()
}

/// Samples without a class.
pub fn count_silent(predictions: &[Option<usize>]) -> usize {
    predictions.iter().filter(|class| class.is_none()).count()
}

/// Runs every sample, in parallel: on `session` and on as many forks of it as the current thread pool has other threads,
/// or fewer where its machine has no more. Sample `i` draws from random stream `i`, so that the results do not depend on
/// the number of threads. `progress` is told how many samples are done, each time one is.
///
/// # Errors
/// Labels that do not fit, the error of the first sample (by index) that fails, or [`EvaluateError::Cancelled`].
pub fn evaluate<B: Backend + Send>(
    session: &mut Session<B>,
    samples: &[Sample],
    labels: Option<&[usize]>,
    options: &EvaluateOptions,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Summary, EvaluateError> {
    let manifest = session.manifest().clone();
    let output = output_population(&manifest, options.output.as_deref())?;
    let default = Readout::default_for(&output);
    let readout = options.readout.unwrap_or(default);
    if let Some(labels) = labels {
        check_labels(labels, samples.len(), output.neurons)?;
    }
    let start = Instant::now();
    let mut forks = forks(session, samples.len(), &options.limits)?;
    let mut sessions: Vec<&mut Session<B>> = once(session).chain(&mut forks).collect();
    let before: Vec<Counters> = sessions.iter().map(|s| s.backend().counters()).collect();
    let run = |session: &mut &mut Session<B>, index: usize| {
        let sample = samples.get(index).map_or(&[][..], Vec::as_slice);
        let mut result = session.run_sample_unless(&options.cancel, sample, index as u64)?;
        let class = readout.predict(&output, &result)?;
        if !options.keep_results {
            result.spikes.clear();
            result.membranes.clear();
            result.recordings.clear();
        }
        Ok((class, result))
    };
    let workers = sessions.iter_mut().map(|session| &mut **session);
    let outcome = in_parallel(workers, samples.len(), &options.cancel, progress, run);
    let outcome = outcome.map_err(|interrupted| match interrupted {
        Interrupted::Failed(error) => error,
        Interrupted::Cancelled { done } => EvaluateError::Cancelled {
            done,
            samples: samples.len(),
        },
    })?;
    let seconds = start.elapsed().as_secs_f64();
    let (predictions, results): (Vec<Option<usize>>, Vec<SampleResult>) =
        outcome.into_iter().unzip();
    let after = sessions.iter().map(|s| s.backend().counters());
    let counters: Vec<(Counters, Counters)> = before.into_iter().zip(after).collect();
    let correct = labels.map(|labels| count_right(labels, &predictions));
    let instructions: u64 = results.iter().map(|result| result.instructions).sum();
    let steps: u64 = results.iter().map(|result| result.steps as u64).sum();
    let clocks: Option<u64> = results.iter().filter_map(|r| r.clocks).reduce(|a, b| a + b);
    let summary = Summary {
        samples: samples.len(),
        steps,
        readout,
        output: output.name.to_owned(),
        accuracy: correct.and_then(|correct| ratio(correct as f64, samples.len() as f64)),
        correct,
        predictions,
        populations: populations(&manifest, &results, steps, &counters),
        instructions,
        instructions_per_step: ratio(instructions as f64, steps as f64).unwrap_or(0.0),
        clocks,
        clocks_per_step: clocks.and_then(|clocks| ratio(clocks as f64, steps as f64)),
        runs: results.iter().map(|result| u64::from(result.runs)).sum(),
        seconds,
        instructions_per_second: ratio(instructions as f64, seconds).unwrap_or(0.0),
        rng_used_unseeded: results.iter().any(|result| result.rng_used_unseeded),
        results: if options.keep_results {
            results
        } else {
            Vec::new()
        },
    };
    Ok(summary)
}

fn ratio(value: f64, of: f64) -> Option<f64> {
    (of > 0.0).then(|| value / of)
}

/// Forks of a session, so that there is a machine for each thread, and no more than samples and memory for them.
fn forks<B: Backend>(
    session: &Session<B>,
    samples: usize,
    limits: &Limits,
) -> Result<Vec<Session<B>>, BackendError> {
    let machines = rayon::current_num_threads().min(limits.machines(session.machine_bytes()));
    let wanted = machines.min(samples).saturating_sub(1);
    let mut forks = Vec::with_capacity(wanted);
    for _ in 0..wanted {
        match session.fork() {
            Ok(fork) => forks.push(fork),
            Err(BackendError::NoFork { .. }) => break,
            Err(error) => return Err(error),
        }
    }
    Ok(forks)
}

/// `counters` are those of each machine, before and after.
fn populations(
    manifest: &Manifest,
    results: &[SampleResult],
    steps: u64,
    counters: &[(Counters, Counters)],
) -> Vec<PopulationSummary> {
    let each = manifest.populations.iter().enumerate();
    each.map(|(index, note)| {
        let counts = results
            .iter()
            .filter_map(|r| r.spike_counts.get(&note.name));
        let known = results
            .iter()
            .any(|r| r.spike_counts.contains_key(&note.name));
        let spikes = known.then(|| counts.sum::<u64>());
        let here = |counters: &Counters| {
            let sites = counters.saturation.iter();
            sites
                .filter(|site| site.population as usize == index)
                .fold((0, 0), |(v, s), site| (v + site.values, s + site.saturated))
        };
        let (mut values, mut saturated_values) = (0, 0);
        for (before, after) in counters {
            let (before, after) = (here(before), here(after));
            values += after.0 - before.0;
            saturated_values += after.1 - before.1;
        }
        PopulationSummary {
            name: note.name.clone(),
            spikes,
            spikes_per_step: spikes.and_then(|spikes| ratio(spikes as f64, steps as f64)),
            values,
            saturated_values,
            saturated: ratio(saturated_values as f64, values as f64),
        }
    })
    .collect()
}
