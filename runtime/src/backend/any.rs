//! One of the machines, chosen when the program runs.

use spikevec_assembler::Image;
use spikevec_isa::Memory;

use super::{
    Backend, BackendError, Counters, LinkBackend, RtlBackend, RunOutcome, SimulatorBackend,
};
use crate::link::Line;

/// A machine of any kind.
#[derive(Debug)]
pub enum AnyBackend {
    /// The simulator.
    Simulator(Box<SimulatorBackend>),
    /// The Verilated core.
    Rtl(Box<RtlBackend>),
    /// A machine at the end of a serial line, or of a simulated one.
    Link(Box<LinkBackend<Box<dyn Line + Send>>>),
}

impl AnyBackend {
    /// The simulator, where it is one.
    pub fn simulator(&self) -> Option<&SimulatorBackend> {
        match self {
            Self::Simulator(simulator) => Some(simulator),
            Self::Rtl(_) | Self::Link(_) => None,
        }
    }

    /// The simulator, where it is one.
    pub fn simulator_mut(&mut self) -> Option<&mut SimulatorBackend> {
        match self {
            Self::Simulator(simulator) => Some(simulator),
            Self::Rtl(_) | Self::Link(_) => None,
        }
    }

    fn machine(&self) -> &dyn Backend {
        match self {
            Self::Simulator(machine) => machine.as_ref(),
            Self::Rtl(machine) => machine.as_ref(),
            Self::Link(machine) => machine.as_ref(),
        }
    }

    fn machine_mut(&mut self) -> &mut dyn Backend {
        match self {
            Self::Simulator(machine) => machine.as_mut(),
            Self::Rtl(machine) => machine.as_mut(),
            Self::Link(machine) => machine.as_mut(),
        }
    }
}

impl Backend for AnyBackend {
    fn load(&mut self, image: &Image) -> Result<(), BackendError> {
        self.machine_mut().load(image)
    }

    fn write(&mut self, memory: Memory, address: u32, bytes: &[u8]) -> Result<(), BackendError> {
        self.machine_mut().write(memory, address, bytes)
    }

    fn read(&mut self, memory: Memory, address: u32, out: &mut [u8]) -> Result<(), BackendError> {
        self.machine_mut().read(memory, address, out)
    }

    fn run(&mut self, budget: u64) -> Result<RunOutcome, BackendError> {
        self.machine_mut().run(budget)
    }

    fn counters(&self) -> Counters {
        self.machine().counters()
    }

    fn fork(&self) -> Result<Self, BackendError> {
        Ok(match self {
            Self::Simulator(machine) => Self::Simulator(Box::new(machine.fork()?)),
            Self::Rtl(machine) => Self::Rtl(Box::new(machine.fork()?)),
            Self::Link(machine) => Self::Link(Box::new(machine.fork()?)),
        })
    }
}
