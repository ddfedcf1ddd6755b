//! The scalar multiplication.

use rust_hdl::prelude::*;

use crate::comment;
use crate::leaf::{Join, Multiplier};

/// MUL, MULH, MULHSU and MULHU: operands in A, a word of the product in M.
///
/// ```text
///          A                                  | M
///  a, b --> bit 32 by sign --> four products -|--> sum --> high? --> y
/// ```
/// Each factor is `high * 2^17 + low`. Multiplications before the register and their sum after it
/// share the time of two clocks: a product of 33 by 33 bits in one of them misses 80 MHz on ECP5.
#[derive(LogicBlock, Default)]
pub struct ScalarMultiply {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// First factor, in A.
    pub a: Signal<In, Bits<32>>,
    /// Second factor, in A.
    pub b: Signal<In, Bits<32>>,
    /// The first factor is signed, in A.
    pub a_signed: Signal<In, Bit>,
    /// The second factor is signed, in A.
    pub b_signed: Signal<In, Bit>,
    /// The high word instead of the low one, in M.
    pub high: Signal<In, Bit>,
    /// A word of the product, in M.
    pub y: Signal<Out, Bits<32>>,
    low_low: Multiplier<18, 18, 36, 1>,
    low_high: Multiplier<18, 18, 36, 1>,
    high_low: Multiplier<18, 18, 36, 1>,
    high_high: Multiplier<18, 18, 36, 1>,
    outer: Join<30, 17, 47>,
    lowest: Join<15, 17, 32>,
    a_low: Signal<Local, Bits<18>>,
    b_low: Signal<Local, Bits<18>>,
    a_high: Signal<Local, Bits<18>>,
    b_high: Signal<Local, Bits<18>>,
    product_low: Signal<Local, Bits<36>>,
    product_high: Signal<Local, Bits<36>>,
    inner_a: Signal<Local, Signed<47>>,
    inner_b: Signal<Local, Signed<47>>,
    sum: Signal<Local, Bits<47>>,
    unused_low: Signal<Local, Bits<2>>,
    unused_high: Signal<Local, Bits<6>>,
}

impl Logic for ScalarMultiply {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module scalar_multiply: a word of the product, each factor signed or not");
        self.a_low.next = bit_cast::<18, 17>(self.a.val().get_bits::<17>(0));
        self.b_low.next = bit_cast::<18, 17>(self.b.val().get_bits::<17>(0));
        self.a_high.next = bit_cast::<18, 15>(self.a.val().get_bits::<15>(17));
        if self.a_signed.val() & self.a.val().get_bit(31) {
            self.a_high.next = bit_cast::<18, 15>(self.a.val().get_bits::<15>(17)) | 0x38000;
        }
        self.b_high.next = bit_cast::<18, 15>(self.b.val().get_bits::<15>(17));
        if self.b_signed.val() & self.b.val().get_bit(31) {
            self.b_high.next = bit_cast::<18, 15>(self.b.val().get_bits::<15>(17)) | 0x38000;
        }
        self.low_low.clock.next = self.clock.val();
        self.low_low.a.next = signed_cast(self.a_low.val());
        self.low_low.b.next = signed_cast(self.b_low.val());
        self.low_high.clock.next = self.clock.val();
        self.low_high.a.next = signed_cast(self.a_low.val());
        self.low_high.b.next = signed_cast(self.b_high.val());
        self.high_low.clock.next = self.clock.val();
        self.high_low.a.next = signed_cast(self.a_high.val());
        self.high_low.b.next = signed_cast(self.b_low.val());
        self.high_high.clock.next = self.clock.val();
        self.high_high.a.next = signed_cast(self.a_high.val());
        self.high_high.b.next = signed_cast(self.b_high.val());

        comment!("Bits 63:17 of the product; those below are of the lowest partial product.");
        self.product_low.next = unsigned_cast(self.low_low.product.val());
        self.product_high.next = unsigned_cast(self.high_high.product.val());
        self.unused_low.next = self.product_low.val().get_bits::<2>(34);
        self.unused_high.next = self.product_high.val().get_bits::<6>(30);
        self.outer.low.next = self.product_low.val().get_bits::<17>(17);
        self.outer.high.next = self.product_high.val().get_bits::<30>(0);
        self.inner_a.next = signed_bit_cast::<47, 36>(self.low_high.product.val());
        self.inner_b.next = signed_bit_cast::<47, 36>(self.high_low.product.val());
        self.sum.next = (self.outer.whole.val() + unsigned_cast(self.inner_a.val()))
            + unsigned_cast(self.inner_b.val());
        self.lowest.high.next = self.sum.val().get_bits::<15>(0);
        self.lowest.low.next = self.product_low.val().get_bits::<17>(0);
        self.y.next = self.lowest.whole.val();
        if self.high.val() {
            self.y.next = self.sum.val().get_bits::<32>(15);
        }
    }
}
