//! What makes an instruction wait in D.

use rust_hdl::prelude::*;

use super::flags::{FLAGS, Flags};
use crate::comment;
use crate::decode::USES;

/// Register hazards: the rules of docs/core.md, "Timing, exactly".
///
/// Stages are numbered from the youngest: 0 is A, 1 is M, 2 is X. `hit` says which of them is the youngest that writes the
/// operand. In X1 it is there: where lanes give a scalar in several beats, the next beat is in X and hits first.
#[derive(LogicBlock)]
pub struct Hazards {
    /// Flags of the instruction in D.
    pub flags: Signal<In, Bits<FLAGS>>,
    /// What it touches.
    pub uses: Signal<In, Bits<USES>>,
    /// Its fields.
    pub rd: Signal<In, Bits<5>>,
    /// Its fields.
    pub rs1: Signal<In, Bits<5>>,
    /// Its fields.
    pub rs2: Signal<In, Bits<5>>,
    /// The stage that its first scalar operand comes from.
    pub hit1: [Signal<In, Bit>; 3],
    /// The stage that its second scalar operand comes from.
    pub hit2: [Signal<In, Bit>; 3],
    /// Whether each of A, M, X holds an instruction.
    pub stage_valid: [Signal<In, Bit>; 3],
    /// Whether it writes a vector register.
    pub stage_writes_v: [Signal<In, Bit>; 3],
    /// Which one.
    pub stage_rd: [Signal<In, Bits<5>>; 3],
    /// Its flags.
    pub stage_flags: [Signal<In, Bits<FLAGS>>; 3],
    /// Its beat.
    pub stage_beat: [Signal<In, Bits<3>>; 3],
    /// The instruction has to wait.
    pub stall: Signal<Out, Bit>,
    of: Flags,
    stage: [Flags; 3],
    first_early: Signal<Local, Bit>,
    second_early: Signal<Local, Bit>,
    late: Signal<Local, Bit>,
    /// Not there yet for an early operand, by stage.
    absent: [Signal<Local, Bit>; 3],
    /// Not there yet for a vector operand, by stage.
    pending: [Signal<Local, Bit>; 3],
    operand: [VectorHazard; 3],
    scalar_stall: Signal<Local, Bit>,
    unused_low: Signal<Local, Bits<4>>,
    unused_high: Signal<Local, Bit>,
    single_beat: Constant<Bit>,
}

/// Whether a vector register is still to come.
#[derive(LogicBlock, Default)]
pub struct VectorHazard {
    /// The register is read.
    pub reads: Signal<In, Bit>,
    /// Which one.
    pub register: Signal<In, Bits<5>>,
    /// Whether A, M, X write one.
    pub writes: [Signal<In, Bit>; 3],
    /// Which ones.
    pub rd: [Signal<In, Bits<5>>; 3],
    /// Whether the result would come too late.
    pub pending: [Signal<In, Bit>; 3],
    /// The youngest writer's result would come too late.
    pub stall: Signal<Out, Bit>,
    same: [Signal<Local, Bit>; 3],
}

impl Logic for VectorHazard {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module vector_hazard: the youngest writer of a vector register is not done");
        for i in 0..3 {
            self.same[i].next =
                self.reads.val() & self.writes[i].val() & (self.rd[i].val() == self.register.val());
        }
        self.stall.next = false;
        if self.same[0].val() {
            self.stall.next = self.pending[0].val();
        } else if self.same[1].val() {
            self.stall.next = self.pending[1].val();
        } else if self.same[2].val() {
            self.stall.next = self.pending[2].val();
        }
    }
}

impl Hazards {
    /// For a core whose vector instructions take `beats`.
    pub fn new(beats: u32) -> Self {
        Self {
            flags: Signal::default(),
            uses: Signal::default(),
            rd: Signal::default(),
            rs1: Signal::default(),
            rs2: Signal::default(),
            hit1: Default::default(),
            hit2: Default::default(),
            stage_valid: Default::default(),
            stage_writes_v: Default::default(),
            stage_rd: Default::default(),
            stage_flags: Default::default(),
            stage_beat: Default::default(),
            stall: Signal::default(),
            of: Flags::default(),
            stage: Default::default(),
            first_early: Signal::default(),
            second_early: Signal::default(),
            late: Signal::default(),
            absent: Default::default(),
            pending: Default::default(),
            operand: Default::default(),
            scalar_stall: Signal::default(),
            unused_low: Signal::default(),
            unused_high: Signal::default(),
            single_beat: Constant::new(beats == 1),
        }
    }
}

impl Logic for Hazards {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module hazards: what makes an instruction wait in D");
        self.of.flags.next = self.flags.val();
        for i in 0..3 {
            self.stage[i].flags.next = self.stage_flags[i].val();
        }

        self.unused_low.next = self.uses.val().get_bits::<4>(0);
        self.unused_high.next = self.uses.val().get_bit(7);
        comment!("Scalar operands that are needed in A, and the one that can come in M.");
        self.first_early.next =
            self.uses.val().get_bit(1) & (!self.of.late.val() | self.of.late_is_second.val());
        self.second_early.next = self.uses.val().get_bit(2) & !self.of.late_is_second.val();
        self.absent[0].next =
            self.stage[0].load.val() | self.stage[0].multiply.val() | self.stage[0].gathers.val();
        self.absent[1].next = self.stage[1].gathers.val() | self.stage[1].slow.val();
        self.absent[2].next = self.stage[2].gathers.val();
        self.late.next = self.stage[0].gathers.val()
            & !(self.stage[0].compares.val() & self.of.select.val() & self.single_beat.val());
        self.scalar_stall.next = false;
        for i in 0..3 {
            if self.first_early.val() & self.hit1[i].val() & self.absent[i].val() {
                self.scalar_stall.next = true;
            }
            if self.second_early.val() & self.hit2[i].val() & self.absent[i].val() {
                self.scalar_stall.next = true;
            }
        }
        if self.of.late.val() & !self.of.late_is_second.val() & self.hit1[0].val() & self.late.val()
        {
            self.scalar_stall.next = true;
        }
        if self.of.late.val() & self.of.late_is_second.val() & self.hit2[0].val() & self.late.val()
        {
            self.scalar_stall.next = true;
        }

        comment!("Vector operands: products take four clocks, lane-local words two.");
        self.pending[0].next = (self.stage[0].long.val() & (self.stage_beat[0].val() < 3))
            | (self.stage[0].lane_load.val() & (self.stage_beat[0].val() == 0));
        self.pending[1].next = self.stage[1].long.val() & (self.stage_beat[1].val() < 2);
        self.pending[2].next = self.stage[2].long.val() & (self.stage_beat[2].val() == 0);
        for i in 0..3 {
            for k in 0..3 {
                self.operand[i].writes[k].next =
                    self.stage_valid[k].val() & self.stage_writes_v[k].val();
                self.operand[i].rd[k].next = self.stage_rd[k].val();
                self.operand[i].pending[k].next = self.pending[k].val();
            }
        }
        self.operand[0].reads.next = self.uses.val().get_bit(4);
        self.operand[0].register.next = self.rs1.val();
        self.operand[1].reads.next = self.uses.val().get_bit(5);
        self.operand[1].register.next = self.rs2.val();
        self.operand[2].reads.next = self.uses.val().get_bit(6);
        self.operand[2].register.next = self.rd.val();

        comment!("CSR instructions wait until nothing is left before commit.");
        self.stall.next = self.scalar_stall.val()
            | self.operand[0].stall.val()
            | self.operand[1].stall.val()
            | self.operand[2].stall.val()
            | (self.of.csr.val()
                & (self.stage_valid[0].val()
                    | self.stage_valid[1].val()
                    | self.stage_valid[2].val()));
    }
}
