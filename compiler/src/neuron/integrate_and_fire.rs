//! IF: integrate-and-fire.

use super::{Equation, Firing, Integrator, Model, ModelErrors, NeuronState, NeuronType, Rules};

/// [`Integrator`] with a threshold (NIR's IF): a spike when `v > v_threshold`.
#[derive(Debug, Clone, PartialEq)]
pub struct IntegrateAndFire {
    /// The membrane.
    pub membrane: Integrator,
    /// Threshold and reset.
    pub firing: Firing,
}

impl Equation for IntegrateAndFire {
    fn firing(&self) -> Option<&Firing> {
        Some(&self.firing)
    }

    fn integrate(&self, rules: &Rules, n: usize, state: &mut NeuronState, input: f64) {
        self.membrane.integrate(rules, n, state, input);
    }
}

impl NeuronType for IntegrateAndFire {
    fn kind(&self) -> &'static str {
        "IF"
    }

    fn time_constants(&self) -> Vec<f64> {
        Vec::new()
    }

    fn is_spiking(&self) -> bool {
        true
    }

    fn model(&self, rules: &Rules, bias: &[f64]) -> Result<Model, ModelErrors> {
        let (mut model, v) = self.membrane.membrane(rules, bias);
        self.firing.add(&mut model, v, &[], rules);
        model.build()
    }
}
