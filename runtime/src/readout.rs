//! From the activity of an output population to a class.

use spikevec_assembler::image::{Manifest, Role};

use crate::session::SampleResult;

/// How the class is read from the output population. Ties go to the lowest index. Where nothing
/// tells the neurons apart because there is nothing of them, there is no class: none spiked, or no
/// membrane was recorded in any step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Readout {
    /// The neuron with most spikes.
    Count,
    /// The neuron whose membrane reaches the highest value at any step.
    MaxV,
    /// The neuron with the highest mean membrane over the steps.
    MeanV,
    /// The neuron with the highest membrane at the last step.
    LastV,
}

/// Membranes of a population, `steps x neurons`, the neuron fastest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Membranes<'a> {
    /// Fixed point, one format for all neurons.
    Fixed(&'a [i16]),
    /// Floating point.
    Float(&'a [f64]),
}

/// What one sample left of an output population: of the program, or of the reference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OutputView<'a> {
    /// Name of the population, for messages.
    pub population: &'a str,
    /// Neurons.
    pub neurons: usize,
    /// Neurons that spiked at each step.
    pub spikes: Option<&'a [Vec<u32>]>,
    /// Membranes.
    pub membranes: Option<Membranes<'a>>,
}

/// A class that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadoutError {
    /// The program has no output.
    #[error("the program has no output population to read a class from")]
    NoOutput,
    /// What the readout needs is not recorded.
    #[error(
        "readout {readout} needs the {what} of population {population:?}, which are not recorded: {}",
        remedy(.what)
    )]
    NotRecorded {
        /// The readout.
        readout: &'static str,
        /// The population.
        population: String,
        /// What is missing: `spikes` or `membranes`.
        what: &'static str,
    },
    /// A population that is no output.
    #[error("there is no output population {name:?}; there are: {known}")]
    NotAnOutput {
        /// The name asked for.
        name: String,
        /// The outputs.
        known: String,
    },
    /// A population without neurons.
    #[error("population {population:?} has no neurons, so that there is no class")]
    Empty {
        /// The population.
        population: String,
    },
}

/// What can be done where a recording is missing.
fn remedy(what: &str) -> &'static str {
    if what == "membranes" {
        "compile the model with --record-membranes, or choose the readout count"
    } else {
        "choose a readout of membranes (max-v, mean-v or last-v)"
    }
}

/// A population that a class can be read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutputPopulation<'a> {
    /// Name.
    pub name: &'a str,
    /// Neurons, that is classes.
    pub neurons: usize,
    /// True where it emits spikes.
    pub spiking: bool,
}

/// The output populations of a program, in the order of their updates.
pub fn output_populations(manifest: &Manifest) -> Vec<OutputPopulation<'_>> {
    let mut outputs: Vec<OutputPopulation<'_>> = Vec::new();
    let buffers = manifest.buffers.iter();
    for buffer in buffers.filter(|buffer| buffer.role == Role::Output) {
        // One population may have several recordings.
        if outputs.iter().any(|found| found.name == buffer.population) {
            continue;
        }
        let mut notes = manifest.populations.iter();
        let note = notes.find(|note| note.name == buffer.population);
        outputs.push(OutputPopulation {
            name: &buffer.population,
            neurons: buffer.shape.last().copied().unwrap_or(0) as usize,
            spiking: note.is_none_or(|note| note.spiking),
        });
    }
    outputs
}

/// The output population called `name`, or the first one.
///
/// # Errors
/// A program without an output, or without one of that name.
pub fn output_population<'a>(
    manifest: &'a Manifest,
    name: Option<&str>,
) -> Result<OutputPopulation<'a>, ReadoutError> {
    let outputs = output_populations(manifest);
    let Some(first) = outputs.first() else {
        return Err(ReadoutError::NoOutput);
    };
    let Some(name) = name else {
        return Ok(*first);
    };
    let found = outputs.iter().find(|output| output.name == name);
    found.copied().ok_or_else(|| {
        let known: Vec<&str> = outputs.iter().map(|output| output.name).collect();
        ReadoutError::NotAnOutput {
            name: name.to_owned(),
            known: known.join(", "),
        }
    })
}

impl Readout {
    /// Every readout.
    pub const ALL: [Readout; 4] = [
        Readout::Count,
        Readout::MaxV,
        Readout::MeanV,
        Readout::LastV,
    ];

    /// Name on the command line: `count`, `max-v`, `mean-v` or `last-v`.
    pub const fn name(self) -> &'static str {
        match self {
            Readout::Count => "count",
            Readout::MaxV => "max-v",
            Readout::MeanV => "mean-v",
            Readout::LastV => "last-v",
        }
    }

    /// The readout called `name`.
    pub fn named(name: &str) -> Option<Self> {
        Readout::ALL
            .into_iter()
            .find(|readout| readout.name() == name)
    }

    /// True where it reads membranes, which a spiking output records only where it is told to.
    pub fn needs_membranes(self) -> bool {
        self != Readout::Count
    }

    /// `Count` where the output population spikes, else `MaxV`.
    pub fn default_for(output: &OutputPopulation<'_>) -> Self {
        if output.spiking {
            Readout::Count
        } else {
            Readout::MaxV
        }
    }

    /// The class of a sample that a program has run, if it has one.
    ///
    /// # Errors
    /// A program that does not record what the readout needs.
    pub fn predict(
        self,
        output: &OutputPopulation<'_>,
        result: &SampleResult,
    ) -> Result<Option<usize>, ReadoutError> {
        let membranes = result.membranes.get(output.name);
        self.classify(&OutputView {
            population: output.name,
            neurons: output.neurons,
            spikes: result.spikes.get(output.name).map(Vec::as_slice),
            membranes: membranes.map(|recording| Membranes::Fixed(&recording.values)),
        })
    }

    /// The class that `output` says; `None` where it says none: no neuron spiked (for
    /// [`Count`](Readout::Count)), or there is no step of membranes.
    ///
    /// # Errors
    /// The spikes or membranes that the readout needs are not there, or there are no neurons.
    pub fn classify(self, output: &OutputView<'_>) -> Result<Option<usize>, ReadoutError> {
        if output.neurons == 0 {
            return Err(ReadoutError::Empty {
                population: output.population.to_owned(),
            });
        }
        let missing = |what| ReadoutError::NotRecorded {
            readout: self.name(),
            population: output.population.to_owned(),
            what,
        };
        let scores = if self == Readout::Count {
            let spikes = output.spikes.ok_or_else(|| missing("spikes"))?;
            let scores = count_scores(spikes, output.neurons);
            // A class that nothing spoke for would be right by chance.
            if scores.iter().all(|spikes| *spikes == 0.0) {
                return Ok(None);
            }
            scores
        } else {
            match output.membranes.ok_or_else(|| missing("membranes"))? {
                Membranes::Fixed(values) => {
                    let values = values.iter().map(|value| f64::from(*value));
                    self.membrane_scores(values, output.neurons)
                }
                Membranes::Float(values) => {
                    self.membrane_scores(values.iter().copied(), output.neurons)
                }
            }
        };
        Ok(first_maximum(&scores))
    }

    /// A score a neuron. All neurons have the same number of steps, so that the sum
    /// orders them as the mean does; sums of 16-bit values are exact in f64.
    fn membrane_scores(self, values: impl Iterator<Item = f64>, neurons: usize) -> Vec<f64> {
        let mut scores = vec![f64::NEG_INFINITY; neurons];
        for (k, value) in values.enumerate() {
            if let Some(score) = scores.get_mut(k % neurons) {
                *score = match self {
                    Readout::MaxV => score.max(value),
                    Readout::MeanV if k >= neurons => *score + value,
                    Readout::MeanV | Readout::LastV | Readout::Count => value,
                };
            }
        }
        scores
    }
}

fn count_scores(spikes: &[Vec<u32>], neurons: usize) -> Vec<f64> {
    let mut scores = vec![0.0; neurons];
    for neuron in spikes.iter().flatten() {
        if let Some(score) = scores.get_mut(*neuron as usize) {
            *score += 1.0;
        }
    }
    scores
}

/// Index of the highest score, the lowest of equal ones; `None` where none is above minus infinity.
/// NaN is never the highest.
fn first_maximum(scores: &[f64]) -> Option<usize> {
    let mut best = (None, f64::NEG_INFINITY);
    for (k, score) in scores.iter().enumerate() {
        if *score > best.1 {
            best = (Some(k), *score);
        }
    }
    best.0
}
