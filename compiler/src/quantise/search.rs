//! The choice of formats: those with which a population disagrees least with the reference.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::QuantisedProjection;
use super::lower::{DoesNotFit, Formats, LowerError, can_add_directly};
use super::network::explained;
use super::population::{Quantised, finest_weights, population, wide};
use super::trial::{Fidelity, Heard, Teacher, Trial, Tried};
use super::wide::HIGHEST_WORDS;
use crate::error::CompileError;
use crate::format::Format;
use crate::graph::Source;
use crate::neuron::Normal;
use crate::options::{Options, Precision};
use crate::reference::Spikes;

/// What one more vector operation in an update counts, against a fraction of wrong spikes.
const COST_OF_OPERATION: f64 = 0.001;

/// What a missing bit of room in the membrane's format counts. Recordings drive
/// membranes further below the threshold than short calibration data show, and a
/// membrane that saturates early recovers early.
const COST_OF_MISSING_BIT: f64 = 0.003;

/// Room that a membrane should have above what the calibration data drive it to.
const ROOM_ABOVE_RANGE: f64 = 3.0;

/// Room above the threshold beyond which more is of no use to a neuron that spikes.
const ROOM_ABOVE_THRESHOLD: f64 = 7.0;

/// Room that a membrane which does not spike, or has three words, should have above its range.
const READOUT_ROOM: f64 = 1.0;

/// Missing bits that count at most: a membrane that diverges needs no format.
const MOST_MISSING_BITS: f64 = 15.0;

/// What weights or thresholds that vanish in their format count. It decides where
/// the calibration data move nothing.
const COST_OF_COARSENESS: f64 = 0.02;

/// Formats of a variable that are tried, from the finest that fits.
const WIDTHS: usize = 14;

/// Formats of a separate accumulator that are tried below the finest.
const ACCUMULATORS: u32 = 5;

/// A point of the search.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Point {
    /// Fraction bits of each state variable.
    states: Vec<u32>,
    /// Fraction bits of a separate accumulator, where there is one.
    accumulator: Option<u32>,
}

struct Candidate {
    quantised: Quantised,
    /// What the search minimises: wrong spikes, instructions, missing room and what
    /// is lost in weights and thresholds.
    cost: f64,
}

/// The search for one population's formats.
pub(super) struct Search<'a> {
    pub teacher: &'a Teacher<'a>,
    /// The population, by index.
    pub k: usize,
    pub model: &'a Normal,
    pub options: &'a Options,
    /// Bits of its membranes.
    pub precision: Precision,
    /// Spikes of the populations that have formats already.
    pub fixed: &'a [Option<Vec<Spikes>>],
}

/// What a search comes to.
pub(super) struct Chosen {
    pub quantised: Quantised,
    /// How far the population by itself is from the reference.
    pub fidelity: Fidelity,
    /// Its spikes as the network runs.
    pub spikes: Vec<Spikes>,
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
        let own = || {
            let mut states = self.model.states.iter();
            states.find(|s| s.name == variable)?.format
        };
        pin.copied().or_else(own).map(Format::fraction)
    }

    /// True where the population would have the wide form with `precision`.
    pub fn is_wide_with(&self, precision: Precision) -> bool {
        let network = self.teacher.network;
        self.pin("input").is_none() && wide(network, self.k, self.model, precision).is_some()
    }

    /// True where the population is tried in the wide form.
    fn is_wide(&self) -> bool {
        self.is_wide_with(self.precision)
    }

    /// The population at `point`, or what does not fit there.
    fn quantised(&self, point: &Point) -> Result<Quantised, LowerError> {
        let formats = Formats {
            states: point.states.iter().map(|&f| Format::new(f)).collect(),
            accumulator: point.accumulator.map(Format::new),
        };
        population(
            self.teacher.network,
            self.k,
            self.model,
            &formats,
            (self.options.rounding, self.precision),
        )
    }

    /// Tries a population on the calibration data.
    fn judge(&self, quantised: Quantised) -> Candidate {
        let kernel = &quantised.kernel;
        // By itself a population says what its formats are worth, with the others what they
        // do in the end; in a network that amplifies differences the latter alone is noisy.
        let (alone, network) = self.trials(&quantised, Tried::Some);
        let alone = alone.fidelity.cost();
        let wrong = network.map_or(alone, |trial| 0.5 * (alone + trial.fidelity.cost()));
        let format = kernel.states[kernel.membrane].format;
        let range = self.teacher.range(self.k).max(f64::MIN_POSITIVE).log2();
        let mut threshold_error: f64 = 0.0;
        let wanted = match &self.teacher.thresholds[self.k] {
            Some(thresholds) => {
                let mut highest = f64::MIN_POSITIVE;
                for threshold in thresholds.iter().filter(|t| **t != 0.0) {
                    highest = highest.max(threshold.abs());
                    // What the threshold may be off by, however it happens to round.
                    threshold_error = threshold_error.max(format.step() / 2.0 / threshold.abs());
                }
                // What the first of three words gives to range is not missed below it.
                let spare = kernel.words == HIGHEST_WORDS;
                match spare {
                    true => range + READOUT_ROOM,
                    false => (range + ROOM_ABOVE_RANGE).min(highest.log2() + ROOM_ABOVE_THRESHOLD),
                }
            }
            None => range + READOUT_ROOM,
        };
        let missing = (wanted - format.largest().log2()).clamp(0.0, MOST_MISSING_BITS);
        let cost = wrong
            + COST_OF_OPERATION * kernel.operations().count() as f64
            + COST_OF_MISSING_BIT * missing
            + COST_OF_COARSENESS * (quantised.weight_error.min(1.0) + threshold_error.min(1.0));
        Candidate { quantised, cost }
    }

    /// The population by itself, and as the network runs where that is something else: where
    /// other populations, or it itself, feed it.
    fn trials(&self, quantised: &Quantised, tried: Tried) -> (Trial, Option<Trial>) {
        let Quantised {
            kernel, incoming, ..
        } = quantised;
        let trial = |heard| {
            let population = (kernel, &incoming[..]);
            self.teacher.trial(self.k, population, heard, tried)
        };
        let fed = |p: &QuantisedProjection| p.source != Source::Input;
        let network = incoming.iter().any(fed);
        let network = network.then(|| trial(Heard::Network(self.fixed)));
        (trial(Heard::Reference), network)
    }

    /// Chooses the formats.
    pub fn run(&self) -> Result<Chosen, CompileError> {
        let mut known = Known {
            search: self,
            tried: BTreeMap::new(),
        };
        let pins: Vec<Option<u32>> = self
            .model
            .states
            .iter()
            .map(|s| self.pin(&s.name))
            .collect();
        let best = known.descend(&pins);
        match best.and_then(|point| known.tried.remove(&point)).flatten() {
            Some(Candidate { quantised, .. }) => {
                let (alone, network) = self.trials(&quantised, Tried::All);
                Ok(Chosen {
                    fidelity: alone.fidelity,
                    spikes: network.map_or(alone.spikes, |trial| trial.spikes),
                    quantised,
                })
            }
            None => Err(self.why_nothing_fits(&pins)),
        }
    }

    /// Points in which all variables that are not pinned are alike, from the finest
    /// that holds the values down.
    fn starts(&self, pins: &[Option<u32>]) -> Vec<Point> {
        let input_pin = self.pin("input");
        let direct = can_add_directly(self.model) && input_pin.is_none();
        // An accumulator of its own pays where weights would be added to the membrane
        // itself; a synaptic current has a format of its own anyway.
        let separate = (pins.len() == 1 && !self.is_wide()) || !direct;
        let finest = finest_weights(self.teacher.network, self.k, self.model);
        let finest = finest.map_or(0, Format::fraction);
        let mut starts = Vec::new();
        let mut widths = 0;
        for f in (0..=Format::MOST_FRACTION_BITS).rev() {
            let states: Vec<u32> = pins.iter().map(|pin| pin.unwrap_or(f)).collect();
            let coarsest = states.iter().min().copied().unwrap_or(0);
            let mut accumulators = Vec::new();
            if direct {
                accumulators.push(None);
            }
            if let Some(pin) = input_pin {
                accumulators.push(Some(pin));
            } else if separate {
                let few = finest.saturating_sub(ACCUMULATORS)..=finest;
                accumulators.extend(few.filter(|a| !direct || *a > coarsest).map(Some));
            }
            let points = accumulators
                .into_iter()
                .map(|accumulator| Point {
                    states: states.clone(),
                    accumulator,
                })
                .filter(|point| self.quantised(point).is_ok());
            let before = starts.len();
            starts.extend(points);
            widths += usize::from(starts.len() > before);
            if widths == WIDTHS {
                break;
            }
        }
        starts
    }

    fn why_nothing_fits(&self, pins: &[Option<u32>]) -> CompileError {
        // The coarsest formats show what is too large: nothing finer holds it either.
        let states = pins.iter().map(|pin| pin.unwrap_or(0)).collect();
        let accumulator = Some(self.pin("input").unwrap_or(0));
        match self
            .quantised(&Point {
                states,
                accumulator,
            })
            .err()
        {
            Some(LowerError::DoesNotFit(DoesNotFit { what, narrow }))
                if narrow.format == Format::INTEGER =>
            {
                CompileError::NoFormat {
                    population: self.name().to_owned(),
                    what,
                    value: narrow.value.abs(),
                }
            }
            Some(error) => explained(error, self.name()),
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
    /// All variables alike first, then each on its own in turn.
    fn descend(&mut self, pins: &[Option<u32>]) -> Option<Point> {
        let mut best = self.best_of(self.search.starts(pins))?;
        if self.search.is_wide() {
            // Its words are finer than needed in every format, and the starts span all
            // ranges of use.
            return Some(best);
        }
        for _ in 0..2 {
            let from = best.clone();
            for (k, pin) in pins.iter().enumerate() {
                if pin.is_none() {
                    let center = best.states[k];
                    let last = (center + WIDTHS as u32).min(Format::MOST_FRACTION_BITS);
                    let line = (center.saturating_sub(WIDTHS as u32)..=last).map(|f| {
                        let mut point = best.clone();
                        point.states[k] = f;
                        point
                    });
                    best = self.best_of(line.collect())?;
                }
            }
            if best == from {
                break;
            }
        }
        Some(best)
    }

    /// The best of `points`, trying those that were not yet; the finer of equals.
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
                let quantised = search.quantised(&point).ok();
                (point, quantised.map(|q| search.judge(q)))
            })
            .collect();
        self.tried.extend(results);
        let cost = |point: &Point| Some(self.tried.get(point)?.as_ref()?.cost);
        let ranked = points
            .iter()
            .filter_map(|point| Some((cost(point)?, point)));
        let best = ranked.min_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)));
        best.map(|(_, point)| point.clone())
    }
}
