//! Add and subtract on one carry chain.

use rust_hdl::prelude::*;

use crate::comment;

/// `a + b` or `a - b` of one lane, wrapped or saturated.
///
/// ```text
///  a ----------------------+--> sum (17 bits) --> wrap or saturate --> y
///  b --> xor subtract -----+      |
///  subtract ----- carry in +      +-- bit 16 ------------------> negative
/// ```
/// `a - b` is `a + !b + 1`, so that both share the adder. Its seventeenth bit is the sign of the
/// exact result: saturation and the signed comparison both come from it.
#[derive(LogicBlock, Default)]
pub struct AddSubtract {
    /// First operand.
    pub a: Signal<In, Signed<16>>,
    /// Second operand.
    pub b: Signal<In, Signed<16>>,
    /// Subtract `b` from `a` instead of adding it.
    pub subtract: Signal<In, Bit>,
    /// Clamp to -32768..32767 instead of keeping the low 16 bits.
    pub saturate: Signal<In, Bit>,
    /// The result.
    pub y: Signal<Out, Bits<16>>,
    /// The exact result is negative; after a subtraction, `a < b`.
    pub negative: Signal<Out, Bit>,
    wide_a: Signal<Local, Signed<17>>,
    wide_b: Signal<Local, Signed<17>>,
    addend: Signal<Local, Bits<17>>,
    carry: Signal<Local, Bits<18>>,
    operands: Signal<Local, Bits<18>>,
    addends: Signal<Local, Bits<18>>,
    whole: Signal<Local, Bits<18>>,
    unused_carry: Signal<Local, Bit>,
    sum: Signal<Local, Bits<17>>,
}

impl Logic for AddSubtract {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module add_subtract: a + b or a - b on one carry chain, wrapped or saturated");
        self.wide_a.next = signed_bit_cast::<17, 16>(self.a.val());
        self.wide_b.next = signed_bit_cast::<17, 16>(self.b.val());
        self.addend.next = unsigned_cast(self.wide_b.val());
        if self.subtract.val() {
            self.addend.next = !unsigned_cast(self.wide_b.val());
        }
        self.carry.next = bits::<18>(0);
        if self.subtract.val() {
            self.carry.next = bits::<18>(1);
        }
        comment!("The carry that comes in is made in a bit below the lowest.");
        self.operands.next = (bit_cast::<18, 17>(unsigned_cast(self.wide_a.val())) << 1) | 1;
        self.addends.next = (bit_cast::<18, 17>(self.addend.val()) << 1) | self.carry.val();
        self.whole.next = self.operands.val() + self.addends.val();
        self.unused_carry.next = self.whole.val().get_bit(0);
        self.sum.next = self.whole.val().get_bits::<17>(1);
        self.negative.next = self.sum.val().get_bit(16);
        comment!("The two top bits differ where the exact result has no 16 bits.");
        self.y.next = self.sum.val().get_bits::<16>(0);
        if self.saturate.val() & (self.sum.val().get_bit(16) != self.sum.val().get_bit(15)) {
            self.y.next = bits::<16>(0x7fff);
            if self.sum.val().get_bit(16) {
                self.y.next = bits::<16>(0x8000);
            }
        }
    }
}
