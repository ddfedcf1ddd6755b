//! Whether an access can be.

use rust_hdl::prelude::*;

use crate::comment;

/// Alignment and bounds of an access to scalar or vector memory.
#[derive(LogicBlock, Default)]
pub struct AddressCheck {
    /// First byte.
    pub address: Signal<In, Bits<32>>,
    /// Bytes: 0 one, 1 two, 2 four, 3 a vector of 64.
    pub width: Signal<In, Bits<2>>,
    /// Size of the memory in bytes, a multiple of the access. An aligned access is inside where
    /// its first byte is.
    pub limit: Signal<In, Bits<32>>,
    /// The address is not a multiple of the width.
    pub misaligned: Signal<Out, Bit>,
    /// The access is aligned and not in the memory.
    pub outside: Signal<Out, Bit>,
    odd: Signal<Local, Bit>,
}

impl Logic for AddressCheck {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module address_check: alignment, then bounds, of an access");
        self.odd.next = false;
        match self.width.val().index() {
            1 => {
                self.odd.next = self.address.val().get_bit(0);
            }
            2 => {
                self.odd.next = self.address.val().get_bits::<2>(0).any();
            }
            3 => {
                self.odd.next = self.address.val().get_bits::<6>(0).any();
            }
            _ => {}
        }
        self.misaligned.next = self.odd.val();
        self.outside.next = !self.odd.val() & (self.address.val() >= self.limit.val());
    }
}
