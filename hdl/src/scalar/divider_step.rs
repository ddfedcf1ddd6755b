//! One digit of a division.

use rust_hdl::prelude::*;

use crate::comment;
use crate::leaf::Join;

/// The remainder with the next bit of the dividend below it, less the divisor where it goes.
///
/// The dividend's bits leave the top of `quotient` as the quotient's enter it below.
#[derive(LogicBlock, Default)]
pub struct DividerStep {
    /// Remainder so far.
    pub remainder: Signal<In, Bits<32>>,
    /// The dividend's bits that are left, above the quotient's so far.
    pub quotient: Signal<In, Bits<32>>,
    /// The divisor.
    pub divisor: Signal<In, Bits<32>>,
    /// Remainder after this digit.
    pub next_remainder: Signal<Out, Bits<32>>,
    /// Dividend and quotient after this digit.
    pub next_quotient: Signal<Out, Bits<32>>,
    shifted: Join<32, 1, 33>,
    lengthened: Join<31, 1, 32>,
    difference: Signal<Local, Bits<34>>,
    unused: Signal<Local, Bit>,
}

impl Logic for DividerStep {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module divider_step: one digit of an unsigned division");
        self.shifted.high.next = self.remainder.val();
        self.shifted.low.next = self.quotient.val().get_bits::<1>(31);
        self.difference.next =
            bit_cast::<34, 33>(self.shifted.whole.val()) - bit_cast::<34, 32>(self.divisor.val());
        self.unused.next = self.difference.val().get_bit(32);
        self.lengthened.high.next = self.quotient.val().get_bits::<31>(0);
        self.lengthened.low.next = bits::<1>(1);
        self.next_remainder.next = self.difference.val().get_bits::<32>(0);
        comment!("Borrowed: the divisor does not go.");
        if self.difference.val().get_bit(33) {
            self.next_remainder.next = self.shifted.whole.val().get_bits::<32>(0);
            self.lengthened.low.next = bits::<1>(0);
        }
        self.next_quotient.next = self.lengthened.whole.val();
    }
}
