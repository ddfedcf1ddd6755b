//! Convolutions and pools as linear maps, and what chains of them amount to.
//!
//! Inputs and outputs of a map stand in NIR's order, channel, row, column.

use spikevec_nir::{NodeKind, Padding};

use super::linear::Matrix;
use crate::error::CompileError;
use crate::synapse::{Convolution, Geometry, MOST_WEIGHTS, Order};

/// A node's convolution and its bias, one number an output channel, or nothing where the node is
/// none. `input` and `output` are its shapes, which have been checked.
///
/// # Errors
/// Shapes that are not those of a convolution.
pub fn convolution(
    name: &str,
    kind: &NodeKind,
    input: &[usize],
    output: &[usize],
) -> Result<Option<(Convolution, Vec<f64>)>, CompileError> {
    let wrong = || {
        CompileError::Structure(format!(
            "node `{name}` ({}): an input of shape {input:?} and an output of shape {output:?} are not those of such a node",
            kind.type_name()
        ))
    };
    let plane = |shape: &[usize]| match *shape {
        [channels, length] => Some((channels, [1, length])),
        [channels, height, width] => Some((channels, [height, width])),
        _ => None,
    };
    let node = match kind {
        NodeKind::Conv1d(p) => Window {
            kernel: [1, p.weight.shape[2]],
            stride: [1, p.stride],
            padding: [Some(0), padding(&p.padding, 0)],
            dilation: [1, p.dilation],
            groups: Some(p.groups),
        },
        NodeKind::Conv2d(p) => Window {
            kernel: [p.weight.shape[2], p.weight.shape[3]],
            stride: p.stride,
            padding: [0, 1].map(|axis| padding(&p.padding, axis)),
            dilation: p.dilation,
            groups: Some(p.groups),
        },
        NodeKind::SumPool2d(p) => Window::pool(p.kernel_size, p.stride, p.padding),
        NodeKind::AvgPool2d(p) => Window::pool(p.kernel_size, p.stride, p.padding),
        _ => return Ok(None),
    };
    let (from, to) = plane(input).zip(plane(output)).ok_or_else(wrong)?;
    let geometry = node.geometry(from, to);
    let elements = (node.kernel[0] * node.kernel[1]) as f64;
    let (weights, bias) = match kind {
        NodeKind::Conv1d(p) => (kernel(&geometry, &p.weight.data), p.bias.data.clone()),
        NodeKind::Conv2d(p) => (kernel(&geometry, &p.weight.data), p.bias.data.clone()),
        NodeKind::AvgPool2d(_) => (vec![1.0 / elements; geometry.weights()], Vec::new()),
        _ => (vec![1.0; geometry.weights()], Vec::new()),
    };
    let map = Convolution {
        geometry,
        source: Order::ChannelsFirst,
        weights,
    };
    Ok(Some((map, bias)))
}

/// Fields that convolutions and pools have.
struct Window {
    kernel: [usize; 2],
    stride: [usize; 2],
    /// Zeros in front; `None` for as many that the output is as large as the input.
    padding: [Option<usize>; 2],
    dilation: [usize; 2],
    /// `None` for one a channel.
    groups: Option<usize>,
}

impl Window {
    fn pool(kernel: [usize; 2], stride: [usize; 2], padding: [usize; 2]) -> Self {
        Window {
            kernel,
            stride,
            padding: padding.map(Some),
            dilation: [1, 1],
            groups: None,
        }
    }

    fn geometry(
        &self,
        (channels, input): (usize, [usize; 2]),
        (outputs, output): (usize, [usize; 2]),
    ) -> Geometry {
        // "Same" puts the odd zero at the end.
        let same = |axis: usize| self.dilation[axis] * (self.kernel[axis] - 1) / 2;
        Geometry {
            channels: [channels, outputs],
            groups: self.groups.unwrap_or(channels),
            input,
            reach: input,
            output,
            kernel: self.kernel,
            stride: self.stride,
            padding: [0, 1].map(|axis| self.padding[axis].unwrap_or_else(|| same(axis))),
            dilation: self.dilation,
        }
    }
}

fn padding<const N: usize>(padding: &Padding<N>, axis: usize) -> Option<usize> {
    match padding {
        Padding::Same => None,
        Padding::Valid => Some(0),
        Padding::Explicit(sizes) => sizes.get(axis).copied(),
    }
}

/// NIR's weights, output channel x input channel of the group x row x column, in our order.
fn kernel(geometry: &Geometry, weights: &[f64]) -> Vec<f64> {
    let mut out = vec![0.0; geometry.weights()];
    let [inputs, _] = geometry.group();
    let [rows, columns] = geometry.kernel;
    for channel in 0..geometry.channels[0] {
        for row in 0..rows {
            for column in 0..columns {
                let to = geometry.weight(channel, row, column);
                for (n, output) in geometry.outputs_of(channel).enumerate() {
                    let plane = output * inputs + channel % inputs;
                    out[to + n] = weights[(plane * rows + row) * columns + column];
                }
            }
        }
    }
    out
}

/// Multiplies what comes into (or out of) each channel by a factor of its own. Nothing where
/// `factors`, one a neuron, differ within a channel.
pub fn scaled(map: &Convolution, factors: &[f64], at_output: bool) -> Option<Convolution> {
    let geometry = &map.geometry;
    let channels = geometry.channels[usize::from(at_output)];
    let positions = factors.len() / channels.max(1);
    let planes = || factors.chunks(positions.max(1));
    if planes().any(|plane| plane.iter().any(|f| *f != plane[0])) {
        return None;
    }
    let of_channel: Vec<f64> = planes().map(|plane| plane[0]).collect();
    let mut map = map.clone();
    let group = geometry.group()[1];
    let each = geometry.weights() / geometry.channels[0].max(1);
    for (k, w) in map.weights.iter_mut().enumerate() {
        let channel = k / each.max(1);
        let output = geometry.outputs_of(channel).start + k % group;
        *w *= of_channel[if at_output { output } else { channel }];
    }
    Some(map)
}

/// The convolution that applies `inner` first and `outer` after it, where there is one: where
/// what `outer` takes for zeros around its input is zero in `inner`, too.
pub fn composed(inner: &Convolution, outer: &Convolution) -> Option<Convolution> {
    let (a, b) = (&inner.geometry, &outer.geometry);
    if a.channels[1] != b.channels[0] || a.output != b.input || a.output != b.reach {
        return None;
    }
    let reach = [axis_reach(a, b, 0)?, axis_reach(a, b, 1)?];
    let each = |f: &dyn Fn(usize) -> usize| [f(0), f(1)];
    let geometry = Geometry {
        channels: [a.channels[0], b.channels[1]],
        groups: match () {
            () if a.groups == b.groups => a.groups,
            () if a.groups == a.channels[0] && a.channels[0] == a.channels[1] => b.groups,
            () if b.groups == b.channels[1] && b.channels[0] == b.channels[1] => a.groups,
            () => 1,
        },
        input: a.input,
        reach,
        output: b.output,
        kernel: each(&|k| {
            a.stride[k] * b.dilation[k] * (b.kernel[k] - 1) + a.dilation[k] * (a.kernel[k] - 1) + 1
        }),
        stride: each(&|k| a.stride[k] * b.stride[k]),
        padding: each(&|k| a.stride[k] * b.padding[k] + a.padding[k]),
        dilation: [1, 1],
    };
    let mut weights = vec![0.0; geometry.weights()];
    let element = |k: usize, of_a: usize, of_b: usize| {
        a.stride[k] * b.dilation[k] * of_b + a.dilation[k] * of_a
    };
    let offsets = |g: &Geometry| -> Vec<(usize, usize)> {
        let [rows, columns] = g.kernel;
        (0..rows * columns)
            .map(|n| (n / columns, n % columns))
            .collect()
    };
    for input in 0..a.channels[0] {
        let outputs = geometry.outputs_of(input);
        for (m, middle) in a.outputs_of(input).enumerate() {
            let shift = b.outputs_of(middle).start - outputs.start;
            for (ya, xa) in offsets(a) {
                let w = inner.weights[a.weight(input, ya, xa) + m];
                for (yb, xb) in offsets(b) {
                    let from = b.weight(middle, yb, xb);
                    let to = geometry.weight(input, element(0, ya, yb), element(1, xa, xb)) + shift;
                    for n in 0..b.group()[1] {
                        weights[to + n] += w * outer.weights[from + n];
                    }
                }
            }
        }
    }
    Some(Convolution {
        geometry,
        source: Order::ChannelsFirst,
        weights,
    })
}

/// How much of the input along `axis` reaches the output of two convolutions; nothing where
/// around the middle there is something else than the zeros of `outer`.
fn axis_reach(inner: &Geometry, outer: &Geometry, axis: usize) -> Option<usize> {
    let from = |at: usize, k: usize| {
        let at = inner.stride[axis] as i64 * at as i64;
        at + (inner.dilation[axis] * k) as i64 - inner.padding[axis] as i64
    };
    let kernel = inner.kernel[axis];
    let last = |at: usize| (0..kernel).map(|k| from(at, k)).max().unwrap_or(0);
    let used = (0..inner.output[axis]).map(last).max().unwrap_or(-1) + 1;
    let reach = (inner.reach[axis] as i64).min(used.max(0));
    for to in 0..outer.output[axis] {
        for k in 0..outer.kernel[axis] {
            let middle = (outer.stride[axis] * to + outer.dilation[axis] * k) as i64
                - outer.padding[axis] as i64;
            if (0..inner.output[axis] as i64).contains(&middle) {
                continue;
            }
            for k in 0..kernel {
                let at = inner.stride[axis] as i64 * middle + (inner.dilation[axis] * k) as i64
                    - inner.padding[axis] as i64;
                if (0..reach).contains(&at) {
                    return None;
                }
            }
        }
    }
    usize::try_from(reach).ok()
}

/// The map as a matrix.
///
/// # Errors
/// More weights than fit.
pub fn dense(map: &Convolution, name: &str) -> Result<Matrix, CompileError> {
    let (rows, columns) = (map.geometry.targets(), map.geometry.sources());
    check_weights(name, rows, columns)?;
    let mut weights = vec![0.0; rows * columns];
    for column in 0..columns {
        each_target(map, column, |row, w| weights[row * columns + column] += w);
    }
    Ok(Matrix::Dense {
        rows,
        columns,
        weights,
    })
}

/// Checks that a matrix of `rows` times `columns` weights may be made for node `name`.
///
/// # Errors
/// More weights than fit.
pub fn check_weights(name: &str, rows: usize, columns: usize) -> Result<(), CompileError> {
    match rows.checked_mul(columns) {
        Some(weights) if weights <= MOST_WEIGHTS => Ok(()),
        _ => Err(CompileError::Structure(format!(
            "node `{name}`: what leads through it is no convolution any more, and a matrix of {rows} times {columns} weights is more than the {MOST_WEIGHTS} that can be: put a neuron between the linear nodes"
        ))),
    }
}

/// Calls `f` with each target of source neuron `source`, in NIR's order, and the weight to it.
pub fn each_target(map: &Convolution, source: usize, mut f: impl FnMut(usize, f64)) {
    let geometry = &map.geometry;
    let [height, width] = geometry.input;
    let (channel, y, x) = (
        source / (height * width),
        source / width % height,
        source % width,
    );
    for (row, to_y) in geometry.taps(0, y) {
        for (column, to_x) in geometry.taps(1, x) {
            let from = geometry.weight(channel, row, column);
            for (n, output) in geometry.outputs_of(channel).enumerate() {
                let target = (output * geometry.output[0] + to_y) * geometry.output[1] + to_x;
                f(target, map.weights[from + n]);
            }
        }
    }
}
