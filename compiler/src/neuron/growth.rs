//! Neurons that grow instead of decaying.
//!
//! A negative time constant makes the factor on the membrane larger than 1. What is
//! rounded off such a membrane is amplified with it, by `decay^n` in n steps, so that 16
//! bits do not say when it reaches the threshold. The quantiser keeps it in several words.

use super::Normal;
use super::normal::{Assignment, Factor, Term};

/// A variable that leaks: `state = decay * state + drive`, and what arrives at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaky {
    /// The variable, by index.
    pub state: usize,
    /// The factor, a parameter by index; `None` for 1.
    pub decay: Option<usize>,
    /// The constant input, a parameter by index, where there is one.
    pub drive: Option<usize>,
}

impl Leaky {
    /// What leaks in an update of `state` to the sum of `terms`.
    fn of(state: usize, terms: &[Term]) -> Option<Self> {
        let (own, drive) = match terms {
            [own] => (own, None),
            [own, drive] if !drive.negative && drive.product.is_empty() => (own, drive.factor),
            _ => return None,
        };
        let leaks = !own.negative && own.product == [Factor::State(state)];
        leaks.then_some(Leaky {
            state,
            decay: own.factor,
            drive,
        })
    }
}

impl Normal {
    /// The model as leaky variables that feed each other: the input is added to the first,
    /// and each is added, as it is after its update, to the next. `None` if it is no such
    /// chain of all its variables.
    pub fn chain(&self) -> Option<Vec<Leaky>> {
        let (first, terms) = self.direct()?;
        let mut chain = vec![Leaky::of(first, terms)?];
        for statement in &self.statements[1..] {
            let before = chain.last().map(|leaky| leaky.state)?;
            let feeds = |t: &Term| {
                !t.negative && t.factor.is_none() && t.product == [Factor::State(before)]
            };
            let terms = &statement.sum.terms;
            let fed = terms.iter().position(feeds)?;
            let mut rest = terms.clone();
            rest.remove(fed);
            chain.push(Leaky::of(statement.state, &rest)?);
        }
        let all =
            (0..self.states.len()).all(|k| chain.iter().filter(|l| l.state == k).count() == 1);
        (all && chain.len() == self.states.len()).then_some(chain)
    }

    /// Number of neurons with a state variable that is multiplied by more than 1 in a step.
    pub fn growing(&self) -> usize {
        let factors: Vec<&[f64]> = self
            .statements
            .iter()
            .flat_map(|s| self.factors(s))
            .collect();
        (0..self.size)
            .filter(|&n| factors.iter().any(|f| f.get(n).is_some_and(|f| *f > 1.0)))
            .count()
    }

    /// What the assigned variable is multiplied by, one number a neuron each.
    fn factors(&self, assignment: &Assignment) -> impl Iterator<Item = &[f64]> {
        let own = Factor::State(assignment.state);
        let terms = assignment.sum.terms.iter();
        let kept = terms.filter(move |t| !t.negative && t.product == [own.clone()]);
        kept.filter_map(|t: &Term| Some(self.parameters[t.factor?].values.as_slice()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use crate::neuron::{CubaLi, Integrator, Li, NeuronType};
    use crate::reading::Reading;

    #[test]
    fn growth_is_a_factor_above_one() {
        let reading = Reading::assumed(1.0);
        let li = Li {
            tau: vec![5.0, -200.0, -3.0],
            r: vec![1.0; 3],
            v_leak: vec![0.0; 3],
        };
        let model = li.model(&reading, &[0.0; 3]).unwrap().normal();
        assert_eq!(model.growing(), 2);
        let name = |k: Option<usize>| model.parameters[k.unwrap()].name.as_str();
        let [leaky] = model.chain().unwrap()[..] else {
            panic!("one variable");
        };
        assert_eq!((name(leaky.decay), name(leaky.drive)), ("decay", "drive"));
        let cuba = CubaLi {
            tau_syn: vec![2.0, 2.0],
            tau_mem: vec![5.0, -200.0],
            r: vec![1.0; 2],
            v_leak: vec![0.0; 2],
            w_in: vec![1.0; 2],
        };
        let model = cuba.model(&reading, &[0.0; 2]).unwrap().normal();
        assert_eq!(model.growing(), 1);
        let [i, v] = model.chain().unwrap()[..] else {
            panic!("two variables");
        };
        assert_eq!((i.state, v.state), (0, 1));
        let model = Integrator { r: vec![1.0] }
            .model(&reading, &[0.0])
            .unwrap()
            .normal();
        assert_eq!(model.growing(), 0);
        let [v] = model.chain().unwrap()[..] else {
            panic!("one variable");
        };
        assert_eq!(v.decay, None);
    }
}
