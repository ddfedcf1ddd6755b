//! Threshold: a spike where the input itself is above a threshold.

use super::readout::memoryless;
use super::{Expr, Firing, Model, NeuronState, Primitive, Rules, SpikeRule};
use crate::options::ResetStep;

/// `z = H(I - threshold)` (NIR's Threshold), with H(0) = 0. It has no memory, so
/// no reset rule applies to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Threshold {
    /// Threshold; its reset is never used.
    pub firing: Firing,
}

impl Primitive for Threshold {
    fn kind(&self) -> &'static str {
        "Threshold"
    }

    fn time_constants(&self) -> Vec<f64> {
        Vec::new()
    }

    fn firing(&self) -> Option<&Firing> {
        Some(&self.firing)
    }

    fn integrate(&self, _: &Rules, _: usize, state: &mut NeuronState, input: f64) {
        state.v = input;
    }

    fn model(&self, _: &Rules, bias: &[f64]) -> Model {
        let mut model = memoryless(bias);
        let threshold = model.parameter("threshold", self.firing.threshold.clone());
        let state = model.membrane;
        // The next step's input replaces v: keeping it is the cheapest reset.
        model.spike = Some(SpikeRule {
            state,
            threshold,
            reset: Expr::State(state),
            when: ResetStep::Same,
        });
        model
    }
}
