//! A neuron update in fixed point: a short list of vector operations.
//!
//! The interpreter runs the list, the code generator turns each operation into
//! one instruction. Both do so for one vector of 32 neurons after the other, and
//! within a vector in the order `integrate`, `fire`, `prepare`.

use std::ops::Range;

use spikevec_isa::fixed::{self, Overflow, Rounding};
use spikevec_isa::{LANES, Rng, Vector};

use super::operation::{Operation, Slot};
use crate::format::Format;
use crate::neuron::Test;
use crate::reading::{Comparison, ResetStep};

/// A constant of a kernel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constant {
    /// Name of the parameter it comes from.
    pub name: String,
    /// Format.
    pub format: Format,
    /// Value.
    pub values: Values,
}

/// Values of a constant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Values {
    /// The same in every lane, padding included.
    Uniform(i16),
    /// One a neuron, in vectors of 32 whose padding is zero.
    PerNeuron(Vec<Vector>),
}

impl Values {
    /// The constant as vector `k` of the population sees it.
    pub fn vector(&self, k: usize) -> Vector {
        match self {
            Values::Uniform(value) => [*value; LANES],
            Values::PerNeuron(vectors) => vectors[k],
        }
    }
}

/// A state variable of a kernel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KernelState {
    /// Name.
    pub name: String,
    /// Format.
    pub format: Format,
    /// Value at the start of a sample, in vectors of 32.
    pub initial: Vec<Vector>,
}

/// The comparison with the threshold, and the reset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fire {
    /// What leads to `compared`, where that is not a state variable. It runs right before
    /// the comparison, and may saturate: that says nothing of the state.
    pub margin: Vec<Operation>,
    /// What is compared.
    pub compared: Slot,
    /// The threshold: a spike where `compared` exceeds it.
    pub threshold: Slot,
    /// What must hold of a neuron beside it.
    pub gate: Option<Gate>,
    /// Whether equal is enough.
    pub comparison: Comparison,
    /// The reset: `Select` operations and what they need.
    pub reset: Vec<Operation>,
    /// When the reset takes effect.
    pub when: ResetStep,
    /// True where a padding lane might exceed the threshold, so that it must be masked.
    pub mask_padding: bool,
}

impl Fire {
    /// What is read when the spikes are found.
    pub fn reads(&self) -> impl Iterator<Item = Slot> {
        let gate = self.gate.into_iter().flat_map(|gate| [gate.a, gate.b]);
        [self.compared, self.threshold].into_iter().chain(gate)
    }
}

/// A comparison of two values, lane by lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gate {
    /// How they are compared.
    pub test: Test,
    /// Left side.
    pub a: Slot,
    /// Right side.
    pub b: Slot,
}

/// A population's update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kernel {
    /// Number of neurons.
    pub size: usize,
    /// State variables, the accumulator among them.
    pub states: Vec<KernelState>,
    /// The state variable that weights are added to, by index.
    pub accumulator: usize,
    /// State variables from `accumulator` on that a weight is split over: 1, or more
    /// in the wide form.
    pub words: usize,
    /// What stands for the membrane potential, a state variable by index.
    pub membrane: usize,
    /// What that is short of the membrane potential, a constant by index; `None` for nothing.
    pub rest: Option<usize>,
    /// Constants.
    pub constants: Vec<Constant>,
    /// Number of intermediate values.
    pub temps: usize,
    /// From what has arrived to the membrane.
    pub integrate: Vec<Operation>,
    /// Spiking, where the neurons do.
    pub fire: Option<Fire>,
    /// What makes the accumulator ready for the next step's arrivals.
    pub prepare: Vec<Operation>,
}

impl Kernel {
    /// Number of vectors of 32 neurons, the last one padded.
    pub fn vectors(&self) -> usize {
        self.size.div_ceil(LANES)
    }

    /// The state variables that weights are added to, word by word.
    pub fn accumulators(&self) -> Range<usize> {
        self.accumulator..self.accumulator + self.words
    }

    /// Number of lanes of vector `k` that hold neurons.
    pub fn lanes(&self, k: usize) -> usize {
        (self.size - k * LANES).min(LANES)
    }

    /// One bit for each lane of vector `k` that holds a neuron.
    pub fn lane_mask(&self, k: usize) -> u32 {
        u32::MAX >> (LANES - self.lanes(k))
    }

    /// The membrane potential, saturated, that `state` stands for in vector `k`.
    fn potential(&self, k: usize, state: &Vector) -> Vector {
        match self.rest {
            Some(rest) => fixed::add(
                state,
                &self.constants[rest].values.vector(k),
                Overflow::Saturate,
            ),
            None => *state,
        }
    }

    /// Runs one update of vector `k` and gives its spikes. `states` has one vector a
    /// state variable, `was` the spikes of the step before. `seen` is given the
    /// membrane potential as it is after the step, before `prepare` changes it.
    pub fn update(
        &self,
        k: usize,
        states: &mut [Vector],
        was: u32,
        rng: &mut Rng,
        seen: impl FnOnce(&Vector),
    ) -> u32 {
        let mut lane = Registers {
            kernel: self,
            k,
            states,
            temps: vec![[0; LANES]; self.temps],
        };
        lane.run(&self.integrate, 0, rng);
        let mut spikes = 0;
        if let Some(fire) = &self.fire {
            if fire.when == ResetStep::Next {
                lane.run(&fire.reset, was, rng);
            }
            lane.run(&fire.margin, 0, rng);
            let threshold = lane.get(fire.threshold);
            let compared = lane.get(fire.compared);
            spikes = match fire.comparison {
                Comparison::Above => fixed::tlt(&threshold, &compared),
                Comparison::AtLeast => fixed::tge(&compared, &threshold),
            };
            if let Some(Gate { test, a, b }) = fire.gate {
                spikes &= test.of(&lane.get(a), &lane.get(b));
            }
            if fire.mask_padding {
                spikes &= self.lane_mask(k);
            }
            if fire.when == ResetStep::Same {
                lane.run(&fire.reset, spikes, rng);
            }
        }
        seen(&self.potential(k, &lane.states[self.membrane]));
        lane.run(&self.prepare, 0, rng);
        spikes
    }
}

impl Test {
    /// The lanes in which it holds, a bit each.
    fn of(self, a: &Vector, b: &Vector) -> u32 {
        match self {
            Test::Less => fixed::tlt(a, b),
            Test::Equal => fixed::teq(a, b),
        }
    }
}

struct Registers<'a> {
    kernel: &'a Kernel,
    k: usize,
    states: &'a mut [Vector],
    temps: Vec<Vector>,
}

impl Registers<'_> {
    fn get(&self, slot: Slot) -> Vector {
        match slot {
            Slot::State(n) => self.states[n],
            Slot::Constant(n) => self.kernel.constants[n].values.vector(self.k),
            Slot::Temp(n) => self.temps[n],
        }
    }

    fn set(&mut self, slot: Slot, value: Vector) {
        match slot {
            Slot::State(n) => self.states[n] = value,
            Slot::Temp(n) => self.temps[n] = value,
            Slot::Constant(_) => unreachable!("the lowering never writes a constant"),
        }
    }

    fn run(&mut self, operations: &[Operation], mask: u32, rng: &mut Rng) {
        for operation in operations {
            let (dst, value) = match *operation {
                Operation::Add { dst, a, b } => (
                    dst,
                    fixed::add(&self.get(a), &self.get(b), Overflow::Saturate),
                ),
                Operation::Sub { dst, a, b } => (
                    dst,
                    fixed::sub(&self.get(a), &self.get(b), Overflow::Saturate),
                ),
                Operation::Mul {
                    dst,
                    a,
                    b,
                    shift,
                    rounding,
                } => {
                    let (a, b) = (self.get(a), self.get(b));
                    (
                        dst,
                        fixed::mul(&a, &b, shift, rounding, Overflow::Saturate, rng),
                    )
                }
                Operation::ShiftRight {
                    dst,
                    a,
                    shift,
                    rounding,
                } => (dst, fixed::srai(&self.get(a), shift, rounding, rng)),
                Operation::MulLow { dst, a, b } => {
                    let (a, b) = (self.get(a), self.get(b));
                    let (rounding, overflow) = (Rounding::Truncate, Overflow::Wrap);
                    (dst, fixed::mul(&a, &b, 0, rounding, overflow, rng))
                }
                Operation::ShiftLeft { dst, a, shift } => (dst, fixed::slli(&self.get(a), shift)),
                Operation::LowBits { dst, a, bits } => (dst, fixed::andadd(&self.get(a), bits, 0)),
                Operation::Set { dst, constant } => (dst, self.get(Slot::Constant(constant))),
                Operation::Choose {
                    dst,
                    test,
                    a,
                    b,
                    then,
                    otherwise,
                } => {
                    let holds = test.of(&self.get(a), &self.get(b));
                    (
                        dst,
                        fixed::sel(holds, &self.get(then), &self.get(otherwise)),
                    )
                }
                Operation::Select { dst, a } => {
                    (dst, fixed::sel(mask, &self.get(a), &self.get(dst)))
                }
            };
            self.set(dst, value);
        }
    }
}

impl Kernel {
    /// All operations of an update, in order.
    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        let fire = self
            .fire
            .iter()
            .flat_map(|fire| fire.margin.iter().chain(&fire.reset));
        self.integrate.iter().chain(fire).chain(&self.prepare)
    }

    /// True where spikes reset their neurons in the next step, so that they must be kept.
    pub fn resets_late(&self) -> bool {
        self.fire
            .as_ref()
            .is_some_and(|fire| fire.when == ResetStep::Next)
    }

    /// True where an update draws random numbers.
    pub fn draws_random_numbers(&self) -> bool {
        self.operations().any(Operation::draws_random_numbers)
    }
}
