//! A scalar operand: the register file's word, or what a stage ahead is about to write.

use rust_hdl::prelude::*;

use crate::comment;

/// Chooses the youngest of four stages that write a register.
///
/// Whether its value is there already is for others to know: see [`super::Hazards`].
#[derive(LogicBlock, Default)]
pub struct ScalarOperand {
    /// The register.
    pub register: Signal<In, Bits<5>>,
    /// What holds if no stage writes it.
    pub held: Signal<In, Bits<32>>,
    /// Whether each stage writes a register, the youngest stage first.
    pub writes: [Signal<In, Bit>; 4],
    /// Which one.
    pub rd: [Signal<In, Bits<5>>; 4],
    /// What it writes.
    pub stage: [Signal<In, Bits<32>>; 4],
    /// Which of the three younger stages is chosen: one of these at most.
    pub hit: [Signal<Out, Bit>; 3],
    /// The operand.
    pub value: Signal<Out, Bits<32>>,
    /// What it would be without the three younger stages.
    pub committed: Signal<Out, Bits<32>>,
    same: [Signal<Local, Bit>; 4],
    older: Signal<Local, Bits<32>>,
}

impl Logic for ScalarOperand {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module scalar_operand: the youngest of four stages that write a register");
        for i in 0..4 {
            self.same[i].next = self.writes[i].val() & (self.rd[i].val() == self.register.val());
        }
        for i in 0..3 {
            self.hit[i].next = false;
        }
        self.older.next = self.held.val();
        if self.same[3].val() {
            self.older.next = self.stage[3].val();
        }
        self.committed.next = self.older.val();
        self.value.next = self.older.val();
        if self.same[0].val() {
            self.value.next = self.stage[0].val();
            self.hit[0].next = true;
        } else if self.same[1].val() {
            self.value.next = self.stage[1].val();
            self.hit[1].next = true;
        } else if self.same[2].val() {
            self.value.next = self.stage[2].val();
            self.hit[2].next = true;
        }
    }
}
