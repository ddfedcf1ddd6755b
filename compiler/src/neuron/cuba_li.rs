//! CubaLI: leaky integrator with a synaptic current.

use super::{
    Equation, Firing, Model, ModelBuilder, ModelErrors, NeuronState, NeuronType, Numbers, StateId,
    initial,
};
use crate::reading::{InputScale, Reading};

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

impl Equation for CubaLi {
    fn firing(&self) -> Option<&Firing> {
        None
    }

    fn start(&self, reading: &Reading, n: usize) -> NeuronState {
        NeuronState {
            v: initial(&self.v_leak, reading).of(n),
            ..NeuronState::default()
        }
    }

    fn integrate(&self, reading: &Reading, n: usize, state: &mut NeuronState, input: f64) {
        let (w_in, r) = self.scales(reading, n);
        state.i += reading.rate(self.tau_syn[n]) * (w_in * input - state.i);
        let drive = self.v_leak[n] - state.v + r * state.i;
        state.v += reading.rate(self.tau_mem[n]) * drive;
    }
}

impl NeuronType for CubaLi {
    fn kind(&self) -> &'static str {
        "CubaLI"
    }

    fn parameters(&self) -> Vec<(&'static str, &[f64])> {
        vec![
            ("tau_syn", &self.tau_syn),
            ("tau_mem", &self.tau_mem),
            ("r", &self.r),
            ("v_leak", &self.v_leak),
            ("w_in", &self.w_in),
        ]
    }

    fn is_spiking(&self) -> bool {
        false
    }

    fn model(&self, reading: &Reading, bias: &[f64]) -> Result<Model, ModelErrors> {
        self.membrane(reading, bias, initial(&self.v_leak, reading))
            .0
            .build()
    }
}

impl CubaLi {
    /// `w_in` and `r` with the correction of the input's scale.
    fn scales(&self, reading: &Reading, n: usize) -> (f64, f64) {
        let (k_syn, k_mem) = (reading.rate(self.tau_syn[n]), reading.rate(self.tau_mem[n]));
        match reading.input_scale {
            InputScale::File => (self.w_in[n], self.r[n]),
            InputScale::Factor(factor) => (factor * self.w_in[n], self.r[n]),
            InputScale::Current => (1.0 / k_syn, self.r[n]),
            InputScale::Membrane => (1.0 / k_syn, 1.0 / k_mem),
            InputScale::DecayedMembrane => ((1.0 - k_syn) / k_syn, 1.0 / k_mem),
        }
    }

    /// The part of a model without spikes, and the membrane.
    pub(super) fn membrane(
        &self,
        reading: &Reading,
        bias: &[f64],
        initial: Numbers,
    ) -> (ModelBuilder, StateId) {
        let mut model = ModelBuilder::new(bias.len());
        let scales = (0..self.r.len()).map(|n| self.scales(reading, n));
        let (w_in, r): (Vec<f64>, Vec<f64>) = scales.unzip();
        let k_syn = model.parameter("k_syn", reading.rates(&self.tau_syn));
        let w_in = model.parameter("w_in", w_in);
        let k_mem = model.parameter("k_mem", reading.rates(&self.tau_mem));
        let r = model.parameter("r", r);
        let bias = model.parameter("bias", bias);
        let v_leak = model.parameter("v_leak", &self.v_leak);
        let input = model.input("input", 1.0);
        let i = model.state("i", 0.0);
        let v = model.state("v", initial);
        model.membrane(v);
        model.relative(v, v_leak);
        model.assign(i, i + k_syn * (w_in * (input + bias) - i));
        model.assign(v, v + k_mem * (v_leak - v + r * i));
        (model, v)
    }
}
