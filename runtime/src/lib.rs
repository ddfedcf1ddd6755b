//! The host's side: read input data, load a program, feed it spikes, run it, read
//! its results and say what they mean.
//!
//! | step | what |
//! | --- | --- |
//! | [`Dataset::load`], [`load_labels`] | samples as spikes per step, and their classes |
//! | [`load_image`] | a program with its manifest, from an ELF file |
//! | [`Backend`], [`SimulatorBackend`] | the machine that runs it |
//! | [`Session`] | one sample through the program, in as many runs as it takes |
//! | [`Readout`] | the class that an output population's spikes or membranes say |
//! | [`evaluate()`] | a whole data set, on as many forks of the machine as there can be, with a [`Summary`] |
//! | [`Cancel`] | ends that |
//! | [`result_arrays`], [`write_npz`] | results as a file for NumPy |
//! | [`WholeFile`], [`write_whole`] | files that are written whole or not at all |
//!
//! Everything that a host has to know of a program is in its manifest
//! ([`spikevec_assembler::image::Manifest`]); nothing here knows the compiler.

mod backend;
mod cancel;
pub mod data;
mod evaluate;
mod limits;
pub mod link;
mod load;
mod output;
mod parallel;
mod readout;
mod session;
mod whole_file;

pub use backend::{
    AnyBackend, Backend, BackendError, Counters, LinkBackend, Place, RtlBackend, RtlError,
    RunOutcome, SimulatorBackend, SimulatorOptions, SiteSaturation, fits,
};
pub use cancel::Cancel;
pub use data::{DataError, DataOptions, Dataset, Sample, load_labels, write_npz};
pub use evaluate::{
    EvaluateError, EvaluateOptions, PopulationSummary, Summary, check_labels, count_right,
    count_silent, evaluate,
};
pub use limits::Limits;
pub use load::{ImageError, load_image};
pub use output::{NO_CLASS, class_array, number_array, result_arrays, spike_array};
pub use parallel::{Interrupted, in_parallel};
pub use readout::{
    Membranes, OutputPopulation, OutputView, Readout, ReadoutError, output_population,
    output_populations,
};
pub use session::{Recording, SampleResult, Session, SessionError, SessionOptions, input_neurons};
pub use whole_file::{MAX_STREAM_BYTES, WholeFile, read_whole, write_whole};
