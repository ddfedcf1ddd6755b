//! IF: integrate-and-fire.

use super::integrator::integrating_membrane;
use super::{Firing, Model, NeuronState, Primitive, Rules};

/// `dv/dt = r I`, a spike when `v > v_threshold` (NIR's IF). A step: `v += dt r I`.
#[derive(Debug, Clone, PartialEq)]
pub struct IntegrateAndFire {
    /// Resistance.
    pub r: Vec<f64>,
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
        state.v += rules.dt * self.r[n] * input;
    }

    fn model(&self, rules: &Rules, bias: &[f64]) -> Model {
        let mut model = integrating_membrane(rules, &self.r, bias);
        model.fire(&self.firing, rules);
        model
    }
}
