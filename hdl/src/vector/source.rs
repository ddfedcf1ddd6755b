//! Where an operand of M comes from.

use rust_hdl::prelude::*;

use crate::comment;

/// Compares an operand's physical register in A with those that the beats from X on write: where its value is in the
/// next clock, when the operand is in M.
///
/// | choice | where | written by the beat that is now in |
/// | --- | --- | --- |
/// | 0 | the register file | |
/// | 1 | X1, with a word of lane-local memory | X |
/// | 2 | X2 | X1 |
/// | 3 | X3, with a product | X2 |
/// | 4 | W | X3 |
/// | 5 | the register after W | W, which writes the file at the edge at which it is read |
/// | 6 | the operand is no register, but a word of vector memory or a constant | |
///
/// A word of vector memory that the VSTOREV in X1 stores is taken in its place: that is found in M, for addresses come late in A. The youngest writer counts. What the beat now in M writes is there in X only, and is taken there.
#[derive(LogicBlock, Default)]
pub struct Source {
    /// The operand is no register.
    pub fixed: Signal<In, Bit>,
    /// The operand's register.
    pub number: Signal<In, Bits<8>>,
    /// The beats now in X, X1, X2, X3 and W write.
    pub writes: [Signal<In, Bit>; 5],
    /// Their registers.
    pub written: [Signal<In, Bits<8>>; 5],
    /// The source in the next clock.
    pub from: Signal<Out, Bits<3>>,
    same: [Signal<Local, Bit>; 5],
}

impl Logic for Source {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module source: where an operand is in the clock after its register is read");
        for i in 0..5 {
            self.same[i].next = self.writes[i].val() & (self.written[i].val() == self.number.val());
        }
        self.from.next = bits::<3>(0);
        if self.same[4].val() {
            self.from.next = bits::<3>(5);
        }
        if self.same[3].val() {
            self.from.next = bits::<3>(4);
        }
        if self.same[2].val() {
            self.from.next = bits::<3>(3);
        }
        if self.same[1].val() {
            self.from.next = bits::<3>(2);
        }
        if self.same[0].val() {
            self.from.next = bits::<3>(1);
        }
        if self.fixed.val() {
            self.from.next = bits::<3>(6);
        }
    }
}
