//! Counters and other CSRs, and what outlasts a run.

use super::common::{inst, machine, run};
use spikevec_isa::csr::Csr;
use spikevec_isa::{Instruction, Memory, Op};
use spikevec_simulator::Cause;

const ONES: u32 = u32::MAX;

#[test]
fn x0_reads_0_whatever_the_host_writes() {
    let mut m = machine();
    m.x = [5; 32];
    let stop = run(
        &mut m,
        &[inst(Op::Add, 2, 0, 0, 0), inst(Op::Vfill, 2, 0, 0, 0)],
    );
    assert_eq!(stop.cause, Cause::Ecall, "{stop}");
    assert_eq!((m.x[0], m.x[2], m.v[2][0]), (0, 0, 0));
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
