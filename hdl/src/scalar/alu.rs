//! Scalar arithmetic and logic of one clock.

use rust_hdl::prelude::*;

use super::alu_op::ALU_BITS;
use super::{LeadingZeros, Ones, ScalarShift};
use crate::comment;
use crate::leaf::Reverse;

/// The ALU: all of its results beside each other, chosen by bits 4:3 of the operation.
///
/// ```text
///  a, b --+--> adder (33 bits) ------------+-- 0 --+
///         |      +--> less (bit 32) -------|-------|--> or --> y
///         +--> shifter --------------------+-- 1 --+     ^
///         +--> xor, or, and, b ------------+-- 2 --+     |
///         +--> counts, sign extensions ----+-- 3 --+     |
///         +--> number of ones ---------------------------+
/// ```
/// What is there last, the comparisons and the number of ones, meets one gate: the others give
/// zeros then.
#[derive(LogicBlock, Default)]
pub struct Alu {
    /// An [`AluOp`](super::AluOp); other numbers give something.
    pub operation: Signal<In, Bits<ALU_BITS>>,
    /// First operand.
    pub a: Signal<In, Bits<32>>,
    /// Second operand.
    pub b: Signal<In, Bits<32>>,
    /// The result.
    pub y: Signal<Out, Bits<32>>,
    shift: ScalarShift,
    leading: LeadingZeros,
    mirror: Reverse<32>,
    ones: Ones,
    sign_a: Signal<Local, Bits<33>>,
    sign_b: Signal<Local, Bits<33>>,
    addend: Signal<Local, Bits<33>>,
    carry: Signal<Local, Bits<33>>,
    sum: Signal<Local, Bits<33>>,
    less: Signal<Local, Bits<1>>,
    late: Signal<Local, Bits<6>>,
    bitwise: Signal<Local, Bits<32>>,
    filler: Signal<Local, Bits<32>>,
    count: Signal<Local, Bits<32>>,
    chosen: Signal<Local, Bits<32>>,
}

impl Logic for Alu {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module alu: scalar arithmetic and logic of one clock");
        comment!("a - b is a + ~b + 1; its bit 32 is a < b, by the signs or by zeros as bit 32.");
        self.sign_a.next = bit_cast::<33, 32>(self.a.val());
        if self.operation.val().get_bit(1) & self.a.val().get_bit(31) {
            self.sign_a.next = bit_cast::<33, 32>(self.a.val()) | 0x100000000u64;
        }
        self.sign_b.next = bit_cast::<33, 32>(self.b.val());
        if self.operation.val().get_bit(1) & self.b.val().get_bit(31) {
            self.sign_b.next = bit_cast::<33, 32>(self.b.val()) | 0x100000000u64;
        }
        self.addend.next = self.sign_b.val();
        self.carry.next = bits::<33>(0);
        if self.operation.val().get_bit(0) {
            self.addend.next = !self.sign_b.val();
            self.carry.next = bits::<33>(1);
        }
        self.sum.next = (self.sign_a.val() + self.addend.val()) + self.carry.val();
        self.less.next = bits::<1>(0);
        if (self.operation.val().get_bits::<2>(3) == 2) & self.operation.val().get_bit(0) {
            self.less.next = self.sum.val().get_bits::<1>(32);
        }

        self.shift.a.next = self.a.val();
        self.shift.amount.next = self.b.val().get_bits::<5>(0);
        self.shift.right.next = self.operation.val().get_bit(0);
        self.shift.arithmetic.next = self.operation.val().get_bit(1);

        self.bitwise.next = bits::<32>(0);
        match self.operation.val().get_bits::<3>(0).index() {
            0 => {
                self.bitwise.next = self.a.val() ^ self.b.val();
            }
            2 => {
                self.bitwise.next = self.a.val() | self.b.val();
            }
            4 => {
                self.bitwise.next = self.a.val() & self.b.val();
            }
            6 => {
                self.bitwise.next = self.b.val();
            }
            _ => {}
        }

        self.mirror.x.next = self.a.val();
        self.leading.x.next = self.a.val();
        if self.operation.val().get_bit(0) {
            self.leading.x.next = self.mirror.y.val();
        }
        self.ones.x.next = self.a.val();
        self.filler.next = bits::<32>(0);
        self.count.next = bit_cast::<32, 6>(self.leading.count.val());
        match self.operation.val().get_bits::<3>(0).index() {
            2 => {
                self.count.next = bits::<32>(0);
            }
            4 => {
                if self.a.val().get_bit(7) {
                    self.filler.next = bits::<32>(0xffffff00u64);
                }
                self.count.next =
                    bit_cast::<32, 8>(self.a.val().get_bits::<8>(0)) | self.filler.val();
            }
            5 => {
                if self.a.val().get_bit(15) {
                    self.filler.next = bits::<32>(0xffff0000u64);
                }
                self.count.next =
                    bit_cast::<32, 16>(self.a.val().get_bits::<16>(0)) | self.filler.val();
            }
            _ => {}
        }

        self.chosen.next = self.sum.val().get_bits::<32>(0);
        match self.operation.val().get_bits::<2>(3).index() {
            1 => {
                self.chosen.next = self.shift.y.val();
            }
            2 => {
                self.chosen.next = self.bitwise.val();
            }
            3 => {
                self.chosen.next = self.count.val();
            }
            _ => {}
        }
        self.late.next = bit_cast::<6, 1>(self.less.val());
        if self.operation.val() == 26 {
            self.late.next = self.ones.count.val();
        }
        self.y.next = self.chosen.val() | bit_cast::<32, 6>(self.late.val());
    }
}
