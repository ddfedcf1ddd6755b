//! Every scalar instruction on its edges, with results from the RISC-V manual.

use super::common::{inst, machine, run};
use spikevec_isa::csr::Csr;
use spikevec_isa::{Instruction, Memory, Op};
use spikevec_simulator::Cause;

const MIN: u32 = 0x8000_0000;
const ONES: u32 = u32::MAX;

/// `op x3, x1, x2` (or with `imm`) on these values.
fn result(op: Op, a: u32, b: u32, imm: i32) -> u32 {
    let mut m = machine();
    m.x[1] = a;
    m.x[2] = b;
    let has_rs2 = op.spec().has(spikevec_isa::Operand::XRs2);
    let i = inst(op, 3, 1, if has_rs2 { 2 } else { 0 }, imm);
    let stop = run(&mut m, &[i]);
    assert_eq!(stop.cause, Cause::Ecall, "{stop}");
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
fn x0_is_never_written() {
    let mut m = machine();
    m.x = [5; 32];
    m.x[1] = 64;
    m.v[1] = [9; 32];
    let csr = Csr::Mcountinhibit.address() as i32;
    let stop = run(
        &mut m,
        &[
            inst(Op::Addi, 0, 1, 0, 7),
            inst(Op::Lui, 0, 0, 0, 7),
            inst(Op::Auipc, 0, 0, 0, 7),
            inst(Op::Lw, 0, 1, 0, 0),
            inst(Op::Mul, 0, 1, 1, 0),
            inst(Op::Cpop, 0, 1, 0, 0),
            inst(Op::Csrrs, 0, 0, 0, csr),
            inst(Op::Vextract, 0, 1, 0, 0),
            inst(Op::Vteq, 0, 1, 1, 0),
            inst(Op::Jal, 0, 0, 0, 4),
            inst(Op::Add, 2, 0, 0, 0),
            inst(Op::Vfill, 2, 0, 0, 0),
        ],
    );
    assert_eq!(stop.cause, Cause::Ecall, "{stop}");
    assert_eq!((m.x[0], m.x[2], m.v[2][0]), (0, 0, 0));
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
    assert_eq!((stop.cause, stop.pc), (Cause::Ecall, 28), "{stop}");
    assert_eq!(stop.instructions, 6);
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
    assert_eq!(stop.cause, Cause::Ecall);
    let stop = run(&mut m, &[inst(Op::Beq, 0, 0, 0, 6)]);
    assert_eq!(
        (stop.cause, stop.pc),
        (Cause::MisalignedFetch { address: 6 }, 0)
    );
    let stop = run(&mut m, &[inst(Op::Jal, 1, 0, 0, 2)]);
    assert_eq!(
        (stop.cause, m.x[1]),
        (Cause::MisalignedFetch { address: 2 }, 0)
    );
}

fn csr(op: Op, rd: u8, csr: Csr, rs1: u8) -> Instruction {
    inst(op, rd, rs1, 0, csr.address() as i32)
}

const NOP: Instruction = Instruction::new(Op::Addi);

#[test]
fn counters_are_inhibited_at_reset_and_count_when_told() {
    let mut m = machine();
    let stop = run(
        &mut m,
        &[
            NOP,
            csr(Op::Csrrs, 1, Csr::Mcycle, 0),
            csr(Op::Csrrs, 2, Csr::Mcountinhibit, 0),
            csr(Op::Csrrwi, 0, Csr::Mcountinhibit, 1),
            NOP,
            csr(Op::Csrrs, 3, Csr::Minstret, 0),
            csr(Op::Csrrs, 4, Csr::Mcycle, 0),
            csr(Op::Csrrwi, 0, Csr::Mcountinhibit, 4),
            NOP,
            NOP,
            csr(Op::Csrrs, 5, Csr::Mcycle, 0),
            csr(Op::Csrrs, 6, Csr::Minstret, 0),
        ],
    );
    assert_eq!(stop.cause, Cause::Ecall, "{stop}");
    assert_eq!(m.x[1..5], [0, 5, 2, 0]);
    // The write that stops minstret is not counted by it.
    assert_eq!(m.x[5..7], [3, 4]);
}

#[test]
fn counters_are_64_bits_and_a_write_is_what_the_next_instruction_reads() {
    let mut m = machine();
    m.x[1] = ONES;
    m.x[2] = 41;
    let stop = run(
        &mut m,
        &[
            csr(Op::Csrrwi, 0, Csr::Mcountinhibit, 0),
            csr(Op::Csrrw, 0, Csr::Minstreth, 2),
            csr(Op::Csrrw, 0, Csr::Minstret, 1),
            csr(Op::Csrrs, 3, Csr::Minstret, 0),
            csr(Op::Csrrs, 4, Csr::Minstret, 0),
            csr(Op::Csrrs, 5, Csr::Minstreth, 0),
            csr(Op::Csrrw, 0, Csr::Mcycleh, 2),
            csr(Op::Csrrs, 6, Csr::Mcycleh, 0),
            csr(Op::Csrrwi, 7, Csr::Mcountinhibit, 31),
            csr(Op::Csrrs, 8, Csr::Mcountinhibit, 0),
        ],
    );
    assert_eq!(stop.cause, Cause::Ecall, "{stop}");
    assert_eq!(m.x[3..9], [ONES, 0, 42, 41, 0, 5]);
}

#[test]
fn csr_instructions_set_clear_and_swap() {
    let mut m = machine();
    m.x[1] = 0b1100;
    m.x[2] = 0b1010;
    let address = Csr::Mm2sSrcAddr;
    let stop = run(
        &mut m,
        &[
            csr(Op::Csrrw, 3, address, 1),
            csr(Op::Csrrs, 4, address, 2),
            csr(Op::Csrrc, 5, address, 1),
            csr(Op::Csrrsi, 6, address, 0b10001),
            csr(Op::Csrrci, 7, address, 0b00011),
            csr(Op::Csrrwi, 8, address, 31),
            // The old value goes to the register whose value is written.
            csr(Op::Csrrw, 1, address, 1),
            csr(Op::Csrrs, 9, address, 0),
        ],
    );
    assert_eq!(stop.cause, Cause::Ecall, "{stop}");
    assert_eq!(m.x[3..9], [0, 0b1100, 0b1110, 0b0010, 0b10011, 0b10000]);
    assert_eq!((m.x[1], m.x[9]), (31, 0b1100));
}

#[test]
fn what_cannot_be_accessed_is_illegal_and_changes_nothing() {
    let status = Csr::Mm2sStatus;
    for bad in [
        inst(Op::Csrrs, 1, 0, 0, 0x300),
        inst(Op::Csrrw, 0, 0, 0, 0xc00),
        csr(Op::Csrrw, 1, status, 0),
        csr(Op::Csrrwi, 1, status, 0),
        csr(Op::Csrrs, 1, status, 2),
        csr(Op::Csrrc, 1, status, 2),
        csr(Op::Csrrsi, 1, status, 1),
        csr(Op::Csrrci, 1, status, 1),
    ] {
        let mut m = machine();
        m.x[1] = 99;
        let stop = run(&mut m, &[NOP, bad]);
        let word = bad.encode().unwrap();
        assert_eq!((stop.cause, stop.pc), (Cause::Illegal { word }, 4), "{bad}");
        assert_eq!(m.x[1], 99);
    }
    for good in [
        csr(Op::Csrrs, 1, status, 0),
        csr(Op::Csrrc, 1, status, 0),
        csr(Op::Csrrsi, 1, status, 0),
        csr(Op::Csrrci, 1, status, 0),
    ] {
        let mut m = machine();
        assert_eq!(run(&mut m, &[good]).cause, Cause::Ecall, "{good}");
        assert_eq!(m.x[1], 2);
    }
}

#[test]
fn a_restart_keeps_registers_memories_and_counters() {
    let mut m = machine();
    m.write(Memory::Scalar, 0, &[7]).unwrap();
    run(&mut m, &[csr(Op::Csrrwi, 0, Csr::Mcountinhibit, 0), NOP]);
    m.x[5] = 3;
    let stop = run(
        &mut m,
        &[
            csr(Op::Csrrs, 1, Csr::Minstret, 0),
            inst(Op::Lbu, 2, 0, 0, 0),
        ],
    );
    assert_eq!(stop.cause, Cause::Ecall);
    // The ecall between them is no instruction that retired.
    assert_eq!((m.x[1], m.x[2], m.x[5]), (2, 7, 3));
}
