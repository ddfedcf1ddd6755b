//! The choice of formats: those with which each population disagrees least with the reference.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::kernel::Kernel;
use super::lower::{DoesNotFit, Formats, can_add_directly, lower};
use super::trial::{Fidelity, Teacher, quantise_weights};
use super::{
    Calibration, QuantisedNetwork, QuantisedPopulation, QuantisedProjection, uneven_spikes,
};
use crate::error::CompileError;
use crate::format::Format;
use crate::graph::{Network, Source};
use crate::neuron::{Model, Rules};
use crate::options::Options;
use crate::reference::{Recording, Reference, Spikes};

/// Seed of calibration spikes. It is not the run's seed: another draw of random
/// numbers should not change a program's formats.
const CALIBRATION_SEED: u64 = 1;

/// Rates of the seeded calibration spikes, one sample each.
const SEEDED_RATES: [f64; 6] = [0.01, 0.03, 0.07, 0.15, 0.3, 0.5];

/// Most and least steps of a seeded calibration sample.
const SEEDED_STEPS: (usize, usize) = (400, 20);

/// Neurons times steps of a seeded calibration sample: large networks get fewer
/// steps, so that compiling stays quick.
const SEEDED_WORK: usize = 60_000;

/// Calibration samples that are used, of those given.
const MAX_SAMPLES: usize = 32;

/// What one more vector operation in an update counts, against a fraction of wrong spikes.
const COST_OF_OPERATION: f64 = 0.003;

/// What a missing bit of room in the membrane's format counts. Recordings drive
/// membranes further below the threshold than short calibration data show, and a
/// membrane that saturates early recovers early.
const COST_OF_MISSING_BIT: f64 = 0.003;

/// Room that a membrane should have above what the calibration data drive it to.
const ROOM_ABOVE_RANGE: f64 = 3.0;

/// Room above the threshold beyond which more is of no use to a neuron that spikes.
const ROOM_ABOVE_THRESHOLD: f64 = 7.0;

/// Room that a membrane which does not spike should have above its range.
const READOUT_ROOM: f64 = 1.0;

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
    let dt = network.dt(&options.dynamics)?;
    let rules = Rules::new(&options.dynamics, dt);
    let inputs = calibration_inputs(network, calibration)?;
    let all: Vec<usize> = (0..network.populations.len()).collect();
    let reference = Reference::new(network, &options.dynamics, &all)?;
    let recordings: Vec<Recording> = inputs
        .par_iter()
        .map(|sample| reference.run(sample))
        .collect();
    let teacher = Teacher {
        network,
        inputs: &inputs,
        recordings: &recordings,
        seed: CALIBRATION_SEED,
    };
    let models: Vec<Model> = network
        .populations
        .iter()
        .map(|p| p.neuron.primitive().model(&rules, &p.bias))
        .collect();
    check_pins(network, &models, options)?;
    let mut populations = Vec::new();
    let mut projections = Vec::new();
    for (k, population) in network.populations.iter().enumerate() {
        let search = Search {
            teacher: &teacher,
            k,
            model: &models[k],
            options,
        };
        let chosen = search.run()?;
        projections.extend(chosen.incoming);
        populations.push(QuantisedPopulation {
            name: population.name.clone(),
            kind: population.neuron.kind(),
            kernel: chosen.kernel,
            fidelity: chosen.fidelity,
        });
    }
    projections.sort_by_key(|p| (p.source, p.target));
    let outputs = network.outputs.clone();
    let inputs = network.inputs;
    Ok(QuantisedNetwork {
        inputs,
        dt,
        rounding: options.rounding,
        populations,
        projections,
        outputs,
    })
}

fn calibration_inputs(
    network: &Network,
    calibration: &Calibration,
) -> Result<Vec<Spikes>, CompileError> {
    match calibration {
        Calibration::Seeded => {
            let neurons: usize = network.populations.iter().map(|p| p.size).sum();
            let steps = (SEEDED_WORK / (network.inputs + neurons).max(1))
                .clamp(SEEDED_STEPS.1, SEEDED_STEPS.0);
            let sample = |(k, &rate): (usize, &f64)| {
                let seed = CALIBRATION_SEED.wrapping_mul(64).wrapping_add(k as u64);
                uneven_spikes(seed, steps, network.inputs, rate)
            };
            Ok(SEEDED_RATES.iter().enumerate().map(sample).collect())
        }
        Calibration::Samples(samples) => {
            for (sample, steps) in samples.iter().enumerate() {
                for (step, spikes) in steps.iter().enumerate() {
                    if let Some(&found) = spikes.iter().find(|&&s| s as usize >= network.inputs) {
                        let inputs = network.inputs;
                        return Err(CompileError::Calibration {
                            sample,
                            step,
                            found,
                            inputs,
                        });
                    }
                }
            }
            Ok(samples.iter().take(MAX_SAMPLES).cloned().collect())
        }
    }
}

fn check_pins(network: &Network, models: &[Model], options: &Options) -> Result<(), CompileError> {
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

/// A point of the search: fraction bits of each state variable, and of a separate
/// accumulator where there is one.
type Point = (Vec<u32>, Option<u32>);

struct Candidate {
    kernel: Kernel,
    incoming: Vec<QuantisedProjection>,
    fidelity: Fidelity,
    /// What the search minimises: wrong spikes, instructions and missing room.
    cost: f64,
}

struct Search<'a> {
    teacher: &'a Teacher<'a>,
    k: usize,
    model: &'a Model,
    options: &'a Options,
}

impl Search<'_> {
    fn name(&self) -> &str {
        &self.teacher.network.populations[self.k].name
    }

    fn pin(&self, variable: &str) -> Option<u32> {
        let pin = self
            .options
            .formats
            .get(&format!("{}.{variable}", self.name()));
        pin.map(|format| format.fraction())
    }

    /// The candidate at `point`, or what does not fit there.
    fn candidate(&self, point: &Point) -> Result<Candidate, DoesNotFit> {
        let network = self.teacher.network;
        let format = |f: &u32| Format::new(*f).unwrap_or(Format::FINEST);
        let formats = Formats {
            states: point.0.iter().map(format).collect(),
            accumulator: point.1.as_ref().map(format),
        };
        let size = network.populations[self.k].size;
        let kernel = lower(self.model, size, &formats, self.options.rounding)?;
        let accumulator = kernel.states[kernel.accumulator].format;
        let incoming = network
            .projections
            .iter()
            .filter(|p| p.target == self.k)
            .map(|p| {
                let weights = quantise_weights(p, &self.model.input_gain, accumulator)?;
                Ok(QuantisedProjection {
                    source: p.source,
                    target: p.target,
                    delay: p.delay,
                    weights,
                })
            });
        let mut incoming: Vec<_> = incoming.collect::<Result<_, DoesNotFit>>()?;
        // As in a step: feedback has arrived before the input does.
        incoming.sort_by_key(|p| (p.delay == 0, p.source != Source::Input, p.source));
        Ok(Candidate {
            kernel,
            incoming,
            fidelity: Fidelity::default(),
            cost: f64::INFINITY,
        })
    }

    /// Tries `candidate` on the calibration data.
    fn judge(&self, mut candidate: Candidate) -> Candidate {
        let kernel = &candidate.kernel;
        candidate.fidelity = self.teacher.trial(self.k, kernel, &candidate.incoming);
        let largest = kernel.states[kernel.membrane].format.largest();
        let neuron = self.teacher.network.populations[self.k].neuron.primitive();
        let range = self.teacher.range(self.k).max(f64::MIN_POSITIVE).log2();
        let wanted = match neuron.firing() {
            Some(firing) => {
                let threshold = firing
                    .threshold
                    .iter()
                    .fold(0.0, |m: f64, t| m.max(t.abs()));
                let enough = threshold.max(f64::MIN_POSITIVE).log2() + ROOM_ABOVE_THRESHOLD;
                (range + ROOM_ABOVE_RANGE).min(enough)
            }
            None => range + READOUT_ROOM,
        };
        let missing = (wanted - largest.log2()).max(0.0);
        candidate.cost = candidate.fidelity.cost()
            + COST_OF_OPERATION * kernel.operations().count() as f64
            + COST_OF_MISSING_BIT * missing;
        candidate
    }

    fn run(&self) -> Result<Candidate, CompileError> {
        let count = self.model.states.len();
        let mut known = Known {
            search: self,
            tried: BTreeMap::new(),
        };
        let pins: Vec<Option<u32>> = self.model.states.iter().map(|s| self.pin(s.name)).collect();
        let input_pin = self.pin("input");
        let direct = can_add_directly(self.model) && input_pin.is_none();
        let pinned = |k: usize, f: u32| pins[k].unwrap_or(f);

        // An accumulator of its own pays where weights would be added to the membrane
        // itself; a synaptic current has a format of its own anyway.
        let separate = count == 1 || !can_add_directly(self.model) || input_pin.is_some();
        // All variables alike first, then each on its own.
        let mut starts = Vec::new();
        for f in 0..=15 {
            let states: Vec<u32> = (0..count).map(|k| pinned(k, f)).collect();
            if direct {
                starts.push((states.clone(), None));
            }
            let coarsest = states.iter().min().copied().unwrap_or(0);
            let accumulators = (0..=15).filter(|&a| separate && (!direct || a > coarsest));
            let accumulators = accumulators.filter(|&a| input_pin.is_none_or(|pin| pin == a));
            starts.extend(accumulators.map(|a| (states.clone(), Some(a))));
        }
        let mut best = known.best_of(starts);
        for _ in 0..2 {
            let Some(from) = best.clone() else { break };
            for (k, pin) in pins.iter().enumerate() {
                let Some(at) = best.clone() else { break };
                if pin.is_some() {
                    continue;
                }
                let line = (0..=15).map(|f| {
                    let mut point = at.clone();
                    point.0[k] = f;
                    point
                });
                best = known.best_of(std::iter::once(at.clone()).chain(line).collect());
            }
            if best.as_ref() == Some(&from) {
                break;
            }
        }
        match best.and_then(|point| known.tried.remove(&point)).flatten() {
            Some(candidate) => Ok(candidate),
            None => Err(self.why_nothing_fits(&pins, input_pin)),
        }
    }

    fn why_nothing_fits(&self, pins: &[Option<u32>], input_pin: Option<u32>) -> CompileError {
        // The coarsest formats show what is too large: nothing finer holds it either.
        let states = pins.iter().map(|pin| pin.unwrap_or(0)).collect();
        let error = self
            .candidate(&(states, Some(input_pin.unwrap_or(0))))
            .err();
        match error {
            Some(DoesNotFit { what, narrow }) if narrow.format != Format::INTEGER => {
                CompileError::FormatTooNarrow {
                    what: format!("`{}`: {what}", self.name()),
                    format: narrow.format.to_string(),
                    limit: narrow.format.largest(),
                    value: narrow.value,
                }
            }
            Some(DoesNotFit { what, narrow }) => CompileError::NoFormat {
                population: self.name().to_owned(),
                what,
                value: narrow.value.abs(),
            },
            None => CompileError::NoFormat {
                population: self.name().to_owned(),
                what: "a combination of parameters".to_owned(),
                value: f64::NAN,
            },
        }
    }
}

/// The points tried so far.
struct Known<'a> {
    search: &'a Search<'a>,
    tried: BTreeMap<Point, Option<Candidate>>,
}

impl Known<'_> {
    /// The best of `points`, trying those that were not yet.
    fn best_of(&mut self, points: Vec<Point>) -> Option<Point> {
        let mut new: Vec<Point> = points
            .iter()
            .filter(|p| !self.tried.contains_key(*p))
            .cloned()
            .collect();
        new.sort();
        new.dedup();
        let search = self.search;
        let results: Vec<(Point, Option<Candidate>)> = new
            .into_par_iter()
            .map(|point| {
                let candidate = search.candidate(&point).ok();
                (point, candidate.map(|c| search.judge(c)))
            })
            .collect();
        self.tried.extend(results);
        let mut best: Option<(&Point, &Candidate)> = None;
        for point in &points {
            let Some(Some(candidate)) = self.tried.get(point) else {
                continue;
            };
            if best.is_none_or(|(_, other)| candidate.cost < other.cost) {
                best = Some((point, candidate));
            }
        }
        best.map(|(point, _)| point.clone())
    }
}
