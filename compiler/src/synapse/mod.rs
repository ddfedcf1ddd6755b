//! Kinds of connectivity: one file each, and the list of them here.
//!
//! A kind has two forms, as a network has: [`Synapses`] in floating point, and
//! [`QuantisedSynapses`] in the format of the neurons that it leads to. The latter says how its
//! spikes are brought to their targets, [`Delivery`]: what it keeps in memory, and its code. All
//! stages ask these traits and do not look at the kind.
//!
//! | kind | file | weights |
//! | --- | --- | --- |
//! | [`Dense`] | `dense.rs` | every source neuron to every target neuron |
//! | [`Convolution`] | `convolution.rs`, `windows.rs`, `window_code.rs` | the same around every position |
//! | [`OneToOne`] | `one_to_one.rs` | neuron k to neuron k |

mod convolution;
mod delivery;
mod dense;
mod line;
mod one_to_one;
mod row;
mod source;
mod window_code;
mod windows;

use std::ops::Range;

use spikevec_isa::Vector;

use crate::vectors::pack;

pub use convolution::{Convolution, Geometry, Order};
pub use delivery::{
    Arrivals, Code, Delivery, RowSynapses, SharedSynapses, SpikeWords, WordSynapses,
};
pub use dense::{Dense, DenseRows};
pub use line::{DelayLine, least_delay};
pub use one_to_one::{OneToOne, OneToOneWeights};
pub use row::RowCode;
pub use source::Source;
pub use windows::Windows;

/// Weights that a matrix may have which stands for a kernel: half a gibibyte of numbers.
pub const MOST_WEIGHTS: usize = 1 << 26;

/// The weights of a projection in floating point, and how spikes use them.
pub trait Synapses {
    /// Its name in reports.
    fn kind(&self) -> &'static str;

    /// All weights that are stored.
    fn weights(&self) -> &[f64];

    /// The weights, each times the gain of its target neuron; nothing where neurons of different
    /// gain share a weight. Where a kind does not say otherwise, weight k leads to target neuron
    /// `k % targets`.
    fn scaled(&self, gain: &[f64]) -> Option<Vec<f64>> {
        let weights = self.weights().iter().enumerate();
        Some(
            weights
                .map(|(k, w)| w * gain[k % gain.len().max(1)])
                .collect(),
        )
    }

    /// Channels of the target, whose neurons stand channels last; 1 where a kind does not ask for
    /// an order.
    fn channels(&self) -> usize {
        1
    }

    /// The same, to be changed.
    fn weights_mut(&mut self) -> &mut [f64];

    /// How many source neurons there must be for so many target neurons, where the kind says it.
    fn sources(&self, targets: usize) -> Option<usize>;

    /// How many weights there must be between populations of these sizes.
    fn weights_between(&self, sources: usize, targets: usize) -> usize;

    /// The most source neurons, of `sources`, that lead to one target neuron.
    fn fan_in(&self, sources: usize) -> usize;

    /// True where input spikes must reach the core as bits, of which none counts twice.
    fn takes_bits(&self) -> bool;

    /// Adds what a spike of neuron `spike` is worth to what has arrived at each target neuron.
    /// A neuron that is not there adds nothing.
    fn deliver(&self, spike: usize, arrived: &mut [f64]);

    /// The same as a dense matrix, `[source * targets + target]`.
    fn to_dense(&self, targets: usize) -> Vec<f64>;

    /// Bytes of vector memory that the weights take at least, in a word each.
    fn least_bytes(&self, sources: usize, targets: usize) -> u64;

    /// The quantised form. `stored[word][weight]` are the words of all weights, in their order.
    fn quantised(&self, stored: &[Vec<i16>], targets: usize) -> Weights;
}

/// Weights in the format of their target's accumulator, rows padded to whole vectors.
pub trait QuantisedSynapses {
    /// Its name in reports and symbols.
    fn kind(&self) -> &'static str;

    /// Adds the weights of `spikes` (indices, ascending) to the accumulators, a range of variables,
    /// in `states[vector][variable]`: in the order in which the program does.
    fn arrive(&self, spikes: &[u32], states: &mut [Vec<Vector>], accumulators: Range<usize>);

    /// How the program brings spikes to their targets: the same sums in the same order.
    fn delivery(&self) -> Delivery<'_>;
}

/// The weights of a projection.
#[derive(Debug, Clone, PartialEq)]
pub enum Connectivity {
    /// Every source neuron to every target neuron.
    Dense(Dense),
    /// Neuron k to neuron k.
    OneToOne(OneToOne),
    /// The same kernel around every position.
    Convolution(Convolution),
}

impl Connectivity {
    /// Every source neuron to every target neuron: `weights[source * targets + target]`.
    pub fn dense(weights: Vec<f64>) -> Self {
        Connectivity::Dense(Dense(weights))
    }

    /// Neuron k to neuron k with weight k.
    pub fn one_to_one(weights: Vec<f64>) -> Self {
        Connectivity::OneToOne(OneToOne(weights))
    }

    /// What every kind can be asked.
    pub fn synapses(&self) -> &dyn Synapses {
        match self {
            Connectivity::Dense(kind) => kind,
            Connectivity::OneToOne(kind) => kind,
            Connectivity::Convolution(kind) => kind,
        }
    }

    /// The weights, in the order of their kind.
    pub fn weights(&self) -> &[f64] {
        self.synapses().weights()
    }

    fn synapses_mut(&mut self) -> &mut dyn Synapses {
        match self {
            Connectivity::Dense(kind) => kind,
            Connectivity::OneToOne(kind) => kind,
            Connectivity::Convolution(kind) => kind,
        }
    }

    /// Multiplies all weights by `factor`.
    pub fn scale(&mut self, factor: f64) {
        let weights = self.synapses_mut().weights_mut();
        weights.iter_mut().for_each(|w| *w *= factor);
    }

    /// The sum of two between the same populations, the target of `targets` neurons.
    #[must_use]
    pub fn plus(&self, other: &Self, targets: usize) -> Self {
        let sum = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a + b).collect();
        match (self, other) {
            (Connectivity::OneToOne(a), Connectivity::OneToOne(b)) => {
                Connectivity::one_to_one(sum(&a.0, &b.0))
            }
            (Connectivity::Convolution(a), Connectivity::Convolution(b))
                if (&a.geometry, a.source) == (&b.geometry, b.source) =>
            {
                Connectivity::Convolution(Convolution {
                    weights: sum(&a.weights, &b.weights),
                    ..a.clone()
                })
            }
            (a, b) => Connectivity::dense(sum(
                &a.synapses().to_dense(targets),
                &b.synapses().to_dense(targets),
            )),
        }
    }
}

/// Quantised weights. A vector of weights has as many vectors as its target's membrane has words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Weights {
    /// Rows, one a source neuron.
    Dense(DenseRows),
    /// One row for all.
    OneToOne(OneToOneWeights),
    /// Rows that neurons share.
    Windows(Windows),
}

impl Weights {
    /// What every kind can be asked.
    pub fn synapses(&self) -> &dyn QuantisedSynapses {
        match self {
            Weights::Dense(kind) => kind,
            Weights::OneToOne(kind) => kind,
            Weights::Windows(kind) => kind,
        }
    }
}

/// Rows of `width` weights in whole vectors: word w of vector k of row n is at
/// `(n * vectors + k) * words + w`.
fn rows(stored: &[Vec<i16>], width: usize) -> Vec<Vector> {
    let count = stored.first().map_or(0, Vec::len).div_ceil(width.max(1));
    let row = |n: usize| {
        let end = |word: &Vec<i16>| ((n + 1) * width).min(word.len());
        let words = stored.iter().map(|word| pack(&word[n * width..end(word)]));
        interleave(words.collect())
    };
    (0..count).flat_map(row).collect()
}

/// The first vector of every word, then the second of every word, and so on.
fn interleave(words: Vec<Vec<Vector>>) -> Vec<Vector> {
    let vectors = words.first().map_or(0, Vec::len);
    let vector = |k: usize| words.iter().map(move |word| word[k]);
    (0..vectors).flat_map(vector).collect()
}
