//! Masked add.

use rust_hdl::prelude::*;

use crate::comment;

/// VANDADD: the low bits of a lane plus a scalar, wrapping. `mask` is [`super::ShiftMask`]'s.
#[derive(LogicBlock, Default)]
pub struct AndAdd {
    /// The low 15 bits of the lane's value.
    pub a: Signal<In, Bits<15>>,
    /// The bits of it that count.
    pub mask: Signal<In, Bits<15>>,
    /// The low half of the scalar.
    pub x: Signal<In, Bits<16>>,
    /// The result.
    pub y: Signal<Out, Bits<16>>,
    kept: Signal<Local, Bits<15>>,
}

impl Logic for AndAdd {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module and_add: (a & mask) + x");
        self.kept.next = self.a.val() & self.mask.val();
        self.y.next = bit_cast::<16, 15>(self.kept.val()) + self.x.val();
    }
}
