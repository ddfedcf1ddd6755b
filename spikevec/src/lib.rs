//! Compile trained spiking networks and run them bit-exactly: what the command line does, as a library.
//!
//! | type | what it is |
//! | --- | --- |
//! | [`Model`] | a trained network: in NIR, from a file, bytes or a graph, or described as text |
//! | [`Network`] | its populations and projections; networks that no file holds begin here |
//! | [`Program`] | what it compiles to, or an ELF file that was compiled before |
//! | [`Data`] | samples and their classes |
//! | [`Machine`] | the simulator, the core's own Verilog, or a board, with a program in it |
//! | [`Run`], [`Report`] | what came of a data set, with the float reference beside it |
//! | [`BareRun`] | how a program without a manifest ran, and what it left |
//! | [`Progress`], [`Cancel`] | how far a run is, and its end |
//! | [`Warning`], [`Error`] | what there is to say, and what goes wrong |
//!
//! ```
//! use spikevec::{Data, DataOptions, Model, RunOptions};
//!
//! # std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).expect("the workspace is there");
//! let model = Model::open("examples/digits/digits.nir")?;
//! let program = model.compile(&Default::default())?;
//! let options = program.data_options(&DataOptions::default())?;
//! let data = Data::load("examples/digits/test_x.npy", &options)?
//!     .with_labels_from("examples/digits/test_y.npy")?;
//! let run = program.run(&data, &RunOptions { limit: Some(60), ..Default::default() })?;
//! println!("{} right, float {}", run.report.accuracy.unwrap_or(0.0), run.report.float_accuracy.unwrap_or(0.0));
//! program.save(std::env::temp_dir().join("digits.elf"))?;
//! # assert!(run.report.correct >= Some(54) && run.report.timing.cycles.is_some());
//! # Ok::<(), spikevec::Error>(())
//! ```
//!
//! The crates below it are here for what this one does not wrap: stages of the compiler in [`compiler`], arrays and readouts
//! in [`runtime`].

mod bare;
mod data;
mod error;
mod expected;
mod file;
mod float;
mod folder;
mod machine;
mod model;
mod program;
mod progress;
pub mod report;
mod run;
mod trace;
mod warning;

pub use spikevec_assembler as assembler;
pub use spikevec_compiler as compiler;
pub use spikevec_isa as isa;
pub use spikevec_nir as nir;
pub use spikevec_runtime as runtime;
pub use spikevec_simulator as simulator;

pub use spikevec_compiler::Options;
pub use spikevec_compiler::quantise::Calibration;
pub use spikevec_compiler::reading::{Framework, Readings};
pub use spikevec_runtime::{Cancel, DataOptions, Readout};

pub use bare::{BareOptions, BareRun, Contents, MemoryContents, MemoryRange, Registers};
pub use data::Data;
pub use error::{Error, Result};
pub use expected::{Expected, ExpectedError};
pub use file::{Opened, open};
pub use float::FloatSummary;
pub use machine::{Machine, MachineKind, MachineOptions};
pub use model::{CompileOptions, Model, Network};
pub use program::Program;
pub use progress::{Progress, Stage, Watch};
pub use report::Report;
pub use run::{Run, RunOptions};
pub use warning::Warning;
