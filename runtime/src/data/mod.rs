//! Input data: samples as spikes per step, from `.npy`, `.npz` and events.

mod array;
mod error;
mod events;
mod frames;
mod npy;
mod npz;

use std::ffi::OsStr;
use std::path::Path;

use spikevec_assembler::visible;

use crate::limits::Limits;

pub use array::{Array, Values};
pub use error::DataError;
pub use npz::{arrays_of, read_arrays, read_arrays_within, write_npz};

/// For each step the input neurons that spike, ascending. A neuron stands k times
/// for a count of k.
pub type Sample = Vec<Vec<u32>>;

/// Most spikes of all neurons in one step: as many words as the scalar memory of the
/// largest target, so that no input buffer holds more.
pub const MAX_STEP_SPIKES: usize = 1 << 18;

/// Samples of a network's input.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dataset {
    /// Input neurons.
    pub neurons: usize,
    /// The samples; they may have different numbers of steps.
    pub samples: Vec<Sample>,
    /// How they were stored.
    pub form: Form,
}

/// How a file stores samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// A number a neuron and step.
    #[default]
    Counts,
    /// A bit a neuron and step.
    Bits,
    /// Time, place and polarity of each event.
    Events,
}

impl Form {
    /// What messages call it.
    pub fn name(self) -> &'static str {
        match self {
            Form::Counts => "counts",
            Form::Bits => "packed bits",
            Form::Events => "events",
        }
    }
}

/// Order of the bits in a byte of bit-packed data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BitOrder {
    /// The first neuron is the most significant bit, as `numpy.packbits` does it.
    #[default]
    Big,
    /// The first neuron is the least significant bit.
    Little,
}

/// Whether the elements of an array are counts or bytes of bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Packing {
    /// What the width fits. Where both do, as one byte a step does for one neuron, counts.
    #[default]
    Auto,
    /// A count a neuron.
    Counts,
    /// A bit a neuron, as `numpy.packbits` makes it along the last axis.
    Bits,
}

/// What a data file does not say itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataOptions {
    /// Input neurons of the network; the file's own width where it is `None`.
    pub neurons: Option<usize>,
    /// Counts or bits. Bits need a known number of neurons.
    pub packing: Packing,
    /// Order of bits in bit-packed data.
    pub bit_order: BitOrder,
    /// Length of a step in the unit of the events' times.
    pub event_dt: u64,
    /// Sensor of the events as `[polarities, height, width]`; what the largest
    /// address needs where it is `None`.
    pub sensor: Option<[usize; 3]>,
    /// How much is read.
    pub limits: Limits,
}

impl Default for DataOptions {
    /// Steps of 1000 (1 ms for times in microseconds); everything else from the file.
    fn default() -> Self {
        DataOptions {
            neurons: None,
            packing: Packing::Auto,
            bit_order: BitOrder::Big,
            event_dt: 1000,
            sensor: None,
            limits: Limits::default(),
        }
    }
}

impl DataOptions {
    /// Options for a network whose input has `shape`; `[C, H, W]` is taken for the
    /// sensor of events, too.
    pub fn for_input(shape: &[usize]) -> Self {
        DataOptions {
            neurons: Some(shape.iter().product()),
            sensor: <[usize; 3]>::try_from(shape).ok(),
            ..DataOptions::default()
        }
    }
}

impl Dataset {
    /// Reads samples from a `.npy` or `.npz` file; which one it is its contents say.
    ///
    /// | form | contents |
    /// | --- | --- |
    /// | counts | `(samples, steps, neurons...)` or `(steps, neurons...)`, further axes flattened in C order: booleans, integers or whole floats |
    /// | bits | `(samples, steps, bytes)` or `(steps, bytes)` of `u8` with `bytes = ceil(neurons / 8)`, for a known number of neurons |
    /// | events | in a `.npz`: `t`, `x`, `y`, `p` and, for several samples, `offsets` (samples + 1): step `t / event_dt`, neuron `(p * height + y) * width + x`; `y` and `p` may be missing where there is one row or one polarity |
    ///
    /// A `.npz` has counts or bits under `x`, or as its only array. A step has at most
    /// [`MAX_STEP_SPIKES`]; steps and spikes of a file have [`Limits`].
    ///
    /// # Errors
    /// [`DataError`] names the file and what is wrong in it.
    pub fn load(path: &Path, options: &DataOptions) -> Result<Self, DataError> {
        let arrays = read_arrays_within(path, &options.limits)?;
        Self::from_arrays(path, &arrays, options)
    }

    /// The samples of arrays, as [`Dataset::load`] finds them in a file. `path` stands for the file in messages.
    ///
    /// # Errors
    /// As there.
    pub fn from_arrays(
        path: &Path,
        arrays: &[(String, Array)],
        options: &DataOptions,
    ) -> Result<Self, DataError> {
        if events::are_events(arrays) {
            return events::load(path, arrays, options);
        }
        let array = match arrays {
            [(_, array)] => array,
            all => all
                .iter()
                .find_map(|(name, array)| (name == "x").then_some(array))
                .ok_or_else(|| DataError::NoInput {
                    path: path.to_owned(),
                    names: names(arrays),
                })?,
        };
        frames::load(path, array, options)
    }

    /// Keeps the first `count` samples.
    pub fn truncate(&mut self, count: usize) {
        self.samples.truncate(count);
    }

    /// Steps of all samples.
    pub fn steps(&self) -> usize {
        self.samples.iter().map(Vec::len).sum()
    }
}

/// What has been read of a file, against the limits.
struct Budget<'a> {
    path: &'a Path,
    spikes: u64,
    max_spikes: u64,
    steps: u64,
    max_steps: u64,
}

impl<'a> Budget<'a> {
    /// For samples that are in arrays of `bytes`.
    fn new(path: &'a Path, limits: &Limits, bytes: u64) -> Self {
        Budget {
            path,
            spikes: 0,
            max_spikes: limits.spikes(),
            steps: 0,
            max_steps: limits.steps(bytes),
        }
    }

    /// Adds a step with `count` spikes, before there is room for them.
    fn step(&mut self, sample: usize, step: usize, count: u64) -> Result<(), DataError> {
        if count > MAX_STEP_SPIKES as u64 {
            return Err(DataError::StepSpikes {
                path: self.path.to_owned(),
                sample,
                step,
                count,
                limit: MAX_STEP_SPIKES,
            });
        }
        self.steps += 1;
        if self.steps > self.max_steps {
            return Err(DataError::Steps {
                path: self.path.to_owned(),
                sample,
                limit: self.max_steps,
            });
        }
        self.spikes = self.spikes.saturating_add(count);
        if self.spikes > self.max_spikes {
            return Err(DataError::Spikes {
                path: self.path.to_owned(),
                sample,
                count: self.spikes,
                limit: self.max_spikes,
            });
        }
        Ok(())
    }
}

fn names(arrays: &[(String, Array)]) -> String {
    // A file chose them, and a terminal may show them.
    let names: Vec<_> = arrays.iter().map(|(name, _)| visible(name)).collect();
    if names.is_empty() {
        "nothing (it is empty)".to_owned()
    } else {
        names.join(", ")
    }
}

/// Reads classes: a vector of non-negative integers from a `.npy` file, or from
/// `label`, `labels`, `y` or the only array of a `.npz` file. Where the `.npz` holds
/// events, `y` is a coordinate and not taken.
///
/// # Errors
/// [`DataError`] names the file and what is wrong in it.
pub fn load_labels(path: &Path) -> Result<Vec<usize>, DataError> {
    labels_of(path, &read_arrays(path)?)
}

/// The classes of arrays, as [`load_labels`] finds them in a file. `path` stands for the file in messages.
///
/// # Errors
/// As there.
pub fn labels_of(path: &Path, arrays: &[(String, Array)]) -> Result<Vec<usize>, DataError> {
    let events = events::are_events(arrays);
    let wanted: &[&str] = if events {
        &["label", "labels"]
    } else {
        &["label", "labels", "y"]
    };
    let named = wanted
        .iter()
        .find_map(|name| arrays.iter().find(|(found, _)| found == name));
    let (name, array) = match (named, arrays) {
        (Some(found), _) => found,
        (None, [only]) => only,
        _ => {
            return Err(DataError::NoLabels {
                path: path.to_owned(),
                names: names(arrays),
            });
        }
    };
    if array.shape.len() != 1 {
        return Err(DataError::LabelShape {
            path: path.to_owned(),
            shape: array.shape.clone(),
        });
    }
    (0..array.values.len())
        .map(|index| {
            let value = array.values.whole(index);
            let value = value.and_then(|value| usize::try_from(value).ok());
            value.ok_or_else(|| DataError::Value {
                path: path.to_owned(),
                array: name.clone(),
                index: vec![index],
                value: array.values.text(index),
                wanted: "a class, that is a whole number of 0 or more",
            })
        })
        .collect()
}

/// Name of the array in a file: of a `.npy` its own stem.
fn stem(path: &Path) -> String {
    let stem = path.file_stem().and_then(OsStr::to_str);
    stem.unwrap_or("array").to_owned()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn steps_within_the_limit_add_up() {
        let mut budget = Budget::new(Path::new("x.npy"), &Limits::default(), 0);
        let most = MAX_STEP_SPIKES as u64;
        for step in 0..1024 {
            budget.step(0, step, most).unwrap();
        }
        let text = budget.step(7, 0, 1).unwrap_err().to_string();
        assert!(text.contains("up to 7 have 268435457 spikes"), "{text}");
    }
}
