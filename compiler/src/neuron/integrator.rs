//! I: integrator.

use super::{
    Equation, Expr, Firing, Model, ModelBuilder, ModelErrors, NeuronState, NeuronType, Rules,
    StateId,
};

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

    fn integrate(&self, rules: &Rules, n: usize, state: &mut NeuronState, input: f64) {
        state.v += rules.dt * self.r[n] * input;
    }
}

impl NeuronType for Integrator {
    fn kind(&self) -> &'static str {
        "I"
    }

    fn time_constants(&self) -> Vec<f64> {
        Vec::new()
    }

    fn is_spiking(&self) -> bool {
        false
    }

    fn model(&self, rules: &Rules, bias: &[f64]) -> Result<Model, ModelErrors> {
        self.membrane(rules, bias).0.build()
    }
}

impl Integrator {
    /// The membrane's part of a model, and the membrane.
    pub(super) fn membrane(&self, rules: &Rules, bias: &[f64]) -> (ModelBuilder, StateId) {
        let mut model = ModelBuilder::new(bias.len());
        let r = model.parameter("r", &self.r);
        let bias = model.parameter("bias", bias);
        let input = model.input("input", 1.0);
        let v = model.state("v", 0.0);
        model.membrane(v);
        model.assign(v, v + Expr::from(rules.dt) * r * (input + bias));
        (model, v)
    }
}
