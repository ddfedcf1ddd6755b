//! What a model's variables and inputs stand for is chosen so that an update costs least.

use super::polynomial::{Atom, Polynomial, is_one, occurrences, one, polynomial, product};
use crate::neuron::Expr;
use crate::neuron::model::{Model, Statement};

/// `state = value`.
pub(super) struct Assigned {
    pub state: usize,
    pub value: Polynomial,
}

/// A model with its rewritings done.
pub(super) struct Rewriting {
    pub statements: Vec<Assigned>,
    pub resets: Vec<Assigned>,
    /// What the variable of the spike rule is compared with.
    pub threshold: Polynomial,
    /// What each state variable is kept times.
    pub scales: Vec<Polynomial>,
    /// What the gain of each input is multiplied by.
    pub gains: Vec<Polynomial>,
}

impl Rewriting {
    pub fn new(model: &Model) -> Self {
        let assigned = |statements: &[Statement]| -> Vec<Assigned> {
            let statements = statements.iter().map(|s| Assigned {
                state: s.state,
                value: polynomial(&relative(model, s.state, &s.expr)),
            });
            statements.collect()
        };
        let rule = model.spike.as_ref();
        let mut rewriting = Rewriting {
            statements: assigned(&model.statements),
            resets: rule.map_or(Vec::new(), |rule| assigned(&rule.resets)),
            threshold: rule.map_or(Vec::new(), |rule| {
                polynomial(&relative(model, rule.state, &rule.threshold))
            }),
            scales: vec![one(); model.states.len()],
            gains: vec![one(); model.inputs.len()],
        };
        for (state, own) in model.states.iter().enumerate() {
            let compared = rule.is_some_and(|rule| {
                let threshold = occurrences(&rewriting.threshold, &Atom::State(state));
                rule.state == state || rule.counter == Some(state) || threshold > 0
            });
            if state != model.membrane && !compared && own.relative.is_none() {
                rewriting.scale(state);
            }
        }
        for input in 0..model.inputs.len() {
            rewriting.fold_gain(input);
        }
        rewriting
    }

    /// Keeps `state` times the factor that all others see it with, if that is one and the
    /// same.
    fn scale(&mut self, state: usize) {
        let atom = Atom::State(state);
        let all = || self.statements.iter().chain(&self.resets);
        if !all().all(|a| is_linear(&a.value, &atom)) {
            return;
        }
        let others = all().filter(|a| a.state != state);
        let mut seen = others
            .map(|a| coefficient(&a.value, &atom))
            .filter(|c| !c.is_empty());
        let Some(factor) = seen.next() else {
            return;
        };
        if is_one(&factor) || seen.any(|other| other != factor) {
            return;
        }
        for a in self.statements.iter_mut().chain(&mut self.resets) {
            if a.state == state {
                let (own, rest) = split(&a.value, &atom);
                a.value = product(vec![rest, factor.clone()]);
                a.value.extend(own);
                a.value.sort();
            } else {
                make_bare(&mut a.value, &atom);
            }
        }
        self.scales[state] = factor;
    }

    /// Takes the factor off an input that stands in one statement only, by itself.
    fn fold_gain(&mut self, input: usize) {
        let atom = Atom::Input(input);
        let mut using = self
            .statements
            .iter_mut()
            .filter(|a| occurrences(&a.value, &atom) > 0);
        let (Some(only), None) = (using.next(), using.next()) else {
            return;
        };
        if is_linear(&only.value, &atom) {
            self.gains[input] = coefficient(&only.value, &atom);
            make_bare(&mut only.value, &atom);
        }
    }
}

/// `expr`, assigned to `state` or compared with it, with every variable relative to what it
/// is kept relative to.
fn relative(model: &Model, state: usize, expr: &Expr) -> Expr {
    let mut expr = expr.clone();
    for (k, variable) in model.states.iter().enumerate() {
        if let Some(rest) = variable.relative {
            let whole = Expr::State(k) + Expr::Parameter(rest);
            expr.replace(&Expr::State(k), &whole);
        }
    }
    match model.states[state].relative {
        Some(rest) => expr - Expr::Parameter(rest),
        None => expr,
    }
}

/// The monomials of `value` that are `atom` times something constant, and the others.
fn split(value: &Polynomial, atom: &Atom) -> (Polynomial, Polynomial) {
    let only = |changing: &[Atom]| matches!(changing, [a] if a == atom);
    value.iter().cloned().partition(|m| only(&m.changing))
}

/// True where `atom` stands nowhere but in monomials by itself.
fn is_linear(value: &Polynomial, atom: &Atom) -> bool {
    split(value, atom).0.len() == occurrences(value, atom)
}

/// What `atom` by itself is multiplied by.
fn coefficient(value: &Polynomial, atom: &Atom) -> Polynomial {
    let mut own = split(value, atom).0;
    for m in &mut own {
        m.changing.clear();
    }
    own
}

/// Takes the factor off `atom`, where it stands by itself.
fn make_bare(value: &mut Polynomial, atom: &Atom) {
    let (own, mut rest) = split(value, atom);
    if !own.is_empty() {
        rest.extend(atom.clone().alone());
        rest.sort();
    }
    *value = rest;
}
