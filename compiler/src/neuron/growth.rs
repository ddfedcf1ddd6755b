//! Neurons that grow instead of decaying.
//!
//! A negative time constant makes the factor on the membrane larger than 1. What is
//! rounded off such a membrane is amplified with it, by `decay^n` in n steps, so that 16
//! bits do not say when it reaches the threshold. The quantiser keeps it in several words.

use super::{Expr, Model};

/// A model that is one statement: `state = decay * state + drive + input`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaky {
    /// The factor, a parameter by index.
    pub decay: usize,
    /// The constant input, a parameter by index.
    pub drive: usize,
}

impl Model {
    /// The model as a single leaky variable, if it is one.
    pub fn leaky(&self) -> Option<Leaky> {
        let ([_], [statement]) = (&self.states[..], &self.statements[..]) else {
            return None;
        };
        let Expr::Add(kept, input) = &statement.expr else {
            return None;
        };
        let Expr::Add(product, drive) = &**kept else {
            return None;
        };
        match (&**product, &**drive, &**input) {
            (Expr::Mul(decay, state), Expr::Parameter(drive), Expr::Input) => {
                match (&**decay, &**state) {
                    (Expr::Parameter(decay), Expr::State(0)) => Some(Leaky {
                        decay: *decay,
                        drive: *drive,
                    }),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Number of neurons with a state variable that is multiplied by more than 1 in a step.
    pub fn growing(&self) -> usize {
        let factors: Vec<&[f64]> = self
            .statements
            .iter()
            .flat_map(|s| factors(&s.expr, s.state))
            .filter_map(|k| self.parameters.get(k).map(|p| p.values.as_slice()))
            .collect();
        (0..self.input_gain.len())
            .filter(|&n| factors.iter().any(|f| f.get(n).is_some_and(|f| *f > 1.0)))
            .count()
    }
}

/// Parameters that multiply state variable `state` in `expr`.
fn factors(expr: &Expr, state: usize) -> Vec<usize> {
    match expr {
        Expr::Mul(a, b) => match (&**a, &**b) {
            (Expr::Parameter(k), Expr::State(s)) | (Expr::State(s), Expr::Parameter(k))
                if *s == state =>
            {
                vec![*k]
            }
            _ => Vec::new(),
        },
        Expr::Add(a, b) | Expr::Sub(a, b) => {
            let mut all = factors(a, state);
            all.extend(factors(b, state));
            all
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use crate::neuron::{CubaLi, Integrator, Li, Primitive, Rules};
    use crate::options::{Integration, Reset, ResetStep};

    #[test]
    fn growth_is_a_factor_above_one() {
        let rules = Rules {
            dt: 1.0,
            integration: Integration::Euler,
            reset: Reset::Zero,
            reset_step: ResetStep::Same,
        };
        let li = Li {
            tau: vec![5.0, -200.0, -3.0],
            r: vec![1.0; 3],
            v_leak: vec![0.0; 3],
        };
        let model = li.model(&rules, &[0.0; 3]);
        assert_eq!(model.growing(), 2);
        let leaky = model.leaky().unwrap();
        assert_eq!(model.parameters[leaky.decay].name, "decay");
        assert_eq!(model.parameters[leaky.drive].name, "drive");
        let cuba = CubaLi {
            tau_syn: vec![2.0, 2.0],
            tau_mem: vec![5.0, -200.0],
            r: vec![1.0; 2],
            v_leak: vec![0.0; 2],
            w_in: vec![1.0; 2],
        };
        let model = cuba.model(&rules, &[0.0; 2]);
        assert_eq!((model.growing(), model.leaky()), (1, None));
        let model = Integrator { r: vec![1.0] }.model(&rules, &[0.0]);
        assert_eq!((model.growing(), model.leaky()), (0, None));
    }
}
