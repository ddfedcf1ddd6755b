//! The core and the simulator side by side.
//!
//! [`Lockstep`] holds a [`Dut`] (a core, or a mock of one) and a [`Machine`], runs programs on
//! both and compares what the retirement port shows with what the simulator did: of every
//! instruction pc, word, scalar register, vector register and stores; at the end cause, pc,
//! clocks, and the memory that the program names. The simulator's effects come from the state
//! of the machine after each instruction, so that nothing of the core's is used on its side.

mod difference;
mod dut;
mod expected;
mod matching;
mod mock;
mod rig;
mod waving;

use std::sync::mpsc::sync_channel;
use std::thread;

use spikevec_isa::{LANES, Memory, Target};
use spikevec_simulator::{Limits, Machine, Timing};
use spikevec_verilated::device::{DeviceError, DeviceStop};

pub use difference::{Difference, Place, What};
pub use dut::Dut;
pub use expected::{CHANNELS, Channel, Item, Message, Recorder, Step, channel_of};
use matching::Run;
pub use mock::{Mock, Sabotage};
pub use rig::{
    EXTERNAL, Failure, Rig, RigError, SHAPE, Setup, device_timing, named, simulator_timing,
};

use crate::programs::Program;

/// Messages by which the simulator may be ahead of the core.
const AHEAD: usize = 16;

/// Clocks of the core between two comparisons.
const SLICE: u64 = 64;

/// Clocks for which a difference waits for one of an older instruction, since channels are not
/// in step.
const GRACE: u64 = 256;

/// What is compared, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Most clocks of a program.
    pub clocks: u64,
    /// The simulator's timing model: clocks are compared then. Without it a program that reads
    /// them does not agree.
    pub timing: Option<Timing>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            clocks: 20_000_000,
            timing: None,
        }
    }
}

/// What a program that agreed has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// Instructions retired.
    pub retired: u64,
    /// The core's stop.
    pub stop: DeviceStop,
}

/// Why a program did not agree.
#[derive(Debug, thiserror::Error)]
pub enum LockstepError {
    /// The first difference.
    #[error("{0}")]
    Difference(Box<Difference>),
    /// The core, or what stands for it, cannot be used.
    #[error("{program}: {source}")]
    Device {
        /// The program.
        program: String,
        /// Why.
        source: DeviceError,
    },
    /// The program does not fit the simulator's machine.
    #[error("{program}: {reason}")]
    Program {
        /// The program.
        program: String,
        /// Why.
        reason: String,
    },
}

/// A core and a simulator with the same contents.
pub struct Lockstep<D> {
    dut: D,
    machine: Machine,
    options: Options,
}

impl<D: Dut> Lockstep<D> {
    /// Both at reset.
    ///
    /// # Errors
    /// A target that the simulator refuses.
    pub fn new(dut: D, target: &Target, options: Options) -> Result<Self, LockstepError> {
        let mut machine = Machine::new(target).map_err(|error| LockstepError::Program {
            program: target.name.clone(),
            reason: error.to_string(),
        })?;
        machine.set_timing(options.timing);
        Ok(Lockstep {
            dut,
            machine,
            options,
        })
    }

    /// The core.
    pub fn dut(&mut self) -> &mut D {
        &mut self.dut
    }

    /// The simulator.
    pub fn machine(&mut self) -> &mut Machine {
        &mut self.machine
    }

    /// Loads and runs a program on both sides; `watch` sees every instruction that has agreed
    /// at the end of the program, with the core's view of DMA.
    ///
    /// # Errors
    /// The first difference, or a side that cannot be used.
    pub fn run(
        &mut self,
        program: &Program,
        watch: &mut dyn FnMut(&Step, bool),
    ) -> Result<Outcome, LockstepError> {
        self.load(program)?;
        let device = |source| LockstepError::Device {
            program: program.name.clone(),
            source,
        };
        let (start, before) = (self.machine.retired(), self.machine.clocks());
        let limits = Limits {
            budget: self.options.clocks,
            strict: false,
        };
        // On a thread of its own, since a run must not be interrupted: transfers that are under
        // way would end there. Once nobody listens it goes on to its stop by itself.
        let (send, receive) = sync_channel(AHEAD);
        let mut run = Run::new(program, Some(receive));
        let (machine, dut, most) = (&mut self.machine, &mut self.dut, self.options.clocks);
        let stop = thread::scope(|scope| {
            let lanes = dut.lanes();
            scope.spawn(move || {
                let mut recorder = Recorder::to(lanes, send);
                let stop = machine.run_with(&limits, &mut recorder);
                recorder.stop(stop);
            });
            let stop = drive(dut, &mut run, most, watch);
            if matches!(stop, Ok(Some(_))) {
                run.finish();
            }
            run.source = None;
            stop
        });
        let Some(stop) = stop.map_err(device)? else {
            return Err(run.difference(&self.machine));
        };
        if run.found.is_empty() {
            let clocks = self.machine.clocks().wrapping_sub(before);
            let clocks = self.options.timing.map(|_| clocks);
            run.stops(&stop, clocks);
            let simulator = self.machine.retired() - start;
            if let Some(core) = self.dut.counted()
                && core != simulator
            {
                run.report(Place::End, What::Retired { simulator, core });
            }
        }
        if run.found.is_empty() {
            self.memories(program, &mut run)?;
        }
        if !run.found.is_empty() {
            return Err(run.difference(&self.machine));
        }
        Ok(Outcome {
            retired: self.machine.retired() - start,
            stop,
        })
    }

    /// Compares all of every memory, which takes long on a core.
    ///
    /// # Errors
    /// The first difference.
    pub fn compare_memories(&mut self, program: &Program) -> Result<(), LockstepError> {
        let target = self.machine.target().clone();
        let mut run = Run::new(program, None);
        for (memory, size) in [
            (Memory::Scalar, target.scalar_bytes),
            (Memory::Vector, target.vector_bytes),
            (Memory::LaneLocal, target.lane_local_bytes * LANES as u32),
            (Memory::External, target.external_bytes),
        ] {
            self.memory(program, &mut run, memory, 0, size as usize)?;
        }
        if run.found.is_empty() {
            Ok(())
        } else {
            Err(run.difference(&self.machine))
        }
    }

    fn load(&mut self, program: &Program) -> Result<(), LockstepError> {
        let device = |source| LockstepError::Device {
            program: program.name.clone(),
            source,
        };
        let refuse = |reason: String| LockstepError::Program {
            program: program.name.clone(),
            reason,
        };
        self.machine
            .load_code(&program.code)
            .map_err(|e| refuse(e.to_string()))?;
        self.machine.restart();
        self.dut.load_program(&program.code).map_err(device)?;
        for segment in &program.data {
            self.machine
                .write(segment.memory, segment.address, &segment.bytes)
                .map_err(|e| refuse(e.to_string()))?;
            self.dut
                .write(segment.memory, segment.address, &segment.bytes)
                .map_err(device)?;
        }
        Ok(())
    }

    /// The memory that the program names.
    fn memories(&mut self, program: &Program, run: &mut Run) -> Result<(), LockstepError> {
        if run.undefined_lanes {
            self.settle_lanes(program)?;
        }
        for segment in &program.data {
            let (memory, length) = (segment.memory, segment.bytes.len());
            self.memory(program, run, memory, segment.address, length)?;
        }
        Ok(())
    }

    fn memory(
        &mut self,
        program: &Program,
        run: &mut Run,
        memory: Memory,
        address: u32,
        length: usize,
    ) -> Result<(), LockstepError> {
        let device = |source| LockstepError::Device {
            program: program.name.clone(),
            source,
        };
        let (mut ours, mut theirs) = (vec![0; length], vec![0; length]);
        let read = self.machine.read(memory, address, &mut ours);
        read.map_err(|e| LockstepError::Program {
            program: program.name.clone(),
            reason: e.to_string(),
        })?;
        self.dut
            .read(memory, address, &mut theirs)
            .map_err(device)?;
        let differs = ours.iter().zip(&theirs).position(|(a, b)| a != b);
        if let Some(at) = differs {
            let at = at & !3;
            let slice = |bytes: &[u8]| bytes.iter().skip(at).take(4).copied().collect::<Vec<_>>();
            run.report(
                Place::End,
                What::Memory {
                    memory,
                    address: address + at as u32,
                    simulator: slice(&ours),
                    core: slice(&theirs),
                },
            );
        }
        Ok(())
    }

    /// A VSTOREL has failed in some lane: whether the others have written is not defined, so
    /// that the core's memory is brought to the simulator's.
    fn settle_lanes(&mut self, program: &Program) -> Result<(), LockstepError> {
        for segment in &program.data {
            if segment.memory == Memory::LaneLocal {
                let mut bytes = vec![0; segment.bytes.len()];
                let read = self
                    .machine
                    .read(Memory::LaneLocal, segment.address, &mut bytes);
                read.map_err(|e| LockstepError::Program {
                    program: program.name.clone(),
                    reason: e.to_string(),
                })?;
                self.dut
                    .write(Memory::LaneLocal, segment.address, &bytes)
                    .map_err(|source| LockstepError::Device {
                        program: program.name.clone(),
                        source,
                    })?;
            }
        }
        Ok(())
    }
}

/// Runs the core to its stop; `None` where it has differed for long enough.
fn drive(
    dut: &mut impl Dut,
    run: &mut Run,
    most: u64,
    watch: &mut dyn FnMut(&Step, bool),
) -> Result<Option<DeviceStop>, DeviceError> {
    dut.start()?;
    let mut events = Vec::new();
    let mut clocks = 0;
    let mut grace = GRACE;
    loop {
        events.clear();
        let stop = dut.run(SLICE, &mut events)?;
        clocks += SLICE;
        run.clock = clocks;
        for event in &events {
            run.event(event, watch);
        }
        if stop.is_some() {
            return Ok(stop);
        }
        if !run.found.is_empty() {
            grace = grace.saturating_sub(SLICE);
            if grace == 0 {
                dut.halt();
                return Ok(None);
            }
        }
        if clocks >= most {
            dut.halt();
            return Err(DeviceError::Budget { clocks });
        }
    }
}
