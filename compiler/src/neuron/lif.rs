//! LIF: leaky integrate-and-fire.

use super::{Expr, Firing, Model, NeuronState, Primitive, Rules};

/// `tau dv/dt = v_leak - v + r I`, a spike when `v > v_threshold` (NIR's LIF).
///
/// A step: `v += k (v_leak - v + r I)` with `k = dt / tau` under forward Euler.
#[derive(Debug, Clone, PartialEq)]
pub struct Lif {
    /// Membrane time constant.
    pub tau: Vec<f64>,
    /// Resistance.
    pub r: Vec<f64>,
    /// Potential that the membrane leaks to.
    pub v_leak: Vec<f64>,
    /// Threshold and reset.
    pub firing: Firing,
}

/// Adds `v = (1 - k) v + gain bias + input` for a membrane of rates `k`, relative to
/// `v_leak`; the statement that LI and LIF share.
pub(super) fn leaky_membrane(model: &mut Model, rates: &[f64], v_leak: &[f64], bias: &[f64]) {
    let v = model.membrane(v_leak);
    let decay = model.parameter("decay", rates.iter().map(|k| 1.0 - k).collect());
    let drive = model
        .input_gain
        .iter()
        .zip(bias)
        .map(|(gain, bias)| gain * bias)
        .collect();
    let drive = model.parameter("drive", drive);
    let kept = Expr::Parameter(decay)
        .times(Expr::State(v))
        .plus(Expr::Parameter(drive));
    model.assign(v, kept.plus(Expr::Input));
}

impl Primitive for Lif {
    fn kind(&self) -> &'static str {
        "LIF"
    }

    fn time_constants(&self) -> Vec<f64> {
        self.tau.clone()
    }

    fn firing(&self) -> Option<&Firing> {
        Some(&self.firing)
    }

    fn integrate(&self, rules: &Rules, n: usize, state: &mut NeuronState, input: f64) {
        state.v += rules.rate(self.tau[n]) * (self.v_leak[n] - state.v + self.r[n] * input);
    }

    fn model(&self, rules: &Rules, bias: &[f64]) -> Model {
        let rates: Vec<f64> = self.tau.iter().map(|&tau| rules.rate(tau)).collect();
        let mut model = Model::new(rates.iter().zip(&self.r).map(|(k, r)| k * r).collect());
        leaky_membrane(&mut model, &rates, &self.v_leak, bias);
        model.fire(&self.firing, rules);
        model
    }
}
