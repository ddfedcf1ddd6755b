//! Every source neuron to every target neuron.

use std::ops::Range;

use spikevec_assembler::build;
use spikevec_isa::fixed::{self, Overflow};
use spikevec_isa::{LANES, Op, VECTOR_BYTES, Vector};

use super::delivery::{Arrivals, Code, Delivery, RowSynapses, offset};
use super::row::RowCode;
use super::{QuantisedSynapses, Synapses, Weights, rows};
use crate::code::registers::{ROW, SCRATCH};
use crate::code::{Block, Region, Site};

const KIND: &str = "dense";

/// `[source * targets + target]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Dense(pub Vec<f64>);

/// `[(source * vectors + k) * words + w]`: word w of vector k of the row of a source neuron.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DenseRows(pub Vec<Vector>);

impl Synapses for Dense {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn weights(&self) -> &[f64] {
        &self.0
    }

    fn weights_mut(&mut self) -> &mut [f64] {
        &mut self.0
    }

    fn sources(&self, _targets: usize) -> Option<usize> {
        None
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
    fn kind(&self) -> &'static str {
        KIND
    }

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

    fn delivery(&self) -> Delivery<'_> {
        Delivery::Rows(self)
    }
}

impl RowSynapses for DenseRows {
    fn row_vectors(&self, to: &Arrivals) -> usize {
        to.weight_vectors()
    }

    fn row(&self, neuron: usize, to: &Arrivals) -> &[Vector] {
        let width = to.weight_vectors();
        &self.0[neuron * width..(neuron + 1) * width]
    }

    fn write(&self, code: &mut dyn Code, row: &mut RowCode, to: &Arrivals) {
        if to.looped {
            row.flush(code);
            return add_in_loop(code, to);
        }
        let words = |v| to.accumulators().map(move |word| (v, word));
        for at in (0..to.vectors()).flat_map(words) {
            let weights = row.load(code);
            code.accumulate(&mut row.block, to, at, weights);
        }
    }
}

/// Adds the vectors at `ROW` to the accumulators and leaves `ROW` behind them.
fn add_in_loop(code: &mut dyn Code, to: &Arrivals) {
    let [sum, end, ..] = SCRATCH;
    let unroll = to.vectors_a_turn.min(to.vectors());
    let looped = to.vectors() / unroll * unroll;
    code.builder().li(sum, to.address as i32);
    let behind = to.address + looped as u32 * to.stride;
    code.builder().li(end, behind as i32);
    let again = code.builder().here();
    turn(code, to, unroll);
    code.builder().branch(Op::Bne, sum, end, again);
    if to.vectors() > looped {
        turn(code, to, to.vectors() - looped);
    }
}

/// One turn of the loop, for `count` vectors of neurons.
fn turn(code: &mut dyn Code, to: &Arrivals, count: usize) {
    let [sum, ..] = SCRATCH;
    let site = Site {
        population: to.population,
        lanes: LANES,
    };
    let mut block = Block::new();
    for n in 0..count * to.words {
        block.next_group();
        let (weights, old, new) = (block.temp(), block.temp(), block.temp());
        let (vector, word) = (n / to.words, n % to.words);
        let place = vector as i32 * to.stride as i32 + offset(word);
        let row = build::load(Op::Vloadv, weights, offset(n), ROW);
        block.push_in(row, Region::Weights);
        block.push_in(build::load(Op::Vloadv, old, place, sum), Region::State);
        block.push_at(build::r(Op::VaddS, new, old, weights), site);
        block.push_in(build::store(Op::Vstorev, new, place, sum), Region::State);
    }
    code.block(&block);
    code.advance(ROW, (count * to.words) as u32 * VECTOR_BYTES);
    code.advance(sum, count as u32 * to.stride);
}
