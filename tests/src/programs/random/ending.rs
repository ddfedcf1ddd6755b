//! The end of a program: `ecall`, or a fault among other work.

use spikevec_isa::{Instruction, Op, Target};

use super::Generator;
use super::layout::vector;
use crate::programs::code::csr;

impl Generator {
    /// The last instructions.
    pub(super) fn ending(&mut self, target: &Target) {
        if self.shape.faults && self.seed.one_in(4) {
            self.soups(0, 3);
            let fault = self.fault(target);
            self.code.extend(&fault);
            // None of this may happen.
            self.soups(4, 8);
        }
        self.code.op(Op::Ecall, 0, 0, 0, 0);
    }

    /// An instruction that stops the core, with what it needs. x14 is far outside every memory,
    /// x16 is odd.
    fn fault(&mut self, target: &Target) -> Vec<Instruction> {
        let make = |op, rd, rs1, rs2, imm| Instruction {
            op,
            rd,
            rs1,
            rs2,
            imm,
        };
        let last = match self.seed.below(14) {
            0 => make(Op::Ebreak, 0, 0, 0, 0),
            1 => make(Op::Lw, 5, 16, 0, 0),
            2 => make(Op::Lhu, 5, 14, 0, 2),
            3 => make(Op::Sw, 0, 16, 6, 1),
            4 => make(Op::Sb, 0, 14, 6, -1),
            5 => make(Op::Vloadv, 1, 16, 0, 0),
            6 => make(Op::Vloadr0, 0, 14, 0, 0),
            7 => make(Op::Vstorev, 0, 16, 2, 0),
            8 => make(Op::Vstorev, 0, 14, 2, 64),
            9 => make(Op::Vloadl, 1, vector::ONE, 0, 0),
            10 => make(Op::Vstorel, 0, vector::ONE, 1, 0),
            // Past the end: the address is within 16 bits.
            11 => {
                let end = target.lane_local_bytes.min(1 << 11) as i32;
                make(Op::Vloadl, 1, vector::ADDRESSES, 0, end - 64)
            }
            12 => make(Op::Jalr, 5, 16, 0, 1),
            _ => make(Op::Csrrw, 5, 6, 0, csr("mm2s_status")),
        };
        vec![last]
    }
}
