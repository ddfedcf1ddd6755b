//! Counting bits: CLZ, CTZ and CPOP.

use rust_hdl::prelude::*;

use crate::comment;
use crate::leaf::Reverse;

/// Counts in two clocks: bytes in A, the word in M.
///
/// ```text
///  x --+----------> zeros above the highest one of each byte --+
///      +--mirror--^                                            +--|bytes|--> of the word --> y
///      +----------> ones of each byte -------------------------+
/// ```
/// The operation is the two low bits of [`AluOp`](super::AluOp): 0 leading zeros, 1 trailing zeros, 2 ones. Of a byte of zeros
/// the number of zeros above is 8.
#[derive(LogicBlock, Default)]
pub struct BitCount {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// A: what to count.
    pub operation: Signal<In, Bits<2>>,
    /// A: the bits.
    pub x: Signal<In, Bits<32>>,
    /// M: their number, 0 to 32.
    pub y: Signal<Out, Bits<32>>,
    mirror: Reverse<32>,
    bits_of: Signal<Local, Bits<32>>,
    pairs: [Signal<Local, Bits<4>>; 16],
    nibbles: [Signal<Local, Bits<4>>; 8],
    ones: [Signal<Local, Bits<4>>; 4],
    high: [Signal<Local, Bits<4>>; 8],
    zeros: [Signal<Local, Bits<4>>; 4],
    chosen: [Signal<Local, Bits<4>>; 4],
    places: [Signal<Local, Bits<16>>; 4],
    bytes: DFF<Bits<16>>,
    sums: DFF<Bit>,
    wide: [Signal<Local, Bits<32>>; 4],
    leading: Signal<Local, Bits<32>>,
}

impl Logic for BitCount {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module bit_count: leading zeros, trailing zeros or ones");
        dff_setup!(self, clock, bytes, sums);
        self.mirror.x.next = self.x.val();
        self.bits_of.next = self.x.val();
        if self.operation.val().get_bit(0) {
            self.bits_of.next = self.mirror.y.val();
        }

        comment!("Ones of each byte.");
        for i in 0..16 {
            self.pairs[i].next = bits::<4>(0);
            if self.x.val().get_bit(i * 2) != self.x.val().get_bit(i * 2 + 1) {
                self.pairs[i].next = bits::<4>(1);
            }
            if self.x.val().get_bit(i * 2) & self.x.val().get_bit(i * 2 + 1) {
                self.pairs[i].next = bits::<4>(2);
            }
        }
        for i in 0..8 {
            self.nibbles[i].next = self.pairs[i * 2].val() + self.pairs[i * 2 + 1].val();
        }
        for i in 0..4 {
            self.ones[i].next = self.nibbles[i * 2].val() + self.nibbles[i * 2 + 1].val();
        }

        comment!("Zeros above the highest one of each half of a byte, then of each byte.");
        for i in 0..8 {
            self.high[i].next = bits::<4>(4);
            if self.bits_of.val().get_bit(i * 4) {
                self.high[i].next = bits::<4>(3);
            }
            if self.bits_of.val().get_bit(i * 4 + 1) {
                self.high[i].next = bits::<4>(2);
            }
            if self.bits_of.val().get_bit(i * 4 + 2) {
                self.high[i].next = bits::<4>(1);
            }
            if self.bits_of.val().get_bit(i * 4 + 3) {
                self.high[i].next = bits::<4>(0);
            }
        }
        for i in 0..4 {
            self.zeros[i].next = self.high[i * 2 + 1].val();
            if self.high[i * 2 + 1].val().get_bit(2) {
                self.zeros[i].next = self.high[i * 2].val() + 4;
            }
            self.chosen[i].next = self.zeros[i].val();
            if self.operation.val().get_bit(1) {
                self.chosen[i].next = self.ones[i].val();
            }
        }
        self.places[0].next = bit_cast::<16, 4>(self.chosen[0].val());
        self.places[1].next = bit_cast::<16, 4>(self.chosen[1].val());
        self.places[2].next = bit_cast::<16, 4>(self.chosen[2].val());
        self.places[3].next = bit_cast::<16, 4>(self.chosen[3].val());
        self.bytes.d.next = (self.places[0].val() | (self.places[1].val() << 4))
            | ((self.places[2].val() << 8) | (self.places[3].val() << 12));
        self.sums.d.next = self.operation.val().get_bit(1);

        comment!("Of the word: the highest byte that is not all zeros, or the sum.");
        self.wide[0].next = bit_cast::<32, 4>(self.bytes.q.val().get_bits::<4>(0));
        self.wide[1].next = bit_cast::<32, 4>(self.bytes.q.val().get_bits::<4>(4));
        self.wide[2].next = bit_cast::<32, 4>(self.bytes.q.val().get_bits::<4>(8));
        self.wide[3].next = bit_cast::<32, 4>(self.bytes.q.val().get_bits::<4>(12));
        self.leading.next = self.wide[3].val();
        if self.bytes.q.val().get_bit(15) {
            self.leading.next = self.wide[2].val() + 8;
            if self.bytes.q.val().get_bit(11) {
                self.leading.next = self.wide[1].val() + 16;
                if self.bytes.q.val().get_bit(7) {
                    self.leading.next = self.wide[0].val() + 24;
                }
            }
        }
        self.y.next = self.leading.val();
        if self.sums.q.val() {
            self.y.next = (self.wide[0].val() + self.wide[1].val())
                + (self.wide[2].val() + self.wide[3].val());
        }
    }
}
