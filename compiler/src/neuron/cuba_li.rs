//! CubaLI: leaky integrator with a synaptic current.

use super::cuba_lif::CurrentBased;
use super::{Firing, Model, NeuronState, Primitive, Rules};

/// `tau_syn dI/dt = w_in S - I` and `tau_mem dv/dt = v_leak - v + r I` (NIR's
/// CubaLI), stepped as [`super::CubaLif`] is.
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

impl CubaLi {
    fn parts(&self) -> CurrentBased<'_> {
        CurrentBased {
            tau_syn: &self.tau_syn,
            tau_mem: &self.tau_mem,
            r: &self.r,
            v_leak: &self.v_leak,
            w_in: &self.w_in,
        }
    }
}

impl Primitive for CubaLi {
    fn kind(&self) -> &'static str {
        "CubaLI"
    }

    fn time_constants(&self) -> Vec<f64> {
        [&self.tau_syn[..], &self.tau_mem].concat()
    }

    fn firing(&self) -> Option<&Firing> {
        None
    }

    fn integrate(&self, rules: &Rules, n: usize, state: &mut NeuronState, input: f64) {
        self.parts().step(rules, n, state, input);
    }

    fn model(&self, rules: &Rules, bias: &[f64]) -> Model {
        self.parts().model(rules, bias)
    }
}
