//! LIF: leaky integrate-and-fire.

use super::{Firing, Li, Model, NeuronState, Primitive, Rules};

/// [`Li`] with a threshold (NIR's LIF): a spike when `v > v_threshold`.
#[derive(Debug, Clone, PartialEq)]
pub struct Lif {
    /// The membrane.
    pub membrane: Li,
    /// Threshold and reset.
    pub firing: Firing,
}

impl Primitive for Lif {
    fn kind(&self) -> &'static str {
        "LIF"
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
