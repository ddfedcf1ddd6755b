//! The functions of the language.

/// A function of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // they are called what they are
pub enum Function {
    Abs,
    Min,
    Max,
    Exp,
    Log,
    Sqrt,
    Floor,
    Tanh,
    Sigmoid,
}

/// Their names.
pub const NAMES: [&str; 9] = [
    "abs", "min", "max", "exp", "log", "sqrt", "floor", "tanh", "sigmoid",
];

impl Function {
    /// The function with this name.
    pub fn of(name: &str) -> Option<Self> {
        use Function::{Abs, Exp, Floor, Log, Max, Min, Sigmoid, Sqrt, Tanh};
        let all = [Abs, Min, Max, Exp, Log, Sqrt, Floor, Tanh, Sigmoid];
        let at = NAMES.iter().position(|known| *known == name)?;
        all.get(at).copied()
    }

    /// How many arguments it has.
    pub fn arguments(self) -> usize {
        match self {
            Function::Min | Function::Max => 2,
            _ => 1,
        }
    }

    /// True where the machine works it out in a step.
    pub fn runs(self) -> bool {
        matches!(self, Function::Abs | Function::Min | Function::Max)
    }

    /// Its value; `b` is the second argument of those that have one.
    pub fn value(self, a: f64, b: f64) -> f64 {
        match self {
            Function::Abs => a.abs(),
            Function::Min => a.min(b),
            Function::Max => a.max(b),
            Function::Exp => a.exp(),
            Function::Log => a.ln(),
            Function::Sqrt => a.sqrt(),
            Function::Floor => a.floor(),
            Function::Tanh => a.tanh(),
            Function::Sigmoid => 1.0 / (1.0 + (-a).exp()),
        }
    }
}
