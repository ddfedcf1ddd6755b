//! The scalar multiplication.

use rust_hdl::prelude::*;

use crate::comment;
use crate::leaf::Multiplier;

/// MUL, MULH, MULHSU and MULHU: operands in A, a word of the product in M.
///
/// ```text
///          A                               | M
///  a, b --> bit 32 by sign --> multiply ---|--> product --> high? --> y
/// ```
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
    multiplier: Multiplier<33, 33, 66, 1>,
    wide_a: Signal<Local, Bits<33>>,
    wide_b: Signal<Local, Bits<33>>,
    product: Signal<Local, Bits<66>>,
    unused: Signal<Local, Bits<2>>,
}

impl Logic for ScalarMultiply {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module scalar_multiply: a word of the product, each factor signed or not");
        self.wide_a.next = bit_cast::<33, 32>(self.a.val());
        if self.a_signed.val() & self.a.val().get_bit(31) {
            self.wide_a.next = bit_cast::<33, 32>(self.a.val()) | 0x100000000u64;
        }
        self.wide_b.next = bit_cast::<33, 32>(self.b.val());
        if self.b_signed.val() & self.b.val().get_bit(31) {
            self.wide_b.next = bit_cast::<33, 32>(self.b.val()) | 0x100000000u64;
        }
        self.multiplier.clock.next = self.clock.val();
        self.multiplier.a.next = signed_cast(self.wide_a.val());
        self.multiplier.b.next = signed_cast(self.wide_b.val());
        self.product.next = unsigned_cast(self.multiplier.product.val());
        self.unused.next = self.product.val().get_bits::<2>(64);
        self.y.next = self.product.val().get_bits::<32>(0);
        if self.high.val() {
            self.y.next = self.product.val().get_bits::<32>(32);
        }
    }
}
