//! Threshold: a spike where the input itself is above a threshold.

use super::readout::memoryless;
use super::{Equation, Firing, Model, ModelErrors, NeuronState, NeuronType};
use crate::reading::{Reading, ResetStep};

/// `z = H(I - threshold)` (NIR's Threshold), with H(0) = 0. It has no memory, so
/// no reset rule applies to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Threshold {
    /// Threshold; its reset is never used.
    pub firing: Firing,
}

impl Equation for Threshold {
    fn firing(&self) -> Option<&Firing> {
        Some(&self.firing)
    }

    fn start(&self, _: &Reading, _: usize) -> NeuronState {
        NeuronState::default()
    }

    fn integrate(&self, _: &Reading, _: usize, state: &mut NeuronState, input: f64) {
        state.v = input;
    }
}

impl NeuronType for Threshold {
    fn kind(&self) -> &'static str {
        "Threshold"
    }

    fn is_spiking(&self) -> bool {
        true
    }

    fn model(&self, reading: &Reading, bias: &[f64]) -> Result<Model, ModelErrors> {
        let (mut model, v) = memoryless(bias);
        let threshold = model.parameter("threshold", &self.firing.threshold);
        // The next step's input replaces v: there is nothing to reset.
        model.spike(v, threshold, ResetStep::Same);
        model.comparison(reading.comparison);
        model.build()
    }
}
