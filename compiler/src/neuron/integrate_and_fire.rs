//! IF: integrate-and-fire.

use super::{Equation, Firing, Integrator, Model, ModelErrors, NeuronState, NeuronType};
use crate::reading::Reading;

/// [`Integrator`] with a threshold (NIR's IF): a spike when `v > v_threshold`.
#[derive(Debug, Clone, PartialEq)]
pub struct IntegrateAndFire {
    /// The membrane.
    pub membrane: Integrator,
    /// Threshold and reset.
    pub firing: Firing,
}

impl Equation for IntegrateAndFire {
    fn firing(&self) -> Option<&Firing> {
        Some(&self.firing)
    }

    fn start(&self, reading: &Reading, n: usize) -> NeuronState {
        NeuronState {
            v: self.firing.initial(&[], reading).of(n),
            ..NeuronState::default()
        }
    }

    fn integrate(&self, reading: &Reading, n: usize, state: &mut NeuronState, input: f64) {
        self.membrane.integrate(reading, n, state, input);
    }
}

impl NeuronType for IntegrateAndFire {
    fn kind(&self) -> &'static str {
        "IF"
    }

    fn parameters(&self) -> Vec<(&'static str, &[f64])> {
        [self.membrane.parameters(), self.firing.parameters()].concat()
    }

    fn is_spiking(&self) -> bool {
        true
    }

    fn model(&self, reading: &Reading, bias: &[f64]) -> Result<Model, ModelErrors> {
        let initial = self.firing.initial(&[], reading);
        let (mut model, v) = self.membrane.membrane(reading, bias, initial);
        self.firing.add(&mut model, v, &[], reading);
        model.build()
    }
}
