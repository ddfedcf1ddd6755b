//! CubaLIF: leaky integrate-and-fire with a synaptic current.

use super::{CubaLi, Equation, Firing, Model, ModelErrors, NeuronState, NeuronType, Rules};

/// [`CubaLi`] with a threshold (NIR's CubaLIF): a spike when `v > v_threshold`.
#[derive(Debug, Clone, PartialEq)]
pub struct CubaLif {
    /// The current and the membrane.
    pub membrane: CubaLi,
    /// Threshold and reset.
    pub firing: Firing,
}

impl Equation for CubaLif {
    fn firing(&self) -> Option<&Firing> {
        Some(&self.firing)
    }

    fn integrate(&self, rules: &Rules, n: usize, state: &mut NeuronState, input: f64) {
        self.membrane.integrate(rules, n, state, input);
    }
}

impl NeuronType for CubaLif {
    fn kind(&self) -> &'static str {
        "CubaLIF"
    }

    fn time_constants(&self) -> Vec<f64> {
        self.membrane.time_constants()
    }

    fn is_spiking(&self) -> bool {
        true
    }

    fn model(&self, rules: &Rules, bias: &[f64]) -> Result<Model, ModelErrors> {
        let (mut model, v) = self.membrane.membrane(rules, bias);
        self.firing.add(&mut model, v, &self.membrane.v_leak, rules);
        model.build()
    }
}
