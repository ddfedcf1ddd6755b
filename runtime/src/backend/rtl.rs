//! The Verilated core as a backend.

use std::fmt;

use spikevec_assembler::Image;
use spikevec_design::Design;
use spikevec_isa::{Memory, StopCode, Target};
use spikevec_simulator::timing::dma::ExternalTiming;
use spikevec_verilated::burst::ExternalTiming as PinTiming;
use spikevec_verilated::device::{
    BurstMemory, Device, DeviceError, DeviceStop, Event, External, NoExternal,
};
use spikevec_verilated::{Model, VerilatedError};

use super::segments::{fits, place};
use super::{Backend, BackendError, Counters, FETCHED_AHEAD, Place, RunOutcome};

/// Clocks allowed for each instruction of a budget, and besides: more than the slowest instruction of the
/// slowest core takes.
const CLOCKS_PER_INSTRUCTION: u64 = 64;
const CLOCKS_BESIDES: u64 = 10_000;

/// The core itself, as Verilator compiles it: a configuration's Verilog, clock by clock.
///
/// It counts no saturation and cannot tell whether generators were seeded.
pub struct RtlBackend {
    lanes: usize,
    target: Target,
    model: Model,
    external: ExternalTiming,
    image: Option<Image>,
    device: Device,
    counters: Counters,
}

impl fmt::Debug for RtlBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RtlBackend")
            .field("lanes", &self.lanes)
            .field("target", &self.target)
            .field("counters", &self.counters)
            .finish_non_exhaustive()
    }
}

/// A core in Verilator that cannot be built, loaded or run to the end.
#[derive(Debug, thiserror::Error)]
pub enum RtlError {
    /// Its model cannot be built.
    #[error(transparent)]
    Model(#[from] VerilatedError),
    /// It refuses an access, or does not end.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// The program did not reach its end.
    #[error(
        "the program did not reach its end: {} at pc {:#x}{}, after {instructions} instructions and {} clocks. \
         Run it in the simulator with --trace to see how it gets there",
        .stop.cause, .stop.pc, word(.stop.word), .stop.clocks
    )]
    Stopped {
        /// Why, where, and after how many clocks.
        stop: DeviceStop,
        /// Instructions executed.
        instructions: u64,
    },
}

/// The word at which a core stopped, where it says it.
fn word(word: Option<u32>) -> String {
    word.map_or_else(String::new, |word| format!(", word {word:#010x}"))
}

impl From<RtlError> for BackendError {
    fn from(error: RtlError) -> Self {
        BackendError::Rtl(Box::new(error))
    }
}

impl From<DeviceError> for BackendError {
    fn from(error: DeviceError) -> Self {
        RtlError::from(error).into()
    }
}

/// A device whose memories and registers are zero.
fn fresh(
    model: &Model,
    (lanes, target): (usize, &Target),
    external: ExternalTiming,
) -> Result<Device, DeviceError> {
    let memory: Box<dyn External> = match target.external_bytes {
        0 => Box::new(NoExternal),
        bytes => {
            let timing = PinTiming {
                latency: external.latency,
                clocks_per_word: external.clocks_per_word,
            };
            Box::new(BurstMemory::new(bytes as usize, timing, lanes))
        }
    };
    Device::from_model(model, lanes, target, memory)
}

impl RtlBackend {
    /// A core with `lanes` lanes in hardware and the memories of `target`: `design` is its Verilog
    /// with the retirement port. Its model is built with Verilator and a C++ compiler on first use,
    /// which takes about a minute, and kept. `external` says how fast external memory is; the
    /// length of bursts is the design's own.
    ///
    /// # Errors
    /// A design without a core's ports, or tools that are missing.
    pub fn new(
        design: &Design,
        lanes: usize,
        target: &Target,
        external: ExternalTiming,
    ) -> Result<Self, BackendError> {
        let model = Model::new(design).map_err(RtlError::from)?;
        let device = fresh(&model, (lanes, target), external)?;
        Ok(Self {
            lanes,
            target: target.clone(),
            model,
            external,
            image: None,
            device,
            counters: Counters::default(),
        })
    }
}

/// Runs a program that was started to its stop. `None` where it has retired `budget` instructions
/// and still runs. As an instruction takes a clock at least, as many clocks as instructions are left
/// never overstep the budget.
///
/// # Errors
/// [`DeviceError::Budget`] where instructions take longer than any does.
fn run_within(device: &mut Device, budget: u64) -> Result<Option<DeviceStop>, DeviceError> {
    let clocks = budget
        .saturating_mul(CLOCKS_PER_INSTRUCTION)
        .saturating_add(CLOCKS_BESIDES);
    let end = device.ticks().saturating_add(clocks);
    loop {
        let left = budget.saturating_sub(device.retired());
        if left == 0 {
            return Ok(None);
        }
        match device.run(left) {
            Err(DeviceError::Budget { .. }) if device.ticks() < end => {}
            Err(DeviceError::Budget { .. }) => return Err(DeviceError::Budget { clocks }),
            result => return result.map(Some),
        }
    }
}

/// Address of the next instruction that retires, where there is one soon.
fn next_retired(device: &mut Device) -> Option<u32> {
    let mut events = Vec::new();
    for _ in 0..CLOCKS_PER_INSTRUCTION {
        device.tick(&mut events);
        for event in events.drain(..) {
            if let Event::Retire { pc, .. } = event {
                return Some(pc);
            }
        }
    }
    None
}

/// The words around a range of bytes: the first one's address, and how many bytes they are.
fn around(address: u32, length: usize) -> (u32, usize) {
    let start = address & !3;
    (
        start,
        ((address - start) as usize + length).next_multiple_of(4),
    )
}

impl Backend for RtlBackend {
    fn load(&mut self, image: &Image) -> Result<(), BackendError> {
        fits(image, &self.target)?;
        let mut device = fresh(&self.model, (self.lanes, &self.target), self.external)?;
        device.load_program(&image.code)?;
        self.device = device;
        self.counters = Counters::default();
        let to = self.target.lane_local_bytes;
        let manifest = image.manifest.as_ref();
        let from = manifest.map_or(to, |manifest| manifest.target.lane_local_bytes);
        for segment in &image.segments {
            for (address, bytes) in place(segment, from, to) {
                self.write(segment.memory, address, bytes)?;
            }
        }
        self.image = Some(image.clone());
        Ok(())
    }

    fn write(&mut self, memory: Memory, address: u32, bytes: &[u8]) -> Result<(), BackendError> {
        let device = &mut self.device;
        let (start, length) = around(address, bytes.len());
        if (start, length) == (address, bytes.len()) {
            return Ok(device.write(memory, address, bytes)?);
        }
        // The host port moves words: the rest of the outer ones stays as it is.
        let mut words = vec![0; length];
        device.read(memory, start, &mut words)?;
        let at = (address - start) as usize;
        words[at..at + bytes.len()].copy_from_slice(bytes);
        Ok(device.write(memory, start, &words)?)
    }

    fn read(&mut self, memory: Memory, address: u32, out: &mut [u8]) -> Result<(), BackendError> {
        let (start, length) = around(address, out.len());
        let mut words = vec![0; length];
        self.device.read(memory, start, &mut words)?;
        let at = (address - start) as usize;
        out.copy_from_slice(&words[at..at + out.len()]);
        Ok(())
    }

    fn run(&mut self, budget: u64) -> Result<RunOutcome, BackendError> {
        let device = &mut self.device;
        device.start()?;
        let result = run_within(device, budget);
        if result.is_err() {
            device.halt();
        }
        let Some(stop) = result? else {
            let next = next_retired(device);
            device.halt();
            let stop = device.run(CLOCKS_BESIDES)?;
            self.counters.instructions += budget;
            let place = next.map_or(Place::at(stop.pc, FETCHED_AHEAD), |pc| Place::at(pc, 0));
            return Err(BackendError::Budget { budget, place });
        };
        let instructions = stop.cause.executed(device.retired());
        self.counters.instructions += instructions;
        if stop.cause != StopCode::Ecall {
            return Err(RtlError::Stopped { stop, instructions }.into());
        }
        self.counters.runs += 1;
        Ok(RunOutcome {
            instructions,
            clocks: Some(stop.clocks),
            rng_used_unseeded: false,
        })
    }

    fn counters(&self) -> Counters {
        self.counters.clone()
    }

    fn fork(&self) -> Result<Self, BackendError> {
        let mut fork = Self {
            lanes: self.lanes,
            target: self.target.clone(),
            model: self.model.clone(),
            external: self.external,
            image: None,
            device: fresh(&self.model, (self.lanes, &self.target), self.external)?,
            counters: Counters::default(),
        };
        if let Some(image) = &self.image {
            fork.load(image)?;
        }
        Ok(fork)
    }
}
