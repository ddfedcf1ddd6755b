//! The multiplier of a lane.

use rust_hdl::prelude::*;

use crate::comment;

/// 16 by 16 to 32 bits, signed: one DSP block with its operand and product registers.
///
/// Operands taken at one edge appear as a product after the next one.
#[derive(LogicBlock, Default)]
pub struct Multiply {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// First factor.
    pub a: Signal<In, Signed<16>>,
    /// Second factor.
    pub b: Signal<In, Signed<16>>,
    /// The exact product.
    pub product: Signal<Out, Signed<32>>,
    factor_a: DFF<Signed<16>>,
    factor_b: DFF<Signed<16>>,
    result: DFF<Signed<32>>,
}

impl Logic for Multiply {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module multiply: a * b, with registers before and after the multiplication");
        dff_setup!(self, clock, factor_a, factor_b, result);
        self.factor_a.d.next = self.a.val();
        self.factor_b.d.next = self.b.val();
        self.result.d.next = self.factor_a.q.val() * self.factor_b.q.val();
        self.product.next = self.result.q.val();
    }
}
