//! IF: integrate-and-fire.

use super::{Firing, Integrator, Model, NeuronState, Primitive, Rules};

/// [`Integrator`] with a threshold (NIR's IF): a spike when `v > v_threshold`.
#[derive(Debug, Clone, PartialEq)]
pub struct IntegrateAndFire {
    /// The membrane.
    pub membrane: Integrator,
    /// Threshold and reset.
    pub firing: Firing,
}

impl Primitive for IntegrateAndFire {
    fn kind(&self) -> &'static str {
        "IF"
    }

    fn time_constants(&self) -> Vec<f64> {
        Vec::new()
    }

    fn firing(&self) -> Option<&Firing> {
        Some(&self.firing)
    }

    fn integrate(&self, rules: &Rules, n: usize, state: &mut NeuronState, input: f64) {
        self.membrane.integrate(rules, n, state, input);
    }

    fn model(&self, rules: &Rules, bias: &[f64]) -> Model {
        self.membrane.model(rules, bias).firing(&self.firing, rules)
    }
}
