//! LI: leaky integrator.

use super::{
    Equation, Firing, Model, ModelBuilder, ModelErrors, NeuronState, NeuronType, Numbers, StateId,
    initial,
};
use crate::reading::Reading;

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

    fn start(&self, reading: &Reading, n: usize) -> NeuronState {
        NeuronState {
            v: initial(&self.v_leak, reading).of(n),
            ..NeuronState::default()
        }
    }

    fn integrate(&self, reading: &Reading, n: usize, state: &mut NeuronState, input: f64) {
        state.v += reading.rate(self.tau[n])
            * (self.v_leak[n] - state.v + self.resistance(reading, n) * input);
    }
}

impl NeuronType for Li {
    fn kind(&self) -> &'static str {
        "LI"
    }

    fn parameters(&self) -> Vec<(&'static str, &[f64])> {
        vec![("tau", &self.tau), ("r", &self.r), ("v_leak", &self.v_leak)]
    }

    fn is_spiking(&self) -> bool {
        false
    }

    fn model(&self, reading: &Reading, bias: &[f64]) -> Result<Model, ModelErrors> {
        self.membrane(reading, bias, initial(&self.v_leak, reading))
            .0
            .build()
    }
}

impl Li {
    /// `r` with the correction of the input's scale.
    fn resistance(&self, reading: &Reading, n: usize) -> f64 {
        let rate = reading.rate(self.tau[n]);
        reading.input_scale.resistance(self.r[n], rate)
    }

    /// The membrane's part of a model, and the membrane.
    pub(super) fn membrane(
        &self,
        reading: &Reading,
        bias: &[f64],
        initial: Numbers,
    ) -> (ModelBuilder, StateId) {
        let mut model = ModelBuilder::new(bias.len());
        let k = model.parameter("k", reading.rates(&self.tau));
        let scaled = (0..self.r.len()).map(|n| self.resistance(reading, n));
        let r = model.parameter("r", scaled.collect::<Vec<f64>>());
        let bias = model.parameter("bias", bias);
        let v_leak = model.parameter("v_leak", &self.v_leak);
        let input = model.input("input", 1.0);
        let v = model.state("v", initial);
        model.membrane(v);
        model.relative(v, v_leak);
        model.assign(v, v + k * (v_leak - v + r * (input + bias)));
        (model, v)
    }
}
