//! What can be wrong with a data file.

use std::io;
use std::path::PathBuf;

/// A data file that cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// The file cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file cannot be written.
    #[error("cannot write {path}: {source}")]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Neither `.npy` nor `.npz`.
    #[error(
        "{path} is neither a .npy nor a .npz file: it begins with {found}. Write it with numpy.save or numpy.savez"
    )]
    Form {
        /// The file.
        path: PathBuf,
        /// Its first bytes.
        found: String,
    },
    /// A damaged header or archive.
    #[error("{path}: {array}: {problem}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The array in it, or the archive.
        array: String,
        /// What is wrong.
        problem: String,
    },
    /// Fewer bytes than the header says.
    #[error(
        "{path}: {array}: the file is cut short: shape {shape:?} of {dtype} needs {needed} bytes, {found} are there"
    )]
    Truncated {
        /// The file.
        path: PathBuf,
        /// The array in it.
        array: String,
        /// Its shape.
        shape: Vec<usize>,
        /// Its element type.
        dtype: String,
        /// Bytes that the shape needs.
        needed: u64,
        /// Bytes that are there.
        found: u64,
    },
    /// An element type that is no plain number.
    #[error(
        "{path}: {array}: elements of type {dtype} cannot be read: save booleans, integers of 8 to 64 bits, or floats of 32 or 64 bits"
    )]
    Dtype {
        /// The file.
        path: PathBuf,
        /// The array in it.
        array: String,
        /// The type as numpy writes it.
        dtype: String,
    },
    /// A `.npz` without input.
    #[error("{path} has neither an array x nor events t, x, y, p; what it has: {names}")]
    NoInput {
        /// The file.
        path: PathBuf,
        /// The arrays that it has.
        names: String,
    },
    /// A `.npz` without labels.
    #[error("{path} has no array label, labels or y; what it has: {names}")]
    NoLabels {
        /// The file.
        path: PathBuf,
        /// The arrays that it has.
        names: String,
    },
    /// Too few axes for steps and neurons.
    #[error("{path}: shape {shape:?}: expected (samples, steps, neurons) or (steps, neurons)")]
    Axes {
        /// The file.
        path: PathBuf,
        /// The shape.
        shape: Vec<usize>,
    },
    /// An array without elements.
    #[error("{path}: shape {shape:?} has no elements, so that there is nothing to run")]
    Empty {
        /// The file.
        path: PathBuf,
        /// The shape.
        shape: Vec<usize>,
    },
    /// Data for another number of input neurons.
    #[error(
        "{path}: the data has {found} values a step (shape {shape:?}), the network has {expected} input neurons"
    )]
    Width {
        /// The file.
        path: PathBuf,
        /// Values a step.
        found: usize,
        /// Input neurons of the network.
        expected: usize,
        /// Shape of the data; `[polarities, height, width]` of the sensor for events.
        shape: Vec<usize>,
    },
    /// A value that is not what it should be.
    #[error("{path}: {array}{index:?} is {value}: expected {wanted}")]
    Value {
        /// The file.
        path: PathBuf,
        /// The array in it.
        array: String,
        /// Index of the element.
        index: Vec<usize>,
        /// The value.
        value: String,
        /// What it should be.
        wanted: &'static str,
    },
    /// A step with more spikes than any program takes.
    #[error(
        "{path}: step {step} of sample {sample} has {count} spikes, at most {limit} are read: are these counts of spikes, or values that should be scaled or thresholded first?"
    )]
    StepSpikes {
        /// The file.
        path: PathBuf,
        /// Index of the sample.
        sample: usize,
        /// Step.
        step: usize,
        /// Its spikes.
        count: u64,
        /// [`MAX_STEP_SPIKES`](crate::data::MAX_STEP_SPIKES).
        limit: usize,
    },
    /// More spikes than are kept in memory.
    #[error(
        "{path}: the samples up to {sample} have {count} spikes, at most {limit} are read from a file: split it, or give more with --max-memory"
    )]
    Spikes {
        /// The file.
        path: PathBuf,
        /// Index of the sample.
        sample: usize,
        /// Spikes so far.
        count: u64,
        /// The most.
        limit: u64,
    },
    /// More steps than are kept in memory.
    #[error(
        "{path}: the samples up to {sample} have more steps than the {limit} that are read from a file of this size: \
         split it, or give more with --max-steps"
    )]
    Steps {
        /// The file.
        path: PathBuf,
        /// Index of the sample.
        sample: usize,
        /// The most.
        limit: u64,
    },
    /// Data that was said to be bit-packed and is not.
    #[error(
        "{path}: shape {shape:?} is not bit-packed data for {neurons} neurons: expected uint8 of shape (samples, steps, {bytes}) or (steps, {bytes}), as numpy.packbits(x, axis=-1) makes it"
    )]
    NotBits {
        /// The file.
        path: PathBuf,
        /// The shape.
        shape: Vec<usize>,
        /// Input neurons of the network.
        neurons: usize,
        /// Bytes of a step.
        bytes: usize,
    },
    /// A bit beyond the last neuron.
    #[error(
        "{path}: byte {index:?} sets a bit beyond the {neurons} neurons: is the data bit-packed, and in the {order} bit order?"
    )]
    Padding {
        /// The file.
        path: PathBuf,
        /// Index of the byte.
        index: Vec<usize>,
        /// Neurons.
        neurons: usize,
        /// Bit order that was taken.
        order: &'static str,
    },
    /// Labels that are no vector.
    #[error("{path}: labels of shape {shape:?}: expected one axis, a class a sample")]
    LabelShape {
        /// The file.
        path: PathBuf,
        /// The shape.
        shape: Vec<usize>,
    },
    /// Arrays of events that do not belong together.
    #[error("{path}: {problem}")]
    Events {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// Events without one of their columns.
    #[error(
        "{path}: events have the arrays t, x, y and p (time, place and polarity), and `{column}` is missing, of which \
         the sensor has several: add it"
    )]
    EventColumn {
        /// The file.
        path: PathBuf,
        /// The array that is missing.
        column: String,
    },
    /// An event outside the sensor.
    #[error(
        "{path}: event {event} of sample {sample} has {axis} = {value}, outside the sensor of {size} (0 to {})",
        .size.saturating_sub(1)
    )]
    OutsideSensor {
        /// The file.
        path: PathBuf,
        /// Index of the sample.
        sample: usize,
        /// Index of the event in the file.
        event: usize,
        /// `x`, `y` or `p`.
        axis: &'static str,
        /// Its value.
        value: u64,
        /// Size of the sensor along the axis.
        size: usize,
    },
}
