//! Weights that many neurons share: each spike adds one *window* of weights, rows of vectors that
//! are evenly spaced in the target.
//!
//! A convolution brings the same kernel to every position. On vectors of 32 neurons it looks the
//! same wherever the kernel begins in the same lane and is clipped by the same borders; all such
//! neurons share a window. Which window a neuron adds, and where, stands in a table.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::Range;

use spikevec_isa::fixed::{self, Overflow};
use spikevec_isa::{LANES, Vector};

use super::convolution::{Convolution, Geometry, KIND};
use super::delivery::Delivery;
use super::window_code::MOST_ROWS;
use super::{QuantisedSynapses, interleave};
use crate::vectors::pack;

/// Weights in windows, and the window of every source neuron.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Windows {
    /// `[(first + row * width + k) * words + w]`: word w of vector k of a row of a window.
    pub(super) weights: Vec<Vector>,
    /// Vectors of a row.
    pub(super) width: usize,
    /// Rows of a window that no border clips.
    pub(super) rows: usize,
    /// Vectors of the target from one row to the next.
    pub(super) step: usize,
    /// One a source neuron.
    pub(super) entries: Vec<Window>,
}

/// What a spike of one neuron adds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Window {
    /// Its first vector of weights, words not counted.
    pub first: usize,
    /// The vector of the target that this goes to.
    pub target: usize,
    /// Rows: fewer than all where a border clips the window.
    pub rows: usize,
}

/// How windows lie on vectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// A row of a window is a row of the output.
    ByRow,
    /// A window is a single row, from its first target to its last.
    Whole,
}

/// Kernel elements that lead from one position of an axis, those of the first targets first, as
/// an index into all that there are; and the first target.
#[derive(Debug, Clone, Copy)]
struct Taps {
    elements: usize,
    first: usize,
}

/// The taps of all positions of an axis.
struct Axis {
    /// Kernel elements.
    distinct: Vec<Vec<usize>>,
    /// One a position.
    taps: Vec<Taps>,
    /// Distance between the targets of two elements.
    step: usize,
}

impl Axis {
    fn new(geometry: &Geometry, axis: usize) -> Self {
        let mut distinct: Vec<Vec<usize>> = Vec::new();
        let taps = (0..geometry.input[axis]).map(|at| {
            let (elements, targets): (Vec<usize>, Vec<usize>) = geometry.taps(axis, at).unzip();
            let known = distinct.iter().position(|other| *other == elements);
            Taps {
                elements: known.unwrap_or_else(|| {
                    distinct.push(elements);
                    distinct.len() - 1
                }),
                first: targets.first().copied().unwrap_or(0),
            }
        });
        let taps = taps.collect();
        let (dilation, stride) = (geometry.dilation[axis], geometry.stride[axis]);
        Axis {
            distinct,
            taps,
            step: dilation / divisor(dilation, stride),
        }
    }

    fn elements(&self, at: usize) -> &[usize] {
        &self.distinct[self.taps[at].elements]
    }
}

/// The greatest common divisor.
fn divisor(a: usize, b: usize) -> usize {
    if b == 0 { a.max(1) } else { divisor(b, a % b) }
}

/// Makes windows of a convolution.
struct Builder<'a> {
    kind: &'a Convolution,
    axes: [Axis; 2],
    /// Lanes from one row of a kernel to the next.
    pitch: usize,
}

/// Where a window begins, and all that its weights depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Look {
    channel: usize,
    /// Index of the kernel elements along each axis.
    elements: [usize; 2],
    /// Lane of the first target.
    lane: usize,
}

impl Windows {
    /// The windows of a convolution whose weights are `stored[word][weight]`.
    pub(super) fn of(kind: &Convolution, stored: &[Vec<i16>]) -> Self {
        let geometry = &kind.geometry;
        let axes = [0, 1].map(|axis| Axis::new(geometry, axis));
        let pitch = axes[0].step * geometry.output[1] * geometry.channels[1];
        let builder = Builder { kind, axes, pitch };
        let (rows, width) = builder.size(Shape::ByRow);
        let whole = builder.size(Shape::Whole).1;
        let build = |shape| builder.build(stored, shape);
        match whole.cmp(&(rows * width)) {
            _ if rows > MOST_ROWS => build(Shape::Whole),
            Ordering::Less => build(Shape::Whole),
            Ordering::Greater => build(Shape::ByRow),
            Ordering::Equal => {
                let (whole, by_row) = (build(Shape::Whole), build(Shape::ByRow));
                match whole.weights.len() <= by_row.weights.len() {
                    true => whole,
                    false => by_row,
                }
            }
        }
    }
}

impl Builder<'_> {
    /// Lane of the first target of a neuron, counted from the first lane of all, and the look of
    /// its window; nothing where it has no target.
    fn look(&self, neuron: usize) -> Option<(usize, Look)> {
        let geometry = &self.kind.geometry;
        let (channel, y, x) = self.kind.position(neuron);
        let taps = [self.axes[0].taps[y], self.axes[1].taps[x]];
        if self.axes[0].elements(y).is_empty() || self.axes[1].elements(x).is_empty() {
            return None;
        }
        let at = taps[0].first * geometry.output[1] + taps[1].first;
        let first = at * geometry.channels[1] + geometry.outputs_of(channel).start;
        let look = Look {
            channel,
            elements: taps.map(|taps| taps.elements),
            lane: first % LANES,
        };
        Some((first, look))
    }

    /// Rows of a kernel that a window has, and the lanes of each from the first target on.
    fn extent(&self, look: &Look) -> (usize, usize) {
        let [rows, columns] =
            [0, 1].map(|axis| self.axes[axis].distinct[look.elements[axis]].len());
        let geometry = &self.kind.geometry;
        let lanes = (columns - 1) * self.axes[1].step * geometry.channels[1] + geometry.group()[1];
        (rows, lanes)
    }

    /// Vectors of the target from one row of a window to the next.
    fn step(&self, shape: Shape) -> usize {
        match shape {
            Shape::ByRow => self.pitch / LANES,
            Shape::Whole => 0,
        }
    }

    /// Rows of the largest window, and vectors of the longest row.
    fn size(&self, shape: Shape) -> (usize, usize) {
        let (mut rows, mut width) = (0, 0);
        let step = self.step(shape);
        for neuron in 0..self.kind.geometry.sources() {
            let Some((_, look)) = self.look(neuron) else {
                continue;
            };
            let (own, lanes) = self.extent(&look);
            for row in 0..own {
                let end = look.lane + row * self.pitch + lanes;
                width = width.max(end.div_ceil(LANES) - row * step);
            }
            rows = rows.max(own);
        }
        match shape {
            Shape::ByRow => (rows, width),
            Shape::Whole => (rows.min(1), width),
        }
    }

    /// The weights of a window, `[(row * width + k) * words + w]`.
    fn window(&self, look: &Look, stored: &[Vec<i16>], shape: Shape, width: usize) -> Vec<Vector> {
        let geometry = &self.kind.geometry;
        let elements = [0, 1].map(|axis| &self.axes[axis].distinct[look.elements[axis]]);
        let rows = match shape {
            Shape::ByRow => elements[0].len(),
            Shape::Whole => 1,
        };
        let mut words = vec![vec![0i16; rows * width * LANES]; stored.len()];
        let outputs = geometry.group()[1];
        for (row, ky) in elements[0].iter().enumerate() {
            // Where this row's first vector is, against where its first target is.
            let begin = match shape {
                Shape::ByRow => row * width * LANES + row * (self.pitch - self.step(shape) * LANES),
                Shape::Whole => row * self.pitch,
            };
            for (column, kx) in elements[1].iter().enumerate() {
                let from = geometry.weight(look.channel, *ky, *kx);
                let to = begin + look.lane + column * self.axes[1].step * geometry.channels[1];
                for (lanes, stored) in words.iter_mut().zip(stored) {
                    lanes[to..to + outputs].copy_from_slice(&stored[from..from + outputs]);
                }
            }
        }
        interleave(words.iter().map(|lanes| pack(lanes)).collect())
    }

    fn build(&self, stored: &[Vec<i16>], shape: Shape) -> Windows {
        let (rows, width) = self.size(shape);
        let words = stored.len().max(1);
        let row = width * words;
        let sources = self.kind.geometry.sources();
        let mut weights: Vec<Vector> = Vec::new();
        let mut looks: HashMap<Look, (usize, usize)> = HashMap::new();
        // Rows that are next to each other, and where they begin.
        let mut known: HashMap<Vec<Vector>, usize> = HashMap::new();
        let mut entries = vec![Window::default(); sources];
        // Whole windows first: what a border clips is a part of them.
        for clipped in [false, true] {
            for (neuron, entry) in entries.iter_mut().enumerate() {
                let Some((first, look)) = self.look(neuron) else {
                    continue;
                };
                let own = match shape {
                    Shape::ByRow => self.extent(&look).0,
                    Shape::Whole => 1,
                };
                if (own < rows) != clipped {
                    continue;
                }
                let (at, own) = *looks.entry(look).or_insert_with(|| {
                    let window = self.window(&look, stored, shape, width);
                    let at = *known.entry(window).or_insert_with_key(|window| {
                        let at = weights.len() / words;
                        weights.extend(window);
                        at
                    });
                    (at, own)
                });
                *entry = Window {
                    first: at,
                    target: first / LANES,
                    rows: own,
                };
            }
            if !clipped {
                note_parts(&weights, (rows, row, words), &mut known);
            }
        }
        Windows {
            weights,
            width,
            rows,
            step: self.step(shape),
            entries,
        }
    }
}

/// Notes where each run of rows stands that windows of `rows` rows have, of `row` vectors each.
fn note_parts(
    weights: &[Vector],
    (rows, row, words): (usize, usize, usize),
    known: &mut HashMap<Vec<Vector>, usize>,
) {
    if rows * row == 0 {
        return;
    }
    for (n, window) in weights.chunks(rows * row).enumerate() {
        for count in 1..rows {
            for first in 0..=rows - count {
                let part = &window[first * row..(first + count) * row];
                let at = (n * rows + first) * row / words;
                known.entry(part.to_vec()).or_insert(at);
            }
        }
    }
}

impl QuantisedSynapses for Windows {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn arrive(&self, spikes: &[u32], states: &mut [Vec<Vector>], accumulators: Range<usize>) {
        let words = accumulators.len();
        for &spike in spikes {
            let Some(window) = self.entries.get(spike as usize) else {
                continue;
            };
            let vectors = (0..window.rows).flat_map(|row| {
                let target = window.target + row * self.step;
                (0..self.width).map(move |k| target + k)
            });
            let weights = self.weights[window.first * words..].chunks(words);
            for (vector, weights) in vectors.zip(weights) {
                // Rows are as long as the longest: what is behind the last neuron is zero.
                let Some(state) = states.get_mut(vector) else {
                    continue;
                };
                for (sum, weights) in state[accumulators.clone()].iter_mut().zip(weights) {
                    *sum = fixed::add(sum, weights, Overflow::Saturate);
                }
            }
        }
    }

    fn delivery(&self) -> Delivery<'_> {
        Delivery::Shared(self)
    }
}
