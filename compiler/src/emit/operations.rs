//! Operations of a kernel as instructions.

use spikevec_assembler::build;
use spikevec_isa::fixed::Rounding;
use spikevec_isa::{Instruction, Op};

use super::update::VectorUpdate;
use crate::code::Site;
use crate::code::registers::WORD;
use crate::neuron::Test;
use crate::quantise::{Operation, Slot, Values};

/// The instruction of a comparison.
pub(super) fn test_op(test: Test) -> Op {
    match test {
        Test::Less => Op::Vtlt,
        Test::Equal => Op::Vteq,
    }
}

impl VectorUpdate<'_, '_, '_> {
    /// The instructions of `operations`, whose saturation counts at `site`.
    pub(super) fn operations(&mut self, operations: &[Operation], site: Option<Site>) {
        for operation in operations {
            match *operation {
                Operation::Add { dst, a, b } => {
                    let (a, b) = (self.read(a), self.read(b));
                    let dst = self.write(dst);
                    self.push(build::r(Op::VaddS, dst, a, b), site);
                }
                Operation::Sub { dst, a, b } => {
                    let (a, b) = (self.read(a), self.read(b));
                    let dst = self.write(dst);
                    self.push(build::r(Op::VsubS, dst, a, b), site);
                }
                Operation::Mul {
                    dst,
                    a,
                    b,
                    shift,
                    rounding,
                } => {
                    let (a, b) = (self.read(a), self.read(b));
                    let dst = self.write(dst);
                    let op = match rounding {
                        Rounding::Truncate => Op::VmulS,
                        Rounding::Nearest => Op::VmulSRn,
                        Rounding::Stochastic => Op::VmulSRs,
                    };
                    self.push(build::mul(op, dst, a, b, shift as i32), site);
                }
                Operation::ShiftRight {
                    dst,
                    a,
                    shift,
                    rounding,
                } => {
                    let a = self.read(a);
                    let dst = self.write(dst);
                    let op = match rounding {
                        Rounding::Truncate => Op::Vsrai,
                        Rounding::Nearest => Op::VsraiRn,
                        Rounding::Stochastic => Op::VsraiRs,
                    };
                    self.block.push(build::i(op, dst, a, shift as i32));
                }
                Operation::MulLow { dst, a, b } => {
                    let (a, b) = (self.read(a), self.read(b));
                    let dst = self.write(dst);
                    self.block.push(build::mul(Op::Vmul, dst, a, b, 0));
                }
                Operation::ShiftLeft { dst, a, shift } => {
                    let a = self.read(a);
                    let dst = self.write(dst);
                    self.block.push(build::i(Op::Vslli, dst, a, shift as i32));
                }
                Operation::LowBits { dst, a, bits } => {
                    let a = self.read(a);
                    let dst = self.write(dst);
                    self.block
                        .push(build::mul(Op::Vandadd, dst, a, 0, bits as i32));
                }
                Operation::Set { dst, constant } => self.set(dst, constant),
                Operation::Choose { .. } => self.choose(operation),
                Operation::Select { dst, a } => {
                    let a = self.read(a);
                    // The lanes that did not spike keep what the register holds.
                    let register = self.read(dst);
                    self.touch(dst);
                    self.block
                        .push(build::r(Op::Vsel, register, self.place.spikes, a));
                }
            }
        }
    }

    /// A selection between two values: a comparison, and a select over one of them.
    fn choose(&mut self, operation: &Operation) {
        let Operation::Choose {
            dst,
            test,
            a,
            b,
            mut then,
            mut otherwise,
        } = *operation
        else {
            return;
        };
        let mut op = test_op(test);
        if then == dst {
            // The select must not find its result overwritten.
            (then, otherwise) = (otherwise, then);
            op = match test {
                Test::Less => Op::Vtge,
                Test::Equal => Op::Vtne,
            };
        }
        let (a, b) = (self.read(a), self.read(b));
        let then = self.read(then);
        self.block.push(build::r(op, WORD, a, b));
        let result = if otherwise == dst {
            let kept = self.read(dst);
            self.touch(dst);
            kept
        } else {
            let register = self.read(otherwise);
            if self.is_last_read(otherwise) && self.home(dst).is_none() {
                // Nobody else wants what is chosen from: it becomes the result where it is.
                self.hold(dst, register);
                register
            } else {
                let result = self.write(dst);
                self.block.push(build::i(Op::Vsrai, result, register, 0));
                result
            }
        };
        self.block.push(build::r(Op::Vsel, result, WORD, then));
    }

    fn push(&mut self, instruction: Instruction, site: Option<Site>) {
        match site {
            Some(site) => self.block.push_at(instruction, site),
            None => self.block.push(instruction),
        }
    }

    fn set(&mut self, dst: Slot, constant: usize) {
        match self.kernel.constants[constant].values {
            Values::Uniform(value) => {
                let dst = self.write(dst);
                self.block.push(build::u(Op::Vlui, dst, i32::from(value)));
            }
            Values::PerNeuron(_) => {
                let from = self.read(Slot::Constant(constant));
                let dst = self.write(dst);
                self.block.push(build::i(Op::Vsrai, dst, from, 0));
            }
        }
    }
}
