//! A choice by a mask bit.

use rust_hdl::prelude::*;

use crate::comment;

/// VSEL: `b` where the lane's mask bit is set, else what the lane holds.
#[derive(LogicBlock, Default)]
pub struct Select {
    /// The lane's mask bit.
    pub chosen: Signal<In, Bit>,
    /// The value if the bit is set.
    pub b: Signal<In, Bits<16>>,
    /// The destination's value before.
    pub old: Signal<In, Bits<16>>,
    /// The result.
    pub y: Signal<Out, Bits<16>>,
}

impl Logic for Select {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module select: b where the mask bit is set, else the old value");
        self.y.next = self.old.val();
        if self.chosen.val() {
            self.y.next = self.b.val();
        }
    }
}
