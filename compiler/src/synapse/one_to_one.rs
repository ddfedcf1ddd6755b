//! Neuron k to neuron k: a select for every vector, no row for every spike.

use std::ops::Range;

use spikevec_assembler::build;
use spikevec_isa::fixed::{self, Overflow};
use spikevec_isa::{LANES, Op, VECTOR_BYTES, Vector};

use super::delivery::{Arrivals, Code, Delivery, SpikeWords, WordSynapses, offset};
use super::{QuantisedSynapses, Synapses, Weights, rows};
use crate::code::registers::{SCAN, SCAN_END, SCRATCH, WORD};
use crate::code::{Block, Region, Site};

const KIND: &str = "one-to-one";

/// A weight a neuron.
#[derive(Debug, Clone, PartialEq)]
pub struct OneToOne(pub Vec<f64>);

/// `[k * words + w]`: word w of vector k of the weights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneToOneWeights(pub Vec<Vector>);

impl Synapses for OneToOne {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn weights(&self) -> &[f64] {
        &self.0
    }

    fn weights_mut(&mut self) -> &mut [f64] {
        &mut self.0
    }

    fn sources(&self, targets: usize) -> Option<usize> {
        Some(targets)
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
    fn kind(&self) -> &'static str {
        KIND
    }

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

    fn delivery(&self) -> Delivery<'_> {
        Delivery::Words(self)
    }
}

impl OneToOneWeights {
    /// The weight of all neurons, where they have the same and it is one word.
    fn shared(&self, to: &Arrivals) -> Option<i16> {
        let vectors = self.0.iter().enumerate();
        let mut all = vectors.flat_map(|(k, v)| &v[..to.lanes(k / to.words)]);
        let first = all.next().copied().unwrap_or(0);
        (to.words == 1 && all.all(|w| *w == first)).then_some(first)
    }

    /// The vector of weights at an address, base register and offset, or the weight that all
    /// neurons share.
    fn load(&self, code: &dyn Code, block: &mut Block, to: &Arrivals, (base, at): (u8, i32)) -> u8 {
        let Some(value) = self.shared(to) else {
            let register = block.temp();
            let load = build::load(Op::Vloadv, register, at, base);
            block.push_in(load, Region::Weights);
            return register;
        };
        code.uniform(value).unwrap_or_else(|| {
            let register = block.temp();
            block.push(build::u(Op::Vlui, register, i32::from(value)));
            register
        })
    }

    fn write_unrolled(&self, code: &mut dyn Code, spikes: &SpikeWords, to: &Arrivals) {
        let [weights, words, ..] = SCRATCH;
        if spikes.registers.is_empty() {
            code.point_at_words(words, spikes.source);
        }
        let wide = to.words > 1;
        let mut block = Block::new();
        for v in 0..to.vectors() {
            if block.is_full() {
                code.block(&std::mem::take(&mut block));
            }
            block.next_group();
            let word = spikes.registers.get(v).copied().unwrap_or_else(|| {
                let load = build::load(Op::Lw, WORD, 4 * v as i32, words);
                block.push_in(load, Region::ScalarOutput);
                WORD
            });
            for (w, accumulator) in to.accumulators().enumerate() {
                let vector = if wide { w } else { v };
                let weight = self.load(code, &mut block, to, (weights, offset(vector)));
                let arrived = block.temp();
                block.push(build::u(Op::Vlui, arrived, 0));
                block.push(build::r(Op::Vsel, arrived, word, weight));
                code.accumulate(&mut block, to, (v, accumulator), arrived);
            }
            if wide && v + 1 < to.vectors() {
                // The words of all vectors are beyond the reach of one base register.
                block.push(build::i(Op::Addi, weights, weights, offset(to.words)));
            }
        }
        code.block(&block);
    }

    fn write_loop(&self, code: &mut dyn Code, spikes: &SpikeWords, to: &Arrivals) {
        let [weights, sum, ..] = SCRATCH;
        let site = Site {
            population: to.population,
            lanes: LANES,
        };
        code.builder().li(sum, to.address as i32);
        code.point_at_words(SCAN, spikes.source);
        code.builder().li(SCAN_END, 4 * to.vectors() as i32);
        let end = build::r(Op::Add, SCAN_END, SCAN_END, SCAN);
        code.builder().emit(end);
        let again = code.builder().here();
        let mut block = Block::new();
        block.push_in(build::load(Op::Lw, WORD, 0, SCAN), Region::ScalarOutput);
        block.push(build::i(Op::Addi, SCAN, SCAN, 4));
        for w in 0..to.words {
            let at = offset(w);
            let weight = self.load(code, &mut block, to, (weights, at));
            if self.shared(to).is_none() && w + 1 == to.words {
                let bytes = at + VECTOR_BYTES as i32;
                block.push(build::i(Op::Addi, weights, weights, bytes));
            }
            let (arrived, old, new) = (block.temp(), block.temp(), block.temp());
            block.push_in(build::load(Op::Vloadv, old, at, sum), Region::State);
            block.push(build::u(Op::Vlui, arrived, 0));
            block.push(build::r(Op::Vsel, arrived, WORD, weight));
            block.push_at(build::r(Op::VaddS, new, old, arrived), site);
            block.push_in(build::store(Op::Vstorev, new, at, sum), Region::State);
        }
        code.block(&block);
        code.advance(sum, to.stride);
        code.builder().branch(Op::Bne, SCAN, SCAN_END, again);
    }
}

impl WordSynapses for OneToOneWeights {
    fn table(&self, to: &Arrivals) -> &[Vector] {
        match self.shared(to) {
            Some(_) => &[],
            None => &self.0,
        }
    }

    fn write(&self, code: &mut dyn Code, spikes: &SpikeWords, table: Option<u32>, to: &Arrivals) {
        let [weights, ..] = SCRATCH;
        if let Some(address) = table {
            code.builder().li(weights, address as i32);
        }
        if spikes.registers.is_empty() && to.looped {
            self.write_loop(code, spikes, to);
        } else {
            self.write_unrolled(code, spikes, to);
        }
    }
}
