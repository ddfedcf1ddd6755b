//! The portable engine: one instruction after the other, from decoded code.
//!
//! | module | what |
//! | --- | --- |
//! | here | the loop |
//! | `execute` | from an instruction to what it does |
//! | `scalar` | registers, arithmetic, jumps and scalar memory |
//! | `vector` | the vector unit and its memories |
//! | `csr` | control and status registers |
//! | `lanes` | operations on 32 lanes, in shapes that compilers make vector instructions of |

mod csr;
mod execute;
mod lanes;
mod scalar;
mod vector;

use spikevec_isa::Cause;

use super::{Engine, Limits};
use crate::clock::Clock;
use crate::code::Code;
use crate::observe::{Observer, Retired};
use crate::state::State;

/// The engine. Decoded code is all that it prepares.
#[derive(Debug, Clone)]
pub(crate) struct Interpreter {
    code: Code,
}

impl Engine for Interpreter {
    fn prepare(code: &Code) -> Self {
        Interpreter { code: code.clone() }
    }

    fn run<C: Clock, O: Observer>(
        &mut self,
        state: &mut State,
        clock: &mut C,
        limits: &Limits,
        observer: &mut O,
    ) -> Cause {
        if limits.strict {
            self.steps::<C, O, true>(state, clock, limits.budget, observer)
        } else {
            self.steps::<C, O, false>(state, clock, limits.budget, observer)
        }
    }
}

impl Interpreter {
    /// The loop.
    fn steps<C: Clock, O: Observer, const STRICT: bool>(
        &self,
        s: &mut State,
        clock: &mut C,
        budget: u64,
        observer: &mut O,
    ) -> Cause {
        let code = &*self.code.decoded;
        let hazards = &*self.code.hazards;
        let start = s.retired;
        let mut pc = s.pc;
        let mut executed = 0;
        let mut front = clock.front();
        let cause = loop {
            if executed == budget {
                break Cause::Budget;
            }
            let index = pc as usize / 4;
            let Some(&Some(instruction)) = code.get(index) else {
                break self.code.no_instruction(pc);
            };
            if STRICT {
                let Some(hazard) = hazards.get(index) else {
                    break self.code.no_instruction(pc);
                };
                let conflict = s.pending_load & hazard.reads;
                if conflict != 0 {
                    let register = conflict.trailing_zeros() as u8;
                    break Cause::Hazard { register };
                }
                s.pending_load = hazard.loads;
            }
            let now = start + executed;
            let taken = || s.is_taken(instruction);
            let entered = clock.enter(front, index, instruction.op, O::ENABLED, taken);
            match execute::execute(s, clock, entered, instruction, pc, now) {
                Ok(next) => {
                    executed += 1;
                    front = clock.leave(entered, next == pc.wrapping_add(4));
                    if O::ENABLED {
                        s.pc = next;
                        s.retired = now + 1;
                        s.clocks = clock.clock(front, now + 1);
                        let issue = clock.issue();
                        let retired = Retired {
                            pc,
                            instruction,
                            issue,
                        };
                        observer.retired(s, &retired);
                    }
                    pc = next;
                }
                Err(cause) => {
                    front = clock.stopped(front, entered);
                    break cause;
                }
            }
        };
        clock.set_front(front);
        s.pc = pc;
        s.retired = start + executed;
        s.clocks = clock.clock(front, s.retired);
        cause
    }
}
