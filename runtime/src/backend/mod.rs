//! Machines that run programs.

mod any;
mod link;
mod rtl;
mod segments;
mod simulator;

use std::fmt;
use std::io;

use spikevec_assembler::{CodeNames, Image};
use spikevec_isa::target::TargetError;
use spikevec_isa::{Extension, Memory};
use spikevec_simulator::{AccessError, LoadError, SiteError, Stop};

use crate::link::LinkError;

pub use any::AnyBackend;
pub use link::LinkBackend;
pub use rtl::{RtlBackend, RtlError};
pub use segments::fits;
pub use simulator::{SimulatorBackend, SimulatorOptions};

/// Bytes that the address of a core which its host stops may be ahead of what it executes: of the
/// stages before the one that retires.
const FETCHED_AHEAD: u32 = 16;

/// A machine that can be loaded with a program, fed, run and read.
pub trait Backend {
    /// Replaces the program: afterwards the machine is as at reset, with the
    /// image's code and memory contents. The counters start anew.
    ///
    /// # Errors
    /// An image that does not fit the machine.
    fn load(&mut self, image: &Image) -> Result<(), BackendError>;

    /// Copies `bytes` to `address` of `memory`. Words and halfwords are little-endian.
    ///
    /// # Errors
    /// A range outside the memory.
    fn write(&mut self, memory: Memory, address: u32, bytes: &[u8]) -> Result<(), BackendError>;

    /// Copies from `address` of `memory` to `out`.
    ///
    /// # Errors
    /// A range outside the memory.
    fn read(&mut self, memory: Memory, address: u32, out: &mut [u8]) -> Result<(), BackendError>;

    /// Runs the program from its first instruction to its `ecall`. Registers,
    /// random number generators and memories keep what the last run left.
    ///
    /// # Errors
    /// Anything but `ecall` stopped the program; [`BackendError::Budget`] where it has not stopped
    /// within `budget` instructions.
    fn run(&mut self, budget: u64) -> Result<RunOutcome, BackendError>;

    /// What has been counted since [`Backend::load`].
    fn counters(&self) -> Counters;

    /// Another machine of the same kind with the same program, for another thread. Its memories hold what the program
    /// begins with, or what this machine's hold.
    ///
    /// # Errors
    /// [`BackendError::NoFork`] where there is only one such machine.
    fn fork(&self) -> Result<Self, BackendError>
    where
        Self: Sized;
}

/// A run that reached its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunOutcome {
    /// Instructions executed, the `ecall` included.
    pub instructions: u64,
    /// Clocks that the core takes for them; `None` where runs are not timed.
    pub clocks: Option<u64>,
    /// A random number was drawn while some lane's generator was in the all-zero
    /// state, which only yields zero: the program or its host forgot to seed it.
    pub rng_used_unseeded: bool,
}

/// Counts since a program was loaded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counters {
    /// Instructions executed.
    pub instructions: u64,
    /// Runs that reached their end.
    pub runs: u64,
    /// Some run drew random numbers from an unseeded generator.
    pub rng_used_unseeded: bool,
    /// Saturation at the manifest's sites, in its order. Empty where it is not counted.
    pub saturation: Vec<SiteSaturation>,
}

/// Saturation at one instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SiteSaturation {
    /// Address of the instruction.
    pub pc: u32,
    /// Index of the population whose values it computes.
    pub population: u32,
    /// Values computed: executions times lanes that hold neurons.
    pub values: u64,
    /// Values that were clamped.
    pub saturated: u64,
}

impl Counters {
    /// Adds the counts of another machine with the same program.
    pub fn merge(&mut self, other: &Counters) {
        self.instructions += other.instructions;
        self.runs += other.runs;
        self.rng_used_unseeded |= other.rng_used_unseeded;
        if self.saturation.is_empty() {
            self.saturation.clone_from(&other.saturation);
        } else {
            for (site, more) in self.saturation.iter_mut().zip(&other.saturation) {
                site.values += more.values;
                site.saturated += more.saturated;
            }
        }
    }
}

fn made_for(target: &str) -> String {
    match target {
        "" => String::new(),
        target => format!(", made for target {target:?},"),
    }
}

/// A machine that cannot be made, loaded, accessed or run to the end.
#[derive(Debug, thiserror::Error)]
pub enum BackendError {
    /// A target whose memories make no sense.
    #[error("the target cannot be simulated: {0}")]
    Target(#[from] TargetError),
    /// An image with an instruction that the machine does not have.
    #[error(
        "the program has the instruction {mnemonic} of the extension \"{}\", which {backend_target:?} lacks: compile \
         it for that target, or run it on one with that extension",
        .extension.title()
    )]
    Extension {
        /// The instruction.
        mnemonic: &'static str,
        /// Its extension.
        extension: Extension,
        /// Target of the machine.
        backend_target: String,
    },
    /// An image that needs more memory.
    #[error(
        "the program{} needs {needed} bytes of {memory}, but {backend_target:?} has {available}: \
         {} that target, or run it on a larger one",
        made_for(image_target),
        if image_target.is_empty() { "make it smaller for" } else { "compile it for" }
    )]
    TooSmall {
        /// The memory.
        memory: Memory,
        /// What the image needs; of lane-local memory, one lane's.
        needed: u64,
        /// What there is.
        available: u32,
        /// Target of the image; empty where it does not say it.
        image_target: String,
        /// Target of the machine.
        backend_target: String,
    },
    /// Code that does not fit.
    #[error("the program cannot be loaded: {0}")]
    Code(#[from] LoadError),
    /// Initial contents that do not fit.
    #[error(
        "the program's contents of {memory} cannot be loaded: {source}. Run it on a larger target"
    )]
    Segment {
        /// The memory.
        memory: Memory,
        /// What does not fit.
        source: AccessError,
    },
    /// A saturation site that is not in the code.
    #[error("saturation site {index} of the manifest is wrong: {source}")]
    Site {
        /// Index of the site.
        index: usize,
        /// What is wrong.
        source: SiteError,
    },
    /// An access outside a memory.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The program did not reach its end.
    #[error("the program did not reach its end: {}", .0)]
    Stopped(Box<Stop>),
    /// The program has used up its budget.
    #[error("the program has not ended after {budget} instructions: {place}")]
    Budget {
        /// The budget.
        budget: u64,
        /// Where it is.
        place: Place,
    },
    /// The trace cannot be written.
    #[error("the trace cannot be written: {0}")]
    Trace(io::Error),
    /// There is one such machine.
    #[error("there is no second machine beside this one: {why}")]
    NoFork {
        /// Why.
        why: &'static str,
    },
    /// The link to the machine does not work, or the machine refuses a request.
    #[error(transparent)]
    Link(Box<LinkError>),
    /// The core in Verilator cannot be built, loaded or run to the end.
    #[error(transparent)]
    Rtl(Box<RtlError>),
}

/// Where a program is that has not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Address of an instruction.
    pub pc: u32,
    /// Bytes that the address may be ahead of what is executed.
    pub ahead: u32,
    /// The innermost loop around it, by the addresses of its first and last instruction.
    pub innermost: Option<(u32, u32)>,
    /// The name of the loop's begin, or of the address.
    pub name: Option<String>,
}

impl Place {
    /// An address, without loop and name.
    pub fn at(pc: u32, ahead: u32) -> Self {
        Place {
            pc,
            ahead,
            innermost: None,
            name: None,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.innermost {
            Some((from, to)) if from == to => write!(f, "it is in the loop at pc {from:#x}")?,
            Some((from, to)) => write!(f, "it is in the loop from pc {from:#x} to {to:#x}")?,
            None => write!(f, "it is at pc {:#x}", self.pc)?,
        }
        match &self.name {
            Some(name) => write!(f, " ({name})"),
            None => Ok(()),
        }
    }
}

impl BackendError {
    /// With the loop in which a program has used up its budget, and its name.
    #[must_use]
    pub fn named(mut self, names: &CodeNames) -> Self {
        if let BackendError::Budget { place, .. } = &mut self {
            place.innermost = names.innermost(place.pc, place.ahead);
            place.name = names.place(place.innermost.map_or(place.pc, |(from, _)| from));
        }
        self
    }
}
