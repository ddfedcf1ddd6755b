//! Vector operations of an update, and what they work on.

use std::fmt;

use spikevec_isa::fixed::Rounding;

use crate::neuron::Test;

/// An operand of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Slot {
    /// A state variable, by index.
    State(usize),
    /// A constant, by index.
    Constant(usize),
    /// An intermediate value, by index.
    Temp(usize),
}

/// One vector operation. `dst` is never a constant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// `dst = saturate(a + b)`.
    Add {
        /// Result.
        dst: Slot,
        /// First operand.
        a: Slot,
        /// Second operand.
        b: Slot,
    },
    /// `dst = saturate(a - b)`.
    Sub {
        /// Result.
        dst: Slot,
        /// First operand.
        a: Slot,
        /// Second operand.
        b: Slot,
    },
    /// `dst = saturate(round(a * b >> shift))`.
    Mul {
        /// Result.
        dst: Slot,
        /// First operand.
        a: Slot,
        /// Second operand.
        b: Slot,
        /// Bits dropped, 0 to 15.
        shift: u32,
        /// How they are dropped.
        rounding: Rounding,
    },
    /// `dst = round(a >> shift)`.
    ShiftRight {
        /// Result.
        dst: Slot,
        /// Operand.
        a: Slot,
        /// Bits dropped, 0 to 15.
        shift: u32,
        /// How they are dropped.
        rounding: Rounding,
    },
    /// `dst = a * b`, low 16 bits.
    MulLow {
        /// Result.
        dst: Slot,
        /// First operand.
        a: Slot,
        /// Second operand.
        b: Slot,
    },
    /// `dst = a << shift`, low 16 bits.
    ShiftLeft {
        /// Result.
        dst: Slot,
        /// Operand.
        a: Slot,
        /// Bits, 0 to 15.
        shift: u32,
    },
    /// `dst = a & (2^bits - 1)`.
    LowBits {
        /// Result.
        dst: Slot,
        /// Operand.
        a: Slot,
        /// Bits kept, 0 to 15.
        bits: u32,
    },
    /// `dst = a`, a constant.
    Set {
        /// Result.
        dst: Slot,
        /// Index of the constant.
        constant: usize,
    },
    /// `dst = then` in the lanes where `a` and `b` pass the test, `otherwise` in the others.
    Choose {
        /// Result.
        dst: Slot,
        /// How `a` is compared with `b`.
        test: Test,
        /// Left side.
        a: Slot,
        /// Right side.
        b: Slot,
        /// Value where the test holds.
        then: Slot,
        /// Value where it does not.
        otherwise: Slot,
    },
    /// `dst = a` in the lanes that spiked.
    Select {
        /// Result; kept in the other lanes.
        dst: Slot,
        /// Operand.
        a: Slot,
    },
}

impl Operation {
    /// True where the operation draws a random number for each lane.
    pub fn draws_random_numbers(&self) -> bool {
        matches!(
            self,
            Operation::Mul {
                rounding: Rounding::Stochastic,
                ..
            } | Operation::ShiftRight {
                rounding: Rounding::Stochastic,
                ..
            }
        )
    }

    /// Slot that the operation writes.
    pub fn result(&self) -> Slot {
        match *self {
            Operation::Add { dst, .. }
            | Operation::Sub { dst, .. }
            | Operation::Mul { dst, .. }
            | Operation::MulLow { dst, .. }
            | Operation::ShiftLeft { dst, .. }
            | Operation::ShiftRight { dst, .. }
            | Operation::LowBits { dst, .. }
            | Operation::Set { dst, .. }
            | Operation::Choose { dst, .. }
            | Operation::Select { dst, .. } => dst,
        }
    }

    /// Makes the operation write another slot.
    pub(super) fn redirect(&mut self, to: Slot) {
        match self {
            Operation::Add { dst, .. }
            | Operation::Sub { dst, .. }
            | Operation::Mul { dst, .. }
            | Operation::MulLow { dst, .. }
            | Operation::ShiftLeft { dst, .. }
            | Operation::ShiftRight { dst, .. }
            | Operation::LowBits { dst, .. }
            | Operation::Set { dst, .. }
            | Operation::Choose { dst, .. }
            | Operation::Select { dst, .. } => *dst = to,
        }
    }

    /// Slots that the operation reads.
    pub fn reads(&self) -> Vec<Slot> {
        match *self {
            Operation::Add { a, b, .. }
            | Operation::Sub { a, b, .. }
            | Operation::Mul { a, b, .. }
            | Operation::MulLow { a, b, .. } => vec![a, b],
            Operation::ShiftLeft { a, .. }
            | Operation::ShiftRight { a, .. }
            | Operation::LowBits { a, .. } => vec![a],
            Operation::Choose {
                a,
                b,
                then,
                otherwise,
                ..
            } => vec![a, b, then, otherwise],
            Operation::Select { dst, a } => vec![dst, a],
            Operation::Set { constant, .. } => vec![Slot::Constant(constant)],
        }
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Slot::State(k) => write!(f, "s{k}"),
            Slot::Constant(k) => write!(f, "c{k}"),
            Slot::Temp(k) => write!(f, "t{k}"),
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Operation::Add { dst, a, b } => write!(f, "{dst} = {a} + {b}"),
            Operation::Sub { dst, a, b } => write!(f, "{dst} = {a} - {b}"),
            Operation::Mul {
                dst, a, b, shift, ..
            } => write!(f, "{dst} = {a} * {b} >> {shift}"),
            Operation::ShiftRight { dst, a, shift, .. } => write!(f, "{dst} = {a} >> {shift}"),
            Operation::MulLow { dst, a, b } => write!(f, "{dst} = low {a} * {b}"),
            Operation::ShiftLeft { dst, a, shift } => write!(f, "{dst} = {a} << {shift}"),
            Operation::LowBits { dst, a, bits } => write!(f, "{dst} = {bits} low bits of {a}"),
            Operation::Set { dst, constant } => write!(f, "{dst} = c{constant}"),
            Operation::Choose {
                dst,
                test,
                a,
                b,
                then,
                otherwise,
            } => {
                let sign = test.sign();
                write!(f, "{dst} = {a} {sign} {b} ? {then} : {otherwise}")
            }
            Operation::Select { dst, a } => write!(f, "{dst} = spiked ? {a} : {dst}"),
        }
    }
}
