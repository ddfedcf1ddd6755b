//! A convolution over two axes: the same small kernel of weights around every position.
//!
//! The target's neurons stand channels last, `(y * width + x) * channels + c`, so that the
//! weights of a spike to one position are neighbours in memory. The equation, with stride `s`,
//! dilation `d` and padding `p`, is that of NIR's Conv2d; one axis is two of which the first has
//! one element.

use std::ops::Range;

use super::windows::Windows;
use super::{Synapses, Weights};

pub(super) const KIND: &str = "convolution";

/// Which positions a kernel connects, along both axes: rows, then columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Geometry {
    /// Channels of the input and of the output.
    pub channels: [usize; 2],
    /// Groups that the channels are split into.
    pub groups: usize,
    /// Size of the input.
    pub input: [usize; 2],
    /// How much of the input counts: what is beyond it reaches nothing.
    pub reach: [usize; 2],
    /// Size of the output.
    pub output: [usize; 2],
    /// Size of the kernel.
    pub kernel: [usize; 2],
    /// Step between output elements.
    pub stride: [usize; 2],
    /// Zeros in front of the input.
    pub padding: [usize; 2],
    /// Step between kernel elements.
    pub dilation: [usize; 2],
}

impl Geometry {
    /// Neurons of the input.
    pub fn sources(&self) -> usize {
        self.channels[0] * self.input[0] * self.input[1]
    }

    /// Neurons of the output.
    pub fn targets(&self) -> usize {
        self.channels[1] * self.output[0] * self.output[1]
    }

    /// Input and output channels of a group.
    pub fn group(&self) -> [usize; 2] {
        self.channels.map(|channels| channels / self.groups.max(1))
    }

    /// Output channels that input channel `c` leads to.
    pub fn outputs_of(&self, c: usize) -> Range<usize> {
        let [inputs, outputs] = self.group();
        let first = c / inputs.max(1) * outputs;
        first..first + outputs
    }

    /// Number of weights: `[input channel][kernel row][kernel column][output channel of the group]`.
    pub fn weights(&self) -> usize {
        self.channels[0] * self.kernel[0] * self.kernel[1] * self.group()[1]
    }

    /// Place of the first output channel's weight.
    pub fn weight(&self, channel: usize, row: usize, column: usize) -> usize {
        ((channel * self.kernel[0] + row) * self.kernel[1] + column) * self.group()[1]
    }

    /// Kernel elements along `axis` that lead from input position `at`, and where to, by output
    /// position: `s y + d k - p` is the input position.
    pub fn taps(&self, axis: usize, at: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        let counts = at < self.reach[axis];
        (0..self.kernel[axis]).rev().filter_map(move |k| {
            let from = (at + self.padding[axis]).checked_sub(self.dilation[axis] * k)?;
            let to = from / self.stride[axis];
            let hit = from.is_multiple_of(self.stride[axis]) && to < self.output[axis];
            (counts && hit).then_some((k, to))
        })
    }
}

/// The order of neurons that have a channel and a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// As NIR has them: channel, row, column.
    ChannelsFirst,
    /// As they are the targets of a convolution: row, column, channel.
    ChannelsLast,
}

/// Weights of a convolution.
#[derive(Debug, Clone, PartialEq)]
pub struct Convolution {
    /// Which positions it connects.
    pub geometry: Geometry,
    /// Order of the source's neurons.
    pub source: Order,
    /// `[input channel][kernel row][kernel column][output channel of the group]`.
    pub weights: Vec<f64>,
}

impl Convolution {
    /// Channel, row and column of source neuron `neuron`.
    pub(super) fn position(&self, neuron: usize) -> (usize, usize, usize) {
        let [height, width] = self.geometry.input;
        let channels = self.geometry.channels[0];
        let (channel, at) = match self.source {
            Order::ChannelsFirst => (neuron / (height * width), neuron % (height * width)),
            Order::ChannelsLast => (neuron % channels, neuron / channels),
        };
        (channel, at / width, at % width)
    }
}

impl Synapses for Convolution {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn weights(&self) -> &[f64] {
        &self.weights
    }

    fn weights_mut(&mut self) -> &mut [f64] {
        &mut self.weights
    }

    fn sources(&self, _targets: usize) -> Option<usize> {
        Some(self.geometry.sources())
    }

    fn weights_between(&self, _sources: usize, _targets: usize) -> usize {
        self.geometry.weights()
    }

    fn fan_in(&self, _sources: usize) -> usize {
        self.geometry.group()[0] * self.geometry.kernel[0] * self.geometry.kernel[1]
    }

    fn takes_bits(&self) -> bool {
        false
    }

    fn channels(&self) -> usize {
        self.geometry.channels[1]
    }

    /// Neurons of one channel share their weights, so that they need the same gain.
    fn scaled(&self, gain: &[f64]) -> Option<Vec<f64>> {
        let channels = self.geometry.channels[1];
        let alike = gain
            .iter()
            .enumerate()
            .all(|(k, g)| *g == gain[k % channels]);
        let group = self.geometry.group()[1];
        let of_channel = self.weights.len() / self.geometry.channels[0].max(1);
        let scaled = self.weights.iter().enumerate().map(|(k, w)| {
            let channels = self.geometry.outputs_of(k / of_channel.max(1));
            w * gain[channels.start + k % group]
        });
        alike.then(|| scaled.collect())
    }

    fn deliver(&self, spike: usize, arrived: &mut [f64]) {
        if spike >= self.geometry.sources() {
            return;
        }
        let geometry = &self.geometry;
        let (channel, y, x) = self.position(spike);
        let outputs = geometry.outputs_of(channel);
        for (row, to_y) in geometry.taps(0, y) {
            for (column, to_x) in geometry.taps(1, x) {
                let from = geometry.weight(channel, row, column);
                let to = (to_y * geometry.output[1] + to_x) * geometry.channels[1] + outputs.start;
                let sums = arrived.iter_mut().skip(to).take(outputs.len());
                for (sum, w) in sums.zip(&self.weights[from..]) {
                    *sum += w;
                }
            }
        }
    }

    fn to_dense(&self, targets: usize) -> Vec<f64> {
        let mut all = vec![0.0; self.geometry.sources() * targets];
        for (spike, row) in all.chunks_mut(targets.max(1)).enumerate() {
            self.deliver(spike, row);
        }
        all
    }

    /// Weights of several positions may be the same, and are then kept once.
    fn least_bytes(&self, _sources: usize, _targets: usize) -> u64 {
        0
    }

    fn quantised(&self, stored: &[Vec<i16>], _targets: usize) -> Weights {
        Weights::Windows(Windows::of(self, stored))
    }
}
