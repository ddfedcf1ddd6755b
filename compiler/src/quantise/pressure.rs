//! How much of the machine one vector's update takes at once.

use std::collections::BTreeMap;

use super::kernel::{Kernel, Values};
use super::operation::{Operation, Slot};

/// A limit of the machine, or of the code generator, that a kernel is beyond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge {
    /// What there is too much of.
    pub what: &'static str,
    /// How much a kernel needs.
    pub needed: usize,
    /// How much there is.
    pub limit: usize,
}

/// Vector registers of the core.
const REGISTERS: usize = 32;

/// Vectors of a population's memory that a signed 12-bit offset reaches.
const SLOTS: usize = 2048 / spikevec_isa::VECTOR_BYTES as usize;

/// Numbers for intermediate values of a stretch of code: those of a byte that name no register.
const VALUES: usize = 256 - REGISTERS;

impl Kernel {
    /// Vector registers that an update of one vector needs at once, none of them holding
    /// anything for longer.
    pub fn registers(&self) -> usize {
        let mut trace = Trace {
            kernel: self,
            written: BTreeMap::new(),
            lives: Vec::new(),
            now: 0,
        };
        trace.update();
        let live = |at: usize| trace.lives.iter().filter(move |l| l.0 < at && at <= l.1);
        // What is read for the last time hands its register to what is written.
        let at_once = |at: usize| {
            live(at)
                .count()
                .max(live(at).filter(|l| l.1 > at).count() + 1)
        };
        (1..=trace.now).map(at_once).max().unwrap_or(0)
    }

    /// Checks that code can be generated.
    ///
    /// # Errors
    /// The first limit that the kernel is beyond.
    pub fn check(&self) -> Result<(), TooLarge> {
        let constants = self.constants.iter();
        let stored = constants.filter(|c| matches!(c.values, Values::PerNeuron(_)));
        let values = self.operations().count() + self.states.len() + self.constants.len() + 2;
        let all = [
            ("operations and values", values, VALUES),
            (
                "state variables and constants",
                self.states.len() + stored.count(),
                SLOTS,
            ),
            ("values at once", self.registers(), REGISTERS),
        ];
        let beyond = all.into_iter().find(|(_, needed, limit)| needed > limit);
        beyond.map_or(Ok(()), |(what, needed, limit)| {
            Err(TooLarge {
                what,
                needed,
                limit,
            })
        })
    }
}

/// Follows an update as it is emitted, and notes from when to when each value lives.
struct Trace<'a> {
    kernel: &'a Kernel,
    /// The value that each slot holds, by index in `lives`.
    written: BTreeMap<Slot, usize>,
    /// When each value is written, and when it is read for the last time.
    lives: Vec<(usize, usize)>,
    now: usize,
}

impl Trace<'_> {
    fn update(&mut self) {
        let kernel = self.kernel;
        self.operations(&kernel.integrate);
        if let Some(fire) = &kernel.fire {
            // An upper bound does not depend on when the reset takes place.
            self.operations(&fire.margin);
            self.instruction(&[fire.threshold, fire.compared], None);
            if let Some(gate) = fire.gate {
                self.instruction(&[gate.a, gate.b], None);
            }
            self.operations(&fire.reset);
        }
        let rest = kernel.rest.map(Slot::Constant);
        let membrane: Vec<Slot> = [Some(Slot::State(kernel.membrane)), rest]
            .into_iter()
            .flatten()
            .collect();
        self.instruction(&membrane, None);
        self.operations(&kernel.prepare);
        let states: Vec<Slot> = (0..kernel.states.len()).map(Slot::State).collect();
        for state in states {
            if self.written.contains_key(&state) {
                self.instruction(&[state], None);
            }
        }
    }

    fn operations(&mut self, operations: &[Operation]) {
        for operation in operations {
            match *operation {
                // One instruction that has the number in it.
                Operation::Set { dst, constant } if self.is_uniform(constant) => {
                    self.instruction(&[], Some(dst));
                }
                Operation::Choose {
                    dst,
                    a,
                    b,
                    then,
                    otherwise,
                    ..
                } => {
                    self.instruction(&[a, b], None);
                    // The first branch must still be there when the other is in place.
                    self.load(then);
                    self.instruction(&[otherwise], Some(dst));
                    self.instruction(&[dst, then], Some(dst));
                }
                _ => self.instruction(&operation.reads(), Some(operation.result())),
            }
        }
    }

    fn is_uniform(&self, constant: usize) -> bool {
        matches!(self.kernel.constants[constant].values, Values::Uniform(_))
    }

    /// Loads what is in no register yet.
    fn load(&mut self, slot: Slot) {
        if !self.written.contains_key(&slot) {
            self.write(slot);
        }
    }

    fn write(&mut self, slot: Slot) {
        self.now += 1;
        self.written.insert(slot, self.lives.len());
        self.lives.push((self.now, self.now));
    }

    fn instruction(&mut self, reads: &[Slot], write: Option<Slot>) {
        for &slot in reads {
            self.load(slot);
        }
        self.now += 1;
        for slot in reads {
            if let Some(&value) = self.written.get(slot) {
                self.lives[value].1 = self.now;
            }
        }
        if let Some(slot) = write {
            self.written.insert(slot, self.lives.len());
            self.lives.push((self.now, self.now));
        }
    }
}
