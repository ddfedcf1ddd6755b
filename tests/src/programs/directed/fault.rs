//! A fault with work before and after it: what is older must be done, what is younger not.

use spikevec_isa::{Instruction, Op};

use super::{Code, FIRST, Program, data, prologue};
use crate::programs::Segment;

/// A program that ends at `fault`, which is led up to by `setup`.
pub fn program(name: String, setup: &[Instruction], fault: Fault, more: Vec<Segment>) -> Program {
    let mut code = Code::default();
    prologue(&mut code);
    code.extend(setup);
    older(&mut code);
    let at = code.here() as usize / 4;
    code.push(match fault {
        Fault::Instruction(instruction) => instruction,
        Fault::Word(_) => Instruction::new(Op::Ebreak),
    });
    younger(&mut code);
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
fn younger(code: &mut Code) {
    code.op(Op::Addi, 23, 0, 0, 77);
    code.op(Op::Sw, 0, 0, FIRST + 10, 132);
    code.op(Op::Vstorev, 0, 0, 19, 64);
    code.op(Op::Vstorel, 0, 26, 17, 0);
    code.op(Op::Vrng, 10, 0, 0, 0);
    code.op(Op::Vadd, 11, 16, 17, 0);
    code.op(Op::Csrrwi, 0, 9, 0, super::super::code::csr("minstreth"));
    code.op(Op::Vloadr0, 0, 0, 0, 0);
    code.op(Op::Mul, 24, FIRST + 10, FIRST + 10, 0);
    code.op(Op::Div, 25, FIRST + 10, FIRST + 3, 0);
    code.op(Op::Ecall, 0, 0, 0, 0);
}
