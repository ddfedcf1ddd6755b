//! The report of a run, as text and as JSON.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use serde::Serialize;
use spikevec_assembler::Image;
use spikevec_compiler::Compiled;
use spikevec_runtime::Summary;

use super::fidelity::{self, FidelityReport};
use super::memory::MemoryReport;
use super::table::{counted, number, percent, plain, short, table};
use super::timing::TimingReport;
use crate::float::FloatSummary;

/// What a report is made of.
pub struct Sources<'a> {
    pub program: &'a Path,
    pub image: &'a Image,
    pub compiled: Option<&'a Compiled>,
    pub seed: Option<u64>,
    pub labels: Option<&'a [usize]>,
    pub summary: &'a Summary,
    pub float: Option<&'a FloatSummary>,
    pub timing: TimingReport,
    pub warnings: Vec<String>,
}

/// A run. What is unknown is `null`: accuracies without labels, the reference of a
/// program that was compiled before.
#[derive(Debug, Serialize)]
pub struct Report {
    program: String,
    model: Option<String>,
    target: Option<String>,
    dt: Option<f64>,
    rounding: Option<String>,
    reset: Option<String>,
    readout: &'static str,
    /// Name of the output population that it reads.
    output: String,
    seed: Option<u64>,
    samples: usize,
    steps: u64,
    accuracy: Option<f64>,
    correct: Option<usize>,
    float_accuracy: Option<f64>,
    float_correct: Option<usize>,
    disagreements: Option<usize>,
    populations: Vec<PopulationReport>,
    instructions: u64,
    instructions_per_step: f64,
    #[serde(flatten)]
    timing: TimingReport,
    /// Of the host; this and `seconds` are the only numbers that differ from run to run.
    instructions_per_second: f64,
    seconds: f64,
    memory: MemoryReport,
    predictions: Vec<usize>,
    warnings: Vec<String>,
    /// The populations' fidelity as text.
    #[serde(skip)]
    fidelity: Option<String>,
}

/// A population of a run.
#[derive(Debug, Serialize)]
struct PopulationReport {
    name: String,
    kind: String,
    neurons: u32,
    spiking: bool,
    /// All formats in one line.
    format: String,
    formats: BTreeMap<String, String>,
    spikes: Option<u64>,
    spikes_per_step: Option<f64>,
    float_spikes_per_step: Option<f64>,
    /// Fraction of the values computed that were clamped.
    saturated: Option<f64>,
    values: u64,
    saturated_values: u64,
    fidelity: Option<FidelityReport>,
}

fn fraction(count: Option<usize>, of: usize) -> Option<f64> {
    count
        .filter(|_| of > 0)
        .map(|count| count as f64 / of as f64)
}

/// Number of places where two lists are the same.
fn matches(a: &[usize], b: &[usize]) -> usize {
    a.iter().zip(b).filter(|(a, b)| a == b).count()
}

impl Report {
    /// Puts a report together.
    pub fn new(sources: Sources<'_>) -> Self {
        let Sources { summary, float, .. } = &sources;
        let manifest = sources.image.manifest.as_ref();
        let samples = summary.samples;
        let float_correct = float.and_then(|float| {
            sources
                .labels
                .map(|labels| matches(labels, &float.predictions))
        });
        Report {
            program: sources.program.display().to_string(),
            model: manifest.map(|m| m.model.clone()),
            target: manifest.map(|m| m.target.name.clone()),
            dt: manifest.and_then(|m| m.dt),
            rounding: manifest.map(|m| m.rounding.clone()),
            reset: manifest.map(|m| m.reset.clone()),
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
            populations: populations(&sources),
            instructions: summary.instructions,
            instructions_per_step: summary.instructions_per_step,
            instructions_per_second: summary.instructions_per_second,
            seconds: summary.seconds,
            memory: MemoryReport::new(sources.image),
            predictions: summary.predictions.clone(),
            fidelity: sources.compiled.map(|c| fidelity::text(&c.placed.network)),
            timing: sources.timing,
            warnings: sources.warnings,
        }
    }
}

fn populations(sources: &Sources<'_>) -> Vec<PopulationReport> {
    let notes = sources
        .image
        .manifest
        .iter()
        .flat_map(|manifest| &manifest.populations);
    let steps = sources.summary.steps as f64;
    let each = notes.zip(&sources.summary.populations).enumerate();
    each.map(|(k, (note, ran))| {
        let quantised = sources
            .compiled
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
        }
    })
    .collect()
}

/// Predictions a line.
const PREDICTIONS: usize = 30;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = |word: &Option<String>| word.clone().unwrap_or_else(|| "-".to_owned());
        writeln!(
            f,
            "{}: {}, {}; target {}, dt {}, rounding {}, reset {}, readout {} of {}",
            self.program,
            counted(self.samples as u64, "sample"),
            counted(self.steps, "step"),
            word(&self.target),
            self.dt.map_or_else(|| "-".to_owned(), plain),
            word(&self.rounding),
            word(&self.reset),
            self.readout,
            self.output,
        )?;
        self.accuracies(f)?;
        self.populations(f)?;
        writeln!(f)?;
        let instructions = format!(
            "{:.1} a step, {} in all; {} a second on this host",
            self.instructions_per_step,
            short(self.instructions as f64),
            short(self.instructions_per_second)
        );
        let mut rows = vec![vec!["instructions".to_owned(), instructions]];
        rows.extend(self.timing.rows());
        rows.extend(self.memory.rows());
        f.write_str(&table(&rows, &[]))
    }
}

impl Report {
    fn accuracies(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let samples = self.samples;
        let mut rows = Vec::new();
        let results = [
            ("accuracy in fixed point", self.accuracy, self.correct),
            (
                "accuracy of the float reference",
                self.float_accuracy,
                self.float_correct,
            ),
        ];
        for (name, accuracy, correct) in results {
            if let Some(correct) = correct {
                let count = format!("{correct} of {samples}");
                rows.push(vec![name.to_owned(), percent(accuracy, 2), count]);
            }
        }
        if let Some(count) = self.disagreements {
            let share = percent(fraction(Some(count), samples), 2);
            rows.push(vec![
                "disagreements of the two".to_owned(),
                share,
                format!("{count} of {samples}"),
            ]);
        }
        if !rows.is_empty() {
            write!(f, "\n{}", table(&rows, &[false, true, true]))?;
        }
        if self.correct.is_none() {
            writeln!(f, "\npredictions (there are no labels):")?;
            for line in self.predictions.chunks(PREDICTIONS) {
                let line: Vec<String> = line.iter().map(usize::to_string).collect();
                writeln!(f, "  {}", line.join(" "))?;
            }
        }
        Ok(())
    }

    fn populations(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = [
            "population",
            "kind",
            "neurons",
            "spikes/step",
            "in float",
            "saturated",
            "formats",
        ];
        let mut rows = vec![head.map(str::to_owned).to_vec()];
        for p in &self.populations {
            rows.push(vec![
                p.name.clone(),
                p.kind.clone(),
                p.neurons.to_string(),
                number(p.spikes_per_step, 3),
                number(p.float_spikes_per_step, 3),
                percent(p.saturated, 4),
                p.format.clone(),
            ]);
        }
        write!(
            f,
            "\n{}",
            table(&rows, &[false, false, true, true, true, true, false])
        )?;
        match &self.fidelity {
            Some(text) => write!(f, "\n{text}"),
            None => Ok(()),
        }
    }
}
