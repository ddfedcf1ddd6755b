//! I: integrator.

use super::{
    Equation, Expr, Firing, Model, ModelBuilder, ModelErrors, NeuronState, NeuronType, Numbers,
    StateId,
};
use crate::reading::Reading;

/// `dv/dt = r I` (NIR's I). A step: `v += dt r I`.
#[derive(Debug, Clone, PartialEq)]
pub struct Integrator {
    /// Resistance.
    pub r: Vec<f64>,
}

impl Equation for Integrator {
    fn firing(&self) -> Option<&Firing> {
        None
    }

    fn start(&self, _: &Reading, _: usize) -> NeuronState {
        NeuronState::default()
    }

    fn integrate(&self, reading: &Reading, n: usize, state: &mut NeuronState, input: f64) {
        state.v += reading.dt * self.resistance(reading, n) * input;
    }
}

impl NeuronType for Integrator {
    fn kind(&self) -> &'static str {
        "I"
    }

    fn parameters(&self) -> Vec<(&'static str, &[f64])> {
        vec![("r", &self.r)]
    }

    fn is_spiking(&self) -> bool {
        false
    }

    fn model(&self, reading: &Reading, bias: &[f64]) -> Result<Model, ModelErrors> {
        self.membrane(reading, bias, 0.0.into()).0.build()
    }
}

impl Integrator {
    /// `r` with the correction of the input's scale.
    fn resistance(&self, reading: &Reading, n: usize) -> f64 {
        let rate = reading.dt;
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
        let scaled = (0..self.r.len()).map(|n| self.resistance(reading, n));
        let r = model.parameter("r", scaled.collect::<Vec<f64>>());
        let bias = model.parameter("bias", bias);
        let input = model.input("input", 1.0);
        let v = model.state("v", initial);
        model.membrane(v);
        model.assign(v, v + Expr::from(reading.dt) * r * (input + bias));
        (model, v)
    }
}
