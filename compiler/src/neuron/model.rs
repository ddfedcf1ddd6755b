//! The intermediate form of a neuron update.

use std::fmt;

use super::{Firing, Rules};
use crate::options::{Reset, ResetStep};

/// A state variable of a neuron.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// Name.
    pub name: &'static str,
    /// Value of each neuron at the start of a sample.
    pub initial: Vec<f64>,
}

/// A parameter: one number a neuron.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Name.
    pub name: &'static str,
    /// Value of each neuron.
    pub values: Vec<f64>,
}

/// An expression over a neuron's state, its parameters and its input.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// What arrived in this step: the sum of weighted spikes, in units where
    /// [`Model::input_gain`] is applied already.
    Input,
    /// A state variable, by index.
    State(usize),
    /// A parameter, by index.
    Parameter(usize),
    /// A sum.
    Add(Box<Expr>, Box<Expr>),
    /// A difference.
    Sub(Box<Expr>, Box<Expr>),
    /// A product.
    Mul(Box<Expr>, Box<Expr>),
}

/// An assignment `state = expr`.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// The state variable, by index.
    pub state: usize,
    /// Its new value.
    pub expr: Expr,
}

/// When a neuron spikes, and what the spike does to it.
#[derive(Debug, Clone, PartialEq)]
pub struct SpikeRule {
    /// The state variable that is compared, by index.
    pub state: usize,
    /// A spike when the variable is greater than this parameter.
    pub threshold: usize,
    /// The variable's value after the spike.
    pub reset: Expr,
    /// When the reset takes effect.
    pub when: ResetStep,
}

/// A neuron update: the statements in order, then the comparison, then the reset.
///
/// `Input` stands in exactly one statement. The gain that multiplies the input
/// in the equation is taken out of the update: it scales the weights instead,
/// which costs nothing at run time.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// State variables.
    pub states: Vec<State>,
    /// Parameters.
    pub parameters: Vec<Parameter>,
    /// Factor on every weight that arrives, one number a neuron.
    pub input_gain: Vec<f64>,
    /// The update.
    pub statements: Vec<Statement>,
    /// Spiking, where the neuron does.
    pub spike: Option<SpikeRule>,
    /// The state variable that stands for the membrane potential, by index.
    pub membrane: usize,
    /// What that variable is short of the membrane potential, one number a neuron:
    /// a membrane is kept relative to the potential that it leaks to. Its decay is
    /// then a product alone. A leak added in every step would be rounded in every
    /// step, always the same way, and shift when slow neurons fire.
    pub rest: Vec<f64>,
}

impl Model {
    /// A model without statements.
    pub fn new(input_gain: Vec<f64>) -> Self {
        Model {
            states: Vec::new(),
            parameters: Vec::new(),
            rest: vec![0.0; input_gain.len()],
            input_gain,
            statements: Vec::new(),
            spike: None,
            membrane: 0,
        }
    }

    /// Adds a state variable that begins at zero, and gives its index.
    pub fn state(&mut self, name: &'static str) -> usize {
        let initial = vec![0.0; self.input_gain.len()];
        self.states.push(State { name, initial });
        self.states.len() - 1
    }

    /// Adds the membrane potential, kept relative to `rest`; it begins at zero volts,
    /// that is at `-rest`. Gives its index.
    pub fn membrane(&mut self, rest: &[f64]) -> usize {
        self.rest = rest.to_vec();
        self.membrane = self.state("v");
        self.states[self.membrane].initial = rest.iter().map(|v| -v).collect();
        self.membrane
    }

    /// Adds a parameter and gives its index.
    pub fn parameter(&mut self, name: &'static str, values: Vec<f64>) -> usize {
        self.parameters.push(Parameter { name, values });
        self.parameters.len() - 1
    }

    /// Appends `state = expr`.
    pub fn assign(&mut self, state: usize, expr: Expr) {
        self.statements.push(Statement { state, expr });
    }

    /// Makes the neuron spike when its membrane exceeds the threshold.
    #[must_use]
    pub fn firing(mut self, firing: &Firing, rules: &Rules) -> Self {
        let state = self.membrane;
        let rest = self.rest.clone();
        let relative =
            |values: &[f64]| values.iter().zip(&rest).map(|(v, rest)| v - rest).collect();
        let threshold = self.parameter("threshold", relative(&firing.threshold));
        let reset = match rules.reset {
            Reset::ToVReset => {
                Expr::Parameter(self.parameter("v_reset", relative(&firing.v_reset)))
            }
            Reset::Zero => {
                let zero = vec![0.0; firing.threshold.len()];
                Expr::Parameter(self.parameter("v_reset", relative(&zero)))
            }
            Reset::Subtract => {
                let amount = if rest.iter().all(|v| *v == 0.0) {
                    threshold
                } else {
                    self.parameter("subtracted", firing.threshold.clone())
                };
                Expr::State(state).minus(Expr::Parameter(amount))
            }
        };
        self.spike = Some(SpikeRule {
            state,
            threshold,
            reset,
            when: rules.reset_step,
        });
        self
    }

    /// One step of neuron `n` in floating point, up to the comparison with the
    /// threshold. `input` has the gain applied. `state` has a number a state variable.
    pub fn integrate(&self, n: usize, state: &mut [f64], input: f64) {
        for statement in &self.statements {
            state[statement.state] = self.evaluate(&statement.expr, n, state, input);
        }
    }

    /// Value of an expression for neuron `n`.
    pub fn evaluate(&self, expr: &Expr, n: usize, state: &[f64], input: f64) -> f64 {
        let value = |e: &Expr| self.evaluate(e, n, state, input);
        match expr {
            Expr::Input => input,
            Expr::State(k) => state[*k],
            Expr::Parameter(k) => self.parameters[*k].values[n],
            Expr::Add(a, b) => value(a) + value(b),
            Expr::Sub(a, b) => value(a) - value(b),
            Expr::Mul(a, b) => value(a) * value(b),
        }
    }
}

impl Expr {
    /// `self + other`.
    pub fn plus(self, other: Expr) -> Expr {
        Expr::Add(Box::new(self), Box::new(other))
    }

    /// `self - other`.
    pub fn minus(self, other: Expr) -> Expr {
        Expr::Sub(Box::new(self), Box::new(other))
    }

    /// `self * other`.
    pub fn times(self, other: Expr) -> Expr {
        Expr::Mul(Box::new(self), Box::new(other))
    }
}

struct Show<'a>(&'a Model, &'a Expr);

impl fmt::Display for Show<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Show(model, expr) = *self;
        let show = |e| Show(model, e);
        match expr {
            Expr::Input => f.write_str("input"),
            Expr::State(k) => f.write_str(model.states[*k].name),
            Expr::Parameter(k) => f.write_str(model.parameters[*k].name),
            Expr::Add(a, b) => write!(f, "({} + {})", show(a), show(b)),
            Expr::Sub(a, b) => write!(f, "({} - {})", show(a), show(b)),
            Expr::Mul(a, b) => write!(f, "{} * {}", show(a), show(b)),
        }
    }
}

impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for s in &self.statements {
            writeln!(f, "{} = {}", self.states[s.state].name, Show(self, &s.expr))?;
        }
        if let Some(rule) = &self.spike {
            let v = self.states[rule.state].name;
            let when = match rule.when {
                ResetStep::Same => "then",
                ResetStep::Next => "then in the next step",
            };
            writeln!(
                f,
                "spike when {v} > {}, {when} {v} = {}",
                self.parameters[rule.threshold].name,
                Show(self, &rule.reset)
            )?;
        }
        Ok(())
    }
}
