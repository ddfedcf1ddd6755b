//! A program without a manifest: registers and memories are set, it runs, and they are read.

use serde::{Serialize, Serializer};
use spikevec_assembler::CodeNames;
use spikevec_isa::{LANES, Memory, Target};
use spikevec_runtime::{
    AnyBackend, Backend, BackendError, RunOutcome, SimulatorBackend, SimulatorOptions,
};

use crate::error::{Error, Result};
use crate::machine::{self, MachineKind, MachineOptions};
use crate::program::Program;
use crate::trace::Trace;

/// Most instructions of a run where nothing else is said: some seconds on each machine. What a
/// program without a manifest has to do is not known.
fn budget(kind: MachineKind) -> u64 {
    match kind {
        MachineKind::Simulator | MachineKind::Board => 100_000_000,
        MachineKind::Rtl => 300_000,
        MachineKind::System => 100_000,
    }
}

/// Bytes that are read at a time, so that a range beyond a memory takes no more than the memory.
const PIECE: u64 = 1 << 16;

/// What a program begins with, and what of it is looked at when it has stopped.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BareOptions {
    /// Scalar registers by number, and their values; the others are 0. The simulator's alone.
    pub registers: Vec<(u8, u32)>,
    /// Contents of memories, over those of the program.
    pub contents: Vec<Contents>,
    /// Ranges to be read at the end.
    pub ranges: Vec<MemoryRange>,
    /// Most instructions; `None` for what the machine does in some seconds: 10^8 in the simulator and
    /// on a board, 300,000 for `rtl`, 100,000 for `system`.
    pub budget: Option<u64>,
    /// Memories and extensions of the simulator; `None` for those of the core that is counted, with
    /// its external memory.
    pub target: Option<Target>,
}

/// Bytes for a memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    /// The memory, not that of instructions.
    pub memory: Memory,
    /// Address of the first byte; of lane-local memory, lane 0's bytes come first.
    pub address: u32,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// A part of a memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemoryRange {
    /// The memory.
    pub memory: Memory,
    /// Address of the first byte.
    pub start: u32,
    /// Address behind the last byte.
    pub end: u32,
}

/// A part of a memory as a program left it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MemoryContents {
    /// The memory, for instance `scalar memory`.
    #[serde(serialize_with = "as_text")]
    pub memory: Memory,
    /// Address of the first byte.
    pub address: u32,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// Registers as a program left them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Registers {
    /// `x0` to `x31`.
    pub x: Vec<u32>,
    /// `v0` to `v31`, each with its 32 lanes.
    pub v: Vec<[i16; LANES]>,
}

/// How a program without a manifest ran.
#[derive(Debug, Serialize)]
pub struct BareRun {
    /// The program.
    pub program: String,
    /// Why it stopped, where not at its `ecall`.
    #[serde(serialize_with = "as_optional_text")]
    pub stop: Option<BackendError>,
    /// Instructions executed.
    pub instructions: u64,
    /// Clocks of the core, where they are counted and it came to its end.
    pub clocks: Option<u64>,
    /// Random numbers were drawn from generators that were not seeded.
    pub rng_used_unseeded: bool,
    /// Registers at the end; nothing on a machine that does not show them.
    pub registers: Option<Registers>,
    /// What was asked for of the memories, at the end.
    pub memories: Vec<MemoryContents>,
}

fn as_text<S: Serializer>(memory: &Memory, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(memory)
}

fn as_optional_text<S: Serializer>(
    stop: &Option<BackendError>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match stop {
        Some(stop) => serializer.collect_str(stop),
        None => serializer.serialize_none(),
    }
}

/// The error of a run that stopped elsewhere than at its `ecall`: its state is still to be read.
fn is_stop(error: &BackendError) -> bool {
    use spikevec_runtime::{RtlError, link::LinkError};
    match error {
        BackendError::Stopped(_) | BackendError::Budget { .. } => true,
        BackendError::Rtl(error) => matches!(**error, RtlError::Stopped { .. }),
        BackendError::Link(error) => {
            matches!(
                **error,
                LinkError::Stopped { .. } | LinkError::Budget { .. }
            )
        }
        _ => false,
    }
}

impl Program {
    /// Runs a program without a manifest once, from its first instruction to its `ecall`, a fault or
    /// the budget.
    ///
    /// # Errors
    /// A machine that is not there or lacks what is asked of it; contents and ranges outside a memory.
    /// That the program stopped at a fault is no error here.
    pub fn run_bare(&self, options: &MachineOptions, bare: &BareOptions) -> Result<BareRun> {
        options.check()?;
        let mut backend = match options.kind {
            MachineKind::Simulator => simulator(options, bare)?,
            kind if !bare.registers.is_empty() || bare.target.is_some() => {
                let option = if bare.target.is_some() {
                    "target"
                } else {
                    "set"
                };
                return Err(Error::SimulatorOnly { option, kind });
            }
            _ => machine::backend(options, self)?,
        };
        backend.load(self.image())?;
        for contents in &bare.contents {
            backend.write(contents.memory, contents.address, &contents.bytes)?;
        }
        let mut trace = None;
        if let Some(simulator) = backend.simulator_mut() {
            let x = &mut simulator.machine_mut().x;
            for (register, value) in &bare.registers {
                if let Some(x) = x.get_mut(usize::from(*register)) {
                    *x = *value;
                }
            }
            let path = options.trace.as_deref();
            trace = path.map(|path| Trace::begin(path, simulator)).transpose()?;
        }
        let outcome = backend.run(bare.budget.unwrap_or_else(|| budget(options.kind)));
        if let (Some(trace), Some(simulator)) = (trace, backend.simulator_mut()) {
            trace.end(simulator)?;
        }
        let (outcome, stop) = match outcome {
            Ok(outcome) => (Some(outcome), None),
            Err(error) if is_stop(&error) => {
                (None, Some(error.named(&CodeNames::of(self.image()))))
            }
            Err(error) => return Err(error.into()),
        };
        let counters = backend.counters();
        let memories = bare.ranges.iter().map(|range| read(&mut backend, *range));
        Ok(BareRun {
            program: self.name().to_owned(),
            stop,
            instructions: counters.instructions,
            clocks: outcome.and_then(|outcome: RunOutcome| outcome.clocks),
            rng_used_unseeded: counters.rng_used_unseeded,
            memories: memories.collect::<Result<_>>()?,
            registers: backend.simulator().map(|simulator| Registers {
                x: simulator.machine().x.to_vec(),
                v: simulator.machine().v.to_vec(),
            }),
        })
    }
}

/// The simulator with the memories that are asked for.
fn simulator(options: &MachineOptions, bare: &BareOptions) -> Result<AnyBackend> {
    let core = || Target::core(options.core().name());
    let target = bare.target.clone().or_else(core).ok_or(Error::NoSuchCore)?;
    let how = SimulatorOptions {
        strict: options.strict,
        count_saturation: false,
    };
    let mut simulator = SimulatorBackend::new(&target, how)?;
    simulator.set_timing(options.timing());
    Ok(AnyBackend::Simulator(Box::new(simulator)))
}

fn read(backend: &mut AnyBackend, range: MemoryRange) -> Result<MemoryContents> {
    let mut bytes = Vec::new();
    let mut at = u64::from(range.start);
    while at < u64::from(range.end) {
        let length = PIECE.min(u64::from(range.end) - at);
        let mut piece = vec![0; length as usize];
        backend.read(range.memory, at as u32, &mut piece)?;
        bytes.extend(piece);
        at += length;
    }
    Ok(MemoryContents {
        memory: range.memory,
        address: range.start,
        bytes,
    })
}
