//! I: integrator.

use super::{Expr, Firing, Model, NeuronState, Primitive, Rules};

/// `dv/dt = r I` (NIR's I). A step: `v += dt r I`.
#[derive(Debug, Clone, PartialEq)]
pub struct Integrator {
    /// Resistance.
    pub r: Vec<f64>,
}

impl Primitive for Integrator {
    fn kind(&self) -> &'static str {
        "I"
    }

    fn time_constants(&self) -> Vec<f64> {
        Vec::new()
    }

    fn firing(&self) -> Option<&Firing> {
        None
    }

    fn integrate(&self, rules: &Rules, n: usize, state: &mut NeuronState, input: f64) {
        state.v += rules.dt * self.r[n] * input;
    }

    fn model(&self, rules: &Rules, bias: &[f64]) -> Model {
        let mut model = Model::new(self.r.iter().map(|r| rules.dt * r).collect());
        let v = model.membrane(&vec![0.0; bias.len()]);
        let drive = model
            .input_gain
            .iter()
            .zip(bias)
            .map(|(gain, bias)| gain * bias);
        let drive = model.parameter("drive", drive.collect());
        model.assign(
            v,
            Expr::State(v)
                .plus(Expr::Parameter(drive))
                .plus(Expr::Input),
        );
        model
    }
}
