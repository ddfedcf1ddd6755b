//! Where an operand of M comes from.

use rust_hdl::prelude::*;

use crate::comment;

/// Compares an operand's physical register in A with those that are written while the register
/// file is read: 0 the file; 1 W, by the beat now in X3; 2 the register after W, by the beat now in W, which
/// writes the file at the edge at which it is read; 3 where the operand is no register.
#[derive(LogicBlock, Default)]
pub struct Source {
    /// The operand is no register.
    pub fixed: Signal<In, Bit>,
    /// The operand's register.
    pub number: Signal<In, Bits<8>>,
    /// The beat now in X3 writes.
    pub x3_writes: Signal<In, Bit>,
    /// Its register.
    pub x3_number: Signal<In, Bits<8>>,
    /// The beat now in W writes.
    pub w_writes: Signal<In, Bit>,
    /// Its register.
    pub w_number: Signal<In, Bits<8>>,
    /// The source in the next clock.
    pub from: Signal<Out, Bits<2>>,
}

impl Logic for Source {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module source: where an operand is in the clock after its register is read");
        self.from.next = bits::<2>(0);
        if self.w_writes.val() & (self.w_number.val() == self.number.val()) {
            self.from.next = bits::<2>(2);
        }
        if self.x3_writes.val() & (self.x3_number.val() == self.number.val()) {
            self.from.next = bits::<2>(1);
        }
        if self.fixed.val() {
            self.from.next = bits::<2>(3);
        }
    }
}
