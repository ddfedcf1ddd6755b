//! The normal form of a model: what patterns are matched against.
//!
//! Two models whose expressions differ in the order or grouping of sums and products, or in
//! constants that are worked out or not, have the same normal form and so the same kernel.
//! Rewritten is only what the text of a model says; values of parameters play no part.
//! An expression becomes a [`Sum`] of [`Term`]s:
//!
//! - Sums and differences are flattened, and so are products. A factor that is the same in
//!   every step (constants, parameters, whatever is made of these) goes over a sum that it
//!   multiplies; a product of two sums that change stays one.
//! - Terms that differ only in such a factor are one term: `v - k * v` is `(1 - k) * v`.
//! - All that is the same in every step is one number a neuron, worked out here in `f64`: a
//!   parameter as it is, or a derived one.
//! - Terms stand in this order: those with the variable that is assigned, those with other
//!   variables, the constant, those with inputs; within each by index. Factors stand by index.
//! - A selection whose condition or branches leave no choice is what is left. Constants of a
//!   condition stand on one side, the sides of `==` in order.
//!
//! What variables and inputs stand for changes, too, each time so that steps get cheaper or
//! lose less to rounding:
//!
//! - A variable with a [`relative`](super::State::relative) parameter is kept relative to it.
//! - A variable that others see times one and the same constant factor only is kept times
//!   that factor: a synaptic current then adds to the membrane without a product.
//! - A constant factor on an input that stands in one statement only, by itself, goes into
//!   the input's gain, and so into the weights.

mod finish;
mod polynomial;
mod rewrite;
#[cfg(test)]
mod tests;

use super::Test;
use super::model::{Input, Model, Parameter, State};
use crate::reading::{Comparison, ResetStep};
use finish::Finish;
use rewrite::{Assigned, Rewriting};

/// A model in normal form.
#[derive(Debug, Clone, PartialEq)]
pub struct Normal {
    /// Number of neurons.
    pub(crate) size: usize,
    pub(crate) inputs: Vec<Input>,
    pub(crate) states: Vec<State>,
    /// The model's parameters, and behind them the derived ones.
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) statements: Vec<Assignment>,
    pub(crate) spike: Option<NormalSpike>,
    /// The state variable that stands for the membrane potential, by index.
    pub(crate) membrane: usize,
    /// What that variable is short of the membrane potential, one number a neuron.
    pub(crate) rest: Vec<f64>,
}

/// `state = sum`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Assignment {
    pub state: usize,
    pub sum: Sum,
}

/// A spike rule, its expressions in normal form.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NormalSpike {
    pub state: usize,
    pub threshold: Sum,
    pub comparison: Comparison,
    pub resets: Vec<Assignment>,
    pub when: ResetStep,
    /// A state variable that must be 0 for a neuron to spike.
    pub counter: Option<usize>,
}

/// A sum; zero without terms.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sum {
    pub terms: Vec<Term>,
}

/// A product of what changes and at most one number a neuron.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Term {
    /// True where the term is subtracted.
    pub negative: bool,
    /// A parameter, by index; a constant term has one.
    pub factor: Option<usize>,
    /// What changes; nothing in the constant term.
    pub product: Vec<Factor>,
}

/// A factor that changes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Factor {
    Input(usize),
    State(usize),
    Sum(Sum),
    Select(Box<Selection>),
}

/// `left test right ? then : otherwise`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Selection {
    pub test: Test,
    pub left: Sum,
    pub right: Sum,
    pub then: Sum,
    pub otherwise: Sum,
}

impl Model {
    /// The model in normal form.
    pub fn normal(&self) -> Normal {
        let rewriting = Rewriting::new(self);
        let mut finish = Finish::new(self);
        let gains = rewriting.gains.iter().zip(&self.inputs);
        let inputs = gains.map(|(by, input)| Input {
            name: input.name.clone(),
            gain: finish.times(&input.gain, by),
        });
        let inputs = inputs.collect();
        let scales = rewriting.scales.iter().zip(&self.states);
        let states = scales.map(|(by, state)| {
            let rest = state.relative.map(|k| &self.parameters[k].values);
            let initial = state.initial.iter().enumerate();
            let initial = initial.map(|(n, v)| v - rest.map_or(0.0, |rest| rest[n]));
            State {
                initial: finish.times(&initial.collect::<Vec<f64>>(), by),
                ..state.clone()
            }
        });
        let states = states.collect();
        let mut all = |assigned: &[Assigned]| -> Vec<Assignment> {
            let assigned = assigned.iter();
            assigned.map(|a| finish.assignment(a)).collect()
        };
        let statements = all(&rewriting.statements);
        let resets = all(&rewriting.resets);
        let spike = self.spike.as_ref().map(|rule| NormalSpike {
            state: rule.state,
            threshold: finish.threshold(rule.state, &rewriting.threshold),
            comparison: rule.comparison,
            resets,
            when: rule.when,
            counter: rule.counter,
        });
        let rest = self.states[self.membrane].relative;
        Normal {
            size: self.size,
            inputs,
            states,
            rest: rest.map_or(vec![0.0; self.size], |k| self.parameters[k].values.clone()),
            parameters: finish.parameters,
            statements,
            spike,
            membrane: self.membrane,
        }
    }
}

impl NormalSpike {
    /// The parameter that is the threshold, by index, where that is the same in every step.
    pub fn parameter(&self) -> Option<usize> {
        match &self.threshold.terms[..] {
            [term] if term.product.is_empty() && !term.negative => term.factor,
            _ => None,
        }
    }
}

impl Normal {
    /// Number of neurons.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Number of state variables.
    pub fn states(&self) -> usize {
        self.states.len()
    }

    /// The state variable that the only input can be added to directly, and the terms
    /// beside the input: the first statement is `state = rest + input`, and the input
    /// stands nowhere else, so that `rest` can be computed ahead, at the end of the step
    /// before.
    pub(crate) fn direct(&self) -> Option<(usize, &[Term])> {
        let first = self.statements.first()?;
        let (last, rest) = first.sum.terms.split_last()?;
        let bare = !last.negative && last.factor.is_none() && last.product == [Factor::Input(0)];
        let kept = !self.states[first.state].local;
        let alone = self.inputs.len() == 1 && self.uses(0) == 1;
        (bare && kept && alone).then_some((first.state, rest))
    }

    /// How often an input is used.
    fn uses(&self, input: usize) -> usize {
        let sums = self.statements.iter().map(|s| &s.sum);
        sums.map(|sum| sum.uses(input)).sum()
    }
}

impl Sum {
    fn uses(&self, input: usize) -> usize {
        let factors = self.terms.iter().flat_map(|t| &t.product);
        let uses = |factor: &Factor| match factor {
            Factor::Input(k) => usize::from(*k == input),
            Factor::State(_) => 0,
            Factor::Sum(sum) => sum.uses(input),
            Factor::Select(s) => {
                let parts = [&s.left, &s.right, &s.then, &s.otherwise];
                parts.map(|sum| sum.uses(input)).iter().sum()
            }
        };
        factors.map(uses).sum()
    }
}
