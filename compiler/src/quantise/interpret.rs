//! Runs a quantised network on `isa::fixed`.

use spikevec_isa::{LANES, Rng, Vector};

use super::QuantisedNetwork;
use crate::graph::Source;
use crate::synapse::{DelayLine, least_delay};

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
    /// Spikes under way, of each projection.
    lines: Vec<DelayLine>,
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
        let projections = network.projections.iter();
        let lines = projections.map(|p| DelayLine::new(p.delay, least_delay(p.source, p.target)));
        let vectors = || network.populations.iter().map(|p| p.kernel.vectors());
        Interpreter {
            network,
            rng,
            lines: lines.collect(),
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
        let all = self.network.projections.iter();
        let own = all.zip(&mut self.lines).filter(|(p, _)| p.source == source);
        for (projection, line) in own {
            let accumulators = self.network.populations[projection.target]
                .kernel
                .accumulators();
            let arriving = line.pass(spikes);
            let states = &mut self.states[projection.target];
            let synapses = projection.weights.synapses();
            synapses.arrive(&arriving, states, accumulators);
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
