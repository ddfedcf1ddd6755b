//! Registers of the same number in both files: a write of the one must not pass for a write of
//! the other. Every writer directly ahead of every reader, and one instruction apart.

use spikevec_isa::table::TABLE;
use spikevec_isa::{Instruction, Op, Operand, Spec, Target};

use super::{Program, split};

/// The number. v12 holds lane addresses, x12 a multiple of 64, so that memory instructions can
/// read them.
const NUMBER: u8 = 12;

fn make(op: Op, rd: u8, rs1: u8, rs2: u8, imm: i32) -> Instruction {
    Instruction {
        op,
        rd,
        rs1,
        rs2,
        imm,
    }
}

/// Rows that `of` names as reading, with each such operand in turn as register [`NUMBER`].
fn readers(of: fn(Operand) -> Option<bool>) -> Vec<Instruction> {
    let mut all = Vec::new();
    for spec in TABLE {
        for operand in spec.operands {
            let Some(first) = of(*operand) else { continue };
            let mut i = other_operands(spec);
            if first {
                i.rs1 = NUMBER;
            } else {
                i.rs2 = NUMBER;
            }
            all.push(i);
        }
    }
    all
}

/// `spec` with operands that do no harm.
fn other_operands(spec: &Spec) -> Instruction {
    let mut i = Instruction::new(spec.op);
    for operand in spec.operands {
        match operand {
            Operand::XRd => i.rd = 22,
            Operand::VRd => i.rd = 9,
            Operand::XRs2 => i.rs2 = 7,
            Operand::VRs1 => i.rs1 = 16,
            Operand::VRs2 => i.rs2 = 17,
            Operand::LaneLoad | Operand::LaneStore => i.rs1 = 26,
            Operand::Branch | Operand::Jump => i.imm = 4,
            Operand::Csr => i.imm = super::super::code::csr("minstreth"),
            _ => {}
        }
    }
    i
}

fn reads_vector(operand: Operand) -> Option<bool> {
    match operand {
        Operand::VRs1 | Operand::LaneLoad | Operand::LaneStore => Some(true),
        Operand::VRs2 => Some(false),
        _ => None,
    }
}

fn reads_scalar(operand: Operand) -> Option<bool> {
    match operand {
        Operand::XRs1 | Operand::Load | Operand::Store => Some(true),
        Operand::XRs2 => Some(false),
        _ => None,
    }
}

fn groups() -> Vec<Vec<Instruction>> {
    let n = NUMBER;
    let scalar = [
        make(Op::Vtne, n, 16, 17, 0),
        make(Op::Vextract, n, 16, 0, 3),
        make(Op::Addi, n, 0, 0, 0x155),
        make(Op::Lw, n, 0, 0, 40),
        make(Op::Mul, n, 15, 16, 0),
        make(Op::Jal, n, 0, 0, 4),
    ];
    let vector = [
        make(Op::Vadd, n, 16, 17, 0),
        make(Op::VmulRn, n, 16, 17, 3),
        make(Op::VsraiRn, n, 16, 0, 3),
        make(Op::Vloadv, n, 0, 0, 64 * 17),
        make(Op::Vloadl, n, 26, 0, 0),
        make(Op::Vlui, n, 0, 0, 0x155),
    ];
    let nop = make(Op::Addi, 0, 0, 0, 0);
    let mut groups = Vec::new();
    for between in 0..2 {
        let mut add = |setup: &Instruction, writer: &Instruction, reader: &Instruction| {
            let mut group = vec![*setup, *writer];
            group.extend(std::iter::repeat_n(nop, between));
            group.push(*reader);
            groups.push(group);
        };
        for writer in &scalar {
            let addresses = make(Op::Vadd, n, 26, 28, 0);
            let mut all = readers(reads_vector);
            // What a masked or unselected lane keeps.
            all.push(make(Op::Vsel, n, 14, 16, 0));
            all.push(make(Op::Vloadl, n, 27, 0, 0));
            for reader in &all {
                add(&addresses, writer, reader);
            }
        }
        for writer in &vector {
            let address = make(Op::Addi, n, 0, 0, 64);
            // A jump there would leave the program.
            let all = readers(reads_scalar);
            for reader in all.iter().filter(|reader| reader.op != Op::Jalr) {
                add(&address, writer, reader);
            }
        }
    }
    groups
}

/// All of them.
pub fn programs(target: &Target) -> Vec<Program> {
    split("aliases", Some(target), &groups())
}
