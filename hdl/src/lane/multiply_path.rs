//! VMUL and the rounded shift, from the operands of a lane to its result.

use rust_hdl::prelude::*;

use super::{Multiply, Narrow, RoundShift};
use crate::comment;

/// VMUL of one lane; with a second factor of 1, VSRAI.
///
/// ```text
///  X                 X1                X2                X3
///  a, b  --|factors|--- multiply ---|product|--- add, shift ---|rounded|--- narrow --> y
///                                     ^                            ^
///                    shift, mask, half, sample (X2)        saturate (X3)
/// ```
/// Operands that are in X in one clock have their result in X3 three clocks later, where the lane's own
/// register takes it. The control comes from registers that a group of lanes shares; each signal
/// belongs to the stage in its name.
#[derive(LogicBlock, Default)]
pub struct MultiplyPath {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// First factor, at X.
    pub a: Signal<In, Signed<16>>,
    /// Second factor, at X.
    pub b: Signal<In, Signed<16>>,
    /// The shift.
    pub shift_x2: Signal<In, Bits<4>>,
    /// Bits of the sample that count: [`super::Rounding`]'s.
    pub mask_x2: Signal<In, Bits<15>>,
    /// Half of the result's lowest bit: [`super::Rounding`]'s.
    pub half_x2: Signal<In, Bits<15>>,
    /// The low 15 bits of the lane's random sample.
    pub sample_x2: Signal<In, Bits<15>>,
    /// Saturate.
    pub saturate_x3: Signal<In, Bit>,
    /// The result, in X3.
    pub y: Signal<Out, Bits<16>>,
    multiply: Multiply,
    round_shift: RoundShift,
    narrow: Narrow,
}

impl Logic for MultiplyPath {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module multiply_path: multiply, round and shift, narrow: X1, X2 and X3");
        self.multiply.clock.next = self.clock.val();
        self.multiply.a.next = self.a.val();
        self.multiply.b.next = self.b.val();
        self.round_shift.clock.next = self.clock.val();
        self.round_shift.value.next = self.multiply.product.val();
        self.round_shift.shift.next = self.shift_x2.val();
        self.round_shift.mask.next = self.mask_x2.val();
        self.round_shift.half.next = self.half_x2.val();
        self.round_shift.sample.next = self.sample_x2.val();
        self.narrow.value.next = unsigned_cast(self.round_shift.y.val());
        self.narrow.saturate.next = self.saturate_x3.val();
        self.y.next = self.narrow.y.val();
    }
}
