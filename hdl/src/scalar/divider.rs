//! Division.

use rust_hdl::prelude::*;

use super::DividerStep;
use crate::comment;
use crate::leaf::Join;

/// DIV, DIVU, REM and REMU, one digit a clock.
///
/// | clock | what happens at its end |
/// | --- | --- |
/// | `e` (`start`) | absolute values and the first digit |
/// | `e + 1 ... e + 31` | a digit each |
/// | `e + 32` | quotient or remainder gets its sign |
/// | `e + 33` (`done`) | `y` is the result, until the next start |
///
/// The first digit is 1 only for a dividend of 2^31 or more and a divisor of 1, or for a divisor
/// of 0, and needs no subtraction. A divisor of 0 goes at each digit, and nothing is left off: the
/// quotient is all ones, which gets no sign, and the remainder is the dividend. A start at any
/// time drops the division under way.
#[derive(LogicBlock, Default)]
pub struct Divider {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Take the operands, and whatever else says how to divide.
    pub start: Signal<In, Bit>,
    /// The operands are signed.
    pub signed_operands: Signal<In, Bit>,
    /// The remainder, not the quotient.
    pub remainder: Signal<In, Bit>,
    /// Dividend.
    pub a: Signal<In, Bits<32>>,
    /// Divisor.
    pub b: Signal<In, Bits<32>>,
    /// High in the thirty-third clock after that of `start`.
    pub done: Signal<Out, Bit>,
    /// The result: a register.
    pub y: Signal<Out, Bits<32>>,
    step: DividerStep,
    first: Join<31, 1, 32>,
    count: DFF<Bits<6>>,
    finished: DFF<Bit>,
    left: DFF<Bits<32>>,
    divisor: DFF<Bits<32>>,
    quotient: DFF<Bits<32>>,
    negate: DFF<Bit>,
    wants_remainder: DFF<Bit>,
    a_negative: Signal<Local, Bit>,
    b_negative: Signal<Local, Bit>,
    b_zero: Signal<Local, Bit>,
    absolute_a: Signal<Local, Bits<32>>,
    absolute_b: Signal<Local, Bits<32>>,
    b_one: Signal<Local, Bit>,
    found: Signal<Local, Bits<32>>,
}

impl Logic for Divider {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module divider: quotient or remainder, a digit a clock");
        dff_setup!(
            self,
            clock,
            count,
            finished,
            left,
            divisor,
            quotient,
            negate,
            wants_remainder
        );
        self.a_negative.next = self.signed_operands.val() & self.a.val().get_bit(31);
        self.b_negative.next = self.signed_operands.val() & self.b.val().get_bit(31);
        self.b_zero.next = !self.b.val().any();
        self.b_one.next = (self.b.val() == 1) | (self.signed_operands.val() & self.b.val().all());
        self.absolute_a.next = self.a.val();
        if self.a_negative.val() {
            self.absolute_a.next = bits::<32>(0) - self.a.val();
        }
        self.absolute_b.next = self.b.val();
        if self.b_negative.val() {
            self.absolute_b.next = bits::<32>(0) - self.b.val();
        }
        comment!("The first digit.");
        self.first.high.next = self.absolute_a.val().get_bits::<31>(0);
        self.first.low.next = bits::<1>(0);
        if self.b_zero.val() | (self.b_one.val() & self.absolute_a.val().get_bit(31)) {
            self.first.low.next = bits::<1>(1);
        }

        self.step.remainder.next = self.left.q.val();
        self.step.quotient.next = self.quotient.q.val();
        self.step.divisor.next = self.divisor.q.val();
        self.found.next = self.quotient.q.val();
        if self.wants_remainder.q.val() {
            self.found.next = self.left.q.val();
        }

        self.finished.d.next = self.count.q.val() == 32;
        if self.count.q.val().any() {
            self.count.d.next = self.count.q.val() + 1;
            self.left.d.next = self.step.next_remainder.val();
            self.quotient.d.next = self.step.next_quotient.val();
        }
        if self.count.q.val().get_bit(5) {
            self.count.d.next = bits::<6>(0);
            self.quotient.d.next = self.found.val();
            if self.negate.q.val() {
                self.quotient.d.next = bits::<32>(0) - self.found.val();
            }
        }
        if self.start.val() {
            self.finished.d.next = false;
            self.count.d.next = bits::<6>(1);
            self.divisor.d.next = self.absolute_b.val();
            self.quotient.d.next = self.first.whole.val();
            self.left.d.next = bits::<32>(0);
            if self.absolute_a.val().get_bit(31) & !self.b_one.val() {
                self.left.d.next = bits::<32>(1);
            }
            self.wants_remainder.d.next = self.remainder.val();
            self.negate.d.next = self.a_negative.val();
            if !self.remainder.val() {
                self.negate.d.next =
                    (self.a_negative.val() ^ self.b_negative.val()) & !self.b_zero.val();
            }
        }
        self.done.next = self.finished.q.val();
        self.y.next = self.quotient.q.val();
    }
}
