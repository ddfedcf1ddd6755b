//! A model in floating point: the reference runs this.

use std::borrow::Cow;

use super::{Expr, Model, SpikeRule, Statement};
use crate::reading::{Comparison, ResetStep};

/// The floating-point state of a population: `[variable][neuron]`.
pub type ModelState = Vec<Vec<f64>>;

/// Most spikes of a neuron in a step; what is above stays in its membrane.
pub const MOST_SPIKES_A_STEP: usize = 256;

/// How often a neuron spikes whose variable is `ratio` thresholds, which is enough for once.
fn how_often(comparison: Comparison, ratio: f64) -> usize {
    let times = match comparison {
        Comparison::Above => ratio.ceil() - 1.0,
        Comparison::AtLeast => ratio.floor(),
    };
    // A quotient that is rounded does not undo the comparison.
    (times.max(1.0) as usize).min(MOST_SPIKES_A_STEP)
}

impl Model {
    /// The state at the start of a sample.
    pub fn start(&self) -> ModelState {
        self.states.iter().map(|s| s.initial.clone()).collect()
    }

    /// One step of all neurons. `arrived[input][neuron]` is the sum of the weights of this
    /// step's spikes, without the gain; `was` are the neurons that spiked in the step before,
    /// ascending. Gives those that spike in this one, ascending; one that spikes several times
    /// stands as often.
    pub fn step(&self, state: &mut ModelState, arrived: &[Vec<f64>], was: &[u32]) -> Vec<u32> {
        let scaled = |(input, arrived): (&super::Input, &Vec<f64>)| -> Vec<f64> {
            let pairs = input.gain.iter().zip(arrived);
            pairs.map(|(gain, sum)| gain * sum).collect()
        };
        let inputs: Vec<Vec<f64>> = self.inputs.iter().zip(arrived).map(scaled).collect();
        for Statement { state: k, expr } in &self.statements {
            let value = self.evaluate(expr, state, &inputs).into_owned();
            state[*k] = value;
        }
        let Some(rule) = &self.spike else {
            return Vec::new();
        };
        if rule.when == ResetStep::Next {
            self.reset(rule, state, was);
        }
        let mut spikes = Vec::new();
        let thresholds = self.evaluate(&rule.threshold, state, &[]);
        for (n, (&v, &threshold)) in state[rule.state].iter().zip(&*thresholds).enumerate() {
            let rests = rule.counter.is_some_and(|counter| state[counter][n] != 0.0);
            if rests || !rule.comparison.holds(v, threshold) {
                continue;
            }
            let times = if rule.several {
                how_often(rule.comparison, v / threshold)
            } else {
                1
            };
            spikes.extend(std::iter::repeat_n(n as u32, times));
        }
        drop(thresholds);
        if rule.when == ResetStep::Same {
            self.reset(rule, state, &spikes);
        }
        spikes
    }

    /// The membrane potentials of `state`.
    pub fn potentials<'a>(&self, state: &'a ModelState) -> &'a [f64] {
        &state[self.membrane]
    }

    fn reset(&self, rule: &SpikeRule, state: &mut ModelState, spikes: &[u32]) {
        if spikes.is_empty() {
            return;
        }
        // A neuron that spiked several times is reset as often: each round has each neuron once.
        let mut again = spikes;
        let mut rest;
        while !again.is_empty() {
            let (mut once, mut others) = (Vec::with_capacity(again.len()), Vec::new());
            for &n in again {
                let repeated = once.last() == Some(&n);
                (if repeated { &mut others } else { &mut once }).push(n);
            }
            for Statement { state: k, expr } in &rule.resets {
                let value = self.evaluate(expr, state, &[]).into_owned();
                for &n in &once {
                    state[*k][n as usize] = value[n as usize];
                }
            }
            rest = others;
            again = &rest;
        }
    }

    /// The value of an expression for each neuron.
    pub(super) fn evaluate<'a>(
        &'a self,
        expr: &Expr,
        state: &'a ModelState,
        inputs: &'a [Vec<f64>],
    ) -> Cow<'a, [f64]> {
        let value = |e: &Expr| self.evaluate(e, state, inputs);
        let with = |a: &Expr, b: &Expr, operation: fn(f64, f64) -> f64| {
            let mut all = value(a).into_owned();
            for (a, b) in all.iter_mut().zip(value(b).iter()) {
                *a = operation(*a, *b);
            }
            Cow::Owned(all)
        };
        match expr {
            Expr::Input(k) => Cow::Borrowed(&inputs[*k]),
            Expr::State(k) => Cow::Borrowed(&state[*k]),
            Expr::Parameter(k) => Cow::Borrowed(&self.parameters[*k].values),
            Expr::Constant(value) => Cow::Owned(vec![*value; self.size]),
            Expr::Add(a, b) => with(a, b, |a, b| a + b),
            Expr::Sub(a, b) => with(a, b, |a, b| a - b),
            Expr::Mul(a, b) => with(a, b, |a, b| a * b),
            Expr::Select {
                when,
                then,
                otherwise,
            } => {
                let (left, right) = (value(&when.left), value(&when.right));
                let mut all = value(otherwise).into_owned();
                let sides = left.iter().zip(right.iter());
                for ((all, (left, right)), then) in
                    all.iter_mut().zip(sides).zip(value(then).iter())
                {
                    if when.test.holds(*left, *right) {
                        *all = *then;
                    }
                }
                Cow::Owned(all)
            }
        }
    }
}
