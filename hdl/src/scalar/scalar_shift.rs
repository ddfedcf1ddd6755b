//! The ALU's shifter.

use rust_hdl::prelude::*;

use crate::comment;
use crate::leaf::Reverse;

/// `a << amount` or `a >> amount`, by one right shifter: a left shift is a right shift of the
/// reversed bits.
#[derive(LogicBlock, Default)]
pub struct ScalarShift {
    /// What is shifted.
    pub a: Signal<In, Bits<32>>,
    /// By how much.
    pub amount: Signal<In, Bits<5>>,
    /// To the right instead of the left.
    pub right: Signal<In, Bit>,
    /// Fill a right shift with the sign instead of zeros.
    pub arithmetic: Signal<In, Bit>,
    /// The result.
    pub y: Signal<Out, Bits<32>>,
    mirror_in: Reverse<32>,
    mirror_out: Reverse<32>,
    source: Signal<Local, Bits<32>>,
    filler: Signal<Local, Bits<63>>,
    extended: Signal<Local, Bits<63>>,
    shifted: Signal<Local, Bits<63>>,
    unused: Signal<Local, Bits<31>>,
}

impl Logic for ScalarShift {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module scalar_shift: left, or right with zeros or the sign");
        self.mirror_in.x.next = self.a.val();
        self.source.next = self.mirror_in.y.val();
        if self.right.val() {
            self.source.next = self.a.val();
        }
        self.filler.next = bits::<63>(0);
        if self.arithmetic.val() & self.a.val().get_bit(31) {
            self.filler.next = bits::<63>(0x7fffffff00000000u64);
        }
        self.extended.next = bit_cast::<63, 32>(self.source.val()) | self.filler.val();
        self.shifted.next = self.extended.val() >> self.amount.val();
        self.unused.next = self.shifted.val().get_bits::<31>(32);
        self.mirror_out.x.next = self.shifted.val().get_bits::<32>(0);
        self.y.next = self.mirror_out.y.val();
        if self.right.val() {
            self.y.next = self.shifted.val().get_bits::<32>(0);
        }
    }
}
