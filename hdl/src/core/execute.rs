//! A: scalar arithmetic, branches, addresses, CSRs, division.

use rust_hdl::prelude::*;

use super::flags::{FLAGS, Flags};
use super::{Prepare, cause};
use crate::comment;
use crate::decode::OP_BITS;
use crate::scalar::{AddressCheck, Alu, Condition, Divider};

/// Executes the scalar side of an instruction and counts the beats of a vector one.
///
/// Operands are registered here; what leaves at an edge is in M in the next clock.
#[derive(LogicBlock)]
pub struct Execute {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Drop what is here: something older stops the core, or the host does.
    pub kill: Signal<In, Bit>,
    /// The host stops the core.
    pub stop: Signal<In, Bit>,
    /// An instruction comes from D.
    pub enter: Signal<In, Bit>,
    /// Its address.
    pub enter_pc: Signal<In, Bits<32>>,
    /// Its word.
    pub enter_word: Signal<In, Bits<32>>,
    /// It could not be fetched.
    pub enter_fault: Signal<In, Bit>,
    /// It is none.
    pub enter_illegal: Signal<In, Bit>,
    /// Number of its row.
    pub enter_op: Signal<In, Bits<OP_BITS>>,
    /// What it is.
    pub enter_flags: Signal<In, Bits<FLAGS>>,
    /// It writes a scalar register.
    pub enter_writes_x: Signal<In, Bit>,
    /// It writes a vector register.
    pub enter_writes_v: Signal<In, Bit>,
    /// Its immediate.
    pub enter_immediate: Signal<In, Bits<32>>,
    /// Field rd.
    pub enter_rd: Signal<In, Bits<5>>,
    /// Field rs1.
    pub enter_rs1: Signal<In, Bits<5>>,
    /// Field rs2.
    pub enter_rs2: Signal<In, Bits<5>>,
    /// First scalar operand.
    pub enter_a: Signal<In, Bits<32>>,
    /// Second scalar operand.
    pub enter_b: Signal<In, Bits<32>>,
    /// A new instruction can come.
    pub free: Signal<Out, Bit>,
    /// A store in M or X is about to write the word that a load here reads.
    pub conflict: Signal<In, Bit>,
    /// There is an instruction.
    pub valid: Signal<Out, Bit>,
    /// It, or a beat of it, goes to M at this edge.
    pub leave: Signal<Out, Bit>,
    /// It takes a jump: what is fetched after it is dropped.
    pub redirect: Signal<Out, Bit>,
    /// Where to.
    pub target: Signal<Out, Bits<32>>,
    /// Why it stops the core; see [`cause`].
    pub fault: Signal<Out, Bits<4>>,
    /// Its address.
    pub pc: Signal<Out, Bits<32>>,
    /// Its word.
    pub word: Signal<Out, Bits<32>>,
    /// Number of its row.
    pub op: Signal<Out, Bits<OP_BITS>>,
    /// What it is.
    pub flags: Signal<Out, Bits<FLAGS>>,
    /// It writes a scalar register.
    pub writes_x: Signal<Out, Bit>,
    /// It writes a vector register.
    pub writes_v: Signal<Out, Bit>,
    /// Field rd.
    pub rd: Signal<Out, Bits<5>>,
    /// Field rs1.
    pub rs1: Signal<Out, Bits<5>>,
    /// Field rs2.
    pub rs2: Signal<Out, Bits<5>>,
    /// Its immediate.
    pub immediate: Signal<Out, Bits<32>>,
    /// The beat.
    pub beat: Signal<Out, Bits<3>>,
    /// The first pass of a VLOADL.
    pub check: Signal<Out, Bit>,
    /// The last beat.
    pub last: Signal<Out, Bit>,
    /// The scalar result, where it is known in A.
    pub result: Signal<Out, Bits<32>>,
    /// The address of a memory access.
    pub address: Signal<Out, Bits<32>>,
    /// The word of vector memory: a part of 64 bytes for each beat.
    pub vector_word: Signal<Out, Bits<20>>,
    /// A beat for the vector unit, whether it has a fault or not.
    pub issue: Signal<Out, Bit>,
    /// A vector load is here, perhaps waiting.
    pub vector_load: Signal<Out, Bit>,
    /// First factor, for the multiplier.
    pub a: Signal<Out, Bits<32>>,
    /// Second factor.
    pub b: Signal<Out, Bits<32>>,
    /// Which factors are signed, and which half is wanted; the scalar access' width and sign.
    pub a_signed: Signal<Out, Bit>,
    /// The second factor is signed.
    pub b_signed: Signal<Out, Bit>,
    /// The upper half of the product.
    pub high: Signal<Out, Bit>,
    /// Which bits are counted.
    pub count_operation: Signal<Out, Bits<2>>,
    /// Width of a scalar access.
    pub width: Signal<Out, Bits<2>>,
    /// A scalar load extends the sign.
    pub load_signed: Signal<Out, Bit>,
    /// A CSR is accessed.
    pub csr_access: Signal<Out, Bit>,
    /// How.
    pub csr_operation: Signal<Out, Bits<2>>,
    /// It is not written.
    pub csr_no_write: Signal<Out, Bit>,
    /// With what.
    pub csr_operand: Signal<Out, Bits<32>>,
    /// Its old value.
    pub csr_value: Signal<In, Bits<32>>,
    /// There is no such CSR, or it cannot be written.
    pub csr_illegal: Signal<In, Bit>,
    held_valid: DFF<Bit>,
    held_pc: DFF<Bits<32>>,
    held_word: DFF<Bits<32>>,
    held_fault: DFF<Bit>,
    held_illegal: DFF<Bit>,
    held_op: DFF<Bits<OP_BITS>>,
    held_flags: DFF<Bits<FLAGS>>,
    held_writes_x: DFF<Bit>,
    held_writes_v: DFF<Bit>,
    held_immediate: DFF<Bits<32>>,
    held_rd: DFF<Bits<5>>,
    held_rs1: DFF<Bits<5>>,
    held_rs2: DFF<Bits<5>>,
    held_a: DFF<Bits<32>>,
    held_b: DFF<Bits<32>>,
    /// The first clock of an instruction here.
    first: DFF<Bit>,
    held_beat: DFF<Bits<3>>,
    held_check: DFF<Bit>,
    entering: Flags,
    of: Flags,
    prepare: Prepare,
    alu: Alu,
    branch_condition: Condition,
    divider: Divider,
    scalar_check: AddressCheck,
    vector_check: AddressCheck,
    free_here: Signal<Local, Bit>,
    sum: Signal<Local, Bits<32>>,
    sound: Signal<Local, Bit>,
    taken: Signal<Local, Bit>,
    waits: Signal<Local, Bit>,
    goes: Signal<Local, Bit>,
    ends: Signal<Local, Bit>,
    last_beat: Signal<Local, Bit>,
    reason: Signal<Local, Bits<4>>,
    vector_number: Signal<Local, Bits<32>>,
    unused_number: Signal<Local, Bits<12>>,
    final_beat: Constant<Bits<3>>,
    passes: Constant<Bit>,
    beat_bits: Constant<Bits<3>>,
    scalar_bytes: Constant<Bits<32>>,
    vector_bytes: Constant<Bits<32>>,
}

impl Execute {
    /// For a core whose vector instructions take `beats`, with memories of these sizes.
    pub fn new(beats: u32, scalar_bytes: u32, vector_bytes: u32) -> Self {
        Self {
            clock: Signal::default(),
            kill: Signal::default(),
            stop: Signal::default(),
            enter: Signal::default(),
            enter_pc: Signal::default(),
            enter_word: Signal::default(),
            enter_fault: Signal::default(),
            enter_illegal: Signal::default(),
            enter_op: Signal::default(),
            enter_flags: Signal::default(),
            enter_writes_x: Signal::default(),
            enter_writes_v: Signal::default(),
            enter_immediate: Signal::default(),
            enter_rd: Signal::default(),
            enter_rs1: Signal::default(),
            enter_rs2: Signal::default(),
            enter_a: Signal::default(),
            enter_b: Signal::default(),
            free: Signal::default(),
            conflict: Signal::default(),
            valid: Signal::default(),
            leave: Signal::default(),
            redirect: Signal::default(),
            target: Signal::default(),
            fault: Signal::default(),
            pc: Signal::default(),
            word: Signal::default(),
            op: Signal::default(),
            flags: Signal::default(),
            writes_x: Signal::default(),
            writes_v: Signal::default(),
            rd: Signal::default(),
            rs1: Signal::default(),
            rs2: Signal::default(),
            immediate: Signal::default(),
            beat: Signal::default(),
            check: Signal::default(),
            last: Signal::default(),
            result: Signal::default(),
            address: Signal::default(),
            vector_word: Signal::default(),
            issue: Signal::default(),
            vector_load: Signal::default(),
            a: Signal::default(),
            b: Signal::default(),
            a_signed: Signal::default(),
            b_signed: Signal::default(),
            high: Signal::default(),
            count_operation: Signal::default(),
            width: Signal::default(),
            load_signed: Signal::default(),
            csr_access: Signal::default(),
            csr_operation: Signal::default(),
            csr_no_write: Signal::default(),
            csr_operand: Signal::default(),
            csr_value: Signal::default(),
            csr_illegal: Signal::default(),
            held_valid: DFF::default(),
            held_pc: DFF::default(),
            held_word: DFF::default(),
            held_fault: DFF::default(),
            held_illegal: DFF::default(),
            held_op: DFF::default(),
            held_flags: DFF::default(),
            held_writes_x: DFF::default(),
            held_writes_v: DFF::default(),
            held_immediate: DFF::default(),
            held_rd: DFF::default(),
            held_rs1: DFF::default(),
            held_rs2: DFF::default(),
            held_a: DFF::default(),
            held_b: DFF::default(),
            first: DFF::default(),
            held_beat: DFF::default(),
            held_check: DFF::default(),
            entering: Flags::default(),
            of: Flags::default(),
            prepare: Prepare::default(),
            alu: Alu::default(),
            branch_condition: Condition::default(),
            divider: Divider::default(),
            scalar_check: AddressCheck::default(),
            vector_check: AddressCheck::default(),
            free_here: Signal::default(),
            sum: Signal::default(),
            sound: Signal::default(),
            taken: Signal::default(),
            waits: Signal::default(),
            goes: Signal::default(),
            ends: Signal::default(),
            last_beat: Signal::default(),
            reason: Signal::default(),
            vector_number: Signal::default(),
            unused_number: Signal::default(),
            final_beat: Constant::new(u64::from(beats - 1).to_bits()),
            passes: Constant::new(beats > 1),
            beat_bits: Constant::new(u64::from(6 - beats.trailing_zeros()).to_bits()),
            scalar_bytes: Constant::new(u64::from(scalar_bytes).to_bits()),
            vector_bytes: Constant::new(u64::from(vector_bytes).to_bits()),
        }
    }
}

const _: () = assert!(
    cause::ECALL == 1
        && cause::EBREAK == 2
        && cause::ILLEGAL == 3
        && cause::MISALIGNED_FETCH == 4
        && cause::FETCH_FAULT == 5
        && cause::MISALIGNED_LOAD == 6
        && cause::LOAD_FAULT == 7
        && cause::MISALIGNED_STORE == 8
        && cause::STORE_FAULT == 9,
    "the numbers are written out below, for rust-hdl takes no names of constants"
);

impl Logic for Execute {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module execute: scalar arithmetic, branches, addresses, beats");
        dff_setup!(
            self,
            clock,
            held_valid,
            held_pc,
            held_word,
            held_fault,
            held_illegal,
            held_op,
            held_flags,
            held_writes_x,
            held_writes_v,
            held_immediate,
            held_rd,
            held_rs1,
            held_rs2,
            held_a,
            held_b,
            first,
            held_beat,
            held_check
        );
        self.divider.clock.next = self.clock.val();
        self.of.flags.next = self.held_flags.q.val();
        self.entering.flags.next = self.enter_flags.val();

        comment!("Does it go on?");
        self.waits.next = (self.of.load.val() & self.conflict.val())
            | (self.of.divide.val() & !self.divider.done.val());
        self.goes.next = self.held_valid.q.val() & !self.waits.val();
        self.last_beat.next = !self.of.vector.val()
            | ((self.held_beat.q.val() == self.final_beat.val()) & !self.held_check.q.val());
        self.ends.next = self.goes.val() & self.last_beat.val();
        self.free_here.next = self.ends.val() | !self.held_valid.q.val();
        self.free.next = self.free_here.val();

        comment!("What comes from D.");
        self.prepare.clock.next = self.clock.val();
        self.prepare.take.next = self.free_here.val();
        self.prepare.op.next = self.enter_op.val();
        self.prepare.flags.next = self.enter_flags.val();
        self.prepare.pc.next = self.enter_pc.val();
        self.prepare.immediate.next = self.enter_immediate.val();
        self.prepare.a.next = self.enter_a.val();
        self.prepare.b.next = self.enter_b.val();
        self.sound.next = !self.held_fault.q.val() & !self.held_illegal.q.val();

        comment!("Arithmetic.");
        self.alu.operation.next = self.prepare.alu.val();
        self.alu.a.next = self.prepare.left.val();
        self.alu.b.next = self.prepare.right.val();
        self.divider.start.next =
            self.held_valid.q.val() & self.first.q.val() & self.of.divide.val();
        self.divider.signed_operands.next = self.prepare.divide_signed.val();
        self.divider.remainder.next = self.prepare.divide_remainder.val();
        self.divider.a.next = self.held_a.q.val();
        self.divider.b.next = self.held_b.q.val();
        self.result.next = self.alu.y.val();
        if self.of.jump.val() | self.of.jump_register.val() {
            self.result.next = self.held_pc.q.val() + 4;
        } else if self.of.divide.val() {
            self.result.next = self.divider.y.val();
        } else if self.of.csr.val() {
            self.result.next = self.csr_value.val();
        }

        comment!("Addresses, of memory and of jumps.");
        self.sum.next = self.prepare.base.val() + self.held_immediate.q.val();
        self.address.next = self.sum.val();
        self.target.next = self.sum.val() & 0xfffffffeu64;
        self.branch_condition.condition.next = self.prepare.condition.val();
        self.branch_condition.a.next = self.held_a.q.val();
        self.branch_condition.b.next = self.held_b.q.val();
        self.taken.next = self.of.jump.val()
            | self.of.jump_register.val()
            | (self.of.branch.val() & self.branch_condition.taken.val());
        self.scalar_check.address.next = self.sum.val();
        self.scalar_check.width.next = self.prepare.width.val();
        self.scalar_check.limit.next = self.scalar_bytes.val();
        self.vector_check.address.next = self.sum.val();
        self.vector_check.width.next = 3.into();
        self.vector_check.limit.next = self.vector_bytes.val();
        self.vector_number.next = self.sum.val() >> self.beat_bits.val();
        self.unused_number.next = self.vector_number.val().get_bits::<12>(20);
        self.vector_word.next =
            self.vector_number.val().get_bits::<20>(0) | bit_cast::<20, 3>(self.held_beat.q.val());

        comment!("CSRs. Nothing older is left before commit, so that only the host can stop one.");
        self.csr_access.next =
            self.held_valid.q.val() & self.sound.val() & self.of.csr.val() & !self.stop.val();
        self.csr_operation.next = self.prepare.csr_operation.val();
        self.csr_no_write.next =
            (self.prepare.csr_operation.val() != 0) & (self.held_rs1.q.val() == 0);
        self.csr_operand.next = self.held_a.q.val();
        if self.prepare.csr_immediate.val() {
            self.csr_operand.next = bit_cast::<32, 5>(self.held_rs1.q.val());
        }

        comment!("What stops the core here.");
        self.reason.next = 0.into();
        if self.of.ecall.val() {
            self.reason.next = 1.into();
        }
        if self.of.ebreak.val() {
            self.reason.next = 2.into();
        }
        if self.held_illegal.q.val() | (self.of.csr.val() & self.csr_illegal.val()) {
            self.reason.next = 3.into();
        }
        if self.taken.val() & self.sum.val().get_bit(1) {
            self.reason.next = 4.into();
        }
        if self.of.load.val() & self.scalar_check.outside.val() {
            self.reason.next = 7.into();
        }
        if self.of.load.val() & self.scalar_check.misaligned.val() {
            self.reason.next = 6.into();
        }
        if self.of.store.val() & self.scalar_check.outside.val() {
            self.reason.next = 9.into();
        }
        if self.of.store.val() & self.scalar_check.misaligned.val() {
            self.reason.next = 8.into();
        }
        if self.of.vector_load.val() & self.vector_check.outside.val() {
            self.reason.next = 7.into();
        }
        if self.of.vector_load.val() & self.vector_check.misaligned.val() {
            self.reason.next = 6.into();
        }
        if self.of.vector_store.val() & self.vector_check.outside.val() {
            self.reason.next = 9.into();
        }
        if self.of.vector_store.val() & self.vector_check.misaligned.val() {
            self.reason.next = 8.into();
        }
        if self.held_fault.q.val() {
            self.reason.next = 5.into();
        }
        self.fault.next = self.reason.val();

        comment!("Going on.");
        self.leave.next = self.goes.val() & !self.kill.val();
        self.redirect.next =
            (self.goes.val() & self.taken.val()) & (self.sound.val() & !self.sum.val().get_bit(1));
        self.issue.next = self.goes.val() & self.of.vector.val();
        self.vector_load.next = self.held_valid.q.val() & self.of.vector_load.val();
        self.first.d.next = false;
        if self.goes.val() & self.of.vector.val() {
            self.held_beat.d.next = (self.held_beat.q.val() + 1) & self.final_beat.val();
            if self.held_beat.q.val() == self.final_beat.val() {
                self.held_check.d.next = false;
            }
        }
        if self.ends.val() {
            self.held_valid.d.next = false;
        }
        if self.free_here.val() {
            comment!("Whether it is an instruction or not, held_valid tells.");
            self.held_pc.d.next = self.enter_pc.val();
            self.held_word.d.next = self.enter_word.val();
            self.held_fault.d.next = self.enter_fault.val();
            self.held_illegal.d.next = self.enter_illegal.val();
            self.held_op.d.next = self.enter_op.val();
            self.held_flags.d.next = self.enter_flags.val();
            self.held_writes_x.d.next = self.enter_writes_x.val();
            self.held_writes_v.d.next = self.enter_writes_v.val();
            self.held_immediate.d.next = self.enter_immediate.val();
            self.held_rd.d.next = self.enter_rd.val();
            self.held_rs1.d.next = self.enter_rs1.val();
            self.held_rs2.d.next = self.enter_rs2.val();
            self.held_a.d.next = self.enter_a.val();
            self.held_b.d.next = self.enter_b.val();
            self.held_beat.d.next = 0.into();
            self.held_check.d.next = self.entering.lane_load.val() & self.passes.val();
        }
        if self.enter.val() {
            self.held_valid.d.next = true;
            self.first.d.next = true;
        }
        if self.kill.val() {
            self.held_valid.d.next = false;
        }

        comment!("As it stands.");
        self.valid.next = self.held_valid.q.val();
        self.pc.next = self.held_pc.q.val();
        self.word.next = self.held_word.q.val();
        self.op.next = self.held_op.q.val();
        self.flags.next = self.held_flags.q.val();
        self.writes_x.next = self.held_writes_x.q.val();
        self.writes_v.next = self.held_writes_v.q.val();
        self.rd.next = self.held_rd.q.val();
        self.rs1.next = self.held_rs1.q.val();
        self.rs2.next = self.held_rs2.q.val();
        self.immediate.next = self.held_immediate.q.val();
        self.beat.next = self.held_beat.q.val();
        self.check.next = self.held_check.q.val();
        self.last.next = self.last_beat.val();
        self.a.next = self.held_a.q.val();
        self.b.next = self.held_b.q.val();
        self.a_signed.next = self.prepare.a_signed.val();
        self.b_signed.next = self.prepare.b_signed.val();
        self.high.next = self.prepare.high.val();
        self.count_operation.next = self.prepare.alu.val().get_bits::<2>(0);
        self.width.next = self.prepare.width.val();
        self.load_signed.next = self.prepare.load_signed.val();
    }
}
