//! The frames' checksum.

use rust_hdl::prelude::*;

use crate::comment;

/// CRC-32 of IEEE 802.3, a byte a clock.
///
/// After a message and the four bytes of its CRC, low byte first, `good` is high. The register holds
/// the complement of the usual one, so that it begins at zero like all others.
#[derive(LogicBlock, Default)]
pub struct Crc {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Begin anew; goes before `put`.
    pub clear: Signal<In, Bit>,
    /// Take a byte.
    pub put: Signal<In, Bit>,
    /// The byte.
    pub data: Signal<In, Bits<8>>,
    /// The CRC of the bytes so far.
    pub value: Signal<Out, Bits<32>>,
    /// The last four bytes were the CRC of those before.
    pub good: Signal<Out, Bit>,
    sum: DFF<Bits<32>>,
    wide: Signal<Local, Bits<32>>,
    step: [Signal<Local, Bits<32>>; 9],
}

impl Logic for Crc {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module crc: CRC-32, a byte a clock");
        dff_setup!(self, clock, sum);
        self.wide.next = bit_cast::<32, 8>(self.data.val());
        self.step[0].next = (!self.sum.q.val()) ^ self.wide.val();
        for i in 0..8 {
            self.step[i + 1].next = self.step[i].val() >> 1;
            if self.step[i].val().get_bit(0) {
                self.step[i + 1].next = (self.step[i].val() >> 1) ^ 0xedb88320u64;
            }
        }
        self.value.next = self.sum.q.val();
        self.good.next = self.sum.q.val() == 0x2144df1c;
        if self.put.val() {
            self.sum.d.next = !self.step[8].val();
        }
        if self.clear.val() {
            self.sum.d.next = 0.into();
        }
    }
}
