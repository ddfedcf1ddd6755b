//! Bitwise and.

use rust_hdl::prelude::*;

use crate::comment;

/// VAND: `a & b` of one lane.
#[derive(LogicBlock, Default)]
pub struct And {
    /// First operand.
    pub a: Signal<In, Bits<16>>,
    /// Second operand.
    pub b: Signal<In, Bits<16>>,
    /// The result.
    pub y: Signal<Out, Bits<16>>,
}

impl Logic for And {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module bitwise_and: a & b");
        self.y.next = self.a.val() & self.b.val();
    }
}
