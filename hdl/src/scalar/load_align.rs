//! From a word of memory to a loaded value.

use rust_hdl::prelude::*;

use crate::comment;

/// The byte, halfword or word at `offset` in a word of scalar memory, extended to 32 bits.
#[derive(LogicBlock, Default)]
pub struct LoadAlign {
    /// The word, byte 0 lowest.
    pub word: Signal<In, Bits<32>>,
    /// Low bits of the address, which is aligned.
    pub offset: Signal<In, Bits<2>>,
    /// 0 byte, 1 halfword, 2 (and 3) word.
    pub width: Signal<In, Bits<2>>,
    /// Extend the sign instead of zeros.
    pub load_signed: Signal<In, Bit>,
    /// What is loaded.
    pub value: Signal<Out, Bits<32>>,
    half: Signal<Local, Bits<16>>,
    byte_part: Signal<Local, Bits<8>>,
    byte_wide: Signal<Local, Bit>,
    word_wide: Signal<Local, Bit>,
    sign: Signal<Local, Bit>,
    filler: Signal<Local, Bits<16>>,
    low: Signal<Local, Bits<16>>,
    high: Signal<Local, Bits<16>>,
}

impl Logic for LoadAlign {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module load_align: a byte, halfword or word, with its sign or zeros above");
        comment!("The word comes late from memory, and goes through three steps of choice only.");
        self.byte_wide.next = self.width.val() == 0;
        self.word_wide.next = self.width.val().get_bit(1);
        self.half.next = self.word.val().get_bits::<16>(0);
        if self.offset.val().get_bit(1) {
            self.half.next = self.word.val().get_bits::<16>(16);
        }
        self.byte_part.next = self.half.val().get_bits::<8>(0);
        if self.offset.val().get_bit(0) {
            self.byte_part.next = self.half.val().get_bits::<8>(8);
        }
        self.sign.next = self.half.val().get_bit(7);
        if self.offset.val().get_bit(0) | !self.byte_wide.val() {
            self.sign.next = self.half.val().get_bit(15);
        }
        self.filler.next = bits::<16>(0);
        if self.load_signed.val() & self.sign.val() {
            self.filler.next = bits::<16>(0xffff);
        }
        self.low.next = self.half.val();
        if self.byte_wide.val() {
            self.low.next = bit_cast::<16, 8>(self.byte_part.val()) | (self.filler.val() << 8);
        }
        self.high.next = self.filler.val();
        if self.word_wide.val() {
            self.high.next = self.word.val().get_bits::<16>(16);
        }
        self.value.next =
            bit_cast::<32, 16>(self.low.val()) | (bit_cast::<32, 16>(self.high.val()) << 16);
    }
}
