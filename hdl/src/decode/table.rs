//! The truth table of the decoder, made from the instruction table.

use rust_hdl::prelude::*;
use spikevec_isa::table::TABLE;
use spikevec_isa::{Instruction, Operand, Spec};

use super::format::{FORMAT_BITS, Format};

/// Bits of an instruction's number.
pub const OP_BITS: usize = 7;

const _: () = assert!(TABLE.len() <= 1 << OP_BITS);

/// What an instruction touches: one bit each, of [`Decoder`](super::Decoder)'s `uses`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Use {
    /// Writes scalar rd (which may be x0).
    WritesX,
    /// Reads scalar rs1.
    ReadsX1,
    /// Reads scalar rs2.
    ReadsX2,
    /// Writes vector rd.
    WritesV,
    /// Reads vector rs1.
    ReadsV1,
    /// Reads vector rs2.
    ReadsV2,
    /// Reads vector rd: some lanes keep their value.
    ReadsVd,
    /// Steps the random number generators.
    StepsRng,
}

/// Number of [`Use`] bits.
pub const USES: usize = 8;

impl Use {
    /// All of them, by bit.
    pub const ALL: [Self; USES] = [
        Self::WritesX,
        Self::ReadsX1,
        Self::ReadsX2,
        Self::WritesV,
        Self::ReadsV1,
        Self::ReadsV2,
        Self::ReadsVd,
        Self::StepsRng,
    ];

    /// Whether it holds for an instruction.
    pub fn of(self, spec: &Spec) -> bool {
        let any = |operands: &[Operand]| operands.iter().any(|o| spec.has(*o));
        match self {
            Self::WritesX => any(&[Operand::XRd]),
            Self::ReadsX1 => any(&[Operand::XRs1, Operand::Load, Operand::Store]),
            Self::ReadsX2 => any(&[Operand::XRs2]),
            Self::WritesV => any(&[Operand::VRd]),
            Self::ReadsV1 => any(&[Operand::VRs1, Operand::LaneLoad, Operand::LaneStore]),
            Self::ReadsV2 => any(&[Operand::VRs2]),
            Self::ReadsVd => spec.reads_rd,
            Self::StepsRng => spec.steps_rng,
        }
    }

    fn bits(spec: &Spec) -> u8 {
        let bits = Self::ALL.iter().map(|u| u8::from(u.of(spec)) << *u as u8);
        bits.sum()
    }
}

/// The row of a word: a leaf whose Verilog is written from [`TABLE`].
#[derive(LogicBlock, Default)]
pub struct OpTable {
    /// The instruction.
    pub word: Signal<In, Bits<32>>,
    /// Number of its row; zero if there is none.
    pub op: Signal<Out, Bits<OP_BITS>>,
    /// No row matches.
    pub illegal: Signal<Out, Bit>,
    /// What it touches, a bit for each [`Use`]; nothing if it is illegal.
    pub uses: Signal<Out, Bits<USES>>,
    /// Where its immediate stands.
    pub format: Signal<Out, Bits<FORMAT_BITS>>,
}

/// A row's fixed bits as a pattern of `casez`.
fn pattern(spec: &Spec) -> String {
    let bit = |at: u32| match (spec.mask >> at & 1, spec.bits >> at & 1) {
        (0, _) => '?',
        (_, 0) => '0',
        _ => '1',
    };
    (0..32).rev().map(bit).collect()
}

impl Logic for OpTable {
    fn update(&mut self) {
        let row = Instruction::decode(self.word.val().to_u32()).ok();
        let row = row.map(|instruction| instruction.op);
        self.illegal.next = row.is_none();
        self.op.next = row.map_or(0, |op| op as u8).into_bits();
        self.uses.next = row.map_or(0, |op| Use::bits(op.spec())).into_bits();
        self.format.next = row.map_or(0, |op| Format::of(op.spec()) as u8).into_bits();
    }

    fn connect(&mut self) {
        self.op.connect();
        self.illegal.connect();
        self.uses.connect();
        self.format.connect();
    }

    fn hdl(&self) -> Verilog {
        let mut text = String::from(
            "// module op_table\n\
             // Made from the instruction table: number, uses and immediate format of each row.\n\
             always @(*) begin\n    illegal = 1'b0;\n    casez (word)\n",
        );
        for spec in TABLE {
            text.push_str(&format!(
                "        32'b{}: {{op, uses, format}} = {{{OP_BITS}'d{}, {USES}'b{:08b}, \
                 {FORMAT_BITS}'d{}}}; // {}\n",
                pattern(spec),
                spec.op as u8,
                Use::bits(spec),
                Format::of(spec) as u8,
                spec.mnemonic
            ));
        }
        text.push_str(&format!(
            "        default: begin\n            {{op, uses, format}} = {}'d0;\n            \
             illegal = 1'b1;\n        end\n    endcase\nend",
            OP_BITS + USES + FORMAT_BITS
        ));
        Verilog::Custom(text)
    }
}

/// A small number as bits; rust-hdl converts from 64-bit numbers only.
trait IntoBits {
    fn into_bits<const N: usize>(self) -> Bits<N>;
}

impl IntoBits for u8 {
    fn into_bits<const N: usize>(self) -> Bits<N> {
        u64::from(self).into()
    }
}
