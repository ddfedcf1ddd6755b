//! What D needs to know of a word, found out when the host writes it.

use rust_hdl::prelude::*;

use super::flags::{FLAGS, FlagTable};
use crate::comment;
use crate::decode::{Decoder, FORMAT_BITS, OP_BITS, USES};

/// Bits of a note, from the lowest: [`FLAGS`] of the instruction, what it touches ([`USES`]), number of its row ([`OP_BITS`]), form of
/// its immediate ([`FORMAT_BITS`]), and a bit that says that it is one. A note of zeros belongs to a word that is none.
pub const NOTE: usize = 41;

const _: () = assert!(NOTE == FLAGS + USES + OP_BITS + FORMAT_BITS + 1);
const _: () = assert!(FLAGS == 21 && USES == 8 && OP_BITS == 7 && FORMAT_BITS == 4);

/// Makes the note that stands beside a word in instruction memory.
///
/// Decoding takes several levels of logic, and in D hazards are behind it. Only the host writes
/// instructions, so that it can be done before a run.
#[derive(LogicBlock, Default)]
pub struct Predecode {
    /// The word.
    pub word: Signal<In, Bits<32>>,
    /// Its note.
    pub note: Signal<Out, Bits<NOTE>>,
    decoder: Decoder,
    flag_table: FlagTable,
}

impl Logic for Predecode {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module predecode: a word's note, for instruction memory");
        self.decoder.word.next = self.word.val();
        self.flag_table.op.next = self.decoder.op.val();
        self.flag_table.illegal.next = self.decoder.illegal.val();
        self.note.next = 0.into();
        if !self.decoder.illegal.val() {
            self.note.next = bit_cast::<NOTE, FLAGS>(self.flag_table.flags.val())
                | (bit_cast::<NOTE, USES>(self.decoder.uses.val()) << 21)
                | (bit_cast::<NOTE, OP_BITS>(self.decoder.op.val()) << 29)
                | (bit_cast::<NOTE, FORMAT_BITS>(self.decoder.format.val()) << 36)
                | 0x10000000000u64;
        }
    }
}
