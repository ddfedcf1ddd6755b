//! The retirement port: what a trace, a profiler or a lockstep comparison listens to.

use spikevec_isa::Instruction;

use crate::Machine;

/// Is told of every instruction that retires.
///
/// An instruction that stops the run does not retire: `ecall`, `ebreak` and faults
/// are in the [`Stop`](crate::Stop).
pub trait Observer {
    /// False where the engine may leave the calls out altogether.
    const ENABLED: bool = true;

    /// `instruction` at `pc` has retired; `machine` is the state after it, its
    /// `pc` the next instruction's.
    fn retired(&mut self, machine: &Machine, pc: u32, instruction: &Instruction);
}

/// Observes nothing, at no cost.
impl Observer for () {
    const ENABLED: bool = false;

    fn retired(&mut self, _: &Machine, _: u32, _: &Instruction) {}
}
