//! Shapes of single nodes: what their parameters say, and the output shape for an input shape.

use super::Trust;
use crate::primitives::Padding;
use crate::{Error, NodeKind, Tensor};

/// What a primitive's own fields say about its input and output.
pub(crate) fn intrinsic(kind: &NodeKind, trust: Trust) -> (Option<Vec<usize>>, Option<Vec<usize>>) {
    let same = |shape: Option<Vec<usize>>| (shape.clone(), shape);
    match kind {
        NodeKind::Input(p) => same(Some(p.shape.clone())),
        NodeKind::Output(p) => same(Some(p.shape.clone())),
        NodeKind::Linear(p) => (weight_input(&p.weight), weight_output(&p.weight)),
        NodeKind::Affine(p) => (weight_input(&p.weight), weight_output(&p.weight)),
        NodeKind::Conv1d(p) => {
            let input = p.input_shape.and_then(|length| {
                let &[_, channels, _] = p.weight.shape.as_slice() else {
                    return None;
                };
                Some(vec![channels.checked_mul(p.groups)?, length])
            });
            (input, None)
        }
        NodeKind::Conv2d(p) => {
            let input = p.input_shape.and_then(|[height, width]| {
                let &[_, channels, _, _] = p.weight.shape.as_slice() else {
                    return None;
                };
                Some(vec![channels.checked_mul(p.groups)?, height, width])
            });
            (input, None)
        }
        NodeKind::Flatten(p) => (p.input_shape.clone(), None),
        NodeKind::SumPool2d(_) | NodeKind::AvgPool2d(_) | NodeKind::Graph(_) => (None, None),
        elementwise => same(population(elementwise, trust)),
    }
}

/// The shape of the largest parameter, if it says anything.
fn population(kind: &NodeKind, trust: Trust) -> Option<Vec<usize>> {
    let tensors = kind.tensors();
    let (_, largest) = tensors
        .iter()
        .max_by_key(|(_, tensor)| (tensor.len(), tensor.shape.len()))?;
    let says_nothing = match trust {
        Trust::Stored => largest.shape.is_empty(),
        Trust::SizesOnly => largest.is_scalar(),
    };
    (!says_nothing).then(|| largest.shape.clone())
}

fn weight_input(weight: &Tensor) -> Option<Vec<usize>> {
    let (&inputs, rest) = weight.shape.split_last()?;
    let (_, batch) = rest.split_last()?;
    Some(batch.iter().copied().chain([inputs]).collect())
}

/// Output shape of a dense layer.
pub(crate) fn weight_output(weight: &Tensor) -> Option<Vec<usize>> {
    let (_, rest) = weight.shape.split_last()?;
    (!rest.is_empty()).then(|| rest.to_vec())
}

/// The shape without its axes of length 1.
pub(crate) fn squeezed(shape: &[usize]) -> Vec<usize> {
    shape.iter().copied().filter(|&axis| axis != 1).collect()
}

/// The output shape for an input shape; `None` if the node's own fields say it; a reason if the
/// input cannot be taken.
pub(crate) fn forward(kind: &NodeKind, input: &[usize]) -> Result<Option<Vec<usize>>, String> {
    match kind {
        NodeKind::Conv1d(p) => {
            let (&[outputs, channels, kernel], &[given, length]) =
                (p.weight.shape.as_slice(), input)
            else {
                return Err("channels x length is expected".to_owned());
            };
            check_channels(channels, p.groups, outputs, given)?;
            let length = convolved(length, kernel, p.stride, p.dilation, pad(&p.padding, 0))?;
            Ok(Some(vec![outputs, length]))
        }
        NodeKind::Conv2d(p) => {
            let (&[outputs, channels, rows, columns], &[given, height, width]) =
                (p.weight.shape.as_slice(), input)
            else {
                return Err("channels x height x width is expected".to_owned());
            };
            check_channels(channels, p.groups, outputs, given)?;
            let [s0, s1] = p.stride;
            let [d0, d1] = p.dilation;
            let height = convolved(height, rows, s0, d0, pad(&p.padding, 0))?;
            let width = convolved(width, columns, s1, d1, pad(&p.padding, 1))?;
            Ok(Some(vec![outputs, height, width]))
        }
        NodeKind::SumPool2d(p) => pooled(input, p.kernel_size, p.stride, p.padding).map(Some),
        NodeKind::AvgPool2d(p) => pooled(input, p.kernel_size, p.stride, p.padding).map(Some),
        NodeKind::Flatten(p) => flattened(input, p.start_dim, p.end_dim).map(Some),
        NodeKind::Graph(_) | NodeKind::Linear(_) | NodeKind::Affine(_) => Ok(None),
        _ => Ok(Some(input.to_vec())),
    }
}

fn check_channels(
    a_group: usize,
    groups: usize,
    outputs: usize,
    given: usize,
) -> Result<(), String> {
    if a_group.checked_mul(groups) != Some(given) {
        return Err(format!(
            "its weights are for {a_group} channels in each of {groups} groups"
        ));
    }
    if groups == 0 || !outputs.is_multiple_of(groups) {
        return Err(format!(
            "{outputs} output channels cannot be split into {groups} groups"
        ));
    }
    Ok(())
}

/// Zeros at both ends of an axis, or `None` for "same".
fn pad<const N: usize>(padding: &Padding<N>, axis: usize) -> Option<usize> {
    match padding {
        Padding::Same => None,
        Padding::Valid => Some(0),
        Padding::Explicit(sizes) => sizes.get(axis).copied(),
    }
}

/// Length of an axis after a window has passed over it.
fn convolved(
    length: usize,
    kernel: usize,
    stride: usize,
    dilation: usize,
    padding: Option<usize>,
) -> Result<usize, String> {
    let Some(padding) = padding else {
        return if stride == 1 {
            Ok(length)
        } else {
            Err(format!(
                "padding \"same\" needs a stride of 1, not {stride}"
            ))
        };
    };
    let padded = padding
        .checked_mul(2)
        .and_then(|both| both.checked_add(length));
    let window = kernel
        .checked_sub(1)
        .and_then(|steps| steps.checked_mul(dilation))
        .and_then(|reach| reach.checked_add(1));
    match (padded, window) {
        (Some(padded), Some(window)) if window <= padded && stride > 0 => {
            Ok((padded - window) / stride + 1)
        }
        _ => Err(format!(
            "a window of {kernel} (dilation {dilation}, stride {stride}) does not fit into {length} with a padding of {padding}"
        )),
    }
}

fn pooled(
    input: &[usize],
    [rows, columns]: [usize; 2],
    [s0, s1]: [usize; 2],
    [p0, p1]: [usize; 2],
) -> Result<Vec<usize>, String> {
    let &[channels, height, width] = input else {
        return Err("channels x height x width is expected".to_owned());
    };
    Ok(vec![
        channels,
        convolved(height, rows, s0, 1, Some(p0))?,
        convolved(width, columns, s1, 1, Some(p1))?,
    ])
}

fn flattened(input: &[usize], start: i64, end: i64) -> Result<Vec<usize>, String> {
    let axes = input.len() as i64;
    let from_front = |dim: i64| {
        if dim < 0 {
            dim.saturating_add(axes)
        } else {
            dim
        }
    };
    let (first, last) = (from_front(start), from_front(end));
    let range = usize::try_from(first).ok().zip(usize::try_from(last).ok());
    let Some((first, last)) = range.filter(|&(first, last)| first <= last && last < input.len())
    else {
        return Err(format!("it has no axes from {start} to {end}"));
    };
    let (before, rest) = input.split_at(first);
    let (joined, after) = rest.split_at(last + 1 - first);
    let product = joined
        .iter()
        .try_fold(1usize, |n, &axis| n.checked_mul(axis))
        .ok_or("the joined axes are too large")?;
    let mut output = before.to_vec();
    output.push(product);
    output.extend(after);
    Ok(output)
}

/// Whether the parameters of a primitive agree with each other.
pub(crate) fn check_fields(kind: &NodeKind, node: &str) -> Result<(), Error> {
    let refuse = |field: &str, found: &[usize], wanted: &[usize]| {
        Err(Error::FieldShape {
            node: node.to_owned(),
            field: field.to_owned(),
            found: found.to_vec(),
            expected: crate::display::Shape(wanted).to_string(),
        })
    };
    let bias = match kind {
        NodeKind::Affine(p) => weight_output(&p.weight).map(|shape| (&p.bias, shape)),
        NodeKind::Conv1d(p) => p.weight.shape.first().map(|&n| (&p.bias, vec![n])),
        NodeKind::Conv2d(p) => p.weight.shape.first().map(|&n| (&p.bias, vec![n])),
        _ => None,
    };
    if let Some((bias, wanted)) = bias
        && bias.shape != wanted
    {
        return refuse("bias", &bias.shape, &wanted);
    }
    if let NodeKind::CubaLIF(_) | NodeKind::CubaLI(_) = kind {
        let tensors = kind.tensors();
        let rank = |named: bool| {
            let own = tensors
                .iter()
                .filter(|(field, _)| (*field == "w_in") == named);
            own.map(|(_, tensor)| tensor.shape.len()).max()
        };
        if let (Some(2), Some(0 | 1)) = (rank(true), rank(false))
            && let Some((field, w_in)) = tensors.iter().find(|(field, _)| *field == "w_in")
        {
            return Err(Error::FieldShape {
                node: node.to_owned(),
                field: (*field).to_owned(),
                found: w_in.shape.clone(),
                expected: "one number a neuron; a matrix belongs in a Linear node that feeds it"
                    .to_owned(),
            });
        }
    }
    if kind.is_elementwise()
        && let Some(wanted) = population(kind, Trust::Stored)
    {
        for (field, tensor) in kind.tensors() {
            if !tensor.shape.is_empty() && tensor.shape != wanted {
                return refuse(field, &tensor.shape, &wanted);
            }
        }
    }
    Ok(())
}
