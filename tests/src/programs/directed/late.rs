//! Scalars that come late, as comparisons and lanes' values do, into vector instructions that
//! take a scalar late: directly behind each other and one and two instructions apart.

use spikevec_isa::{Instruction, Op};

use super::{Program, split};

fn make(op: Op, rd: u8, rs1: u8, rs2: u8, imm: i32) -> Instruction {
    Instruction {
        op,
        rd,
        rs1,
        rs2,
        imm,
    }
}

/// All of them.
pub fn programs() -> Vec<Program> {
    let writers = [
        make(Op::Vteq, 21, 0, 4, 0),
        make(Op::Vtne, 21, 1, 5, 0),
        make(Op::Vtlt, 21, 16, 17, 0),
        make(Op::Vtge, 21, 18, 19, 0),
        make(Op::Vextract, 21, 20, 0, 13),
    ];
    let readers = [
        make(Op::Vsel, 9, 21, 16, 0),
        make(Op::Vfill, 10, 21, 0, 0),
        make(Op::Vandadd, 11, 17, 21, 9),
    ];
    let mut groups = Vec::new();
    for writer in writers {
        for reader in readers {
            for between in 0..3 {
                let mut group = vec![writer];
                let filler = make(Op::Addi, 22, 22, 0, 3);
                group.extend(std::iter::repeat_n(filler, between));
                group.push(reader);
                groups.push(group);
            }
        }
    }
    split("late scalars", None, &groups)
}
