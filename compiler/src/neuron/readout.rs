//! Readout: what stands behind an Output node that a linear node feeds.

use super::{Equation, Firing, Model, ModelBuilder, ModelErrors, NeuronState, NeuronType, StateId};
use crate::reading::Reading;

/// `v = I`: the weighted input of the step itself. No NIR primitive; an Output
/// that no neuron feeds is read through it.
#[derive(Debug, Clone, PartialEq)]
pub struct Readout;

/// The membrane's part of the model of `v = I`, which Threshold and Readout share, and the
/// membrane.
pub(super) fn memoryless(bias: &[f64]) -> (ModelBuilder, StateId) {
    let mut model = ModelBuilder::new(bias.len());
    let v = model.state("v", 0.0);
    model.membrane(v);
    let bias = model.parameter("bias", bias);
    let input = model.input("input", 1.0);
    model.assign(v, bias + input);
    (model, v)
}

impl Equation for Readout {
    fn firing(&self) -> Option<&Firing> {
        None
    }

    fn start(&self, _: &Reading, _: usize) -> NeuronState {
        NeuronState::default()
    }

    fn integrate(&self, _: &Reading, _: usize, state: &mut NeuronState, input: f64) {
        state.v = input;
    }
}

impl NeuronType for Readout {
    fn kind(&self) -> &'static str {
        "readout"
    }

    fn is_spiking(&self) -> bool {
        false
    }

    fn model(&self, _: &Reading, bias: &[f64]) -> Result<Model, ModelErrors> {
        memoryless(bias).0.build()
    }
}
