//! How well a population in fixed point follows the reference.

use spikevec_isa::{LANES, Rng, Vector};

use super::QuantisedProjection;
use super::interpret::indices;
use super::kernel::Kernel;
use crate::graph::{Network, Source};
use crate::reference::{Recording, Spikes};

/// How far a population in fixed point is from the reference, each of its sources
/// spiking as in the reference, so that only its own formats count.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Fidelity {
    /// Spikes of the reference.
    pub reference_spikes: u64,
    /// Spikes in fixed point.
    pub spikes: u64,
    /// Spikes that only one of the two has in a step.
    pub mismatched_spikes: u64,
    /// Distance of the spike trains after van Rossum (2001): the mean square difference
    /// of traces that decay by a fifth in each step, over the sum of their mean squares.
    /// 0 for equal trains, 1 for those that have nothing in common; a train that is a
    /// step late counts 0.2.
    pub timing_error: f64,
    /// Root mean square difference of the membranes, in units of the threshold (of
    /// the range, where the neurons do not spike). Of a spiking neuron only the part
    /// of the membrane within two thresholds of zero counts.
    pub membrane_error: f64,
}

impl Fidelity {
    /// Fraction of spikes that differ.
    pub fn spike_error(&self) -> f64 {
        self.mismatched_spikes as f64 / self.reference_spikes.max(1) as f64
    }

    /// One number to minimise. Spikes decide; membranes do where neither spikes.
    ///
    /// Spikes in the wrong step alone would rank a network that never fires before
    /// one that fires late: hence the timing, and the number of spikes.
    pub fn cost(&self) -> f64 {
        // Ten spikes more on either side: a single spike of a few is no evidence.
        let spikes = (self.reference_spikes + self.spikes + 20) as f64;
        2.0 * self.mismatched_spikes as f64 / spikes
            + self.reference_spikes.abs_diff(self.spikes) as f64 / spikes
            + self.timing_error
            + 0.05 * self.membrane_error.min(10.0)
    }
}

/// What a trace keeps from step to step.
const TRACE_DECAY: f64 = 0.8;

/// The traces of a population's spikes, here and in the reference.
struct Traces {
    here: Vec<f64>,
    there: Vec<f64>,
    difference: f64,
    norm: f64,
}

impl Traces {
    fn new(neurons: usize) -> Self {
        Traces {
            here: vec![0.0; neurons],
            there: vec![0.0; neurons],
            difference: 0.0,
            norm: 0.0,
        }
    }

    fn restart(&mut self) {
        self.here.fill(0.0);
        self.there.fill(0.0);
    }

    fn step(&mut self, here: &[u32], there: &[u32]) {
        for (trace, spikes) in [(&mut self.here, here), (&mut self.there, there)] {
            trace.iter_mut().for_each(|t| *t *= TRACE_DECAY);
            for &spike in spikes {
                trace[spike as usize] += 1.0;
            }
        }
        for (a, b) in self.here.iter().zip(&self.there) {
            self.difference += (a - b).powi(2);
            self.norm += a.powi(2) + b.powi(2);
        }
    }

    /// The distance; some norm is added so that few spikes are little evidence.
    fn error(&self) -> f64 {
        self.difference / (self.norm + 20.0)
    }
}

/// What a population hears while it is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard<'a> {
    /// The spikes of the reference, so that only its own formats count.
    Reference,
    /// What the network does as it runs: its own spikes, and the fixed-point spikes of the
    /// populations that have formats already, `[population][sample]`. Of the others the reference's.
    Network(&'a [Option<Vec<Spikes>>]),
}

/// Which neurons of a population are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// All of them.
    All,
    /// Of a large population that does not feed itself 1024, so that the search's time does not
    /// grow with it. The others do nothing.
    Some,
}

/// Vectors of a large population that are tried.
const MOST_VECTORS: usize = 32;

impl Tried {
    /// True for each of `vectors` vectors that is tried.
    fn vectors(self, vectors: usize, feeds_itself: bool) -> Vec<bool> {
        if self == Tried::All || feeds_itself || vectors <= MOST_VECTORS {
            return vec![true; vectors];
        }
        let mut tried = vec![false; vectors];
        // Multiples of the golden section lie evenly, and not in step with channels or rows.
        let places = (0..MOST_VECTORS).map(|n| (n as f64 * 0.618_033_988_75).fract());
        for place in places {
            tried[(place * vectors as f64) as usize] = true;
        }
        tried
    }
}

/// What a trial came to.
pub struct Trial {
    /// How far it is from the reference.
    pub fidelity: Fidelity,
    /// The population's spikes, sample by sample.
    pub spikes: Vec<Spikes>,
}

/// The reference's view of the calibration data.
#[derive(Clone)]
pub struct Teacher<'a> {
    pub network: &'a Network,
    pub inputs: &'a [Spikes],
    pub recordings: &'a [Recording],
    /// Thresholds of each population, as membrane potentials.
    pub thresholds: Vec<Option<Vec<f64>>>,
    pub seed: u64,
}

impl Teacher<'_> {
    /// Runs population `k` alone.
    pub fn trial(
        &self,
        k: usize,
        (kernel, incoming): (&Kernel, &[QuantisedProjection]),
        heard: Heard<'_>,
        tried: Tried,
    ) -> Trial {
        let feeds_itself = incoming.iter().any(|p| p.source == Source::Population(k));
        let tried = tried.vectors(kernel.vectors(), feeds_itself);
        let is_tried = |neuron: &u32| tried[*neuron as usize / LANES];
        let mut total = Fidelity::default();
        let mut all: Vec<Spikes> = Vec::with_capacity(self.recordings.len());
        let scale = self.membrane_scale(k);
        let format = kernel.states[kernel.membrane].format;
        let mut squares = 0.0;
        let mut count = 0usize;
        let mut traces = Traces::new(kernel.size);
        for (sample, recording) in self.recordings.iter().enumerate() {
            let mut rng = Rng::from_seed(self.seed, sample as u64);
            let initial = |v| kernel.states.iter().map(|s| s.initial[v]).collect();
            let mut states: Vec<Vec<Vector>> = (0..kernel.vectors()).map(initial).collect();
            let mut words = vec![0u32; kernel.vectors()];
            traces.restart();
            let mut membranes = Vec::with_capacity(kernel.size);
            let mut own: Spikes = Vec::with_capacity(self.inputs[sample].len());
            for step in 0..self.inputs[sample].len() {
                for projection in incoming {
                    // Feedback of the step before arrived after that step's update.
                    let Some(then) = step.checked_sub(projection.delay as usize) else {
                        continue;
                    };
                    let spikes = match (projection.source, heard) {
                        (Source::Input, _) => &self.inputs[sample][then],
                        (Source::Population(s), Heard::Network(_)) if s == k => &own[then],
                        (Source::Population(s), Heard::Network(fixed)) => {
                            let fixed = fixed.get(s).and_then(Option::as_ref);
                            &fixed.map_or(&recording.spikes[s], |fixed| &fixed[sample])[then]
                        }
                        (Source::Population(s), Heard::Reference) => &recording.spikes[s][then],
                    };
                    let synapses = projection.weights.synapses();
                    synapses.arrive(spikes, &mut states, kernel.accumulators());
                }
                membranes.clear();
                for (v, state) in states.iter_mut().enumerate() {
                    if !tried[v] {
                        continue;
                    }
                    let lanes = kernel.lanes(v);
                    words[v] = kernel.update(v, state, words[v], &mut rng, |seen| {
                        membranes.extend_from_slice(&seen[..lanes]);
                    });
                }
                let found = indices(&words);
                if kernel.fire.is_some() {
                    let all = &recording.spikes[k][step];
                    let expected: Vec<u32> = all.iter().copied().filter(is_tried).collect();
                    let expected = &expected[..];
                    total.reference_spikes += expected.len() as u64;
                    total.spikes += found.len() as u64;
                    total.mismatched_spikes += differing(expected, &found);
                    traces.step(&found, expected);
                }
                own.push(found);
                let expected = &recording.membranes[k][step * kernel.size..];
                let expected = expected.iter().enumerate();
                let expected = expected.filter(|(n, _)| tried[n / LANES]);
                for (&stored, (n, &expected)) in membranes.iter().zip(expected) {
                    let (value, expected) = match &scale {
                        Scale::Threshold(all) => {
                            let bound = 2.0 * all[n];
                            (
                                format.value(stored).clamp(-bound, bound) / all[n],
                                expected.clamp(-bound, bound) / all[n],
                            )
                        }
                        Scale::Range(range) => (format.value(stored) / range, expected / range),
                    };
                    squares += (value - expected).powi(2);
                    count += 1;
                }
            }
            all.push(own);
        }
        total.timing_error = traces.error();
        // A reference that diverges says nothing about formats.
        let error = (squares / count.max(1) as f64).sqrt();
        total.membrane_error = if error.is_finite() { error } else { f64::MAX };
        Trial {
            fidelity: total,
            spikes: all,
        }
    }

    fn membrane_scale(&self, k: usize) -> Scale {
        match &self.thresholds[k] {
            Some(thresholds) => Scale::Threshold(
                thresholds
                    .iter()
                    .map(|t| t.abs().max(f64::MIN_POSITIVE))
                    .collect(),
            ),
            None => Scale::Range(self.range(k).max(f64::MIN_POSITIVE)),
        }
    }

    /// Largest absolute membrane of population `k` in the reference.
    pub fn range(&self, k: usize) -> f64 {
        let all = self.recordings.iter().flat_map(|r| &r.membranes[k]);
        all.fold(0.0, |range: f64, v| range.max(v.abs()))
            .min(f64::MAX)
    }
}

enum Scale {
    Threshold(Vec<f64>),
    Range(f64),
}

/// Number of elements that only one of two ascending lists has.
fn differing(a: &[u32], b: &[u32]) -> u64 {
    let common = a.iter().filter(|x| b.binary_search(x).is_ok()).count();
    (a.len() + b.len() - 2 * common) as u64
}
