//! The operands of A's arithmetic, chosen in D.

use rust_hdl::prelude::*;

use super::flags::{FLAGS, Flags};
use crate::comment;
use crate::decode::OP_BITS;
use crate::scalar::{ALU_BITS, ScalarControl};

/// Registers at the entrance of A: what its adders and comparators get, and what they shall do with it, so that in A
/// nothing stands before them.
#[derive(LogicBlock, Default)]
pub struct Prepare {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// A takes what D has, be it an instruction or not.
    pub take: Signal<In, Bit>,
    /// D: number of the instruction's row.
    pub op: Signal<In, Bits<OP_BITS>>,
    /// D: its flags.
    pub flags: Signal<In, Bits<FLAGS>>,
    /// D: its address.
    pub pc: Signal<In, Bits<32>>,
    /// D: its immediate.
    pub immediate: Signal<In, Bits<32>>,
    /// D: first scalar operand.
    pub a: Signal<In, Bits<32>>,
    /// D: second scalar operand.
    pub b: Signal<In, Bits<32>>,
    /// A: first operand of the ALU.
    pub left: Signal<Out, Bits<32>>,
    /// A: second operand of the ALU.
    pub right: Signal<Out, Bits<32>>,
    /// A: what addresses of memory or of jumps are relative to.
    pub base: Signal<Out, Bits<32>>,
    /// A: what the ALU does.
    pub alu: Signal<Out, Bits<ALU_BITS>>,
    /// A: condition of a branch.
    pub condition: Signal<Out, Bits<3>>,
    /// A: width of a scalar access.
    pub width: Signal<Out, Bits<2>>,
    /// A: a load extends the sign.
    pub load_signed: Signal<Out, Bit>,
    /// A: the product's high word.
    pub high: Signal<Out, Bit>,
    /// A: the first factor is signed.
    pub a_signed: Signal<Out, Bit>,
    /// A: the second factor is signed.
    pub b_signed: Signal<Out, Bit>,
    /// A: divide as signed numbers.
    pub divide_signed: Signal<Out, Bit>,
    /// A: the remainder is wanted.
    pub divide_remainder: Signal<Out, Bit>,
    /// A: what is done to a CSR.
    pub csr_operation: Signal<Out, Bits<2>>,
    /// A: its operand is the field rs1.
    pub csr_immediate: Signal<Out, Bit>,
    control: ScalarControl,
    of: Flags,
    held_left: DFF<Bits<32>>,
    held_right: DFF<Bits<32>>,
    held_base: DFF<Bits<32>>,
    held_alu: DFF<Bits<ALU_BITS>>,
    held_condition: DFF<Bits<3>>,
    held_width: DFF<Bits<2>>,
    held_load_signed: DFF<Bit>,
    held_high: DFF<Bit>,
    held_a_signed: DFF<Bit>,
    held_b_signed: DFF<Bit>,
    held_divide_signed: DFF<Bit>,
    held_divide_remainder: DFF<Bit>,
    held_csr_operation: DFF<Bits<2>>,
    held_csr_immediate: DFF<Bit>,
}

impl Logic for Prepare {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module prepare: operands and orders of A, chosen in D");
        dff_setup!(
            self,
            clock,
            held_left,
            held_right,
            held_base,
            held_alu,
            held_condition,
            held_width,
            held_load_signed,
            held_high,
            held_a_signed,
            held_b_signed,
            held_divide_signed,
            held_divide_remainder,
            held_csr_operation,
            held_csr_immediate
        );
        self.control.op.next = self.op.val();
        self.of.flags.next = self.flags.val();
        if self.take.val() {
            self.held_left.d.next = self.a.val();
            if self.control.a_is_pc.val() {
                self.held_left.d.next = self.pc.val();
            }
            self.held_right.d.next = self.b.val();
            if self.control.b_is_immediate.val() {
                self.held_right.d.next = self.immediate.val();
            }
            self.held_base.d.next = self.a.val();
            if self.of.branch.val() | self.of.jump.val() {
                self.held_base.d.next = self.pc.val();
            }
            self.held_alu.d.next = self.control.alu.val();
            self.held_condition.d.next = self.control.condition.val();
            self.held_width.d.next = self.control.width.val();
            self.held_load_signed.d.next = self.control.load_signed.val();
            self.held_high.d.next = self.control.multiply_high.val();
            self.held_a_signed.d.next = self.control.multiply_a_signed.val();
            self.held_b_signed.d.next = self.control.multiply_b_signed.val();
            self.held_divide_signed.d.next = self.control.divide_signed.val();
            self.held_divide_remainder.d.next = self.control.divide_remainder.val();
            self.held_csr_operation.d.next = self.control.csr_operation.val();
            self.held_csr_immediate.d.next = self.control.csr_immediate.val();
        }
        self.left.next = self.held_left.q.val();
        self.right.next = self.held_right.q.val();
        self.base.next = self.held_base.q.val();
        self.alu.next = self.held_alu.q.val();
        self.condition.next = self.held_condition.q.val();
        self.width.next = self.held_width.q.val();
        self.load_signed.next = self.held_load_signed.q.val();
        self.high.next = self.held_high.q.val();
        self.a_signed.next = self.held_a_signed.q.val();
        self.b_signed.next = self.held_b_signed.q.val();
        self.divide_signed.next = self.held_divide_signed.q.val();
        self.divide_remainder.next = self.held_divide_remainder.q.val();
        self.csr_operation.next = self.held_csr_operation.q.val();
        self.csr_immediate.next = self.held_csr_immediate.q.val();
    }
}
