//! The four comparisons.

use rust_hdl::prelude::*;

use crate::comment;

/// One bit of VTEQ, VTNE, VTLT and VTGE.
///
/// ```text
///  negative (AddSubtract) --+
///                           +-- order? --> xor invert --> y
///  a, b --> equal ----------+
/// ```
/// The order comes from the sign of `a - b`. Equality is found beside the subtraction, not from
/// its result, which is there later.
#[derive(LogicBlock, Default)]
pub struct Compare {
    /// First operand.
    pub a: Signal<In, Bits<16>>,
    /// Second operand.
    pub b: Signal<In, Bits<16>>,
    /// The sign of `a - b`.
    pub negative: Signal<In, Bit>,
    /// Compare the order (`<`, `>=`) instead of equality (`==`, `!=`): funct3 bit 2.
    pub order: Signal<In, Bit>,
    /// The opposite: `!=` and `>=`: funct3 bit 1.
    pub invert: Signal<In, Bit>,
    /// The comparison holds.
    pub y: Signal<Out, Bit>,
    holds: Signal<Local, Bit>,
}

impl Logic for Compare {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module compare: equality, or the order by the sign of a - b; or the opposite");
        self.holds.next = self.a.val() == self.b.val();
        if self.order.val() {
            self.holds.next = self.negative.val();
        }
        self.y.next = self.holds.val() ^ self.invert.val();
    }
}
