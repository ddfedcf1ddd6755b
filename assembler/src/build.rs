//! Constructors of instructions, so that code that makes code is readable.
//!
//! They follow the order of the assembly text and check nothing: an operand that
//! does not fit, or a helper of another form than the instruction's, is an error
//! when the instruction is encoded.

use spikevec_isa::csr::Csr;
use spikevec_isa::{Instruction, Op};

/// An instruction without operands: `ecall`.
pub const fn op(op: Op) -> Instruction {
    Instruction::new(op)
}

/// `op rd, rs1, rs2`: scalar and vector arithmetic, compares, `vsel`.
pub const fn r(op: Op, rd: u8, rs1: u8, rs2: u8) -> Instruction {
    Instruction {
        op,
        rd,
        rs1,
        rs2,
        imm: 0,
    }
}

/// `op rd, rs1`: `clz`, `ctz`, `cpop`, `sext.b`, `sext.h`, `vfill`.
pub const fn unary(op: Op, rd: u8, rs1: u8) -> Instruction {
    r(op, rd, rs1, 0)
}

/// `op rd, rs1, imm`: `addi` and its like, shifts by a constant, `vslli`, `vsrai`, `vextract`.
pub const fn i(op: Op, rd: u8, rs1: u8, imm: i32) -> Instruction {
    Instruction {
        op,
        rd,
        rs1,
        rs2: 0,
        imm,
    }
}

/// `op rd, imm`: `lui` and `auipc` (the upper 20 bits), `vlui`.
pub const fn u(op: Op, rd: u8, imm: i32) -> Instruction {
    i(op, rd, 0, imm)
}

/// `op rd`: `vrng`.
pub const fn d(op: Op, rd: u8) -> Instruction {
    r(op, rd, 0, 0)
}

/// `op rd, offset(base)`: loads of every kind, and `jalr`.
pub const fn load(op: Op, rd: u8, offset: i32, base: u8) -> Instruction {
    i(op, rd, base, offset)
}

/// `op offset(base)`: `vloadr0`, `vloadr1`.
pub const fn load_rng(op: Op, offset: i32, base: u8) -> Instruction {
    i(op, 0, base, offset)
}

/// `op src, offset(base)`: stores of every kind.
pub const fn store(op: Op, src: u8, offset: i32, base: u8) -> Instruction {
    Instruction {
        op,
        rd: 0,
        rs1: base,
        rs2: src,
        imm: offset,
    }
}

/// `op rd, rs1, rs2, shift`: `vmul` and its forms, `vandadd`.
pub const fn mul(op: Op, rd: u8, rs1: u8, rs2: u8, shift: i32) -> Instruction {
    Instruction {
        op,
        rd,
        rs1,
        rs2,
        imm: shift,
    }
}

/// `op rd, csr, rs1`: `csrrw`, `csrrs`, `csrrc`.
pub fn csr(op: Op, rd: u8, csr: Csr, rs1: u8) -> Instruction {
    i(op, rd, rs1, csr.address() as i32)
}

/// `op rd, csr, value`: `csrrwi`, `csrrsi`, `csrrci` with a value of 0 to 31.
pub fn csr_imm(op: Op, rd: u8, csr: Csr, value: u8) -> Instruction {
    i(op, rd, value, csr.address() as i32)
}

/// `mv rd, rs`, that is `addi rd, rs, 0`.
pub const fn mv(rd: u8, rs: u8) -> Instruction {
    i(Op::Addi, rd, rs, 0)
}

/// `nop`, that is `addi zero, zero, 0`.
pub const fn nop() -> Instruction {
    i(Op::Addi, 0, 0, 0)
}

/// The instructions that put `value` into scalar register `rd`: `addi`, `lui`, or both.
pub fn li(rd: u8, value: i32) -> impl Iterator<Item = Instruction> {
    let (high, low) = split(value);
    let fits = (-2048..=2047).contains(&value);
    let first = (!fits).then_some(u(Op::Lui, rd, high));
    let second = if fits {
        Some(i(Op::Addi, rd, 0, value))
    } else {
        (low != 0).then_some(i(Op::Addi, rd, rd, low))
    };
    first.into_iter().chain(second)
}

/// The operands of `lui` and `addi` that together make `value`: `%hi` and `%lo`.
/// The low part is signed, so the high part is rounded up where it is negative.
pub const fn split(value: i32) -> (i32, i32) {
    let low = (value << 20) >> 20;
    let high = (value.wrapping_sub(low) as u32 >> 12) as i32;
    (high, low)
}
