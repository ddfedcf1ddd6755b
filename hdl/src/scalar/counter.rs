//! A counter CSR of 64 bits.

use rust_hdl::prelude::*;

use crate::comment;
use crate::leaf::Join;

/// `mcycle` or `minstret`: a write of one half leaves the other as it is, and takes the place of
/// the count of that clock.
#[derive(LogicBlock, Default)]
pub struct Counter {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Add one.
    pub count: Signal<In, Bit>,
    /// Write bits 31:0.
    pub write_low: Signal<In, Bit>,
    /// Write bits 63:32.
    pub write_high: Signal<In, Bit>,
    /// What to write.
    pub data: Signal<In, Bits<32>>,
    /// Bits 31:0.
    pub low: Signal<Out, Bits<32>>,
    /// Bits 63:32.
    pub high: Signal<Out, Bits<32>>,
    lower: DFF<Bits<32>>,
    upper: DFF<Bits<32>>,
    both: Join<32, 32, 64>,
    sum: Signal<Local, Bits<64>>,
}

impl Logic for Counter {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module counter_csr: counts, or takes a new half");
        dff_setup!(self, clock, lower, upper);
        self.both.low.next = self.lower.q.val();
        self.both.high.next = self.upper.q.val();
        self.sum.next = self.both.whole.val() + 1;
        if self.count.val() & !(self.write_low.val() | self.write_high.val()) {
            self.lower.d.next = self.sum.val().get_bits::<32>(0);
            self.upper.d.next = self.sum.val().get_bits::<32>(32);
        }
        if self.write_low.val() {
            self.lower.d.next = self.data.val();
        }
        if self.write_high.val() {
            self.upper.d.next = self.data.val();
        }
        self.low.next = self.lower.q.val();
        self.high.next = self.upper.q.val();
    }
}
