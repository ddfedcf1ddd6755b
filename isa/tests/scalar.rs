//! Meanings of scalar instructions on their edges, with results from the RISC-V manual.
#![allow(clippy::unwrap_used)]

use spikevec_isa::testing::Plain;
use spikevec_isa::{Cause, Instruction, Op, Operand, Target};

const MIN: u32 = 0x8000_0000;
const ONES: u32 = u32::MAX;

fn inst(op: Op, rd: u8, rs1: u8, rs2: u8, imm: i32) -> Instruction {
    Instruction {
        op,
        rd,
        rs1,
        rs2,
        imm,
    }
}

fn machine() -> Plain {
    Plain::new(&Target::small())
}

/// Runs the program and an `ecall` behind it, until something stops it.
fn run(m: &mut Plain, program: &[Instruction]) -> Cause {
    let ecall = [Instruction::new(Op::Ecall)];
    let code = program.iter().chain(&ecall);
    m.code = code.map(|i| i.encode().unwrap()).collect();
    m.pc = 0;
    loop {
        if let Err(cause) = m.step() {
            return cause;
        }
    }
}

/// `op x3, x1, x2` (or with `imm`) on these values.
fn result(op: Op, a: u32, b: u32, imm: i32) -> u32 {
    let mut m = machine();
    m.x[1] = a;
    m.x[2] = b;
    let rs2 = if op.spec().has(Operand::XRs2) { 2 } else { 0 };
    assert_eq!(run(&mut m, &[inst(op, 3, 1, rs2, imm)]), Cause::Ecall);
    m.x[3]
}

#[test]
fn register_arithmetic() {
    let cases = [
        (Op::Add, ONES, 1, 0),
        (Op::Sub, 0, 1, ONES),
        (Op::Sll, 1, 33, 2),
        (Op::Slt, MIN, 0, 1),
        (Op::Slt, 0, MIN, 0),
        (Op::Sltu, MIN, 0, 0),
        (Op::Sltu, 0, MIN, 1),
        (Op::Xor, 0b1100, 0b1010, 0b0110),
        (Op::Srl, MIN, 63, 1),
        (Op::Sra, MIN, 63, ONES),
        (Op::Sra, MIN, 32, MIN),
        (Op::Or, 0b1100, 0b1010, 0b1110),
        (Op::And, 0b1100, 0b1010, 0b1000),
        (Op::Mul, 0x1_0001, 0x1_0001, 0x2_0001),
        (Op::Mulh, MIN, MIN, 0x4000_0000),
        (Op::Mulh, ONES, 1, ONES),
        (Op::Mulhsu, ONES, ONES, ONES),
        (Op::Mulhsu, MIN, ONES, 0x8000_0000),
        (Op::Mulhsu, 1, ONES, 0),
        (Op::Mulhu, ONES, ONES, 0xffff_fffe),
        (Op::Div, 7, (-2i32) as u32, (-3i32) as u32),
        (Op::Div, 7, 0, ONES),
        (Op::Div, MIN, ONES, MIN),
        (Op::Divu, 7, 0, ONES),
        (Op::Divu, MIN, ONES, 0),
        (Op::Rem, (-7i32) as u32, 2, ONES),
        (Op::Rem, 7, (-2i32) as u32, 1),
        (Op::Rem, MIN, 0, MIN),
        (Op::Rem, MIN, ONES, 0),
        (Op::Remu, MIN, 0, MIN),
        (Op::Remu, 7, 4, 3),
        (Op::Clz, 0, 0, 32),
        (Op::Clz, 1, 0, 31),
        (Op::Ctz, 0, 0, 32),
        (Op::Ctz, MIN, 0, 31),
        (Op::Cpop, ONES, 0, 32),
        (Op::SextB, 0x180, 0, 0xffff_ff80),
        (Op::SextH, 0x18000, 0, 0xffff_8000),
    ];
    for (op, a, b, wanted) in cases {
        let found = result(op, a, b, 0);
        let mnemonic = op.spec().mnemonic;
        assert_eq!(found, wanted, "{mnemonic} {a:#x}, {b:#x}: {found:#x}");
    }
}

#[test]
fn immediate_arithmetic() {
    let cases = [
        (Op::Addi, 1, -2, ONES),
        (Op::Slti, MIN, -2048, 1),
        (Op::Sltiu, 5, -1, 1),
        (Op::Sltiu, ONES, -1, 0),
        (Op::Xori, 5, -1, !5),
        (Op::Ori, 5, -2048, 0xffff_f805),
        (Op::Andi, ONES, -2048, 0xffff_f800),
        (Op::Slli, 3, 31, MIN),
        (Op::Srli, MIN, 31, 1),
        (Op::Srai, MIN, 31, ONES),
    ];
    for (op, a, imm, wanted) in cases {
        let mnemonic = op.spec().mnemonic;
        assert_eq!(result(op, a, 0, imm), wanted, "{mnemonic} {a:#x}, {imm}");
    }
}

#[test]
fn upper_immediates_and_jumps() {
    let mut m = machine();
    m.x[9] = 27;
    let stop = run(
        &mut m,
        &[
            inst(Op::Lui, 1, 0, 0, 0xf_ffff),
            inst(Op::Auipc, 2, 0, 0, 0x8_0000),
            inst(Op::Jal, 3, 0, 0, 8),
            inst(Op::Ebreak, 0, 0, 0, 0),
            // Bit 0 of the target is dropped; the link may be the base.
            inst(Op::Jalr, 9, 9, 0, -2),
            inst(Op::Ebreak, 0, 0, 0, 0),
            inst(Op::Fence, 0, 0, 0, 255),
        ],
    );
    assert_eq!((stop, m.pc), (Cause::Ecall, 28));
    assert_eq!(
        (m.x[1], m.x[2], m.x[3], m.x[9]),
        (0xffff_f000, MIN + 4, 12, 20)
    );
}

#[test]
fn branches_take_the_right_way() {
    let taken = |op, a, b| {
        let mut m = machine();
        m.x[1] = a;
        m.x[2] = b;
        run(&mut m, &[inst(op, 0, 1, 2, 8), inst(Op::Addi, 3, 0, 0, 1)]);
        m.x[3] == 0
    };
    for (op, less, equal, greater, unsigned) in [
        (Op::Beq, false, true, false, false),
        (Op::Bne, true, false, true, true),
        (Op::Blt, true, false, false, false),
        (Op::Bge, false, true, true, true),
        (Op::Bltu, true, false, false, true),
        (Op::Bgeu, false, true, true, false),
    ] {
        let name = op.spec().mnemonic;
        assert_eq!(taken(op, 1, 2), less, "{name}");
        assert_eq!(taken(op, 2, 2), equal, "{name}");
        assert_eq!(taken(op, 2, 1), greater, "{name}");
        // 1 against -1: greater as signed numbers, less as unsigned ones.
        assert_eq!(taken(op, 1, ONES), unsigned, "{name}");
    }
}

#[test]
fn a_misaligned_target_matters_only_where_it_is_taken() {
    let mut m = machine();
    let stop = run(&mut m, &[inst(Op::Bne, 0, 0, 0, 6)]);
    assert_eq!(stop, Cause::Ecall);
    let stop = run(&mut m, &[inst(Op::Beq, 0, 0, 0, 6)]);
    assert_eq!((stop, m.pc), (Cause::MisalignedFetch { address: 6 }, 0));
    let stop = run(&mut m, &[inst(Op::Jal, 1, 0, 0, 2)]);
    assert_eq!((stop, m.x[1]), (Cause::MisalignedFetch { address: 2 }, 0));
}
