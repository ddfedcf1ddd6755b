//! Runs a quantised network on `isa::fixed`.

use std::ops::Range;

use spikevec_isa::fixed::{self, Overflow};
use spikevec_isa::{LANES, Rng, Vector};

use super::{QuantisedNetwork, QuantisedProjection, Weights};
use crate::graph::Source;

/// The state of a quantised network in the course of a sample.
///
/// Order matters, since sums saturate and random numbers are drawn in sequence:
/// the input's spikes arrive first, then each population is updated, and its
/// spikes arrive at their targets before the next population's update. Spikes of
/// one source arrive in the order of their neurons.
#[derive(Debug, Clone)]
pub struct Interpreter<'a> {
    network: &'a QuantisedNetwork,
    rng: Rng,
    /// `states[population][vector][variable]`.
    states: Vec<Vec<Vec<Vector>>>,
    /// `spikes[population][vector]`, of the last step.
    spikes: Vec<Vec<u32>>,
    /// `membranes[population][vector]`, after the last step's reset.
    membranes: Vec<Vec<Vector>>,
}

impl<'a> Interpreter<'a> {
    /// The state at the start of a sample.
    pub fn new(network: &'a QuantisedNetwork, rng: Rng) -> Self {
        let states = network.populations.iter().map(|p| {
            let vector = |k| p.kernel.states.iter().map(|s| s.initial[k]).collect();
            (0..p.kernel.vectors()).map(vector).collect()
        });
        let vectors = || network.populations.iter().map(|p| p.kernel.vectors());
        Interpreter {
            network,
            rng,
            states: states.collect(),
            spikes: vectors().map(|n| vec![0; n]).collect(),
            membranes: vectors().map(|n| vec![[0; LANES]; n]).collect(),
        }
    }

    /// Runs one step with the given input spikes (indices, ascending).
    pub fn step(&mut self, input: &[u32]) {
        self.deliver(Source::Input, input);
        for k in 0..self.network.populations.len() {
            let kernel = &self.network.populations[k].kernel;
            for (vector, states) in self.states[k].iter_mut().enumerate() {
                let was = self.spikes[k][vector];
                let membrane = &mut self.membranes[k][vector];
                self.spikes[k][vector] =
                    kernel.update(vector, states, was, &mut self.rng, |seen| *membrane = *seen);
            }
            let spikes = self.spiking(k);
            self.deliver(Source::Population(k), &spikes);
        }
    }

    fn deliver(&mut self, source: Source, spikes: &[u32]) {
        for projection in self.network.projections_from(source) {
            let accumulators = self.network.populations[projection.target]
                .kernel
                .accumulators();
            arrive(
                projection,
                spikes,
                &mut self.states[projection.target],
                accumulators,
            );
        }
    }

    /// Neurons of population `k` that spiked in the last step, ascending.
    pub fn spiking(&self, k: usize) -> Vec<u32> {
        indices(&self.spikes[k])
    }

    /// State variable `variable` of population `k`, in vectors.
    pub fn state(&self, k: usize, variable: usize) -> Vec<Vector> {
        self.states[k]
            .iter()
            .map(|vector| vector[variable])
            .collect()
    }

    /// Membranes of population `k` after the last step's reset, one a neuron.
    pub fn membrane(&self, k: usize) -> Vec<i16> {
        let mut all = self.membranes[k].concat();
        all.truncate(self.network.populations[k].kernel.size);
        all
    }

    /// The random number generators.
    pub fn rng(&self) -> &Rng {
        &self.rng
    }
}

/// Adds the weights of `spikes` to the accumulators, a range of variables, in
/// `states[vector][variable]`.
pub(super) fn arrive(
    projection: &QuantisedProjection,
    spikes: &[u32],
    states: &mut [Vec<Vector>],
    accumulators: Range<usize>,
) {
    let vectors = states.len();
    match &projection.weights {
        Weights::Dense(rows) => {
            for &spike in spikes {
                let width = vectors * accumulators.len();
                let row = spike as usize * width;
                let Some(row) = rows.get(row..row + width) else {
                    continue;
                };
                for (state, words) in states.iter_mut().zip(row.chunks(accumulators.len())) {
                    for (sum, weights) in state[accumulators.clone()].iter_mut().zip(words) {
                        *sum = fixed::add(sum, weights, Overflow::Saturate);
                    }
                }
            }
        }
        Weights::OneToOne(weights) => {
            let mut words = vec![0u32; vectors];
            for &spike in spikes {
                if let Some(word) = words.get_mut(spike as usize / LANES) {
                    *word |= 1 << (spike as usize % LANES);
                }
            }
            let weights = weights.chunks(accumulators.len());
            for ((state, weights), word) in states.iter_mut().zip(weights).zip(words) {
                for (sum, weights) in state[accumulators.clone()].iter_mut().zip(weights) {
                    let spiked = fixed::sel(word, weights, &[0; LANES]);
                    *sum = fixed::add(sum, &spiked, Overflow::Saturate);
                }
            }
        }
    }
}

/// Indices of the bits that are set in a row of words.
pub(super) fn indices(words: &[u32]) -> Vec<u32> {
    let mut out = Vec::new();
    for (k, &word) in words.iter().enumerate() {
        let mut rest = word;
        while rest != 0 {
            out.push((k * LANES) as u32 + rest.trailing_zeros());
            rest &= rest - 1;
        }
    }
    out
}
