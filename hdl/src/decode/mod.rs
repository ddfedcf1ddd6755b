//! The instruction decoder.
//!
//! ```text
//!          +-----------+--> op, illegal, uses
//!  word -->| op_table  |
//!       |  +-----------+--> format --+
//!       |                            v
//!       +----------------------> immediate --> immediate
//!       +--> rd, rs1, rs2
//! ```

mod format;
mod table;

use rust_hdl::prelude::*;

pub use format::{FORMAT_BITS, Format, Immediate};
pub use table::{OP_BITS, OpTable, USES, Use};

use crate::comment;

/// Decodes one word, combinationally.
///
/// The register fields are given as they stand in the word; `uses` says which of them count.
#[derive(LogicBlock, Default)]
pub struct Decoder {
    /// The instruction.
    pub word: Signal<In, Bits<32>>,
    /// Number of its row in the instruction table; zero if there is none.
    pub op: Signal<Out, Bits<OP_BITS>>,
    /// The word is no instruction.
    pub illegal: Signal<Out, Bit>,
    /// What the instruction touches: a bit for each [`Use`].
    pub uses: Signal<Out, Bits<USES>>,
    /// Its immediate: a signed value, a distance in bytes, a shift, a lane or a CSR; for `lui` and
    /// `auipc` the value with its twelve zeros.
    pub immediate: Signal<Out, Bits<32>>,
    /// The form of the immediate.
    pub format: Signal<Out, Bits<FORMAT_BITS>>,
    /// Bits 11:7.
    pub rd: Signal<Out, Bits<5>>,
    /// Bits 19:15.
    pub rs1: Signal<Out, Bits<5>>,
    /// Bits 24:20.
    pub rs2: Signal<Out, Bits<5>>,
    rows: OpTable,
    fields: Immediate,
}

impl Logic for Decoder {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module decoder: an instruction's row, what it touches, and its fields");
        self.rows.word.next = self.word.val();
        self.op.next = self.rows.op.val();
        self.illegal.next = self.rows.illegal.val();
        self.uses.next = self.rows.uses.val();
        self.format.next = self.rows.format.val();
        self.fields.word.next = self.word.val();
        self.fields.format.next = self.rows.format.val();
        self.immediate.next = self.fields.value.val();
        self.rd.next = self.word.val().get_bits::<5>(7);
        self.rs1.next = self.word.val().get_bits::<5>(15);
        self.rs2.next = self.word.val().get_bits::<5>(20);
    }
}
