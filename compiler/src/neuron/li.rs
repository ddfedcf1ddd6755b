//! LI: leaky integrator.

use super::{Expr, Firing, Model, NeuronState, Primitive, Rules};

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

impl Primitive for Li {
    fn kind(&self) -> &'static str {
        "LI"
    }

    fn time_constants(&self) -> Vec<f64> {
        self.tau.clone()
    }

    fn firing(&self) -> Option<&Firing> {
        None
    }

    fn integrate(&self, rules: &Rules, n: usize, state: &mut NeuronState, input: f64) {
        state.v += rules.rate(self.tau[n]) * (self.v_leak[n] - state.v + self.r[n] * input);
    }

    /// `v = (1 - k) v + k r bias + input` with `v` relative to `v_leak`.
    fn model(&self, rules: &Rules, bias: &[f64]) -> Model {
        let rates: Vec<f64> = self.tau.iter().map(|&tau| rules.rate(tau)).collect();
        let mut model = Model::new(rates.iter().zip(&self.r).map(|(k, r)| k * r).collect());
        let v = model.membrane(&self.v_leak);
        let decay = model.parameter("decay", rates.iter().map(|k| 1.0 - k).collect());
        let drive = model
            .input_gain
            .iter()
            .zip(bias)
            .map(|(gain, bias)| gain * bias);
        let drive = model.parameter("drive", drive.collect());
        let kept = Expr::Parameter(decay)
            .times(Expr::State(v))
            .plus(Expr::Parameter(drive));
        model.assign(v, kept.plus(Expr::Input));
        model
    }
}
