//! The operations of the ALU.

use spikevec_isa::{Op, Operand, Spec};

/// Bits of an [`AluOp`].
pub const ALU_BITS: usize = 5;

/// An operation of [`Alu`](super::Alu), or of [`BitCount`](super::BitCount).
///
/// Bits 4:3 choose where the result comes from (adder, shifter, logic, sign extensions and bit counts), bit 0 of the
/// adder's and the comparisons subtracts, bit 1 of the comparisons is a signed one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum AluOp {
    /// `a + b`.
    Add = 0,
    /// `a - b`.
    Subtract = 1,
    /// `a << b[4:0]`.
    ShiftLeft = 8,
    /// `a >> b[4:0]`, zero filled.
    ShiftRight = 9,
    /// `a >> b[4:0]`, sign filled.
    ShiftRightSigned = 11,
    /// `a ^ b`.
    Xor = 16,
    /// `a < b`, unsigned.
    Below = 17,
    /// `a | b`.
    Or = 18,
    /// `a < b`, signed.
    Less = 19,
    /// `a & b`.
    And = 20,
    /// `b`.
    PassB = 22,
    /// Number of leading zeros of `a`, 32 for 0.
    LeadingZeros = 24,
    /// Number of trailing zeros of `a`, 32 for 0.
    TrailingZeros = 25,
    /// Number of ones in `a`.
    Ones = 26,
    /// Byte 0 of `a`, sign-extended.
    ExtendByte = 28,
    /// Halfword 0 of `a`, sign-extended.
    ExtendHalf = 29,
}

impl AluOp {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 16] = [
        Self::Add,
        Self::Subtract,
        Self::ShiftLeft,
        Self::ShiftRight,
        Self::ShiftRightSigned,
        Self::Xor,
        Self::Below,
        Self::Or,
        Self::Less,
        Self::And,
        Self::PassB,
        Self::LeadingZeros,
        Self::TrailingZeros,
        Self::Ones,
        Self::ExtendByte,
        Self::ExtendHalf,
    ];

    /// The operation of an instruction. Whatever adds or does not use the ALU has `Add`.
    pub fn of(spec: &Spec) -> Self {
        match spec.op {
            Op::Sub => Self::Subtract,
            Op::Sll | Op::Slli => Self::ShiftLeft,
            Op::Srl | Op::Srli => Self::ShiftRight,
            Op::Sra | Op::Srai => Self::ShiftRightSigned,
            Op::Xor | Op::Xori => Self::Xor,
            Op::Sltu | Op::Sltiu => Self::Below,
            Op::Or | Op::Ori => Self::Or,
            Op::Slt | Op::Slti => Self::Less,
            Op::And | Op::Andi => Self::And,
            Op::Lui => Self::PassB,
            Op::Clz => Self::LeadingZeros,
            Op::Ctz => Self::TrailingZeros,
            Op::Cpop => Self::Ones,
            Op::SextB => Self::ExtendByte,
            Op::SextH => Self::ExtendHalf,
            _ => Self::Add,
        }
    }

    /// Whether it is one of [`BitCount`](super::BitCount)'s.
    pub const fn counts(self) -> bool {
        matches!(self, Self::LeadingZeros | Self::TrailingZeros | Self::Ones)
    }

    /// Whether the second operand is the immediate: it is where the instruction has one that is
    /// added, shifted by or combined with.
    pub(super) fn takes_immediate(spec: &Spec) -> bool {
        let with = [
            Operand::Imm12,
            Operand::Imm20,
            Operand::Shamt5,
            Operand::Jump,
            Operand::Load,
            Operand::Store,
        ];
        with.iter().any(|operand| spec.has(*operand))
    }
}
