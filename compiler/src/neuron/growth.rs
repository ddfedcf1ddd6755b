//! Neurons that grow instead of decaying.
//!
//! A negative time constant makes the factor on the membrane larger than 1. What is
//! rounded off such a membrane is amplified with it, by `decay^n` in n steps, so that 16
//! bits do not say when it reaches the threshold. The quantiser keeps it in several words.

use super::Normal;
use super::normal::{Assignment, Factor, Term};

/// A model that is one statement: `state = decay * state + drive + input`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaky {
    /// The factor, a parameter by index.
    pub decay: usize,
    /// The constant input, a parameter by index, where there is one.
    pub drive: Option<usize>,
}

impl Normal {
    /// The model as a single leaky variable, if it is one.
    pub fn leaky(&self) -> Option<Leaky> {
        let ([_], [_], Some((0, rest))) = (&self.states[..], &self.statements[..], self.direct())
        else {
            return None;
        };
        let (decaying, drive) = match rest {
            [decaying] => (decaying, None),
            [decaying, drive] if !drive.negative && drive.product.is_empty() => {
                (decaying, drive.factor)
            }
            _ => return None,
        };
        let own = !decaying.negative && decaying.product == [Factor::State(0)];
        let decay = decaying.factor.filter(|_| own)?;
        Some(Leaky { decay, drive })
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
        let leaky = model.leaky().unwrap();
        assert_eq!(model.parameters[leaky.decay].name, "decay");
        assert_eq!(model.parameters[leaky.drive.unwrap()].name, "drive");
        let cuba = CubaLi {
            tau_syn: vec![2.0, 2.0],
            tau_mem: vec![5.0, -200.0],
            r: vec![1.0; 2],
            v_leak: vec![0.0; 2],
            w_in: vec![1.0; 2],
        };
        let model = cuba.model(&reading, &[0.0; 2]).unwrap().normal();
        assert_eq!((model.growing(), model.leaky()), (1, None));
        let model = Integrator { r: vec![1.0] }
            .model(&reading, &[0.0])
            .unwrap()
            .normal();
        assert_eq!((model.growing(), model.leaky()), (0, None));
    }
}
