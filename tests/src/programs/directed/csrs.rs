//! CSR instructions. Counters run here only where they count instructions: what counts clocks
//! is compared by the timed programs.

use spikevec_isa::csr::{CSRS, Csr};
use spikevec_isa::{Instruction, Op};

use super::fault::{Fault, program};
use super::{Code, FIRST, Program, WORDS, data, prologue, split};

const REGISTER: [Op; 3] = [Op::Csrrw, Op::Csrrs, Op::Csrrc];
const IMMEDIATE: [Op; 3] = [Op::Csrrwi, Op::Csrrsi, Op::Csrrci];

fn access(op: Op, rd: u8, rs1: u8, csr: u32) -> Instruction {
    Instruction {
        op,
        rd,
        rs1,
        rs2: 0,
        imm: csr as i32,
    }
}

/// A CSR that holds what is written, whatever that is.
fn holds(csr: Csr) -> bool {
    use Csr::*;
    let control = matches!(csr, Mm2sControl | S2mmControl | Mcountinhibit);
    !control && !csr.is_read_only()
}

/// All six instructions on every CSR with every word, destinations with and without x0.
fn values() -> Vec<Program> {
    let mut all = Vec::new();
    for (csr, address, name, _) in CSRS {
        let mut groups = Vec::new();
        let destination = |n: usize| [21, 22, 0, 23][n % 4];
        if holds(csr) {
            for k in 0..WORDS.len() as u8 {
                for op in REGISTER {
                    groups.push(vec![access(
                        op,
                        destination(groups.len()),
                        FIRST + k,
                        address,
                    )]);
                }
            }
            for zimm in [0, 1, 5, 16, 31] {
                for op in IMMEDIATE {
                    groups.push(vec![access(op, destination(groups.len()), zimm, address)]);
                }
            }
            groups.push(vec![access(Op::Csrrw, 22, 22, address)]);
        } else if csr == Csr::Mcountinhibit {
            // Bits that are not there, with mcycle stopped all along.
            for zimm in [1, 5, 3, 9, 17, 31, 5] {
                groups.push(vec![access(Op::Csrrwi, 21, zimm, address)]);
            }
            groups.push(vec![access(Op::Csrrci, 21, 4, address)]);
            groups.push(vec![access(Op::Csrrsi, 21, 4, address)]);
            groups.push(vec![access(Op::Csrrci, 21, 0, address)]);
            // All bits by a register, which leaves both stopped.
            groups.push(vec![access(Op::Csrrw, 21, FIRST + 5, address)]);
            groups.push(vec![access(Op::Csrrwi, 21, 5, address)]);
        } else if !csr.is_read_only() {
            // Anything but a start.
            for zimm in [0, 2, 4, 30] {
                for op in [Op::Csrrwi, Op::Csrrsi] {
                    groups.push(vec![access(op, 21, zimm, address)]);
                }
            }
        }
        // Reads that do not write, which read-only CSRs allow too.
        for op in [Op::Csrrs, Op::Csrrc, Op::Csrrsi, Op::Csrrci] {
            groups.push(vec![access(op, 24, 0, address)]);
        }
        all.extend(split(name, None, &groups));
    }
    all
}

/// Counts of retired instructions: around branches, vectors, and writes to the counter itself.
fn instret() -> Program {
    let mut code = Code::default();
    prologue(&mut code);
    let counters = |code: &mut Code| {
        code.csr_read(21, "minstret");
        code.csr_read(22, "minstreth");
    };
    code.op(
        Op::Csrrwi,
        0,
        1,
        0,
        super::super::code::csr("mcountinhibit"),
    );
    counters(&mut code);
    for value in [0, 5, 0xffff_fffe, 0xffff_ffff] {
        code.li(26, value);
        code.csr_write("minstreth", 0);
        code.csr_write("minstret", 26);
        counters(&mut code);
        code.op(Op::Vmul, 8, 16, 17, 3);
        code.op(Op::Beq, 0, 0, 0, 8);
        code.op(Op::Addi, 0, 0, 0, 0);
        code.op(Op::Div, 27, FIRST + 10, FIRST + 3, 0);
        code.op(Op::Vloadl, 9, 28, 0, 0);
        counters(&mut code);
    }
    // Stopped, and read; started, and read at once.
    code.op(
        Op::Csrrwi,
        21,
        5,
        0,
        super::super::code::csr("mcountinhibit"),
    );
    counters(&mut code);
    code.op(
        Op::Csrrwi,
        21,
        1,
        0,
        super::super::code::csr("mcountinhibit"),
    );
    counters(&mut code);
    code.op(
        Op::Csrrwi,
        21,
        5,
        0,
        super::super::code::csr("mcountinhibit"),
    );
    counters(&mut code);
    code.op(Op::Ecall, 0, 0, 0, 0);
    Program {
        name: "minstret".to_owned(),
        seed: None,
        code: code.words(),
        data: data(),
        timed: false,
    }
}

/// CSRs that are not there, and writes to those that are read only.
fn faults() -> Vec<Program> {
    let mut all = Vec::new();
    let mut add = |what: Instruction| {
        let name = format!("illegal {what}");
        all.push(program(name, &[], Fault::Instruction(what), Vec::new()));
    };
    for address in [
        0x000, 0x300, 0x321, 0xb01, 0xb03, 0xbc4, 0xbd4, 0xc00, 0xc02, 0xfc1, 0xfff,
    ] {
        add(access(Op::Csrrs, 21, 0, address));
        add(access(Op::Csrrw, 21, FIRST, address));
    }
    for (csr, address, ..) in CSRS {
        if csr.is_read_only() {
            // rs1 holds 0, and is not x0.
            for op in REGISTER {
                add(access(op, 21, FIRST, address));
            }
            add(access(Op::Csrrw, 0, 0, address));
            add(access(Op::Csrrwi, 0, 0, address));
            add(access(Op::Csrrsi, 21, 1, address));
            add(access(Op::Csrrci, 21, 31, address));
        }
    }
    all
}

/// All of them.
pub fn programs() -> Vec<Program> {
    let mut all = values();
    all.push(instret());
    all.extend(faults());
    all
}
