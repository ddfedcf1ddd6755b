//! Branches and jumps.

use spikevec_isa::{Instruction, Op, Target};

use super::fault::{Fault, program};
use super::{Code, FIRST, Program, WORDS, data, prologue, split};

const BRANCHES: [Op; 6] = [Op::Beq, Op::Bne, Op::Blt, Op::Bge, Op::Bltu, Op::Bgeu];

fn instruction(op: Op, rd: u8, rs1: u8, rs2: u8, imm: i32) -> Instruction {
    Instruction {
        op,
        rd,
        rs1,
        rs2,
        imm,
    }
}

/// Each branch with all pairs of words, over an instruction that shows whether it was taken.
fn branches() -> Vec<Program> {
    let mut all = Vec::new();
    for op in BRANCHES {
        let mut groups = Vec::new();
        for a in 0..WORDS.len() as u8 {
            for b in 0..WORDS.len() as u8 {
                groups.push(vec![
                    instruction(op, 0, FIRST + a, FIRST + b, 8),
                    instruction(Op::Addi, 21, 21, 0, 1),
                ]);
            }
        }
        all.extend(split(op.spec().mnemonic, None, &groups));
    }
    all
}

fn finish(name: &str, mut code: Code) -> Program {
    code.op(Op::Ecall, 0, 0, 0, 0);
    Program {
        name: name.to_owned(),
        seed: None,
        code: code.words(),
        data: data(),
        timed: false,
    }
}

/// Jumps there and back, loops, links, calls whose register is its own link.
fn jumps() -> Program {
    let mut code = Code::default();
    prologue(&mut code);
    // Forward over two instructions, link kept and dropped.
    for link in [1, 0] {
        code.op(Op::Jal, link, 0, 0, 12);
        code.op(Op::Addi, 21, 21, 0, 1);
        code.op(Op::Addi, 21, 21, 0, 2);
    }
    // A loop by a jump back.
    code.li(22, 5);
    let head = code.here();
    code.op(Op::Addi, 22, 22, 0, -1);
    code.op(Op::Beq, 0, 22, 0, 8);
    let back = code.here();
    code.op(Op::Jal, 1, 0, 0, head as i32 - back as i32);
    // A loop by a branch back, of one instruction too.
    for op in [Op::Bne, Op::Blt, Op::Bltu] {
        code.li(22, 4);
        code.op(Op::Addi, 22, 22, 0, -1);
        code.op(op, 0, 0, 22, -4);
    }
    // jalr: with offsets, odd targets (bit 0 is dropped), its base as link.
    for (offset, odd, link) in [
        (0, 0, 1),
        (40, 1, 23),
        (-40, 0, 23),
        (2047, 1, 0),
        (-2048, 0, 23),
    ] {
        // Two instructions of address, the jump, and one that is jumped over.
        let target = code.here() + 16;
        let base = (target as i32 - offset) as u32 | odd;
        let mut load = Code::default();
        load.li(23, base);
        if load.here() < 8 {
            load.op(Op::Addi, 0, 0, 0, 0);
        }
        code.extend(load.list());
        code.op(Op::Jalr, link, 23, 0, offset);
        code.op(Op::Addi, 21, 21, 0, 4);
    }
    code.op(Op::Auipc, 24, 0, 0, 0);
    code.op(Op::Auipc, 25, 0, 0, 0xf_ffff);
    finish("jumps", code)
}

/// Jumps and branches to where no instruction can be, and past the end of memory.
fn faults(target: &Target) -> Vec<Program> {
    let mut all = Vec::new();
    let mut add = |name: &str, setup: &[Instruction], fault| {
        all.push(program(
            name.to_owned(),
            setup,
            Fault::Instruction(fault),
            Vec::new(),
        ));
    };
    let end = target.instruction_bytes;
    add("jal to +6", &[], instruction(Op::Jal, 1, 0, 0, 6));
    add("jal to -2", &[], instruction(Op::Jal, 1, 0, 0, -2));
    for op in BRANCHES {
        // One of the two is taken.
        for (a, b) in [
            (FIRST + 1, FIRST + 5),
            (FIRST + 5, FIRST + 1),
            (FIRST, FIRST),
        ] {
            let name = format!("{} to +10, x{a} x{b}", op.spec().mnemonic);
            add(&name, &[], instruction(op, 0, a, b, 10));
        }
    }
    let address = |value: u32| {
        let mut code = Code::default();
        code.li(26, value);
        code
    };
    for (name, base, offset) in [
        ("jalr to 2", 0, 2),
        ("jalr to 3", 0, 3),
        ("jalr past memory", end, 0),
        ("jalr to the last halfword", end - 2, 0),
        ("jalr below zero", 0, -4),
        ("jalr far", 0x8000_0000, 0),
        ("jalr to an odd end", end + 1, 0),
    ] {
        let setup = address(base);
        add(name, setup.list(), instruction(Op::Jalr, 26, 26, 0, offset));
    }
    add("jal below zero", &[], instruction(Op::Jal, 1, 0, 0, -4096));
    add(
        "jal past memory",
        &[],
        instruction(Op::Jal, 1, 0, 0, (end as i32).min(1 << 19)),
    );
    all
}

/// Runs off the end of instruction memory.
fn end_of_memory(target: &Target) -> Program {
    let words = target.instruction_bytes as usize / 4;
    let mut code = Code::default();
    prologue(&mut code);
    code.li(26, target.instruction_bytes - 8);
    code.op(Op::Jalr, 1, 26, 0, 0);
    let mut all = code.words();
    let tail = {
        let mut tail = Code::default();
        tail.op(Op::Addi, 21, 0, 0, 3);
        tail.op(Op::VmulRn, 8, 16, 17, 3);
        tail.words()
    };
    if words > all.len() + tail.len() && words <= 4096 {
        all.resize(words - tail.len(), 0);
        all.extend(tail);
    }
    Program {
        name: "end of instruction memory".to_owned(),
        seed: None,
        code: all,
        data: data(),
        timed: false,
    }
}

/// All of them.
pub fn programs(target: &Target) -> Vec<Program> {
    let mut all = branches();
    all.push(jumps());
    all.extend(faults(target));
    all.push(end_of_memory(target));
    all
}
