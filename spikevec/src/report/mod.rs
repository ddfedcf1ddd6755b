//! What a run came to, as values. Serialised, a [`Report`] is the JSON object of `spikevec run --json`.

mod fidelity;
mod memory;
mod reading;
mod search;
mod timing;

use std::collections::BTreeMap;

use serde::Serialize;
use spikevec_runtime::{Summary, count_right, count_silent};

use crate::float::FloatSummary;
use crate::program::Program;
use crate::warning::Warning;

pub use fidelity::{DifferenceReport, FidelityReport, fidelity};
pub use memory::MemoryReport;
pub use reading::{Known, ReadingReport};
pub use search::{ComparedPopulation, Place, SearchReport};
pub use timing::TimingReport;

/// What a report is made of.
pub(crate) struct Sources<'a> {
    pub program: &'a Program,
    pub seed: Option<u64>,
    pub labels: Option<&'a [usize]>,
    pub summary: &'a Summary,
    pub float: Option<&'a FloatSummary>,
    pub timing: TimingReport,
    pub warnings: Vec<Warning>,
}

/// A run. What is unknown is `None`, `null` in JSON: accuracies without labels, the reference of a
/// program that was compiled before.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The program's name: its file, or its model's.
    pub program: String,
    /// The model's name, from the manifest.
    pub model: Option<String>,
    /// Target that it was compiled for.
    pub target: Option<String>,
    /// Length of a step in the unit of the model's time constants.
    pub dt: Option<f64>,
    /// Rounding of products and shifts.
    pub rounding: Option<String>,
    /// What a spike does to the membrane.
    pub reset: Option<String>,
    /// How what the model's file leaves open was read; of a program that was compiled before, the line that it keeps.
    pub reading: Option<ReadingReport>,
    /// How classes were read.
    pub readout: &'static str,
    /// Name of the output population that it reads.
    pub output: String,
    /// Seed of random numbers.
    pub seed: Option<u64>,
    /// Samples.
    pub samples: usize,
    /// Steps of all samples.
    pub steps: u64,
    /// Fraction of the samples predicted right.
    pub accuracy: Option<f64>,
    /// Samples predicted right.
    pub correct: Option<usize>,
    /// Fraction that the float reference predicts right.
    pub float_accuracy: Option<f64>,
    /// Samples that it predicts right.
    pub float_correct: Option<usize>,
    /// Samples of which the two predict different classes, or only one predicts one.
    pub disagreements: Option<usize>,
    /// Samples without a class: no neuron of the output spiked. They count as wrong.
    #[serde(skip_serializing_if = "is_zero")]
    pub silent_samples: usize,
    /// The same of the float reference, where it ran.
    #[serde(skip_serializing_if = "is_none_or_zero")]
    pub float_silent_samples: Option<usize>,
    /// The populations, in the manifest's order.
    pub populations: Vec<PopulationReport>,
    /// Instructions executed.
    pub instructions: u64,
    /// Instructions of a step, on average.
    pub instructions_per_step: f64,
    /// Clocks.
    #[serde(flatten)]
    pub timing: TimingReport,
    /// Of the host; this and `seconds` are the only numbers that differ from run to run.
    pub instructions_per_second: f64,
    /// Time on the host.
    pub seconds: f64,
    /// How much of each memory the program takes.
    pub memory: MemoryReport,
    /// Predicted class of each sample; `None` where it has none.
    pub predictions: Vec<Option<usize>>,
    /// What a user should know, of the model, its compilation and the run.
    pub warnings: Vec<Warning>,
}

/// A population of a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PopulationReport {
    /// Name.
    pub name: String,
    /// Its neurons' type.
    pub kind: String,
    /// Neurons.
    pub neurons: u32,
    /// True where they spike.
    pub spiking: bool,
    /// All formats in one line.
    pub format: String,
    /// Number formats, by what they are of.
    pub formats: BTreeMap<String, String>,
    /// Spikes of all samples, where the program counts or records them.
    pub spikes: Option<u64>,
    /// Spikes of all its neurons in a step, on average.
    pub spikes_per_step: Option<f64>,
    /// The same in the float reference.
    pub float_spikes_per_step: Option<f64>,
    /// Fraction of the values computed that were clamped.
    pub saturated: Option<f64>,
    /// Values computed by instructions that can saturate.
    pub values: u64,
    /// Those that were clamped.
    pub saturated_values: u64,
    /// What its formats cost, where the program was compiled here.
    pub fidelity: Option<FidelityReport>,
    /// What it does otherwise than in the float reference, where that ran.
    pub difference: Option<DifferenceReport>,
}

fn fraction(count: Option<usize>, of: usize) -> Option<f64> {
    count
        .filter(|_| of > 0)
        .map(|count| count as f64 / of as f64)
}

/// Number of places where two lists are the same.
fn matches(a: &[Option<usize>], b: &[Option<usize>]) -> usize {
    a.iter().zip(b).filter(|(a, b)| a == b).count()
}

/// Whether a count has nothing to tell; serde takes it by reference.
fn is_zero(count: &usize) -> bool {
    *count == 0
}

fn is_none_or_zero(count: &Option<usize>) -> bool {
    count.is_none_or(|count| count == 0)
}

impl Report {
    /// Puts a report together.
    pub(crate) fn new(sources: Sources<'_>) -> Self {
        let Sources { summary, float, .. } = &sources;
        let manifest = sources.program.manifest();
        let samples = summary.samples;
        let float_correct = float.and_then(|float| {
            sources
                .labels
                .map(|labels| count_right(labels, &float.predictions))
        });
        Report {
            program: sources.program.name().to_owned(),
            model: manifest.map(|m| m.model.clone()),
            target: manifest.map(|m| m.target.name.clone()),
            dt: manifest.and_then(|m| m.dt),
            rounding: manifest.map(|m| m.rounding.clone()),
            reset: manifest.map(|m| m.reset.clone()),
            reading: ReadingReport::of(sources.program),
            readout: summary.readout.name(),
            output: summary.output.clone(),
            seed: sources.seed.or(manifest.map(|m| m.seed)),
            samples,
            steps: summary.steps,
            accuracy: summary.accuracy,
            correct: summary.correct,
            float_accuracy: fraction(float_correct, samples),
            float_correct,
            disagreements: float
                .map(|float| samples - matches(&summary.predictions, &float.predictions)),
            silent_samples: count_silent(&summary.predictions),
            float_silent_samples: float.map(|float| count_silent(&float.predictions)),
            populations: populations(&sources),
            instructions: summary.instructions,
            instructions_per_step: summary.instructions_per_step,
            instructions_per_second: summary.instructions_per_second,
            seconds: summary.seconds,
            memory: sources.program.memory(),
            predictions: summary.predictions.clone(),
            timing: sources.timing,
            warnings: sources.warnings,
        }
    }
}

fn populations(sources: &Sources<'_>) -> Vec<PopulationReport> {
    let notes = sources.program.manifest().into_iter();
    let notes = notes.flat_map(|manifest| &manifest.populations);
    let steps = sources.summary.steps as f64;
    let each = notes.zip(&sources.summary.populations).enumerate();
    each.map(|(k, (note, ran))| {
        let quantised = sources
            .program
            .compiled()
            .and_then(|c| c.placed.network.populations.get(k));
        let float_spikes = sources
            .float
            .and_then(|float| float.spikes.get(k).copied().flatten());
        let formats: Vec<String> = note
            .formats
            .iter()
            .map(|(what, format)| format!("{what} {format}"))
            .collect();
        PopulationReport {
            name: note.name.clone(),
            kind: note.kind.clone(),
            neurons: note.neurons,
            spiking: note.spiking,
            format: formats.join(", "),
            formats: note.formats.iter().cloned().collect(),
            spikes: ran.spikes,
            spikes_per_step: ran.spikes_per_step,
            float_spikes_per_step: float_spikes.map(|spikes| spikes as f64 / steps),
            saturated: ran.saturated,
            values: ran.values,
            saturated_values: ran.saturated_values,
            fidelity: quantised.map(|population| FidelityReport::from(&population.fidelity)),
            difference: sources
                .float
                .and_then(|float| float.differences.get(k))
                .map(DifferenceReport::from),
        }
    })
    .collect()
}
