//! LI: leaky integrator.

use super::lif::leaky_membrane;
use super::{Firing, Model, NeuronState, Primitive, Rules};

/// `tau dv/dt = v_leak - v + r I` (NIR's LI), stepped as [`super::Lif`] is.
#[derive(Debug, Clone, PartialEq)]
pub struct Li {
    /// Membrane time constant.
    pub tau: Vec<f64>,
    /// Resistance.
    pub r: Vec<f64>,
    /// Potential that the membrane leaks to.
    pub v_leak: Vec<f64>,
}

impl Primitive for Li {
    fn kind(&self) -> &'static str {
        "LI"
    }

    fn time_constants(&self) -> Vec<f64> {
        self.tau.clone()
    }

    fn firing(&self) -> Option<&Firing> {
        None
    }

    fn integrate(&self, rules: &Rules, n: usize, state: &mut NeuronState, input: f64) {
        state.v += rules.rate(self.tau[n]) * (self.v_leak[n] - state.v + self.r[n] * input);
    }

    fn model(&self, rules: &Rules, bias: &[f64]) -> Model {
        let rates: Vec<f64> = self.tau.iter().map(|&tau| rules.rate(tau)).collect();
        let mut model = Model::new(rates.iter().zip(&self.r).map(|(k, r)| k * r).collect());
        leaky_membrane(&mut model, &rates, &self.v_leak, bias);
        model
    }
}
