//! A scalar as a lane's value.

use rust_hdl::prelude::*;

use crate::comment;
use crate::leaf::Join;

/// VFILL: bit 31 of a scalar as the sign bit, bits 14 to 0 as the rest. Once for all lanes.
#[derive(LogicBlock, Default)]
pub struct Fill {
    /// Bit 31 of the scalar.
    pub sign: Signal<In, Bit>,
    /// Bits 14 to 0 of the scalar. The others do not matter.
    pub low: Signal<In, Bits<15>>,
    /// The value of every lane.
    pub y: Signal<Out, Bits<16>>,
    bits: Join<1, 15, 16>,
}

impl Logic for Fill {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module fill: bit 31 and bits 14:0 of a scalar as the value of every lane");
        self.bits.high.next = self.sign.val().into();
        self.bits.low.next = self.low.val();
        self.y.next = self.bits.whole.val();
    }
}
