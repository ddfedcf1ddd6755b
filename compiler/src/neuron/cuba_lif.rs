//! CubaLIF: leaky integrate-and-fire with a synaptic current.

use super::{Expr, Firing, Model, NeuronState, Primitive, Rules};

/// `tau_syn dI/dt = w_in S - I` and `tau_mem dv/dt = v_leak - v + r I`, a spike
/// when `v > v_threshold` (NIR's CubaLIF).
///
/// A step: `I += k_syn (w_in S - I)`, then `v += k_mem (v_leak - v + r I)` with the
/// new current, where `k = dt / tau` under forward Euler.
#[derive(Debug, Clone, PartialEq)]
pub struct CubaLif {
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
    /// Threshold and reset.
    pub firing: Firing,
}

/// The rates and gains of a current and the membrane it drives.
pub(super) struct CurrentBased<'a> {
    pub tau_syn: &'a [f64],
    pub tau_mem: &'a [f64],
    pub r: &'a [f64],
    pub v_leak: &'a [f64],
    pub w_in: &'a [f64],
}

impl CurrentBased<'_> {
    /// The step of neuron `n` as the equation says it.
    pub fn step(&self, rules: &Rules, n: usize, state: &mut NeuronState, input: f64) {
        state.i += rules.rate(self.tau_syn[n]) * (self.w_in[n] * input - state.i);
        let drive = self.v_leak[n] - state.v + self.r[n] * state.i;
        state.v += rules.rate(self.tau_mem[n]) * drive;
    }

    /// The model of the current and the membrane. The current is kept in units of
    /// `k_mem r`, so that it adds to the membrane without a product:
    /// `i = (1 - k_syn) i + input`, `v = (1 - k_mem) v + i` with `v` relative to `v_leak`.
    pub fn model(&self, rules: &Rules, bias: &[f64]) -> Model {
        let size = bias.len();
        let syn: Vec<f64> = self.tau_syn.iter().map(|&tau| rules.rate(tau)).collect();
        let mem: Vec<f64> = self.tau_mem.iter().map(|&tau| rules.rate(tau)).collect();
        let gain: Vec<f64> = (0..size)
            .map(|n| syn[n] * self.w_in[n] * mem[n] * self.r[n])
            .collect();
        let mut model = Model::new(gain.clone());
        let i = model.state("i");
        let v = model.membrane(self.v_leak);
        let decay_i = model.parameter("decay_i", syn.iter().map(|k| 1.0 - k).collect());
        let constant = model.parameter("bias", (0..size).map(|n| gain[n] * bias[n]).collect());
        let decay_v = model.parameter("decay_v", mem.iter().map(|k| 1.0 - k).collect());
        let kept = Expr::Parameter(decay_i)
            .times(Expr::State(i))
            .plus(Expr::Parameter(constant));
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

impl CubaLif {
    fn parts(&self) -> CurrentBased<'_> {
        CurrentBased {
            tau_syn: &self.tau_syn,
            tau_mem: &self.tau_mem,
            r: &self.r,
            v_leak: &self.v_leak,
            w_in: &self.w_in,
        }
    }
}

impl Primitive for CubaLif {
    fn kind(&self) -> &'static str {
        "CubaLIF"
    }

    fn time_constants(&self) -> Vec<f64> {
        [&self.tau_syn[..], &self.tau_mem].concat()
    }

    fn firing(&self) -> Option<&Firing> {
        Some(&self.firing)
    }

    fn integrate(&self, rules: &Rules, n: usize, state: &mut NeuronState, input: f64) {
        self.parts().step(rules, n, state, input);
    }

    fn model(&self, rules: &Rules, bias: &[f64]) -> Model {
        let mut model = self.parts().model(rules, bias);
        model.fire(&self.firing, rules);
        model
    }
}
