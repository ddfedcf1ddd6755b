//! The normal form means what the model says.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::{Assignment, Factor, Normal, Sum};
use crate::neuron::{Condition, Expr, Model, ModelBuilder};
use crate::reading::ResetStep;

/// Numbers with few bits, so that sums of a few products of them are exact.
fn number() -> impl Strategy<Value = f64> {
    prop::sample::select(vec![-2.0, -1.0, -0.5, -0.25, 0.0, 0.25, 0.5, 1.0, 1.5, 2.0])
}

/// An expression over so many inputs, and three variables and parameters.
fn expr(inputs: usize) -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        (0..3usize).prop_map(Expr::State),
        (0..3usize).prop_map(Expr::Parameter),
        (0..inputs.max(1)).prop_map(move |k| if k < inputs {
            Expr::Input(k)
        } else {
            Expr::State(k)
        }),
        number().prop_map(Expr::Constant),
    ];
    leaf.prop_recursive(3, 10, 4, |inner| {
        let pair = (inner.clone(), inner.clone());
        prop_oneof![
            pair.clone().prop_map(|(a, b)| a + b),
            pair.clone().prop_map(|(a, b)| a - b),
            pair.clone().prop_map(|(a, b)| a * b),
            (any::<bool>(), pair.clone(), pair).prop_map(|(less, (a, b), (c, d))| {
                let when = if less {
                    Condition::less(a, b)
                } else {
                    Condition::equal(a, b)
                };
                when.select(c, d)
            }),
        ]
    })
}

/// Numbers of a model, and its expressions.
type Parts = (Vec<f64>, Vec<Expr>, Vec<Expr>, Option<usize>, (usize, bool));

fn model((numbers, statements, resets, relative, (compared, late)): Parts) -> Model {
    let mut model = ModelBuilder::new(1);
    let mut numbers = numbers.into_iter();
    let mut next = || numbers.next().unwrap();
    let inputs = ["x", "y"].map(|name| model.input(name, next()));
    let states = ["u", "v", "w"].map(|name| model.state(name, next()));
    let parameters = ["a", "b", "c"].map(|name| model.parameter(name, next()));
    model.membrane(states[1]);
    if let Some(state) = relative {
        model.relative(states[state], parameters[2]);
    }
    for (state, expr) in states.iter().zip(statements) {
        model.assign(*state, expr);
    }
    // Every input must be used.
    model.assign(states[0], states[0] + inputs[0] - inputs[1]);
    let when = [ResetStep::Same, ResetStep::Next][usize::from(late)];
    model.spike(states[compared], parameters[0], when);
    for (state, expr) in [1, 2, 0].into_iter().zip(resets) {
        model.reset(states[state], expr);
    }
    model.build().unwrap()
}

/// A normal form run in floating point, for its only neuron.
struct Run<'a> {
    normal: &'a Normal,
    state: Vec<f64>,
    inputs: Vec<f64>,
}

impl Run<'_> {
    fn value(&self, sum: &Sum) -> f64 {
        let term = |t: &super::Term| {
            let factor = t
                .factor
                .map_or(1.0, |k| self.normal.parameters[k].values[0]);
            let product: f64 = t.product.iter().map(|f| self.factor(f)).product();
            if t.negative {
                -factor * product
            } else {
                factor * product
            }
        };
        sum.terms.iter().map(term).sum()
    }

    fn factor(&self, factor: &Factor) -> f64 {
        match factor {
            Factor::Input(k) => self.inputs[*k],
            Factor::State(k) => self.state[*k],
            Factor::Sum(sum) => self.value(sum),
            Factor::Select(s) => {
                let holds = s.test.holds(self.value(&s.left), self.value(&s.right));
                self.value(if holds { &s.then } else { &s.otherwise })
            }
        }
    }

    fn assign(&mut self, assignments: &[Assignment]) {
        for a in assignments {
            self.state[a.state] = self.value(&a.sum);
        }
    }

    /// One step; gives the spike and the membrane potential.
    fn step(&mut self, arrived: &[f64], was: bool) -> (bool, f64) {
        let normal = self.normal;
        let gains = normal.inputs.iter().zip(arrived);
        self.inputs = gains.map(|(input, sum)| input.gain[0] * sum).collect();
        self.assign(&normal.statements);
        let rule = normal.spike.as_ref().unwrap();
        if rule.when == ResetStep::Next && was {
            self.assign(&rule.resets);
        }
        let spike = self.state[rule.state] > self.value(&rule.threshold);
        if rule.when == ResetStep::Same && spike {
            self.assign(&rule.resets);
        }
        (spike, self.state[normal.membrane] + normal.rest[0])
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_means_the_same(
        parts in (
            prop::collection::vec(number(), 8),
            prop::collection::vec(expr(2), 3),
            prop::collection::vec(expr(0), 0..3),
            prop::option::of(0..3usize),
            (0..3usize, any::<bool>()),
        ),
        arrived in prop::collection::vec(prop::collection::vec(number(), 2), 2),
    ) {
        let model = model(parts);
        let normal = model.normal();
        let mut run = Run {
            normal: &normal,
            state: normal.states.iter().map(|s| s.initial[0]).collect(),
            inputs: Vec::new(),
        };
        let mut state = model.start();
        let mut was = Vec::new();
        for arrived in arrived {
            let inputs: Vec<Vec<f64>> = arrived.iter().map(|x| vec![*x]).collect();
            let late = !was.is_empty();
            was = model.step(&mut state, &inputs, &was);
            let (spike, potential) = run.step(&arrived, late);
            prop_assert_eq!(spike, !was.is_empty(), "{}\n{:#?}", model, normal);
            let expected = model.potentials(&state)[0];
            let close = (potential - expected).abs() <= 1e-9 * (1.0 + expected.abs());
            prop_assert!(close, "{potential} for {expected}\n{}\n{:#?}", model, normal);
        }
    }
}
