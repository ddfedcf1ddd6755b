//! From an exact value to 16 bits.

use rust_hdl::prelude::*;

use crate::comment;

/// The low 16 bits, or the nearer of -32768 and 32767 where the value has no 16 bits.
#[derive(LogicBlock, Default)]
pub struct Narrow {
    /// The exact value.
    pub value: Signal<In, Bits<32>>,
    /// Clamp instead of keeping the low 16 bits.
    pub saturate: Signal<In, Bit>,
    /// The result.
    pub y: Signal<Out, Bits<16>>,
    top: Signal<Local, Bits<17>>,
    fits: Signal<Local, Bit>,
}

impl Logic for Narrow {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module narrow: wrapped or saturated to 16 bits");
        comment!("A value fits where all bits from the sign bit of the result up are equal.");
        self.top.next = self.value.val().get_bits::<17>(15);
        self.fits.next = self.top.val().all() | !self.top.val().any();
        self.y.next = self.value.val().get_bits::<16>(0);
        if self.saturate.val() & !self.fits.val() {
            self.y.next = bits::<16>(0x7fff);
            if self.value.val().get_bit(31) {
                self.y.next = bits::<16>(0x8000);
            }
        }
    }
}
