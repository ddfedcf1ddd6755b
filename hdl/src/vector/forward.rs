//! Where an operand of X comes from.

use rust_hdl::prelude::*;

use crate::comment;

/// Compares an operand's physical register in M with those that the beats before it write: which
/// of X1, X2, X3 and W (1 to 4) holds the value in the next clock, when the operand is in X; 0
/// where it is what M has read. The youngest writer counts.
#[derive(LogicBlock, Default)]
pub struct Forward {
    /// The operand is no register, so that nothing is forwarded.
    pub fixed: Signal<In, Bit>,
    /// The operand's register.
    pub number: Signal<In, Bits<8>>,
    /// The beat now in X writes.
    pub x_writes: Signal<In, Bit>,
    /// Its register.
    pub x_number: Signal<In, Bits<8>>,
    /// The beat now in X1 writes.
    pub x1_writes: Signal<In, Bit>,
    /// Its register.
    pub x1_number: Signal<In, Bits<8>>,
    /// The beat now in X2 writes.
    pub x2_writes: Signal<In, Bit>,
    /// Its register.
    pub x2_number: Signal<In, Bits<8>>,
    /// The beat now in X3 writes.
    pub x3_writes: Signal<In, Bit>,
    /// Its register.
    pub x3_number: Signal<In, Bits<8>>,
    /// The source in the next clock.
    pub from: Signal<Out, Bits<3>>,
}

impl Logic for Forward {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module forward: which later stage holds an operand's register in the next clock");
        self.from.next = bits::<3>(0);
        if self.x3_writes.val() & (self.x3_number.val() == self.number.val()) {
            self.from.next = bits::<3>(4);
        }
        if self.x2_writes.val() & (self.x2_number.val() == self.number.val()) {
            self.from.next = bits::<3>(3);
        }
        if self.x1_writes.val() & (self.x1_number.val() == self.number.val()) {
            self.from.next = bits::<3>(2);
        }
        if self.x_writes.val() & (self.x_number.val() == self.number.val()) {
            self.from.next = bits::<3>(1);
        }
        if self.fixed.val() {
            self.from.next = bits::<3>(0);
        }
    }
}
