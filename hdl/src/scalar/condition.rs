//! The conditions of branches.

use rust_hdl::prelude::*;

use crate::comment;

/// Whether a branch is taken.
///
/// ```text
///  a, b --+--> equal ---------------------------+
///         +--> flip signs --> below (unsigned) -+-- order? --> xor invert --> taken
/// ```
/// With their top bits flipped, signed numbers are in the order of unsigned ones.
#[derive(LogicBlock, Default)]
pub struct Condition {
    /// funct3: bit 2 is order instead of equality, bit 1 unsigned, bit 0 the opposite. 2 and 3
    /// are no instructions and act as 0 and 1.
    pub condition: Signal<In, Bits<3>>,
    /// First operand.
    pub a: Signal<In, Bits<32>>,
    /// Second operand.
    pub b: Signal<In, Bits<32>>,
    /// The condition holds.
    pub taken: Signal<Out, Bit>,
    flip: Signal<Local, Bits<32>>,
    holds: Signal<Local, Bit>,
}

impl Logic for Condition {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module condition: equality or order of two operands, or the opposite");
        self.flip.next = bits::<32>(0x80000000u64);
        if self.condition.val().get_bit(1) {
            self.flip.next = bits::<32>(0);
        }
        self.holds.next = self.a.val() == self.b.val();
        if self.condition.val().get_bit(2) {
            self.holds.next = (self.a.val() ^ self.flip.val()) < (self.b.val() ^ self.flip.val());
        }
        self.taken.next = self.holds.val() ^ self.condition.val().get_bit(0);
    }
}
