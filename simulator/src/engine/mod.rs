//! What executes programs.
//!
//! An [`Engine`] runs a [`State`] over a program that it was prepared for. It takes time from a
//! [`Clock`] and tells an [`Observer`]; it has no state of its own that a program could see, so
//! that a run can go on in another engine where one has stopped. All engines leave the same
//! bits, counts and clocks: `tests/engine` runs all of its tests over each of them.
//!
//! A new engine is a folder here, a variant of [`EngineKind`] and of [`Prepared`], and a line in
//! `tests/engine/main.rs`.

mod interpreter;

use spikevec_isa::Cause;

use self::interpreter::Interpreter;
use crate::clock::Clock;
use crate::code::Code;
use crate::observe::Observer;
use crate::state::State;

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

/// A way to execute programs, prepared for one of them. A clone is cheap: what is prepared is shared.
pub(crate) trait Engine: Clone {
    /// Prepares a program: whatever can be done once a word, or once a basic block, is done here.
    fn prepare(code: &Code) -> Self;

    /// Executes from `state.pc`, a multiple of 4, on until something stops it.
    ///
    /// Leaves `pc` on the instruction that stopped the run, which has changed nothing, and
    /// `retired` and `clocks` as they are before it. The budget is kept to the instruction, and so
    /// are strict mode and the counts of saturated lanes where `state.saturation` is on. An observer
    /// with [`Observer::ENABLED`] is told of each instruction, with the state as it is behind it.
    ///
    /// An engine that works by the block hands what it cannot do so (the rest of a budget, an
    /// observer, strict mode) to the interpreter, from an instruction's boundary on.
    fn run<C: Clock, O: Observer>(
        &mut self,
        state: &mut State,
        clock: &mut C,
        limits: &Limits,
        observer: &mut O,
    ) -> Cause;
}

/// The engines that a machine can run on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum EngineKind {
    /// Instruction by instruction, on every host.
    #[default]
    Interpreter,
}

/// An engine of any kind, with the program that it runs.
#[derive(Debug, Clone)]
pub(crate) enum Prepared {
    Interpreter(Interpreter),
}

impl Prepared {
    pub fn new(kind: EngineKind, code: &Code) -> Self {
        match kind {
            EngineKind::Interpreter => Prepared::Interpreter(Interpreter::prepare(code)),
        }
    }

    pub fn kind(&self) -> EngineKind {
        match self {
            Prepared::Interpreter(_) => EngineKind::Interpreter,
        }
    }

    /// [`Engine::run`] of the engine that it is.
    pub fn run<C: Clock, O: Observer>(
        &mut self,
        state: &mut State,
        clock: &mut C,
        limits: &Limits,
        observer: &mut O,
    ) -> Cause {
        match self {
            Prepared::Interpreter(engine) => engine.run(state, clock, limits, observer),
        }
    }
}
