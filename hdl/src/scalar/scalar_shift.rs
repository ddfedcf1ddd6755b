//! The ALU's shifter.

use rust_hdl::prelude::*;

use crate::comment;

/// `a << amount` or `a >> amount`: a shifter for each direction, which costs no more than reversing
/// the bits before and after a common one.
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
    extended: Signal<Local, Bits<63>>,
    shifted: Signal<Local, Bits<63>>,
    unused: Signal<Local, Bits<31>>,
}

impl Logic for ScalarShift {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module scalar_shift: left, or right with zeros or the sign");
        self.extended.next = bit_cast::<63, 32>(self.a.val());
        if self.arithmetic.val() & self.a.val().get_bit(31) {
            self.extended.next = bit_cast::<63, 32>(self.a.val()) | 0x7fffffff00000000u64;
        }
        self.shifted.next = self.extended.val() >> self.amount.val();
        self.unused.next = self.shifted.val().get_bits::<31>(32);
        self.y.next = self.a.val() << self.amount.val();
        if self.right.val() {
            self.y.next = self.shifted.val().get_bits::<32>(0);
        }
    }
}
