//! CubaLI: leaky integrator with a synaptic current.

use super::{
    Equation, Firing, Model, ModelBuilder, ModelErrors, NeuronState, NeuronType, Rules, StateId,
};

/// `tau_syn dI/dt = w_in S - I` and `tau_mem dv/dt = v_leak - v + r I` (NIR's CubaLI).
///
/// A step: `I += k_syn (w_in S - I)`, then `v += k_mem (v_leak - v + r I)` with the
/// new current, where `k = dt / tau` under forward Euler.
#[derive(Debug, Clone, PartialEq)]
pub struct CubaLi {
    /// Time constant of the current.
    pub tau_syn: Vec<f64>,
    /// Time constant of the membrane.
    pub tau_mem: Vec<f64>,
    /// Resistance.
    pub r: Vec<f64>,
    /// Potential that the membrane leaks to.
    pub v_leak: Vec<f64>,
    /// Weight of the input.
    pub w_in: Vec<f64>,
}

impl Equation for CubaLi {
    fn firing(&self) -> Option<&Firing> {
        None
    }

    fn integrate(&self, rules: &Rules, n: usize, state: &mut NeuronState, input: f64) {
        state.i += rules.rate(self.tau_syn[n]) * (self.w_in[n] * input - state.i);
        let drive = self.v_leak[n] - state.v + self.r[n] * state.i;
        state.v += rules.rate(self.tau_mem[n]) * drive;
    }
}

impl NeuronType for CubaLi {
    fn kind(&self) -> &'static str {
        "CubaLI"
    }

    fn time_constants(&self) -> Vec<f64> {
        [&self.tau_syn[..], &self.tau_mem].concat()
    }

    fn is_spiking(&self) -> bool {
        false
    }

    fn model(&self, rules: &Rules, bias: &[f64]) -> Result<Model, ModelErrors> {
        self.membrane(rules, bias).0.build()
    }
}

impl CubaLi {
    /// The part of a model without spikes, and the membrane.
    pub(super) fn membrane(&self, rules: &Rules, bias: &[f64]) -> (ModelBuilder, StateId) {
        let mut model = ModelBuilder::new(bias.len());
        let k_syn = model.parameter("k_syn", rules.rates(&self.tau_syn));
        let w_in = model.parameter("w_in", &self.w_in);
        let k_mem = model.parameter("k_mem", rules.rates(&self.tau_mem));
        let r = model.parameter("r", &self.r);
        let bias = model.parameter("bias", bias);
        let v_leak = model.parameter("v_leak", &self.v_leak);
        let input = model.input("input", 1.0);
        let i = model.state("i", 0.0);
        let v = model.state("v", 0.0);
        model.membrane(v);
        model.relative(v, v_leak);
        model.assign(i, i + k_syn * (w_in * (input + bias) - i));
        model.assign(v, v + k_mem * (v_leak - v + r * i));
        (model, v)
    }
}
