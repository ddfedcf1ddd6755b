//! Neuron k to neuron k.

use std::ops::Range;

use spikevec_isa::fixed::{self, Overflow};
use spikevec_isa::{LANES, Vector};

use super::{QuantisedSynapses, Synapses, Weights, rows};

/// A weight a neuron.
#[derive(Debug, Clone, PartialEq)]
pub struct OneToOne(pub Vec<f64>);

/// `[k * words + w]`: word w of vector k of the weights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneToOneWeights(pub Vec<Vector>);

impl Synapses for OneToOne {
    fn kind(&self) -> &'static str {
        "one-to-one"
    }

    fn weights(&self) -> &[f64] {
        &self.0
    }

    fn weights_between(&self, _sources: usize, targets: usize) -> usize {
        targets
    }

    fn fan_in(&self, _sources: usize) -> usize {
        1
    }

    fn takes_bits(&self) -> bool {
        true
    }

    fn deliver(&self, spike: usize, arrived: &mut [f64]) {
        if let (Some(sum), Some(w)) = (arrived.get_mut(spike), self.0.get(spike)) {
            *sum += w;
        }
    }

    fn to_dense(&self, targets: usize) -> Vec<f64> {
        let mut square = vec![0.0; targets * targets];
        for (k, w) in self.0.iter().enumerate() {
            square[k * targets + k] = *w;
        }
        square
    }

    /// They may all be the same, and then take none.
    fn least_bytes(&self, _sources: usize, _targets: usize) -> u64 {
        0
    }

    fn quantised(&self, stored: &[Vec<i16>], _targets: usize) -> Weights {
        Weights::OneToOne(OneToOneWeights(rows(stored, self.0.len())))
    }
}

impl QuantisedSynapses for OneToOneWeights {
    fn arrive(&self, spikes: &[u32], states: &mut [Vec<Vector>], accumulators: Range<usize>) {
        let mut words = vec![0u32; states.len()];
        for &spike in spikes {
            if let Some(word) = words.get_mut(spike as usize / LANES) {
                *word |= 1 << (spike as usize % LANES);
            }
        }
        let weights = self.0.chunks(accumulators.len());
        for ((state, weights), word) in states.iter_mut().zip(weights).zip(words) {
            for (sum, weights) in state[accumulators.clone()].iter_mut().zip(weights) {
                let spiked = fixed::sel(word, weights, &[0; LANES]);
                *sum = fixed::add(sum, &spiked, Overflow::Saturate);
            }
        }
    }
}
