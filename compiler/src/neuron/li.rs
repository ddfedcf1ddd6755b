//! LI: leaky integrator.

use super::{
    Equation, Firing, Model, ModelBuilder, ModelErrors, NeuronState, NeuronType, Rules, StateId,
};

/// `tau dv/dt = v_leak - v + r I` (NIR's LI).
///
/// A step: `v += k (v_leak - v + r I)` with `k = dt / tau` under forward Euler.
#[derive(Debug, Clone, PartialEq)]
pub struct Li {
    /// Membrane time constant.
    pub tau: Vec<f64>,
    /// Resistance.
    pub r: Vec<f64>,
    /// Potential that the membrane leaks to.
    pub v_leak: Vec<f64>,
}

impl Equation for Li {
    fn firing(&self) -> Option<&Firing> {
        None
    }

    fn integrate(&self, rules: &Rules, n: usize, state: &mut NeuronState, input: f64) {
        state.v += rules.rate(self.tau[n]) * (self.v_leak[n] - state.v + self.r[n] * input);
    }
}

impl NeuronType for Li {
    fn kind(&self) -> &'static str {
        "LI"
    }

    fn time_constants(&self) -> Vec<f64> {
        self.tau.clone()
    }

    fn is_spiking(&self) -> bool {
        false
    }

    fn model(&self, rules: &Rules, bias: &[f64]) -> Result<Model, ModelErrors> {
        self.membrane(rules, bias).0.build()
    }
}

impl Li {
    /// The membrane's part of a model, and the membrane.
    pub(super) fn membrane(&self, rules: &Rules, bias: &[f64]) -> (ModelBuilder, StateId) {
        let mut model = ModelBuilder::new(bias.len());
        let k = model.parameter("k", rules.rates(&self.tau));
        let r = model.parameter("r", &self.r);
        let bias = model.parameter("bias", bias);
        let v_leak = model.parameter("v_leak", &self.v_leak);
        let input = model.input("input", 1.0);
        let v = model.state("v", 0.0);
        model.membrane(v);
        model.relative(v, v_leak);
        model.assign(v, v + k * (v_leak - v + r * (input + bias)));
        (model, v)
    }
}
