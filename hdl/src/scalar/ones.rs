//! Counting ones.

use rust_hdl::prelude::*;

use crate::comment;

/// Number of ones: sums of pairs of bits, of pairs of these, and so on. All sums have six bits here;
/// synthesis drops those that are always zero.
#[derive(LogicBlock, Default)]
pub struct Ones {
    /// The bits.
    pub x: Signal<In, Bits<32>>,
    /// How many are set.
    pub count: Signal<Out, Bits<6>>,
    count_2: [Signal<Local, Bits<6>>; 16],
    count_4: [Signal<Local, Bits<6>>; 8],
    count_8: [Signal<Local, Bits<6>>; 4],
    count_16: [Signal<Local, Bits<6>>; 2],
}

impl Logic for Ones {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module ones: number of ones");
        for i in 0..16 {
            self.count_2[i].next = bits::<6>(0);
            if self.x.val().get_bit(i * 2) != self.x.val().get_bit(i * 2 + 1) {
                self.count_2[i].next = bits::<6>(1);
            }
            if self.x.val().get_bit(i * 2) & self.x.val().get_bit(i * 2 + 1) {
                self.count_2[i].next = bits::<6>(2);
            }
        }
        for i in 0..8 {
            self.count_4[i].next = self.count_2[i * 2].val() + self.count_2[i * 2 + 1].val();
        }
        for i in 0..4 {
            self.count_8[i].next = self.count_4[i * 2].val() + self.count_4[i * 2 + 1].val();
        }
        for i in 0..2 {
            self.count_16[i].next = self.count_8[i * 2].val() + self.count_8[i * 2 + 1].val();
        }
        self.count.next = self.count_16[0].val() + self.count_16[1].val();
    }
}
