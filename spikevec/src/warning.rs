//! What a user should know, and may ignore.

use std::fmt;

use serde::{Serialize, Serializer};
use spikevec_assembler::ElfWarning;
use spikevec_compiler::quantise::Difference;
use spikevec_runtime::{PopulationSummary, Summary, count_silent};

/// Something that is no error. Its text is a sentence or two; in JSON it is that text.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Warning {
    /// The model's file was repaired, or something in it ignored.
    Model(spikevec_nir::Warning),
    /// Something about the network that the compiler has found.
    Network(String),
    /// Something about the file of a program.
    ProgramFile {
        /// The file.
        name: String,
        /// What there is to say.
        warning: ElfWarning,
    },
    /// There are several outputs, and none was chosen.
    SeveralOutputs {
        /// Their names.
        outputs: Vec<String>,
        /// The one that the class is read from.
        chosen: String,
    },
    /// Random numbers were drawn from generators that were not seeded.
    Unseeded,
    /// In fixed point the network does something else than in floating point.
    FixedPoint {
        /// The population where it shows.
        population: String,
        /// Entries (sample, step, neuron) with a spike in one of the two, over the reference's spikes.
        difference: f64,
        /// True where the formats were chosen on data of the user.
        calibrated: bool,
    },
    /// The output never spiked, so that there is no class.
    Silent {
        /// The output population.
        output: String,
        /// Samples, all without a class.
        samples: usize,
    },
    /// The machine has not done what the program says.
    Machine {
        /// The population where it shows.
        population: String,
        /// Spikes that the machine counted.
        found: u64,
        /// Spikes that the compiler's interpreter of the same arithmetic makes.
        expected: u64,
    },
    /// What a program around the library has to add.
    Other(String),
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Warning::Model(warning) => warning.fmt(f),
            Warning::ProgramFile { name, warning } => write!(f, "{name}: {warning}"),
            Warning::Network(text) | Warning::Other(text) => f.write_str(text),
            Warning::SeveralOutputs { outputs, chosen } => write!(
                f,
                "there are {} output populations ({}): the class is read from {chosen}. Choose one with \
                 --output-population",
                outputs.len(),
                outputs.join(", "),
            ),
            Warning::FixedPoint {
                population,
                difference,
                calibrated,
            } => {
                let share = 100.0 * difference;
                write!(f, "`{population}`: {share:.0} % of its spikes differ from the float reference on these data: ")?;
                f.write_str(if *calibrated {
                    "--precision high keeps more bits of membranes, for more clocks"
                } else {
                    "its formats were chosen on random spikes, give data like these with --calibrate; --precision high \
                     keeps more bits of membranes, for more clocks"
                })
            }
            Warning::Machine {
                population,
                found,
                expected,
            } => write!(
                f,
                "`{population}` spiked {found} times on the machine, and {expected} times by the program's arithmetic: \
                 one of them is wrong, and no result of this run can be trusted"
            ),
            Warning::Silent { output, samples } => write!(
                f,
                "`{output}` spiked in none of {samples} samples: there is no class to read. Look at the populations \
                 before it for where spikes end, and at the reading of the file and the scale of the input for why"
            ),
            Warning::Unseeded => f.write_str(
                "the program drew random numbers from generators that were not seeded: they only gave zeros. \
                 Compile the model again",
            ),
        }
    }
}

impl Serialize for Warning {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Adds a warning, unless one with its text is there.
pub(crate) fn warn(all: &mut Vec<Warning>, warning: Warning) {
    let text = warning.to_string();
    if all.iter().all(|other| other.to_string() != text) {
        all.push(warning);
    }
}

/// Adds warnings, each unless it is there.
pub(crate) fn warn_all(all: &mut Vec<Warning>, more: impl IntoIterator<Item = Warning>) {
    for warning in more {
        warn(all, warning);
    }
}

/// Entries that may differ between fixed and floating point before a warning says so.
const LARGE_DIFFERENCE: f64 = 0.1;

/// Spikes without which a fraction of them means little.
const FEW_SPIKES: u64 = 20;

/// What is to be said of a population that ran: it is far from the reference, or it is not what the program's arithmetic
/// makes of it.
pub(crate) fn of_difference(
    ran: &PopulationSummary,
    difference: &Difference,
    calibrated: bool,
) -> Vec<Warning> {
    let population = || ran.name.clone();
    let machine = ran.spikes.filter(|found| *found != difference.spikes);
    let far = difference.reference_spikes + difference.spikes >= FEW_SPIKES
        && difference.spike_error() > LARGE_DIFFERENCE;
    let machine = machine.map(|found| Warning::Machine {
        population: population(),
        found,
        expected: difference.spikes,
    });
    let far = far.then(|| Warning::FixedPoint {
        population: population(),
        difference: difference.spike_error(),
        calibrated,
    });
    machine.into_iter().chain(far).collect()
}

/// What is to be said of an output by whose spikes no sample has a class.
pub(crate) fn of_silence(summary: &Summary) -> Option<Warning> {
    let samples = summary.samples;
    let all = samples > 0 && count_silent(&summary.predictions) == samples;
    all.then(|| Warning::Silent {
        output: summary.output.clone(),
        samples,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_that_counts_other_spikes_is_not_trusted() {
        let ran = PopulationSummary {
            name: "hidden".to_owned(),
            spikes: Some(7),
            spikes_per_step: None,
            values: 0,
            saturated_values: 0,
            saturated: None,
        };
        let steps = vec![vec![0]; 8];
        let mut difference = Difference::default();
        difference.add_sample(1, (&steps, &[]), (&steps, &[]));
        let warnings = of_difference(&ran, &difference, false);
        let [warning] = &warnings[..] else {
            panic!("{warnings:?}");
        };
        let text = warning.to_string();
        assert!(
            text.contains("7 times on the machine, and 8 times"),
            "{text}"
        );
        let right = PopulationSummary {
            spikes: Some(8),
            ..ran
        };
        assert_eq!(of_difference(&right, &difference, false), []);
    }
}
