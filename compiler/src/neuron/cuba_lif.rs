//! CubaLIF: leaky integrate-and-fire with a synaptic current.

use super::{CubaLi, Equation, Firing, Model, ModelErrors, NeuronState, NeuronType};
use crate::reading::Reading;

/// [`CubaLi`] with a threshold (NIR's CubaLIF): a spike when `v > v_threshold`.
#[derive(Debug, Clone, PartialEq)]
pub struct CubaLif {
    /// The current and the membrane.
    pub membrane: CubaLi,
    /// Threshold and reset.
    pub firing: Firing,
}

impl Equation for CubaLif {
    fn firing(&self) -> Option<&Firing> {
        Some(&self.firing)
    }

    fn start(&self, reading: &Reading, n: usize) -> NeuronState {
        NeuronState {
            v: self.firing.initial(&self.membrane.v_leak, reading).of(n),
            ..NeuronState::default()
        }
    }

    fn integrate(&self, reading: &Reading, n: usize, state: &mut NeuronState, input: f64) {
        self.membrane.integrate(reading, n, state, input);
    }
}

impl NeuronType for CubaLif {
    fn kind(&self) -> &'static str {
        "CubaLIF"
    }

    fn parameters(&self) -> Vec<(&'static str, &[f64])> {
        [self.membrane.parameters(), self.firing.parameters()].concat()
    }

    fn is_spiking(&self) -> bool {
        true
    }

    fn model(&self, reading: &Reading, bias: &[f64]) -> Result<Model, ModelErrors> {
        let initial = self.firing.initial(&self.membrane.v_leak, reading);
        let (mut model, v) = self.membrane.membrane(reading, bias, initial);
        self.firing
            .add(&mut model, v, &self.membrane.v_leak, reading);
        model.build()
    }
}
