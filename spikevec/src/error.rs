//! What can go wrong between a file and a report.

use std::io;
use std::path::PathBuf;

use spikevec_assembler::{Diagnostics, ElfError};
use spikevec_compiler::CompileError;
use spikevec_compiler::description::DescriptionError;
use spikevec_compiler::neuron::UnknownParameter;
use spikevec_runtime::link::LinkError;
use spikevec_runtime::{BackendError, DataError, EvaluateError, ReadoutError, SessionError};

use crate::machine::MachineKind;
use crate::progress::Stage;

/// The result of most calls.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Anything that fails: what it was about, and with [`source`](std::error::Error::source) why.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file that cannot be read.
    #[error("cannot read {}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file that cannot be written.
    #[error("cannot write {}", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file that is neither a model nor a program.
    #[error(
        "{name} is neither a NIR model (an HDF5 file, beginning with 89 48 44 46) nor a program (an ELF \
         file, beginning with 7f 45 4c 46), nor called `.toml`: it begins with {beginning}. Export a model with nir.write(path, graph) \
         in Python, or make a program with `spikevec compile` or `spikevec asm`"
    )]
    UnknownFile {
        /// The file.
        name: String,
        /// Its first bytes.
        beginning: String,
    },
    /// A description that is no text.
    #[error("{name} is no text in UTF-8")]
    NoText {
        /// The file.
        name: String,
    },
    /// A description of a network with mistakes.
    #[error("{name} describes no network that can be had")]
    Description {
        /// The file.
        name: String,
        /// What is wrong with it.
        source: Box<DescriptionError>,
    },
    /// A program where a model was asked for.
    #[error(
        "{name} is a program already, not a NIR model: run it with `spikevec run {name}`, or look at it \
         with `spikevec inspect {name}`"
    )]
    NotAModel {
        /// The file.
        name: String,
    },
    /// A model where a program was asked for.
    #[error(
        "{name} is a NIR model, not a program: compile it first (`spikevec compile {name} -o out.elf`)"
    )]
    NotAProgram {
        /// The file.
        name: String,
    },
    /// A model that is damaged, or that makes no sense.
    #[error("{name} is no model that can be read")]
    Model {
        /// The model.
        name: String,
        /// What is wrong with it.
        source: Box<spikevec_nir::Error>,
    },
    /// What a framework did does not fit the network or its input.
    #[error("{name} cannot be compared with the network")]
    Expected {
        /// The file.
        name: String,
        /// Why.
        source: crate::expected::ExpectedError,
    },
    /// A program that is damaged, or for another machine.
    #[error("{name} is no program that can be loaded")]
    Program {
        /// The program.
        name: String,
        /// What is wrong with it.
        source: Box<ElfError>,
    },
    /// Text with mistakes: assembly, or a model of neurons.
    #[error(transparent)]
    Assembly(#[from] Diagnostics),
    /// A program that no ELF file can hold.
    #[error("{name} cannot be stored as an ELF file")]
    Store {
        /// The program.
        name: String,
        /// Why.
        source: Box<ElfError>,
    },
    /// A network that has no program.
    #[error("{name} cannot be compiled")]
    Compile {
        /// The model.
        name: String,
        /// Why.
        source: Box<CompileError>,
    },
    /// The float reference cannot run.
    #[error(transparent)]
    Reference(CompileError),
    /// A data file that cannot be read, or results that cannot be written.
    #[error(transparent)]
    Data(#[from] DataError),
    /// Calibration data without steps.
    #[error(
        "{name} holds no steps to calibrate on: give at least one sample, or leave --calibrate out"
    )]
    NothingToCalibrateOn {
        /// The data.
        name: String,
    },
    /// Data without steps.
    #[error("{name} holds no steps to run")]
    NothingToRun {
        /// The data.
        name: String,
    },
    /// Labels that are not those of the data.
    #[error("{labels} does not belong to {data}")]
    Labels {
        /// The labels.
        labels: String,
        /// The data.
        data: String,
        /// Why.
        source: Box<EvaluateError>,
    },
    /// Something asked of a machine that only the simulator does.
    #[error("{option} is the simulator's: the machine {kind} does not have it")]
    SimulatorOnly {
        /// `trace`, `strict`, `stalls` or `untimed`.
        option: &'static str,
        /// The machine.
        kind: MachineKind,
    },
    /// A board without a port.
    #[error("a board needs its serial port: give --port, for instance --port /dev/ttyUSB0")]
    NoPort,
    /// No machine at a port.
    #[error("{}: there is no core", .port.display())]
    NoCore {
        /// The port.
        port: PathBuf,
        /// What came back.
        source: Box<LinkError>,
    },
    /// A port that cannot be opened, or a link that fails.
    #[error(transparent)]
    Link(Box<LinkError>),
    /// A width that no configuration of the core has.
    #[error("there is no core of that width: choose another --config")]
    NoSuchCore,
    /// A library that was built without the core's Verilog.
    #[error(
        "the machine {kind} is the core's own Verilog, which this program was built without: build it with the feature \
         `hardware`, or run on the simulator"
    )]
    NoHardware {
        /// The machine.
        kind: MachineKind,
    },
    /// The core cannot be built.
    #[cfg(feature = "hardware")]
    #[error(transparent)]
    Core(#[from] spikevec_hdl::core::ConfigError),
    /// The core with its serial link cannot be built.
    #[cfg(feature = "hardware")]
    #[error(transparent)]
    System(#[from] spikevec_hdl::system::SystemError),
    /// The core's model cannot be built.
    #[cfg(feature = "hardware")]
    #[error(transparent)]
    Verilated(#[from] spikevec_verilated::VerilatedError),
    /// A machine that cannot be opened, or fails.
    #[error(transparent)]
    Machine(#[from] BackendError),
    /// A program that a machine does not take.
    #[error("{name} cannot be run")]
    Run {
        /// The program.
        name: String,
        /// Why.
        source: Box<SessionError>,
    },
    /// An output that says no class.
    #[error("{name}: no class can be read")]
    Output {
        /// The program.
        name: String,
        /// Why.
        source: ReadoutError,
    },
    /// A trace that cannot be written.
    #[error("cannot write the trace {}", .path.display())]
    Trace {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A sample whose run stopped at a limit that the user can move.
    #[error("{remedy}")]
    Limit {
        /// What can be done.
        remedy: &'static str,
        /// What happened.
        source: Box<EvaluateError>,
    },
    /// A sample that cannot be run.
    #[error(transparent)]
    Evaluate(Box<EvaluateError>),
    /// A class that cannot be read from the float reference.
    #[error(transparent)]
    Readout(#[from] ReadoutError),
    /// A parameter that a model of neurons does not have.
    #[error("population `{population}`")]
    Parameter {
        /// The population.
        population: String,
        /// Which.
        source: Box<UnknownParameter>,
    },
    /// An output population that the network does not have.
    #[error("the network has no output population {name:?}")]
    NoPopulation {
        /// The population.
        name: String,
    },
    /// The run was cancelled.
    #[error("the {stage} was cancelled after {done} of {samples} samples")]
    Cancelled {
        /// What was running.
        stage: Stage,
        /// Samples done.
        done: usize,
        /// Samples to do.
        samples: usize,
    },
}

impl From<LinkError> for Error {
    fn from(error: LinkError) -> Self {
        Error::Link(Box::new(error))
    }
}
