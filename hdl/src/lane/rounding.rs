//! What a rounding mode adds before the shift.

use rust_hdl::prelude::*;

use super::ShiftMask;
use crate::comment;

/// The control of rounding for a group of lanes: a lane adds `(sample & mask) | half`.
///
/// | mode | mask | half |
/// | --- | --- | --- |
/// | 0 truncate | 0 | 0 |
/// | 1 nearest | 0 | `(1 << shift) >> 1` |
/// | 2 stochastic | `(1 << shift) - 1` | 0 |
///
/// Mode 3 is no instruction; it acts as 0.
#[derive(LogicBlock, Default)]
pub struct Rounding {
    /// The shift, 0 to 15.
    pub shift: Signal<In, Bits<4>>,
    /// The mode, as it stands in the instruction.
    pub mode: Signal<In, Bits<2>>,
    /// Bits of the random sample that count.
    pub mask: Signal<Out, Bits<15>>,
    /// Half of the result's lowest bit.
    pub half: Signal<Out, Bits<15>>,
    below: ShiftMask,
    shifted: Signal<Local, Bits<15>>,
}

impl Logic for Rounding {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module rounding: what the lanes add before the shift, by the rounding mode");
        self.below.count.next = self.shift.val();
        self.shifted.next = self.below.mask.val() >> 1;
        self.mask.next = bits::<15>(0);
        self.half.next = bits::<15>(0);
        if self.mode.val() == 1 {
            self.half.next = self.below.mask.val() ^ self.shifted.val();
        }
        if self.mode.val() == 2 {
            self.mask.next = self.below.mask.val();
        }
    }
}
