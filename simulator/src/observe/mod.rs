//! The retirement port: what a trace, a profiler or a lockstep comparison listens to.
//!
//! | module | what |
//! | --- | --- |
//! | here | [`Observer`]: who is told of every instruction |
//! | `stalls` | [`Issue`]: when an instruction went on in a timed run, and why not earlier |
//! | `trace` | [`Tracer`]: a line an instruction |
//! | `profile` | [`StallProfile`]: where clocks go |

mod profile;
mod stalls;
mod trace;

use spikevec_isa::Instruction;

pub use profile::StallProfile;
pub use stalls::{Issue, Stall, Stalls};
pub use trace::Tracer;

use crate::state::State;

/// An instruction that has retired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retired {
    /// Its address.
    pub pc: u32,
    /// The instruction.
    pub instruction: Instruction,
    /// Of a timed run: when it left the stage A, and why not earlier.
    pub issue: Option<Issue>,
}

/// Is told of every instruction that retires.
///
/// An instruction that stops the run does not retire: `ecall`, `ebreak` and faults
/// are in the [`Stop`](crate::Stop).
pub trait Observer {
    /// False where the engine may leave the calls out altogether.
    const ENABLED: bool = true;

    /// An instruction has retired; `state` is the state after it, its `pc` the next instruction's.
    fn retired(&mut self, state: &State, retired: &Retired);
}

/// Observes nothing, at no cost.
impl Observer for () {
    const ENABLED: bool = false;

    fn retired(&mut self, _: &State, _: &Retired) {}
}
