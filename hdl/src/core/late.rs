//! The scalar operand that can still come while its instruction is in A.

use rust_hdl::prelude::*;

use crate::comment;

/// Holds what D has read, and follows what is committed.
///
/// Vector instructions need their scalar operand in M and stores need theirs in X, so that they go on
/// before it is there. Who writes the register and is not at commit yet is found again by [`Access`](super::Access): a
/// writer that is in M or X now is in X or X1 when the operand is in M.
#[derive(LogicBlock, Default)]
pub struct LateOperand {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// A takes what D has, be it an instruction or not.
    pub enter: Signal<In, Bit>,
    /// Its operand so far.
    pub enter_value: Signal<In, Bits<32>>,
    /// The operand's register.
    pub enter_register: Signal<In, Bits<5>>,
    /// X1 writes a scalar register.
    pub writes: Signal<In, Bit>,
    /// Which one.
    pub rd: Signal<In, Bits<5>>,
    /// What.
    pub committed: Signal<In, Bits<32>>,
    /// The operand so far.
    pub value: Signal<Out, Bits<32>>,
    /// Its register.
    pub register: Signal<Out, Bits<5>>,
    held: DFF<Bits<32>>,
    held_register: DFF<Bits<5>>,
    operand: Signal<Local, Bits<32>>,
}

impl Logic for LateOperand {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module late_operand: a scalar operand that can still come");
        dff_setup!(self, clock, held, held_register);
        self.operand.next = self.held.q.val();
        if self.writes.val() & (self.rd.val() == self.held_register.q.val()) {
            self.operand.next = self.committed.val();
        }
        self.value.next = self.operand.val();
        self.register.next = self.held_register.q.val();
        self.held.d.next = self.operand.val();
        if self.enter.val() {
            self.held.d.next = self.enter_value.val();
            self.held_register.d.next = self.enter_register.val();
        }
    }
}
