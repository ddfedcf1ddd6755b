//! How a run ended.

use std::fmt;

use spikevec_isa::{Cause, Instruction};

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    /// What stopped it.
    pub cause: Cause,
    /// Address of the instruction that did, or of the next one after [`Cause::Budget`].
    pub pc: u32,
    /// Instructions of this run. One that stopped the run is included; where
    /// there was none ([`Cause::Budget`], [`Cause::FetchFault`]) only those before.
    pub instructions: u64,
    /// The instruction at `pc`, `None` where that is no instruction.
    pub instruction: Option<Instruction>,
    /// A stochastic instruction ran while some lane's generator was in the
    /// all-zero state, which only yields zero: the program forgot to seed it.
    pub rng_used_unseeded: bool,
    /// Clocks of this run, where runs are timed. After [`Cause::Budget`] those until
    /// the next instruction could have gone on.
    pub clocks: Option<u64>,
}

impl Stop {
    /// True where the program reached its end.
    pub fn is_end(&self) -> bool {
        self.cause == Cause::Ecall
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "stopped at pc {:#x}", self.pc)?;
        if let Some(instruction) = &self.instruction {
            write!(f, " ({instruction})")?;
        }
        write!(
            f,
            " after {} instructions: {}",
            self.instructions, self.cause
        )
    }
}
