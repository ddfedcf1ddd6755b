//! What a run may take: the budget that ends a program which is caught in a loop.
//!
//! A program of the compiler goes through its code once, and once more for each step. What it does
//! more often than that stands in loops of three kinds:
//!
//! | loop | turns in a step |
//! | --- | --- |
//! | over vectors of a population, or words of spikes | no more than the largest population, or the input, has vectors |
//! | over spikes | one for each neuron that spiked, and for each spike of the input |
//! | inside that, over the vectors of the neurons that a spike reaches | no more than there are vectors of state |
//!
//! A turn of the last takes at most 12 instructions for a vector of sums (load of weights, load,
//! addition, store, addresses), which makes 6 for each vector of state, since every sum has a
//! membrane beside it; a spike takes some 30 besides. The worst that can be is that every neuron
//! spikes in every step, which no trained network does. The bound is doubled for what comes later,
//! and for programs of other tools.

use spikevec_assembler::Image;
use spikevec_assembler::image::{Manifest, Role};

use super::pack::GROUP;

/// Instructions of every run besides.
const RUN: u64 = 50_000;

/// Instructions for a spike, and for each vector of state that it may reach.
const SPIKE: u64 = 40;
const SPIKE_VECTOR: u64 = 8;

/// Instructions for each vector of state where a sample begins.
const BEGIN_VECTOR: u64 = 16;

/// Room for what is not the compiler's.
const RESERVE: u64 = 2;

/// No run has more, whatever a manifest says.
const MOST: u64 = 100_000_000_000;

/// What the work of a program's runs depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Work {
    /// Instructions of the program.
    code: u64,
    /// Vectors of state, all populations together.
    vectors: u64,
    /// Vectors of the largest population, or of the input.
    widest: u64,
    /// Neurons that may spike.
    neurons: u64,
}

impl Work {
    pub fn of(image: &Image, manifest: &Manifest, input_neurons: u32) -> Self {
        let groups = |neurons: u64| neurons.div_ceil(GROUP as u64);
        let states = manifest.buffers.iter().filter(|b| b.role == Role::State);
        let vectors = states
            .map(|state| {
                let (last, rows) = state.shape.split_last().unwrap_or((&0, &[]));
                let rows = rows.iter().map(|n| u64::from(*n));
                rows.fold(groups(u64::from(*last)), u64::saturating_mul)
            })
            .fold(0, u64::saturating_add);
        let sizes = manifest.populations.iter().map(|p| u64::from(p.neurons));
        // A neuron has a state, so that the states bound what a manifest may claim.
        let neurons = sizes
            .clone()
            .fold(0, u64::saturating_add)
            .min(vectors.saturating_mul(GROUP as u64));
        let widest = groups(sizes.max().unwrap_or(0)).min(vectors);
        Work {
            code: image.code.len() as u64,
            vectors,
            widest: widest.max(groups(u64::from(input_neurons))),
            neurons,
        }
    }

    /// Most instructions of a run of `steps` steps with `spikes` input spikes.
    pub fn budget(&self, steps: u64, spikes: u64) -> u64 {
        let spike = SPIKE_VECTOR
            .saturating_mul(self.vectors)
            .saturating_add(SPIKE);
        let turns = self.code.saturating_mul(1 + self.widest);
        let step = turns.saturating_add(self.neurons.saturating_mul(spike));
        let begin = self
            .code
            .saturating_add(self.vectors.saturating_mul(BEGIN_VECTOR));
        let work = step
            .saturating_mul(steps)
            .saturating_add(spike.saturating_mul(spikes))
            .saturating_add(begin);
        work.saturating_mul(RESERVE).saturating_add(RUN).min(MOST)
    }
}
