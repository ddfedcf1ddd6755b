//! LIF: leaky integrate-and-fire.

use super::{Equation, Firing, Li, Model, ModelErrors, NeuronState, NeuronType};
use crate::reading::Reading;

/// [`Li`] with a threshold (NIR's LIF): a spike when `v > v_threshold`.
#[derive(Debug, Clone, PartialEq)]
pub struct Lif {
    /// The membrane.
    pub membrane: Li,
    /// Threshold and reset.
    pub firing: Firing,
}

impl Equation for Lif {
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

impl NeuronType for Lif {
    fn kind(&self) -> &'static str {
        "LIF"
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
