//! D: decode, scalar registers, and the decision to go on.

use rust_hdl::prelude::*;

use super::flags::{FLAGS, Flags};
use super::{Hazards, NOTE, ScalarOperand};
use crate::comment;
use crate::decode::{FORMAT_BITS, Immediate, OP_BITS, USES};
use crate::leaf::Registers;

/// Holds the fetched word until its operands can be had.
///
/// ```text
///  F --> word, note --> flags ------------> A
///            |  rs1, rs2
///            v
///            scalar registers --> bypass from A, M, X, X1 --> operands --> A
///                                     |
///                                  hazards --> leave
/// ```
/// Stages ahead are numbered from the youngest: 0 is A, 1 is M, 2 is X, 3 is X1.
#[derive(LogicBlock)]
pub struct Issue {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The core runs; while it does not, the stage is empty.
    pub running: Signal<In, Bit>,
    /// Whatever is in F and here is dropped.
    pub flush: Signal<In, Bit>,
    /// F has a word.
    pub fetched: Signal<In, Bit>,
    /// Its address.
    pub fetched_pc: Signal<In, Bits<32>>,
    /// The word.
    pub fetched_word: Signal<In, Bits<32>>,
    /// Its [note](super::Predecode).
    pub fetched_note: Signal<In, Bits<NOTE>>,
    /// Its address is outside the memory.
    pub fetched_fault: Signal<In, Bit>,
    /// The word is taken at this edge.
    pub accept: Signal<Out, Bit>,
    /// A can take an instruction at this edge.
    pub free: Signal<In, Bit>,
    /// It takes this one.
    pub leave: Signal<Out, Bit>,
    /// Whether each stage writes a scalar register.
    pub writes: [Signal<In, Bit>; 4],
    /// The register that each stage writes, scalar or vector.
    pub stage_rd: [Signal<In, Bits<5>>; 4],
    /// The scalar result of each stage.
    pub stage_value: [Signal<In, Bits<32>>; 4],
    /// Whether each of A, M, X holds an instruction.
    pub stage_valid: [Signal<In, Bit>; 3],
    /// Whether it writes a vector register.
    pub stage_writes_v: [Signal<In, Bit>; 3],
    /// Its flags.
    pub stage_flags: [Signal<In, Bits<FLAGS>>; 3],
    /// Its beat.
    pub stage_beat: [Signal<In, Bits<3>>; 3],
    /// Write a scalar register.
    pub register_write: Signal<In, Bit>,
    /// Which one; not x0.
    pub register_rd: Signal<In, Bits<5>>,
    /// What.
    pub register_value: Signal<In, Bits<32>>,
    /// The instruction's address.
    pub pc: Signal<Out, Bits<32>>,
    /// The instruction.
    pub word: Signal<Out, Bits<32>>,
    /// Its address is outside the memory.
    pub fault: Signal<Out, Bit>,
    /// The word is no instruction.
    pub illegal: Signal<Out, Bit>,
    /// Number of its row.
    pub op: Signal<Out, Bits<OP_BITS>>,
    /// What it is.
    pub flags: Signal<Out, Bits<FLAGS>>,
    /// It writes a scalar register other than x0.
    pub writes_x: Signal<Out, Bit>,
    /// It writes a vector register.
    pub writes_v: Signal<Out, Bit>,
    /// Its immediate.
    pub immediate: Signal<Out, Bits<32>>,
    /// Field rd.
    pub rd: Signal<Out, Bits<5>>,
    /// Field rs1.
    pub rs1: Signal<Out, Bits<5>>,
    /// Field rs2.
    pub rs2: Signal<Out, Bits<5>>,
    /// First scalar operand.
    pub a: Signal<Out, Bits<32>>,
    /// Second scalar operand.
    pub b: Signal<Out, Bits<32>>,
    /// The register of the operand that can still come in later stages.
    pub late_register: Signal<Out, Bits<5>>,
    /// That operand so far: of its writers only those at commit or beyond.
    pub late: Signal<Out, Bits<32>>,
    valid: DFF<Bit>,
    pc_held: DFF<Bits<32>>,
    word_held: DFF<Bits<32>>,
    fault_held: DFF<Bit>,
    note_held: DFF<Bits<NOTE>>,
    form: Immediate,
    touches: Signal<Local, Bits<USES>>,
    one: Signal<Local, Bits<5>>,
    two: Signal<Local, Bits<5>>,
    of: Flags,
    registers: Registers,
    first: ScalarOperand,
    second: ScalarOperand,
    hazards: Hazards,
    go: Signal<Local, Bit>,
    room: Signal<Local, Bit>,
}

impl Issue {
    /// For a core whose vector instructions take `beats`.
    pub fn new(beats: u32) -> Self {
        Self {
            clock: Signal::default(),
            running: Signal::default(),
            flush: Signal::default(),
            fetched: Signal::default(),
            fetched_pc: Signal::default(),
            fetched_word: Signal::default(),
            fetched_note: Signal::default(),
            fetched_fault: Signal::default(),
            accept: Signal::default(),
            free: Signal::default(),
            leave: Signal::default(),
            writes: Default::default(),
            stage_rd: Default::default(),
            stage_value: Default::default(),
            stage_valid: Default::default(),
            stage_writes_v: Default::default(),
            stage_flags: Default::default(),
            stage_beat: Default::default(),
            register_write: Signal::default(),
            register_rd: Signal::default(),
            register_value: Signal::default(),
            pc: Signal::default(),
            word: Signal::default(),
            fault: Signal::default(),
            illegal: Signal::default(),
            op: Signal::default(),
            flags: Signal::default(),
            writes_x: Signal::default(),
            writes_v: Signal::default(),
            immediate: Signal::default(),
            rd: Signal::default(),
            rs1: Signal::default(),
            rs2: Signal::default(),
            a: Signal::default(),
            b: Signal::default(),
            late_register: Signal::default(),
            late: Signal::default(),
            valid: DFF::default(),
            pc_held: DFF::default(),
            word_held: DFF::default(),
            fault_held: DFF::default(),
            note_held: DFF::default(),
            form: Immediate::default(),
            touches: Signal::default(),
            one: Signal::default(),
            two: Signal::default(),
            of: Flags::default(),
            registers: Registers::default(),
            first: ScalarOperand::default(),
            second: ScalarOperand::default(),
            hazards: Hazards::new(beats),
            go: Signal::default(),
            room: Signal::default(),
        }
    }
}

impl Logic for Issue {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module issue: decode, scalar registers, hazards");
        dff_setup!(
            self, clock, valid, pc_held, word_held, note_held, fault_held
        );
        self.registers.clock.next = self.clock.val();

        comment!("The word and what it means: its note was made when it was written.");
        self.of.flags.next = self.note_held.q.val().get_bits::<FLAGS>(0);
        self.touches.next = self.note_held.q.val().get_bits::<USES>(21);
        self.form.word.next = self.word_held.q.val();
        self.form.format.next = self.note_held.q.val().get_bits::<FORMAT_BITS>(36);
        self.one.next = self.word_held.q.val().get_bits::<5>(15);
        self.two.next = self.word_held.q.val().get_bits::<5>(20);
        self.pc.next = self.pc_held.q.val();
        self.word.next = self.word_held.q.val();
        self.fault.next = self.fault_held.q.val();
        self.illegal.next = !self.note_held.q.val().get_bit(40);
        self.op.next = self.note_held.q.val().get_bits::<OP_BITS>(29);
        self.flags.next = self.note_held.q.val().get_bits::<FLAGS>(0);
        self.writes_x.next =
            self.touches.val().get_bit(0) & (self.word_held.q.val().get_bits::<5>(7) != 0);
        self.writes_v.next = self.touches.val().get_bit(3);
        self.immediate.next = self.form.value.val();
        self.rd.next = self.word_held.q.val().get_bits::<5>(7);
        self.rs1.next = self.one.val();
        self.rs2.next = self.two.val();

        comment!("Scalar operands.");
        self.registers.read_address[0].next = self.one.val();
        self.registers.read_address[1].next = self.two.val();
        self.registers.write_enable.next = self.register_write.val();
        self.registers.write_address.next = self.register_rd.val();
        self.registers.write_data.next = self.register_value.val();
        self.first.register.next = self.one.val();
        self.first.held.next = self.registers.read_data[0].val();
        self.second.register.next = self.two.val();
        self.second.held.next = self.registers.read_data[1].val();
        for i in 0..4 {
            self.first.writes[i].next = self.writes[i].val();
            self.first.rd[i].next = self.stage_rd[i].val();
            self.first.stage[i].next = self.stage_value[i].val();
            self.second.writes[i].next = self.writes[i].val();
            self.second.rd[i].next = self.stage_rd[i].val();
            self.second.stage[i].next = self.stage_value[i].val();
        }
        for i in 0..3 {
            self.hazards.hit1[i].next = self.first.hit[i].val();
            self.hazards.hit2[i].next = self.second.hit[i].val();
        }
        self.a.next = self.first.value.val();
        self.b.next = self.second.value.val();
        self.late_register.next = self.one.val();
        self.late.next = self.first.committed.val();
        if self.of.late_is_second.val() {
            self.late_register.next = self.two.val();
            self.late.next = self.second.committed.val();
        }

        comment!("Hazards.");
        self.hazards.flags.next = self.note_held.q.val().get_bits::<FLAGS>(0);
        self.hazards.uses.next = self.touches.val();
        self.hazards.rd.next = self.word_held.q.val().get_bits::<5>(7);
        self.hazards.rs1.next = self.one.val();
        self.hazards.rs2.next = self.two.val();
        for i in 0..3 {
            self.hazards.stage_valid[i].next = self.stage_valid[i].val();
            self.hazards.stage_writes_v[i].next = self.stage_writes_v[i].val();
            self.hazards.stage_rd[i].next = self.stage_rd[i].val();
            self.hazards.stage_flags[i].next = self.stage_flags[i].val();
            self.hazards.stage_beat[i].next = self.stage_beat[i].val();
        }

        comment!("Coming and going.");
        self.go.next = (self.valid.q.val() & self.free.val()) & !self.hazards.stall.val();
        self.room.next = self.go.val() | !self.valid.q.val();
        self.leave.next = self.go.val() & !self.flush.val();
        self.accept.next = self.room.val();
        if self.room.val() {
            self.valid.d.next = self.fetched.val();
            self.pc_held.d.next = self.fetched_pc.val();
            self.word_held.d.next = self.fetched_word.val();
            self.note_held.d.next = self.fetched_note.val();
            if self.fetched_fault.val() {
                comment!("No instruction, so that it waits for nothing.");
                self.note_held.d.next = 0.into();
            }
            self.fault_held.d.next = self.fetched_fault.val();
        }
        if self.flush.val() | !self.running.val() {
            self.valid.d.next = false;
        }
    }
}
