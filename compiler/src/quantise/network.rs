//! Quantising a whole network.

use rayon::prelude::*;

use super::population::{Quantised, population, wide};
use super::search::Search;
use super::trial::{Fidelity, Heard, Teacher, Tried};
use super::{
    Calibration, DoesNotFit, Formats, LowerError, QuantisedNetwork, QuantisedPopulation, TooLarge,
    uneven_spikes,
};
use crate::error::CompileError;
use crate::graph::{Network, Source};
use crate::neuron::{Model, Normal};
use crate::options::{Options, Precision};
use crate::reference::{Recording, Reference, Spikes};
use crate::synapse::MOST_WEIGHTS;

/// Seed of calibration spikes. It is not the run's seed: another draw of random
/// numbers should not change a program's formats.
const CALIBRATION_SEED: u64 = 1;

/// Mean rates of the seeded calibration spikes, one sample each.
const SEEDED_RATES: [f64; 6] = [0.01, 0.03, 0.07, 0.15, 0.3, 0.5];

/// Most and least steps of a seeded calibration sample.
const SEEDED_STEPS: (usize, usize) = (400, 20);

/// Neurons times steps of a seeded calibration sample: large networks get fewer
/// steps, so that compiling stays quick.
const SEEDED_WORK: usize = 60_000;

/// Calibration samples that are used, of those given.
const MAX_SAMPLES: usize = 32;

/// Neurons times steps of all calibration samples that are used: large networks take fewer.
const MAX_WORK: usize = 8_000_000;

/// Quantises `network`.
///
/// # Errors
/// A missing time step, calibration data of another width, a pinned format that is
/// unknown or too narrow, or values that fit no format.
pub fn quantise(
    network: &Network,
    calibration: &Calibration,
    options: &Options,
) -> Result<QuantisedNetwork, CompileError> {
    let reading = options.readings.of(network)?;
    let inputs = calibration_inputs(network, calibration)?;
    let all: Vec<usize> = (0..network.populations.len()).collect();
    let reference = Reference::new(network, &options.readings, &all)?;
    check_spikes(network, reference.models())?;
    let models: Vec<Normal> = reference.models().iter().map(Model::normal).collect();
    check_pins(network, &models, options)?;
    let recordings: Vec<Recording> = inputs
        .par_iter()
        .map(|sample| reference.run_as_placed(sample))
        .collect();
    let network = &*reading.delayed(network);
    let teacher = Teacher {
        network,
        inputs: &inputs,
        recordings: &recordings,
        thresholds: reference.models().iter().map(Model::thresholds).collect(),
        seed: CALIBRATION_SEED,
    };
    let silent_inputs = [vec![Vec::new(); SEEDED_STEPS.0]];
    let silent_recordings = silent_inputs
        .each_ref()
        .map(|sample| reference.run_as_placed(sample));
    let silence = Teacher {
        inputs: &silent_inputs,
        recordings: &silent_recordings,
        ..teacher.clone()
    };
    let mut populations = Vec::new();
    let mut projections = Vec::new();
    let mut fixed = vec![None; network.populations.len()];
    for (k, population) in network.populations.iter().enumerate() {
        let search = Search {
            teacher: &teacher,
            k,
            model: &models[k],
            options,
            precision: options.precision,
            fixed: &fixed,
        };
        let mut chosen = search.run()?;
        if search.is_wide_with(Precision::High) && chosen.quantised.stalls(&silence, k) {
            chosen = Search {
                precision: Precision::High,
                ..search
            }
            .run()?;
        }
        fixed[k] = Some(chosen.spikes);
        projections.extend(chosen.quantised.incoming);
        populations.push(QuantisedPopulation {
            name: population.name.clone(),
            kind: population.neuron.kind().to_owned(),
            order: network.order(k),
            kernel: chosen.quantised.kernel,
            fidelity: chosen.fidelity,
        });
    }
    projections.sort_by_key(|p| (p.source, p.target));
    let outputs = network.outputs.clone();
    let inputs = network.inputs();
    let mut warnings = reading.hints(network);
    warnings.extend(format_warnings(&populations));
    warnings.extend(growth_warnings(network, &models, &populations, options));
    Ok(QuantisedNetwork {
        inputs,
        dt: reading.dt,
        reading,
        rounding: options.rounding,
        populations,
        projections,
        outputs,
        warnings,
    })
}

/// Refuses populations that may spike several times a step.
fn check_spikes(network: &Network, models: &[Model]) -> Result<(), CompileError> {
    let several = |model: &Model| model.spike().is_some_and(|rule| rule.several);
    let mut populations = network.populations.iter().zip(models);
    match populations.find(|(_, model)| several(model)) {
        Some((population, _)) => Err(CompileError::SeveralSpikes {
            population: population.name.clone(),
        }),
        None => Ok(()),
    }
}

impl Quantised {
    /// True where most spikes that the reference fires without any input are lost: the bias takes
    /// membranes over the threshold in steps that a word of 16 bits rounds to nothing.
    fn stalls(&self, silence: &Teacher<'_>, k: usize) -> bool {
        if self.kernel.words > 1 || silence.recordings[0].spikes[k].iter().all(Vec::is_empty) {
            return false;
        }
        let population = (&self.kernel, &self.incoming[..]);
        let trial = silence.trial(k, population, Heard::Reference, Tried::All);
        2 * trial.fidelity.spikes < trial.fidelity.reference_spikes
    }
}

fn calibration_inputs(
    network: &Network,
    calibration: &Calibration,
) -> Result<Vec<Spikes>, CompileError> {
    match calibration {
        Calibration::Seeded => {
            let neurons: usize = network.populations.iter().map(|p| p.size()).sum();
            let steps = (SEEDED_WORK / (network.inputs() + neurons).max(1))
                .clamp(SEEDED_STEPS.1, SEEDED_STEPS.0);
            let sample = |(k, &rate): (usize, &f64)| {
                let seed = CALIBRATION_SEED.wrapping_mul(64).wrapping_add(k as u64);
                uneven_spikes(seed, steps, network.inputs(), rate)
            };
            Ok(SEEDED_RATES.iter().enumerate().map(sample).collect())
        }
        Calibration::Samples(samples) => {
            for (sample, steps) in samples.iter().enumerate() {
                for (step, spikes) in steps.iter().enumerate() {
                    if let Some(&found) = spikes.iter().find(|&&s| s as usize >= network.inputs()) {
                        let inputs = network.inputs();
                        return Err(CompileError::Calibration {
                            sample,
                            step,
                            found,
                            inputs,
                        });
                    }
                }
            }
            // Evenly from all of them: data files are often sorted by class.
            let neurons: usize = network.populations.iter().map(|p| p.size()).sum();
            let steps = MAX_WORK / neurons.max(1);
            let longest = samples.iter().map(Vec::len).max().unwrap_or(0);
            let most = (steps / longest.max(1)).clamp(1, MAX_SAMPLES);
            let stride = samples.len().div_ceil(most).max(1);
            let mut chosen: Vec<Spikes> = samples.iter().step_by(stride).cloned().collect();
            for sample in &mut chosen {
                sample.truncate(steps.max(SEEDED_STEPS.1));
            }
            if input_is_bits(network) {
                for spikes in chosen.iter_mut().flatten() {
                    spikes.dedup();
                }
            }
            Ok(chosen)
        }
    }
}

/// True where input spikes reach the core as bits, so that none counts twice.
fn input_is_bits(network: &Network) -> bool {
    let mut all = network.projections_from(Source::Input);
    all.any(|p| p.connectivity.synapses().takes_bits())
}

/// Why population `name` has no kernel, for a user.
pub(super) fn explained(error: LowerError, name: &str) -> CompileError {
    match error {
        LowerError::DoesNotFit(DoesNotFit { what, narrow }) => CompileError::FormatTooNarrow {
            what: format!("`{name}`: {what}"),
            format: narrow.format.to_string(),
            limit: narrow.format.largest(),
            value: narrow.value,
        },
        LowerError::Inputs(inputs) => CompileError::Inputs {
            population: name.to_owned(),
            inputs,
        },
        LowerError::Unshared { weights } => CompileError::Unshared {
            population: name.to_owned(),
            weights,
            limit: MOST_WEIGHTS,
        },
        LowerError::Formats { given, needed } => CompileError::Structure(format!(
            "population `{name}`: {given} formats for {needed} state variables: give one for each"
        )),
        LowerError::TooLarge(TooLarge {
            what,
            needed,
            limit,
        }) => CompileError::ModelTooLarge {
            population: name.to_owned(),
            what,
            needed,
            limit,
        },
    }
}

/// What a user should know of the formats chosen.
fn format_warnings(populations: &[QuantisedPopulation]) -> Vec<String> {
    let mut out = Vec::new();
    for p in populations {
        let QuantisedPopulation {
            name,
            fidelity,
            kernel,
            ..
        } = p;
        let Fidelity {
            reference_spikes, ..
        } = fidelity;
        if kernel.fire.is_some() && *reference_spikes == 0 {
            out.push(format!(
                "`{name}` does not spike on the calibration data, so that its formats are a guess: \
                 give samples on which it does with --calibrate"
            ));
        } else if fidelity.spike_error() > POOR {
            out.push(format!(
                "`{name}`: {:.0} % of its spikes differ from the reference on the calibration data",
                100.0 * fidelity.spike_error()
            ));
        }
    }
    out
}

/// Names the populations that grow but have no wide form.
fn growth_warnings(
    network: &Network,
    models: &[Normal],
    populations: &[QuantisedPopulation],
    options: &Options,
) -> Vec<String> {
    let mut out = Vec::new();
    for (k, (p, model)) in populations.iter().zip(models).enumerate() {
        let (growing, size) = (model.growing(), p.kernel.size);
        if growing == 0 || p.kernel.words > 1 {
            continue;
        }
        let name = &p.name;
        let why = if wide(network, k, model, options.precision).is_some() {
            format!("leave `{name}.input` without a pin and they get more bits")
        } else if wide(network, k, model, Precision::High).is_some() {
            "--precision high gives them more bits".to_owned()
        } else if model.chain().is_some() {
            "a factor below -1 or of 3 and more in a step, or more than 8175 neurons that feed them, allow no more bits"
                .to_owned()
        } else {
            format!(
                "only LI, LIF, CubaLI and CubaLIF neurons get more bits, not {}",
                p.kind
            )
        };
        let grow = if growing == 1 { "grows" } else { "grow" };
        out.push(format!(
            "`{name}`: {growing} of its {size} neurons {grow} instead of decaying, and what 16 bits round off grows with \
             them: up to a quarter of their spikes may fall in other steps than the reference's; {why}"
        ));
    }
    out
}

/// A fraction of wrong spikes that a user should hear of.
const POOR: f64 = 0.25;

/// Quantises `network` in the formats given, one entry a population, without a search.
///
/// # Errors
/// A missing time step, or the first value that does not fit its format.
pub fn quantise_with(
    network: &Network,
    formats: &[Formats],
    options: &Options,
) -> Result<QuantisedNetwork, CompileError> {
    let reading = options.readings.of(network)?;
    if formats.len() != network.populations.len() {
        return Err(CompileError::Structure(format!(
            "formats for {} populations, but there are {}",
            formats.len(),
            network.populations.len()
        )));
    }
    let models = network.models(&reading)?;
    check_spikes(network, &models)?;
    let network = &*reading.delayed(network);
    let mut populations = Vec::new();
    let mut projections = Vec::new();
    for (k, (p, formats)) in network.populations.iter().zip(formats).enumerate() {
        let how = (options.rounding, options.precision);
        let quantised = population(network, k, &models[k].normal(), formats, how)
            .map_err(|error| explained(error, &p.name))?;
        projections.extend(quantised.incoming);
        populations.push(QuantisedPopulation {
            name: p.name.clone(),
            kind: p.neuron.kind().to_owned(),
            order: network.order(k),
            kernel: quantised.kernel,
            fidelity: Fidelity::default(),
        });
    }
    projections.sort_by_key(|p| (p.source, p.target));
    Ok(QuantisedNetwork {
        inputs: network.inputs(),
        dt: reading.dt,
        rounding: options.rounding,
        populations,
        projections,
        outputs: network.outputs.clone(),
        reading,
        warnings: Vec::new(),
    })
}

fn check_pins(network: &Network, models: &[Normal], options: &Options) -> Result<(), CompileError> {
    let mut known = Vec::new();
    for (population, model) in network.populations.iter().zip(models) {
        known.extend(
            model
                .states
                .iter()
                .map(|s| format!("{}.{}", population.name, s.name)),
        );
        known.push(format!("{}.input", population.name));
    }
    match options.formats.keys().find(|pin| !known.contains(pin)) {
        Some(pin) => Err(CompileError::UnknownPin {
            given: pin.clone(),
            known: known.join(", "),
        }),
        None => Ok(()),
    }
}
