//! CubaLIF: leaky integrate-and-fire with a synaptic current.

use super::{CubaLi, Firing, Model, NeuronState, Primitive, Rules};

/// [`CubaLi`] with a threshold (NIR's CubaLIF): a spike when `v > v_threshold`.
#[derive(Debug, Clone, PartialEq)]
pub struct CubaLif {
    /// The current and the membrane.
    pub membrane: CubaLi,
    /// Threshold and reset.
    pub firing: Firing,
}

impl Primitive for CubaLif {
    fn kind(&self) -> &'static str {
        "CubaLIF"
    }

    fn time_constants(&self) -> Vec<f64> {
        self.membrane.time_constants()
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
