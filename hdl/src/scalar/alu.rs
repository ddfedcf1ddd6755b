//! Scalar arithmetic and logic of one clock.

use rust_hdl::prelude::*;

use super::ScalarShift;
use super::alu_op::ALU_BITS;
use crate::comment;

/// The ALU: all of its results beside each other, chosen by bits 4:3 of the operation.
///
/// ```text
///  a, b --+--> adder (33 bits) ------+-- 0 --+
///         |      +--> less (bit 32) -|-------|--> or --> y
///         +--> shifter --------------+-- 1 --+
///         +--> xor, or, and, b ------+-- 2 --+
///         +--> sign extensions ------+-- 3 --+
/// ```
/// A comparison is there last and meets one gate: the others give zeros then. Bits are counted by [`BitCount`](super::BitCount).
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
    sign_a: Signal<Local, Bits<33>>,
    sign_b: Signal<Local, Bits<33>>,
    addend: Signal<Local, Bits<33>>,
    carry: Signal<Local, Bits<34>>,
    sum: Signal<Local, Bits<33>>,
    less: Signal<Local, Bits<1>>,
    bitwise: Signal<Local, Bits<32>>,
    filler: Signal<Local, Bits<32>>,
    extended: Signal<Local, Bits<32>>,
    operands: Signal<Local, Bits<34>>,
    addends: Signal<Local, Bits<34>>,
    whole: Signal<Local, Bits<34>>,
    unused_carry: Signal<Local, Bit>,
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
        self.carry.next = bits::<34>(0);
        if self.operation.val().get_bit(0) {
            self.addend.next = !self.sign_b.val();
            self.carry.next = bits::<34>(1);
        }
        comment!("One chain of carries: the one that comes in is made in a bit below the lowest.");
        self.operands.next = (bit_cast::<34, 33>(self.sign_a.val()) << 1) | 1;
        self.addends.next = (bit_cast::<34, 33>(self.addend.val()) << 1) | self.carry.val();
        self.whole.next = self.operands.val() + self.addends.val();
        self.unused_carry.next = self.whole.val().get_bit(0);
        self.sum.next = self.whole.val().get_bits::<33>(1);
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

        self.filler.next = bits::<32>(0);
        if self.operation.val().get_bit(0) {
            if self.a.val().get_bit(15) {
                self.filler.next = bits::<32>(0xffff0000u64);
            }
            self.extended.next =
                bit_cast::<32, 16>(self.a.val().get_bits::<16>(0)) | self.filler.val();
        } else {
            if self.a.val().get_bit(7) {
                self.filler.next = bits::<32>(0xffffff00u64);
            }
            self.extended.next =
                bit_cast::<32, 8>(self.a.val().get_bits::<8>(0)) | self.filler.val();
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
                self.chosen.next = self.extended.val();
            }
            _ => {}
        }
        self.y.next = self.chosen.val() | bit_cast::<32, 1>(self.less.val());
    }
}
