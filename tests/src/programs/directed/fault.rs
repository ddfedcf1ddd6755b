//! A fault with work before and after it: what is older must be done, what is younger not.

use spikevec_isa::{Instruction, Op, Target};

use super::{Code, FIRST, Program, data, prologue};
use crate::programs::Segment;

/// A program that ends at `fault`, which is led up to by `setup`.
pub fn program(name: String, setup: &[Instruction], fault: Fault, more: Vec<Segment>) -> Program {
    followed(name, setup, fault, more, 0)
}

/// As [`program`], with the younger work from its instruction `first` on directly behind the
/// fault: only that one is in the stage where its effects are held back by the stop itself.
fn followed(
    name: String,
    setup: &[Instruction],
    fault: Fault,
    more: Vec<Segment>,
    first: usize,
) -> Program {
    let mut code = Code::default();
    prologue(&mut code);
    code.extend(setup);
    older(&mut code);
    let at = code.here() as usize / 4;
    code.push(match fault {
        Fault::Instruction(instruction) => instruction,
        Fault::Word(_) => Instruction::new(Op::Ebreak),
    });
    let mut younger = younger();
    younger.rotate_left(first);
    code.extend(&younger);
    code.op(Op::Ecall, 0, 0, 0, 0);
    let mut words = code.words();
    if let Fault::Word(word) = fault {
        words[at] = word;
    }
    let mut data = data();
    data.extend(more);
    Program {
        name,
        seed: None,
        code: words,
        data,
        timed: false,
    }
}

/// What stops the program.
#[derive(Debug, Clone, Copy)]
pub enum Fault {
    /// An instruction.
    Instruction(Instruction),
    /// A word that is none.
    Word(u32),
}

/// Work that is under way when the fault comes.
fn older(code: &mut Code) {
    code.op(Op::VmulRs, 8, 16, 17, 5);
    code.op(Op::Mul, 21, FIRST + 10, FIRST + 11, 0);
    code.op(Op::Vstorev, 0, 0, 18, 0);
    code.op(Op::Sw, 0, 0, FIRST + 15, 128);
    code.op(Op::Vrng, 9, 0, 0, 0);
    code.op(Op::Vtlt, 22, 16, 17, 0);
}

/// Work that must not happen: each kind of effect, the fast ones first.
fn younger() -> Vec<Instruction> {
    let mut code = Code::default();
    code.op(Op::Addi, 23, 0, 0, 77);
    code.op(Op::Sw, 0, 0, FIRST + 10, 132);
    code.op(Op::Vstorev, 0, 0, 19, 64);
    code.op(Op::Vstorel, 0, 26, 17, 0);
    code.op(Op::Vrng, 10, 0, 0, 0);
    code.op(Op::Vadd, 11, 16, 17, 0);
    code.op(Op::Csrrwi, 0, 9, 0, super::super::code::csr("minstreth"));
    code.op(Op::Vloadr0, 0, 0, 0, 0);
    code.op(Op::Vloadr1, 0, 0, 0, 64);
    code.op(Op::Vteq, 22, 16, 16, 0);
    code.op(Op::Mul, 24, FIRST + 10, FIRST + 10, 0);
    code.op(Op::Div, 25, FIRST + 10, FIRST + 3, 0);
    code.list().to_vec()
}

/// Each kind of younger work directly behind a fault that is known early, and behind one that
/// lanes find.
pub fn behind(target: &Target) -> Vec<Program> {
    let early = Instruction {
        rd: 21,
        imm: 1,
        ..Instruction::new(Op::Lw)
    };
    // v25 has odd lanes.
    let late = Instruction {
        rd: 12,
        rs1: 25,
        imm: 0,
        ..Instruction::new(Op::Vloadl)
    };
    let mut all = Vec::new();
    for fault in [early, late] {
        for (first, next) in younger().iter().enumerate() {
            let name = format!(
                "{} behind {}",
                next.op.spec().mnemonic,
                fault.op.spec().mnemonic
            );
            let more = super::lane_data(target);
            all.push(followed(name, &[], Fault::Instruction(fault), more, first));
        }
    }
    all
}
