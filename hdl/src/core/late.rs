//! The scalar operand that can still come while its instruction is in A.

use rust_hdl::prelude::*;

use super::ScalarOperand;
use crate::comment;

/// Holds what D has read, and follows what M, X and X1 write.
///
/// Vector instructions need their scalar operand in M and stores need theirs in X, so that they go on
/// before it is there. What is taken too early is replaced later, for its writer is found again at each stage.
#[derive(LogicBlock, Default)]
pub struct LateOperand {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// An instruction comes from D.
    pub enter: Signal<In, Bit>,
    /// Its operand so far.
    pub enter_value: Signal<In, Bits<32>>,
    /// The operand's register.
    pub enter_register: Signal<In, Bits<5>>,
    /// Whether M, X, X1 write a scalar register.
    pub writes: [Signal<In, Bit>; 3],
    /// Which one.
    pub rd: [Signal<In, Bits<5>>; 3],
    /// What.
    pub stage: [Signal<In, Bits<32>>; 3],
    /// The operand.
    pub value: Signal<Out, Bits<32>>,
    /// Its register.
    pub register: Signal<Out, Bits<5>>,
    held: DFF<Bits<32>>,
    held_register: DFF<Bits<5>>,
    operand: ScalarOperand,
}

impl Logic for LateOperand {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module late_operand: a scalar operand that can still come");
        dff_setup!(self, clock, held, held_register);
        self.operand.register.next = self.held_register.q.val();
        self.operand.held.next = self.held.q.val();
        for i in 0..3 {
            self.operand.writes[i].next = self.writes[i].val();
            self.operand.rd[i].next = self.rd[i].val();
            self.operand.stage[i].next = self.stage[i].val();
        }
        self.operand.writes[3].next = false;
        self.operand.rd[3].next = 0.into();
        self.operand.stage[3].next = 0.into();
        self.value.next = self.operand.value.val();
        self.register.next = self.held_register.q.val();
        self.held.d.next = self.operand.value.val();
        if self.enter.val() {
            self.held.d.next = self.enter_value.val();
            self.held_register.d.next = self.enter_register.val();
        }
    }
}
