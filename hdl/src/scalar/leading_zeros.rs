//! Counting zeros from the top.

use rust_hdl::prelude::*;

use crate::comment;

/// Number of leading zeros, 32 for zero, as a tree: each node has the count of its half of the
/// bits and whether any of them is set; the upper half's count stands where one is set there.
#[derive(LogicBlock, Default)]
pub struct LeadingZeros {
    /// The bits.
    pub x: Signal<In, Bits<32>>,
    /// Number of zeros above the highest one.
    pub count: Signal<Out, Bits<6>>,
    any_2: [Signal<Local, Bit>; 16],
    any_4: [Signal<Local, Bit>; 8],
    any_8: [Signal<Local, Bit>; 4],
    any_16: [Signal<Local, Bit>; 2],
    count_4: [Signal<Local, Bits<6>>; 8],
    count_8: [Signal<Local, Bits<6>>; 4],
    count_16: [Signal<Local, Bits<6>>; 2],
}

impl Logic for LeadingZeros {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module leading_zeros: number of zeros above the highest one");
        for i in 0..16 {
            self.any_2[i].next = self.x.val().get_bits::<2>(i * 2).any();
        }
        for i in 0..8 {
            self.any_4[i].next = self.any_2[i * 2].val() | self.any_2[i * 2 + 1].val();
            self.count_4[i].next = bits::<6>(0);
            if !self.any_2[i * 2 + 1].val() {
                self.count_4[i].next = bits::<6>(2);
                if !self.x.val().get_bit(i * 4 + 1) {
                    self.count_4[i].next = bits::<6>(3);
                }
            } else {
                if !self.x.val().get_bit(i * 4 + 3) {
                    self.count_4[i].next = bits::<6>(1);
                }
            }
        }
        for i in 0..4 {
            self.any_8[i].next = self.any_4[i * 2].val() | self.any_4[i * 2 + 1].val();
            self.count_8[i].next = self.count_4[i * 2].val() | 4;
            if self.any_4[i * 2 + 1].val() {
                self.count_8[i].next = self.count_4[i * 2 + 1].val();
            }
        }
        for i in 0..2 {
            self.any_16[i].next = self.any_8[i * 2].val() | self.any_8[i * 2 + 1].val();
            self.count_16[i].next = self.count_8[i * 2].val() | 8;
            if self.any_8[i * 2 + 1].val() {
                self.count_16[i].next = self.count_8[i * 2 + 1].val();
            }
        }
        self.count.next = bits::<6>(32);
        if self.any_16[1].val() {
            self.count.next = self.count_16[1].val();
        } else {
            if self.any_16[0].val() {
                self.count.next = self.count_16[0].val() | 16;
            }
        }
    }
}
