//! Counts or bits per step.

use std::path::Path;

use super::array::{Array, Values};
use super::{BitOrder, Budget, DataError, DataOptions, Dataset, Form, Packing, Sample, stem};

/// Most spikes of one neuron in one step. More is data that was not meant as counts.
const MAX_COUNT: u64 = 65_535;

/// How the axes of an array are meant.
struct Axes {
    samples: usize,
    steps: usize,
    /// Elements a step: neurons, or bytes of bits.
    width: usize,
    neurons: usize,
    packed: bool,
}

/// Samples from an array of counts or bits.
pub(super) fn load(
    path: &Path,
    array: &Array,
    options: &DataOptions,
) -> Result<Dataset, DataError> {
    let axes = axes(path, array, options)?;
    let mut samples = Vec::with_capacity(axes.samples);
    let mut budget = Budget::new(path, &options.limits, array.bytes());
    for sample in 0..axes.samples {
        let steps = (0..axes.steps).map(|step| {
            let start = (sample * axes.steps + step) * axes.width;
            if axes.packed {
                let spikes = unpack(path, array, start, &axes, options.bit_order)?;
                budget.step(sample, step, spikes.len() as u64)?;
                Ok(spikes)
            } else {
                let count = total(path, array, start, &axes)?;
                budget.step(sample, step, count)?;
                Ok(counts(array, start, &axes, count))
            }
        });
        samples.push(steps.collect::<Result<Sample, _>>()?);
    }
    Ok(Dataset {
        neurons: axes.neurons,
        samples,
        form: if axes.packed {
            Form::Bits
        } else {
            Form::Counts
        },
    })
}

fn axes(path: &Path, array: &Array, options: &DataOptions) -> Result<Axes, DataError> {
    let shape = array.shape.as_slice();
    let wrong_axes = || DataError::Axes {
        path: path.to_owned(),
        shape: shape.to_vec(),
    };
    let [first, second, ..] = *shape else {
        return Err(wrong_axes());
    };
    // Without elements the other axes could be of any size.
    if array.values.is_empty() {
        return Err(DataError::Empty {
            path: path.to_owned(),
            shape: shape.to_vec(),
        });
    }
    // The two readings of the axes: with and without one for samples.
    let size = |from: usize| shape.get(from..).map(|axes| axes.iter().product::<usize>());
    let many = (shape.len() >= 3).then(|| (first, second, size(2).unwrap_or(0)));
    let one = (1, first, size(1).unwrap_or(0));
    let plain = |(samples, steps, width)| Axes {
        samples,
        steps,
        width,
        neurons: width,
        packed: false,
    };
    let Some(neurons) = options.neurons else {
        return Ok(plain(many.unwrap_or(one)));
    };
    let readings = [many, Some(one)];
    let mut readings = readings.iter().flatten();
    let plainly = readings.find(|reading| reading.2 == neurons);
    if let (Some(found), Packing::Auto | Packing::Counts) = (plainly, options.packing) {
        return Ok(plain(*found));
    }
    let natural = many.unwrap_or(one);
    let bytes = neurons.div_ceil(8);
    let fits = shape.len() <= 3 && natural.2 == bytes && matches!(array.values, Values::U8(_));
    if fits && options.packing != Packing::Counts {
        let (samples, steps, width) = natural;
        return Ok(Axes {
            samples,
            steps,
            width,
            neurons,
            packed: true,
        });
    }
    if options.packing == Packing::Bits {
        return Err(DataError::NotBits {
            path: path.to_owned(),
            shape: shape.to_vec(),
            neurons,
            bytes,
        });
    }
    Err(DataError::Width {
        path: path.to_owned(),
        found: natural.2,
        expected: neurons,
        shape: shape.to_vec(),
    })
}

/// Spikes of all neurons of the step at `start`. Each count is checked.
fn total(path: &Path, array: &Array, start: usize, axes: &Axes) -> Result<u64, DataError> {
    let mut total = 0u64;
    for index in start..start + axes.width {
        let count = array.values.whole(index);
        let count = count.filter(|count| *count <= MAX_COUNT);
        total += count.ok_or_else(|| DataError::Value {
            path: path.to_owned(),
            array: stem(path),
            index: index_of(&array.shape, index),
            value: array.values.text(index),
            wanted: "a number of spikes, that is a whole number from 0 to 65535",
        })?;
    }
    Ok(total)
}

/// The step at `start`, of `total` spikes.
fn counts(array: &Array, start: usize, axes: &Axes, total: u64) -> Vec<u32> {
    let mut spikes = Vec::with_capacity(total as usize);
    for neuron in 0..axes.width {
        let count = array.values.whole(start + neuron).unwrap_or(0);
        spikes.extend(std::iter::repeat_n(neuron as u32, count as usize));
    }
    spikes
}

fn unpack(
    path: &Path,
    array: &Array,
    start: usize,
    axes: &Axes,
    order: BitOrder,
) -> Result<Vec<u32>, DataError> {
    let mut spikes = Vec::new();
    for index in 0..axes.width {
        let byte = array.values.whole(start + index).unwrap_or(0) as u8;
        // Bit k is then neuron 8 * index + k.
        let bits = match order {
            BitOrder::Big => byte.reverse_bits(),
            BitOrder::Little => byte,
        };
        for k in (0..8).filter(|k| bits >> k & 1 != 0) {
            if 8 * index + k >= axes.neurons {
                return Err(DataError::Padding {
                    path: path.to_owned(),
                    index: index_of(&array.shape, start + index),
                    neurons: axes.neurons,
                    order: match order {
                        BitOrder::Big => "big",
                        BitOrder::Little => "little",
                    },
                });
            }
            spikes.push((8 * index + k) as u32);
        }
    }
    Ok(spikes)
}

/// The index of element `flat` along each axis.
fn index_of(shape: &[usize], flat: usize) -> Vec<usize> {
    let mut rest = flat;
    let mut index: Vec<usize> = shape
        .iter()
        .rev()
        .map(|&axis| {
            let here = rest % axis.max(1);
            rest /= axis.max(1);
            here
        })
        .collect();
    index.reverse();
    index
}
