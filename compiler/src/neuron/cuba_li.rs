//! CubaLI: leaky integrator with a synaptic current.

use super::{Expr, Firing, Model, NeuronState, Primitive, Rules};

/// `tau_syn dI/dt = w_in S - I` and `tau_mem dv/dt = v_leak - v + r I` (NIR's CubaLI).
///
/// A step: `I += k_syn (w_in S - I)`, then `v += k_mem (v_leak - v + r I)` with the
/// new current, where `k = dt / tau` under forward Euler.
#[derive(Debug, Clone, PartialEq)]
pub struct CubaLi {
    /// Time constant of the current.
    pub tau_syn: Vec<f64>,
    /// Time constant of the membrane.
    pub tau_mem: Vec<f64>,
    /// Resistance.
    pub r: Vec<f64>,
    /// Potential that the membrane leaks to.
    pub v_leak: Vec<f64>,
    /// Weight of the input.
    pub w_in: Vec<f64>,
}

impl Primitive for CubaLi {
    fn kind(&self) -> &'static str {
        "CubaLI"
    }

    fn time_constants(&self) -> Vec<f64> {
        [&self.tau_syn[..], &self.tau_mem].concat()
    }

    fn firing(&self) -> Option<&Firing> {
        None
    }

    fn integrate(&self, rules: &Rules, n: usize, state: &mut NeuronState, input: f64) {
        state.i += rules.rate(self.tau_syn[n]) * (self.w_in[n] * input - state.i);
        let drive = self.v_leak[n] - state.v + self.r[n] * state.i;
        state.v += rules.rate(self.tau_mem[n]) * drive;
    }

    /// The current is kept in units of `k_mem r`, so that it adds to the membrane
    /// without a product: `i = (1 - k_syn) i + gain bias + input`,
    /// `v = (1 - k_mem) v + i` with `v` relative to `v_leak`.
    fn model(&self, rules: &Rules, bias: &[f64]) -> Model {
        let size = bias.len();
        let syn: Vec<f64> = self.tau_syn.iter().map(|&tau| rules.rate(tau)).collect();
        let mem: Vec<f64> = self.tau_mem.iter().map(|&tau| rules.rate(tau)).collect();
        let gain = (0..size).map(|n| syn[n] * self.w_in[n] * mem[n] * self.r[n]);
        let mut model = Model::new(gain.collect());
        let i = model.state("i");
        let v = model.membrane(&self.v_leak);
        let decay_i = model.parameter("decay_i", syn.iter().map(|k| 1.0 - k).collect());
        let drive = model
            .input_gain
            .iter()
            .zip(bias)
            .map(|(gain, bias)| gain * bias);
        let drive = model.parameter("drive", drive.collect());
        let decay_v = model.parameter("decay_v", mem.iter().map(|k| 1.0 - k).collect());
        let kept = Expr::Parameter(decay_i)
            .times(Expr::State(i))
            .plus(Expr::Parameter(drive));
        model.assign(i, kept.plus(Expr::Input));
        model.assign(
            v,
            Expr::Parameter(decay_v)
                .times(Expr::State(v))
                .plus(Expr::State(i)),
        );
        model
    }
}
