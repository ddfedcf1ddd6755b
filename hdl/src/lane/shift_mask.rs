//! The bits below a shift.

use rust_hdl::prelude::*;

use crate::comment;

/// `(1 << count) - 1`: the bits that a right shift by `count` drops. Once for a group of lanes.
#[derive(LogicBlock, Default)]
pub struct ShiftMask {
    /// Number of bits, 0 to 15.
    pub count: Signal<In, Bits<4>>,
    /// As many ones from bit 0 up.
    pub mask: Signal<Out, Bits<15>>,
}

impl Logic for ShiftMask {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module shift_mask: (1 << count) - 1");
        self.mask.next = bits::<15>(0);
        match self.count.val().index() {
            0 => {
                self.mask.next = bits::<15>(0);
            }
            1 => {
                self.mask.next = bits::<15>(0x1);
            }
            2 => {
                self.mask.next = bits::<15>(0x3);
            }
            3 => {
                self.mask.next = bits::<15>(0x7);
            }
            4 => {
                self.mask.next = bits::<15>(0xf);
            }
            5 => {
                self.mask.next = bits::<15>(0x1f);
            }
            6 => {
                self.mask.next = bits::<15>(0x3f);
            }
            7 => {
                self.mask.next = bits::<15>(0x7f);
            }
            8 => {
                self.mask.next = bits::<15>(0xff);
            }
            9 => {
                self.mask.next = bits::<15>(0x1ff);
            }
            10 => {
                self.mask.next = bits::<15>(0x3ff);
            }
            11 => {
                self.mask.next = bits::<15>(0x7ff);
            }
            12 => {
                self.mask.next = bits::<15>(0xfff);
            }
            13 => {
                self.mask.next = bits::<15>(0x1fff);
            }
            14 => {
                self.mask.next = bits::<15>(0x3fff);
            }
            15 => {
                self.mask.next = bits::<15>(0x7fff);
            }
            _ => {}
        }
    }
}
