//! Readout: what stands behind an Output node that a linear node feeds.

use super::{Expr, Firing, Model, NeuronState, Primitive, Rules};

/// `v = I`: the weighted input of the step itself. No NIR primitive; an Output
/// that no neuron feeds is read through it.
#[derive(Debug, Clone, PartialEq)]
pub struct Readout;

/// The model of `v = I`, which Threshold and Readout share.
pub(super) fn memoryless(bias: &[f64]) -> Model {
    let mut model = Model::new(vec![1.0; bias.len()]);
    let v = model.membrane(&vec![0.0; bias.len()]);
    let constant = model.parameter("bias", bias.to_vec());
    model.assign(v, Expr::Parameter(constant).plus(Expr::Input));
    model
}

impl Primitive for Readout {
    fn kind(&self) -> &'static str {
        "readout"
    }

    fn time_constants(&self) -> Vec<f64> {
        Vec::new()
    }

    fn firing(&self) -> Option<&Firing> {
        None
    }

    fn integrate(&self, _: &Rules, _: usize, state: &mut NeuronState, input: f64) {
        state.v = input;
    }

    fn model(&self, _: &Rules, bias: &[f64]) -> Model {
        memoryless(bias)
    }
}
