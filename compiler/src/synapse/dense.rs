//! Every source neuron to every target neuron.

use std::ops::Range;

use spikevec_isa::fixed::{self, Overflow};
use spikevec_isa::{LANES, VECTOR_BYTES, Vector};

use super::{QuantisedSynapses, Synapses, Weights, rows};

/// `[source * targets + target]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Dense(pub Vec<f64>);

/// `[(source * vectors + k) * words + w]`: word w of vector k of the row of a source neuron.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DenseRows(pub Vec<Vector>);

impl Synapses for Dense {
    fn kind(&self) -> &'static str {
        "dense"
    }

    fn weights(&self) -> &[f64] {
        &self.0
    }

    fn weights_between(&self, sources: usize, targets: usize) -> usize {
        sources * targets
    }

    fn fan_in(&self, sources: usize) -> usize {
        sources
    }

    fn takes_bits(&self) -> bool {
        false
    }

    fn deliver(&self, spike: usize, arrived: &mut [f64]) {
        let size = arrived.len();
        let Some(row) = self.0.get(spike * size..(spike + 1) * size) else {
            return;
        };
        for (sum, w) in arrived.iter_mut().zip(row) {
            *sum += w;
        }
    }

    fn to_dense(&self, _targets: usize) -> Vec<f64> {
        self.0.clone()
    }

    fn least_bytes(&self, sources: usize, targets: usize) -> u64 {
        sources as u64 * targets.div_ceil(LANES) as u64 * u64::from(VECTOR_BYTES)
    }

    fn quantised(&self, stored: &[Vec<i16>], targets: usize) -> Weights {
        Weights::Dense(DenseRows(rows(stored, targets.max(1))))
    }
}

impl QuantisedSynapses for DenseRows {
    fn arrive(&self, spikes: &[u32], states: &mut [Vec<Vector>], accumulators: Range<usize>) {
        for &spike in spikes {
            let width = states.len() * accumulators.len();
            let row = spike as usize * width;
            let Some(row) = self.0.get(row..row + width) else {
                continue;
            };
            for (state, words) in states.iter_mut().zip(row.chunks(accumulators.len())) {
                for (sum, weights) in state[accumulators.clone()].iter_mut().zip(words) {
                    *sum = fixed::add(sum, weights, Overflow::Saturate);
                }
            }
        }
    }
}
