//! From a value to the bytes of a word of memory.

use rust_hdl::prelude::*;

use crate::comment;
use crate::leaf::Pack;

/// The value in the place of the word where it belongs, and which bytes to write.
///
/// Narrow values are repeated over the word: the mask chooses.
#[derive(LogicBlock, Default)]
pub struct StoreAlign {
    /// The register's value.
    pub value: Signal<In, Bits<32>>,
    /// Low bits of the address, which is aligned.
    pub offset: Signal<In, Bits<2>>,
    /// 0 byte, 1 halfword, 2 (and 3) word.
    pub width: Signal<In, Bits<2>>,
    /// The word to write.
    pub data: Signal<Out, Bits<32>>,
    /// Which of its bytes, lowest first.
    pub mask: Signal<Out, Bits<4>>,
    pack: Pack<4, 8, 32>,
}

impl Logic for StoreAlign {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module store_align: a value repeated over the word, and the bytes to write");
        for i in 0..4 {
            self.pack.part[i].next = self.value.val().get_bits::<8>(i * 8);
        }
        self.mask.next = bits::<4>(15);
        match self.width.val().index() {
            0 => {
                for i in 0..4 {
                    self.pack.part[i].next = self.value.val().get_bits::<8>(0);
                }
                self.mask.next = bits::<4>(1) << self.offset.val();
            }
            1 => {
                for i in 0..2 {
                    self.pack.part[i + 2].next = self.value.val().get_bits::<8>(i * 8);
                }
                self.mask.next = bits::<4>(3) << self.offset.val();
            }
            _ => {}
        }
        self.data.next = self.pack.whole.val();
    }
}
