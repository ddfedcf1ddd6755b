//! The machine: all state, the host's access to it, and the run loop.

use std::sync::Arc;

use spikevec_isa::target::TargetError;
use spikevec_isa::{LANES, Rng, Target, Vector};

use crate::code::{Code, LoadError};
use crate::counters::Counters;
use crate::dma::Dma;
use crate::exec;
use crate::memory::{External, LaneMemory, ScalarMemory, VectorMemory};
use crate::observe::Observer;
use crate::saturation::{Saturation, SiteCount, SiteError};
use crate::stop::{Cause, Stop};
use crate::timing::{Clocked, Issue, Pipeline, Ports, Timing, Untimed};

/// When a run ends, apart from what the program does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most instructions to execute.
    pub budget: u64,
    /// Stop where a VLOADV or VLOADL result is read by the next instruction,
    /// which the reference hardware does not allow.
    pub strict: bool,
}

impl Default for Limits {
    /// No limit, not strict.
    fn default() -> Self {
        Limits {
            budget: u64::MAX,
            strict: false,
        }
    }
}

/// The clock that CSR instructions see.
#[derive(Debug, Clone, Copy)]
pub(crate) enum CsrClock {
    /// The number of instructions retired and this, modulo 2^64: a clock an instruction.
    Follows(u64),
    /// The clock of the CSR instruction that is executed, by the timing model.
    At(u64),
}

/// A core with its memories.
// The vector registers come first, so that each is a line of the host's cache.
#[derive(Debug, Clone)]
#[repr(C, align(64))]
pub struct Machine {
    /// Vector registers.
    pub v: [Vector; 32],
    /// The random number generators.
    pub rng: Rng,
    /// Scalar registers; `x[0]` reads 0 whatever is written here.
    pub x: [u32; 32],
    /// Program counter.
    pub pc: u32,
    /// Bit of the register that a load has just written, for strict mode.
    pending_load: u32,
    /// Instructions retired since the machine was made.
    retired: u64,
    /// The machine's clock: clocks of its runs, those that were not timed a clock an instruction.
    clocks: u64,
    /// What CSR instructions take for the clock.
    pub(crate) csr_clock: CsrClock,
    /// Kept for observers of timed runs.
    pub(crate) issue: Issue,
    timing: Option<Timing>,
    /// DMA of timed runs, and whether it has something to do.
    ports: Option<Box<Ports>>,
    pub(crate) dma_moves: bool,
    pipeline: Option<Box<Pipeline>>,
    /// A generator's state may have changed other than by a step since it was last looked at.
    pub(crate) rng_unchecked: bool,
    pub(crate) rng_used_unseeded: bool,
    pub(crate) scalar: ScalarMemory,
    pub(crate) vector: VectorMemory,
    pub(crate) lane_local: LaneMemory,
    pub(crate) external: External,
    pub(crate) dma: Dma,
    pub(crate) counters: Counters,
    pub(crate) saturation: Saturation,
    pub(crate) code: Code,
    target: Target,
}

impl Machine {
    /// A machine at reset: registers, generators and memories zero, counters
    /// inhibited, DMA idle, no code.
    ///
    /// # Errors
    /// A target whose memories make no sense.
    pub fn new(target: &Target) -> Result<Self, TargetError> {
        target.check()?;
        Ok(Machine {
            v: [[0; LANES]; 32],
            rng: Rng::default(),
            x: [0; 32],
            pc: 0,
            pending_load: 0,
            retired: 0,
            clocks: 0,
            csr_clock: CsrClock::Follows(0),
            issue: Issue::default(),
            timing: None,
            ports: None,
            dma_moves: false,
            pipeline: None,
            rng_unchecked: true,
            rng_used_unseeded: false,
            scalar: ScalarMemory::new(target.scalar_bytes),
            vector: VectorMemory::new(target.vector_bytes),
            lane_local: LaneMemory::new(target.lane_local_bytes),
            external: External::new(target.external_bytes),
            dma: Dma::default(),
            counters: Counters::default(),
            saturation: Saturation::default(),
            code: Code::empty(target),
            target: target.clone(),
        })
    }

    /// The target that the machine was made for.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Instructions retired since the machine was made.
    pub fn retired(&self) -> u64 {
        self.retired
    }

    /// Clocks that the machine has run since it was made: those of timed runs by the
    /// model, of others an instruction each. While an observer is told of an
    /// instruction of a timed run, the clock in which its first beat left the stage A.
    pub fn clocks(&self) -> u64 {
        self.clocks
    }

    /// Times runs from now on as a core with pipeline, memories and lanes would take
    /// them, or no more. Results are the same either way, but for programs that read
    /// counters, or that touch vectors which DMA moves. The DMA registers are as at reset
    /// afterwards. When a run stops, transfers under way come to their end in no time.
    pub fn set_timing(&mut self, timing: Option<Timing>) {
        self.timing = timing;
        self.ports = timing.map(|timing| {
            let (vector, external) = (self.vector.len(), self.external.len());
            Box::new(Ports::new(timing, vector, external))
        });
        self.pipeline = timing.map(|timing| Box::new(Pipeline::new(timing, &self.code.decoded)));
    }

    /// How runs are timed.
    pub fn timing(&self) -> Option<Timing> {
        self.timing
    }

    /// Of a timed run with an observer: when the instruction that retired last left
    /// the stage A, and why not earlier.
    pub fn last_issue(&self) -> Issue {
        self.issue
    }

    /// Replaces the code; word k is at address 4k. Words that are no instruction
    /// stop the run when they are reached. `pc` stays, saturation counts start anew.
    ///
    /// # Errors
    /// More words than instruction memory holds.
    pub fn load_code(&mut self, words: &[u32]) -> Result<(), LoadError> {
        self.code = Code::load(words, &self.target)?;
        self.saturation.reset(words.len());
        if let Some(timing) = self.timing {
            self.pipeline = Some(Box::new(Pipeline::new(timing, &self.code.decoded)));
        }
        Ok(())
    }

    /// Back to the program's first instruction. Registers, generators, counters
    /// and memories keep their contents.
    pub fn restart(&mut self) {
        self.pc = 0;
        self.pending_load = 0;
        if let Some(pipeline) = &mut self.pipeline {
            pipeline.forget();
        }
    }

    /// Turns the counting of saturated lanes on or off. It is off at first, since
    /// it makes saturating instructions slower.
    pub fn enable_saturation_counts(&mut self, on: bool) {
        self.saturation.on = on;
    }

    /// Counts of every code word: index `pc / 4`.
    pub fn saturation_counts(&self) -> &[SiteCount] {
        &self.saturation.counts
    }

    /// Sets all counts to zero; lane limits stay.
    pub fn clear_saturation_counts(&mut self) {
        self.saturation.clear();
    }

    /// Counts only lanes below `lanes` (0 to 32, 32 at first) at the instruction
    /// at `pc`: lanes above hold padding.
    ///
    /// # Errors
    /// An address without code, or more than 32 lanes.
    pub fn set_saturation_lanes(&mut self, pc: u32, lanes: u32) -> Result<(), SiteError> {
        self.saturation.set_lanes(pc, lanes)
    }

    /// Executes from `pc` on until something stops it.
    pub fn run(&mut self, limits: &Limits) -> Stop {
        self.run_with(limits, &mut ())
    }

    /// As [`Machine::run`], and tells `observer` of every instruction that retires.
    pub fn run_with<O: Observer>(&mut self, limits: &Limits, observer: &mut O) -> Stop {
        self.x[0] = 0;
        self.rng_unchecked = true;
        self.rng_used_unseeded = false;
        if !limits.strict {
            self.pending_load = 0;
        }
        let start = self.retired;
        let (cause, clocks) = match self.pipeline.take() {
            None => {
                let ahead = self.clocks.wrapping_sub(start);
                self.csr_clock = CsrClock::Follows(ahead);
                let cause = self.execute_in(&mut Untimed(ahead), limits, observer);
                (cause, None)
            }
            Some(mut pipeline) => {
                pipeline.begin(self.pc, self.clocks);
                let cause = self.execute_in(&mut *pipeline, limits, observer);
                pipeline.stop(cause, self.pc);
                self.finish_transfers();
                self.clocks = pipeline.now();
                let clocks = pipeline.clocks();
                self.pipeline = Some(pipeline);
                (cause, Some(clocks))
            }
        };
        // Jumps check their targets, so that only the host can set a misaligned pc.
        let fetched = self.pc.is_multiple_of(4);
        let stopping = fetched && !matches!(cause, Cause::Budget | Cause::FetchFault { .. });
        let instruction = self.code.decoded.get(self.pc as usize / 4);
        Stop {
            cause,
            pc: self.pc,
            instructions: self.retired - start + u64::from(stopping),
            instruction: instruction.copied().flatten().filter(|_| fetched),
            rng_used_unseeded: self.rng_used_unseeded,
            clocks,
        }
    }

    fn execute_in<C: Clocked, O: Observer>(
        &mut self,
        clock: &mut C,
        limits: &Limits,
        observer: &mut O,
    ) -> Cause {
        if !self.pc.is_multiple_of(4) {
            return Cause::MisalignedFetch { address: self.pc };
        }
        if limits.strict {
            self.execute::<C, O, true>(clock, limits.budget, observer)
        } else {
            self.execute::<C, O, false>(clock, limits.budget, observer)
        }
    }

    /// The loop. Leaves `pc` and `retired` as the stop found them.
    fn execute<C: Clocked, O: Observer, const STRICT: bool>(
        &mut self,
        clock: &mut C,
        budget: u64,
        observer: &mut O,
    ) -> Cause {
        let code = Arc::clone(&self.code.decoded);
        let hazards = Arc::clone(&self.code.hazards);
        let start = self.retired;
        let mut pc = self.pc;
        let mut executed = 0;
        let mut front = clock.front();
        let cause = loop {
            if executed == budget {
                break Cause::Budget;
            }
            let index = pc as usize / 4;
            let Some(&Some(instruction)) = code.get(index) else {
                break self.no_instruction(pc);
            };
            if STRICT {
                let Some(hazard) = hazards.get(index) else {
                    break self.no_instruction(pc);
                };
                let conflict = self.pending_load & hazard.reads;
                if conflict != 0 {
                    let register = conflict.trailing_zeros() as u8;
                    break Cause::Hazard { register };
                }
                self.pending_load = hazard.loads;
            }
            let now = start + executed;
            let entered = clock.enter(front, self, index, instruction, O::ENABLED);
            match exec::execute(self, instruction, pc, now) {
                Ok(next) => {
                    executed += 1;
                    let straight = next == pc.wrapping_add(4);
                    front = clock.leave(self, entered, instruction, straight);
                    if O::ENABLED {
                        self.pc = next;
                        self.retired = now + 1;
                        self.clocks = clock.clock(front, now + 1);
                        observer.retired(self, pc, &instruction);
                    }
                    pc = next;
                }
                Err(cause) => {
                    front = clock.stopped(front, entered);
                    break cause;
                }
            }
        };
        clock.set_front(front);
        self.pc = pc;
        self.retired = start + executed;
        self.clocks = clock.clock(front, self.retired);
        cause
    }

    /// Brings DMA of a timed run up to `clock`, and does something with its ports there.
    pub(crate) fn at_ports<T>(
        &mut self,
        clock: u64,
        work: impl FnOnce(&mut Ports, &mut VectorMemory, &mut External) -> T,
    ) -> Option<T> {
        let ports = self.ports.as_mut()?;
        ports.advance(clock, &mut self.vector, &mut self.external);
        let result = work(ports, &mut self.vector, &mut self.external);
        self.dma_moves = ports.is_moving();
        Some(result)
    }

    fn finish_transfers(&mut self) {
        if let Some(ports) = &mut self.ports {
            ports.finish(&mut self.vector, &mut self.external);
        }
        self.dma_moves = false;
    }

    /// Why nothing can be executed at `pc`.
    #[cold]
    fn no_instruction(&self, pc: u32) -> Cause {
        match self.code.word(pc) {
            Some(word) => Cause::Illegal { word },
            None => Cause::FetchFault {
                address: pc,
                size: self.code.capacity_bytes(),
            },
        }
    }
}
