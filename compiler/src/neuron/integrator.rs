//! I: integrator.

use super::{Expr, Firing, Model, NeuronState, Primitive, Rules};

/// `dv/dt = r I` (NIR's I). A step: `v += dt r I`.
#[derive(Debug, Clone, PartialEq)]
pub struct Integrator {
    /// Resistance.
    pub r: Vec<f64>,
}

/// The model of `v += dt r I`, which I and IF share.
pub(super) fn integrating_membrane(rules: &Rules, r: &[f64], bias: &[f64]) -> Model {
    let gain: Vec<f64> = r.iter().map(|r| rules.dt * r).collect();
    let mut model = Model::new(gain.clone());
    let v = model.membrane(&vec![0.0; r.len()]);
    let drive = model.parameter("drive", gain.iter().zip(bias).map(|(g, b)| g * b).collect());
    model.assign(
        v,
        Expr::State(v)
            .plus(Expr::Parameter(drive))
            .plus(Expr::Input),
    );
    model
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
        integrating_membrane(rules, &self.r, bias)
    }
}
