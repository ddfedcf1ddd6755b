//! The machine: a state, an engine that runs it and a clock, with what a host does to them.

use std::ops::{Deref, DerefMut};

use spikevec_isa::target::TargetError;
use spikevec_isa::{Cause, Target};

use crate::clock::{Clock, Untimed};
use crate::code::{Code, LoadError};
use crate::engine::{EngineKind, Limits, Prepared};
use crate::observe::Observer;
use crate::state::{Dma, SiteCount, SiteError, State};
use crate::stop::Stop;
use crate::timing::{Pipeline, Timing};

/// A core with its memories. Registers and generators are those of the [`State`] that it derefs to.
#[derive(Debug, Clone)]
pub struct Machine {
    pub(crate) state: State,
    pub(crate) code: Code,
    engine: Prepared,
    pipeline: Option<Box<Pipeline>>,
    target: Target,
}

impl Deref for Machine {
    type Target = State;

    fn deref(&self) -> &State {
        &self.state
    }
}

impl DerefMut for Machine {
    fn deref_mut(&mut self) -> &mut State {
        &mut self.state
    }
}

impl Machine {
    /// A machine at reset: registers, generators and memories zero, counters
    /// inhibited, DMA idle, no code.
    ///
    /// # Errors
    /// A target whose memories make no sense.
    pub fn new(target: &Target) -> Result<Self, TargetError> {
        target.check()?;
        let code = Code::empty(target);
        Ok(Machine {
            state: State::new(target),
            engine: Prepared::new(EngineKind::default(), &code),
            code,
            pipeline: None,
            target: target.clone(),
        })
    }

    /// The target that the machine was made for.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// What executes runs.
    pub fn engine(&self) -> EngineKind {
        self.engine.kind()
    }

    /// Runs on another engine from now on. Results and clocks are the same on all of them.
    pub fn set_engine(&mut self, kind: EngineKind) {
        self.engine = Prepared::new(kind, &self.code);
    }

    /// Times runs from now on as a core with pipeline, memories and lanes would take
    /// them, or no more. Results are the same either way, but for programs that read
    /// counters, or that touch vectors which DMA moves. The DMA registers are as at reset
    /// afterwards. When a run stops, transfers under way come to their end in no time.
    pub fn set_timing(&mut self, timing: Option<Timing>) {
        self.state.memories.dma = Dma::default();
        let (code, memories) = (&self.code.decoded, &self.state.memories);
        self.pipeline = timing.map(|timing| Box::new(Pipeline::new(timing, code, memories)));
    }

    /// How runs are timed.
    pub fn timing(&self) -> Option<Timing> {
        self.pipeline.as_ref().map(|pipeline| pipeline.timing())
    }

    /// Replaces the code; word k is at address 4k. Words that are no instruction
    /// stop the run when they are reached. `pc` stays, saturation counts start anew.
    ///
    /// # Errors
    /// More words than instruction memory holds.
    pub fn load_code(&mut self, words: &[u32]) -> Result<(), LoadError> {
        self.code = Code::load(words, &self.target)?;
        self.engine = Prepared::new(self.engine.kind(), &self.code);
        self.state.saturation.reset(words.len());
        if let Some(pipeline) = &mut self.pipeline {
            pipeline.load(&self.code.decoded);
        }
        Ok(())
    }

    /// Back to the program's first instruction. Registers, generators, counters
    /// and memories keep their contents.
    pub fn restart(&mut self) {
        self.state.pc = 0;
        self.state.pending_load = 0;
        if let Some(pipeline) = &mut self.pipeline {
            pipeline.forget();
        }
    }

    /// Turns the counting of saturated lanes on or off. It is off at first, since
    /// it makes saturating instructions slower.
    pub fn enable_saturation_counts(&mut self, on: bool) {
        self.state.saturation.on = on;
    }

    /// Counts of every code word: index `pc / 4`.
    pub fn saturation_counts(&self) -> &[SiteCount] {
        &self.state.saturation.counts
    }

    /// Sets all counts to zero; lane limits stay.
    pub fn clear_saturation_counts(&mut self) {
        self.state.saturation.clear();
    }

    /// Counts only lanes below `lanes` (0 to 32, 32 at first) at the instruction
    /// at `pc`: lanes above hold padding.
    ///
    /// # Errors
    /// An address without code, or more than 32 lanes.
    pub fn set_saturation_lanes(&mut self, pc: u32, lanes: u32) -> Result<(), SiteError> {
        self.state.saturation.set_lanes(pc, lanes)
    }

    /// Executes from `pc` on until something stops it.
    pub fn run(&mut self, limits: &Limits) -> Stop {
        self.run_with(limits, &mut ())
    }

    /// As [`Machine::run`], and tells `observer` of every instruction that retires.
    pub fn run_with<O: Observer>(&mut self, limits: &Limits, observer: &mut O) -> Stop {
        let s = &mut self.state;
        s.x[0] = 0;
        s.rng_unchecked = true;
        s.rng_used_unseeded = false;
        if !limits.strict {
            s.pending_load = 0;
        }
        let start = s.retired;
        let (cause, clocks) = match self.pipeline.take() {
            None => {
                let mut clock = Untimed(s.clocks.wrapping_sub(start));
                (self.run_on(&mut clock, limits, observer), None)
            }
            Some(mut pipeline) => {
                pipeline.begin(s.pc, s.clocks);
                let cause = self.run_on(&mut *pipeline, limits, observer);
                let s = &mut self.state;
                pipeline.stop(cause, s.pc, &mut s.memories);
                s.clocks = pipeline.now();
                let clocks = pipeline.clocks();
                self.pipeline = Some(pipeline);
                (cause, Some(clocks))
            }
        };
        let s = &self.state;
        // Jumps check their targets, so that only the host can set a misaligned pc.
        let fetched = s.pc.is_multiple_of(4);
        let stopping = fetched && !matches!(cause, Cause::Budget | Cause::FetchFault { .. });
        let instruction = self.code.decoded.get(s.pc as usize / 4);
        Stop {
            cause,
            pc: s.pc,
            instructions: s.retired - start + u64::from(stopping),
            instruction: instruction.copied().flatten().filter(|_| fetched),
            rng_used_unseeded: s.rng_used_unseeded,
            clocks,
        }
    }

    fn run_on<C: Clock, O: Observer>(
        &mut self,
        clock: &mut C,
        limits: &Limits,
        observer: &mut O,
    ) -> Cause {
        let address = self.state.pc;
        if !address.is_multiple_of(4) {
            return Cause::MisalignedFetch { address };
        }
        self.engine.run(&mut self.state, clock, limits, observer)
    }
}
