//! A core that runs: a Verilated model of it behind the host's view.
//!
//! [`Device`] loads memories, starts and stops programs, reads back, and gives what the
//! retirement port shows as [`Event`]s. It knows the core by the names of its ports only.
//!
//! A clock is seen from its settled outputs: they are sampled, then comes the edge, then inputs
//! that change (host, external memory) are driven and the circuit settles again.

mod error;
mod event;
mod external;
mod host;
mod ports;
mod stop;

use spikevec_isa::{Memory, StopCode, Target};

pub use error::DeviceError;
pub use event::{Event, LaneStore, VectorBeat};
pub use external::{BurstMemory, External, NoExternal};
pub use stop::DeviceStop;

use crate::{Instance, Model};
use ports::{Ports, Trace};
use spikevec_design::Design;

/// Clocks after a stop in which older instructions may still write vector registers.
const DRAIN: u64 = 8;

/// Clocks that a transfer may take after its program has ended.
const DMA_BUDGET: u64 = 50_000_000;

/// A simulated core with its memories and what is attached to it.
pub struct Device {
    circuit: Instance,
    ports: Ports,
    trace: Option<Trace>,
    external: Box<dyn External>,
    lanes: usize,
    target: Target,
    /// Words of instruction memory that may not be zero.
    loaded: usize,
    ticks: u64,
}

impl Device {
    /// Builds (or finds in the cache) the model of `design`, the Verilog of a core with `lanes`
    /// physical lanes (4, 8, 16 or 32) and the memories of `target`, and makes one instance of
    /// it with nothing at the port of external memory.
    ///
    /// # Errors
    /// [`DeviceError::Lanes`], and [`DeviceError::Verilated`] where the model cannot be built or
    /// lacks a port.
    pub fn new(design: &Design, lanes: usize, target: &Target) -> Result<Self, DeviceError> {
        Self::from_model(&Model::new(design)?, lanes, target, Box::new(NoExternal))
    }

    /// Another instance of a model, with `external` at its external memory port.
    ///
    /// # Errors
    /// As [`Device::new`].
    pub fn from_model(
        model: &Model,
        lanes: usize,
        target: &Target,
        mut external: Box<dyn External>,
    ) -> Result<Self, DeviceError> {
        if !matches!(lanes, 4 | 8 | 16 | 32) {
            return Err(DeviceError::Lanes { lanes });
        }
        let ports = Ports::new(model)?;
        let trace = Trace::new(model, lanes)?;
        external.attach(model)?;
        let mut circuit = model.instance();
        external.drive(&mut circuit);
        circuit.eval();
        Ok(Device {
            circuit,
            ports,
            trace,
            external,
            lanes,
            target: target.clone(),
            loaded: 0,
            ticks: 0,
        })
    }

    /// Physical lanes.
    pub fn lanes(&self) -> usize {
        self.lanes
    }

    /// Beats of a vector instruction: 32 by the physical lanes.
    pub fn beats(&self) -> usize {
        spikevec_isa::LANES / self.lanes
    }

    /// The memories that the core was made with.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Clocks since the device was made.
    pub fn ticks(&self) -> u64 {
        self.ticks
    }

    /// True where the build has a retirement port.
    pub fn is_traced(&self) -> bool {
        self.trace.is_some()
    }

    /// True from a start to a stop.
    pub fn running(&mut self) -> bool {
        self.circuit.get(self.ports.running) != 0
    }

    /// True while a transfer is under way.
    pub fn dma_busy(&mut self) -> bool {
        self.circuit.get(self.ports.dma_busy) != 0
    }

    /// The core's clock counter.
    pub fn clocks(&mut self) -> u64 {
        self.circuit.get(self.ports.clocks)
    }

    /// Instructions retired in the run; one that stopped it is not among them.
    pub fn retired(&mut self) -> u64 {
        self.circuit.get(self.ports.retired)
    }

    /// The circuit itself, for ports that this interface does not know.
    pub fn circuit(&mut self) -> &mut Instance {
        &mut self.circuit
    }

    /// One clock; what the retirement port showed before its edge is appended to `events`.
    pub fn tick(&mut self, events: &mut Vec<Event>) {
        if let Some(trace) = &self.trace {
            trace.sample(&mut self.circuit, self.ports.dma_busy, events);
        }
        self.edge();
    }

    /// One clock without events.
    fn edge(&mut self) {
        self.external.sample(&mut self.circuit);
        self.circuit.tick(self.ports.clock);
        self.ticks += 1;
        if self.external.drive(&mut self.circuit) {
            self.circuit.eval();
        }
    }

    /// Starts the program at address 0. Registers and memories are as they were left.
    ///
    /// # Errors
    /// [`DeviceError::Running`].
    pub fn start(&mut self) -> Result<(), DeviceError> {
        if self.running() {
            return Err(DeviceError::Running);
        }
        self.pulse(self.ports.host_start);
        Ok(())
    }

    /// Aborts a run.
    pub fn halt(&mut self) {
        self.pulse(self.ports.host_stop);
    }

    fn pulse(&mut self, port: crate::Handle) {
        self.circuit.set(port, 1);
        self.circuit.eval();
        self.edge();
        self.circuit.set(port, 0);
        self.circuit.eval();
    }

    /// Runs to the next stop without looking at the retirement port.
    ///
    /// # Errors
    /// [`DeviceError::Budget`] where the program still runs after `budget` clocks: it may be run
    /// on. [`DeviceError::Dma`] where a transfer does not end after the program has.
    pub fn run(&mut self, budget: u64) -> Result<DeviceStop, DeviceError> {
        let end = self.ticks.saturating_add(budget);
        while self.running() && self.ticks < end {
            if self.dma_busy() || !self.external.is_idle() {
                self.edge();
                continue;
            }
            let left = end - self.ticks;
            let clocks = self.circuit.run_while(&self.ports.quiet, left);
            self.external.skip(clocks);
            self.ticks += clocks;
        }
        self.finish(budget, &mut Vec::new())
    }

    /// Runs to the next stop, or for `budget` clocks, and appends what the retirement port
    /// shows. `None` where the program still runs.
    ///
    /// # Errors
    /// [`DeviceError::Untraced`], [`DeviceError::Dma`].
    pub fn run_traced(
        &mut self,
        budget: u64,
        events: &mut Vec<Event>,
    ) -> Result<Option<DeviceStop>, DeviceError> {
        if self.trace.is_none() {
            return Err(DeviceError::Untraced);
        }
        let end = self.ticks.saturating_add(budget);
        while self.running() {
            if self.ticks >= end {
                return Ok(None);
            }
            self.tick(events);
        }
        self.finish(budget, events).map(Some)
    }

    /// Lets older instructions and transfers end, and asks why the core stopped.
    fn finish(&mut self, budget: u64, events: &mut Vec<Event>) -> Result<DeviceStop, DeviceError> {
        let pc = self.circuit.get(self.ports.stop_pc) as u32;
        if self.running() {
            return Err(DeviceError::Budget { clocks: budget });
        }
        let clocks = self.clocks();
        for _ in 0..DRAIN {
            self.tick(events);
        }
        let end = self.ticks + DMA_BUDGET;
        while self.dma_busy() {
            if self.ticks == end {
                return Err(DeviceError::Dma { clocks: DMA_BUDGET });
            }
            self.edge();
        }
        let cause = StopCode::from_number(self.circuit.get(self.ports.cause) as u32);
        let mut word = [0; 4];
        let inside = pc < self.target.instruction_bytes && pc.is_multiple_of(4);
        if inside {
            self.read(Memory::Instruction, pc, &mut word)?;
        }
        Ok(DeviceStop {
            cause,
            pc,
            word: inside.then(|| u32::from_le_bytes(word)),
            clocks,
        })
    }
}
