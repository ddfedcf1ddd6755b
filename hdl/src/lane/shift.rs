//! Shifts within a lane, without rounding.

use rust_hdl::prelude::*;

use crate::comment;
use crate::leaf::Reverse;

/// VSLL, VSRA, VSLLI, and VSRAI without rounding.
///
/// ```text
///  a --+--------------> right ------+
///      +--> reversed --> left ------+--> extend --> shift right --+---------------> y (right)
///                                        by amount                +--> reversed --> y (left)
/// ```
/// One right shifter serves both directions: a left shift is a right shift of the reversed bits.
#[derive(LogicBlock, Default)]
pub struct Shift {
    /// What is shifted.
    pub a: Signal<In, Bits<16>>,
    /// The lane's own amount: the low four bits of the second operand.
    pub own: Signal<In, Bits<4>>,
    /// The instruction's amount.
    pub immediate: Signal<In, Bits<4>>,
    /// Take the instruction's amount.
    pub by_immediate: Signal<In, Bit>,
    /// Shift right and fill with the sign, instead of left with zeros.
    pub right: Signal<In, Bit>,
    /// The result.
    pub y: Signal<Out, Bits<16>>,
    mirror_in: Reverse<16>,
    mirror_out: Reverse<16>,
    amount: Signal<Local, Bits<4>>,
    source: Signal<Local, Bits<16>>,
    filler: Signal<Local, Bits<31>>,
    extended: Signal<Local, Bits<31>>,
    shifted: Signal<Local, Bits<31>>,
    unused: Signal<Local, Bits<15>>,
}

impl Logic for Shift {
    #[hdl_gen]
    fn update(&mut self) {
        comment!(
            "module shift: left, or right with the sign; by an amount of the lane or the word"
        );
        self.amount.next = self.own.val();
        if self.by_immediate.val() {
            self.amount.next = self.immediate.val();
        }
        self.mirror_in.x.next = self.a.val();
        self.source.next = self.mirror_in.y.val();
        self.filler.next = bits::<31>(0);
        if self.right.val() {
            self.source.next = self.a.val();
            if self.a.val().get_bit(15) {
                self.filler.next = bits::<31>(0x7fff0000);
            }
        }
        self.extended.next = bit_cast::<31, 16>(self.source.val()) | self.filler.val();
        self.shifted.next = self.extended.val() >> self.amount.val();
        self.unused.next = self.shifted.val().get_bits::<15>(16);
        self.mirror_out.x.next = self.shifted.val().get_bits::<16>(0);
        self.y.next = self.mirror_out.y.val();
        if self.right.val() {
            self.y.next = self.shifted.val().get_bits::<16>(0);
        }
    }
}
