//! Neuron models: the NIR primitives, and the small form that all of them become.
//!
//! One file a primitive: its equation, its step in floating point as the
//! equation says it (the reference), and its [`Model`], which is what the
//! quantiser and the code generator see. A neuron language for users will
//! produce the same [`Model`].

mod cuba_li;
mod cuba_lif;
mod growth;
mod integrate_and_fire;
mod integrator;
mod li;
mod lif;
mod model;
mod readout;
mod threshold;

pub use cuba_li::CubaLi;
pub use cuba_lif::CubaLif;
pub use growth::Leaky;
pub use integrate_and_fire::IntegrateAndFire;
pub use integrator::Integrator;
pub use li::Li;
pub use lif::Lif;
pub use model::{Expr, Model, Parameter, SpikeRule, State, Statement};
pub use readout::Readout;
pub use threshold::Threshold;

use crate::options::{Dynamics, Integration, Reset, ResetStep};

/// [`Dynamics`] with the time step known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rules {
    /// Length of a step, in the unit of the time constants.
    pub dt: f64,
    /// Integration method.
    pub integration: Integration,
    /// Reset rule.
    pub reset: Reset,
    /// Reset timing.
    pub reset_step: ResetStep,
}

impl Rules {
    /// The rules of `dynamics` with a step of `dt`.
    pub fn new(dynamics: &Dynamics, dt: f64) -> Self {
        let Dynamics {
            integration,
            reset,
            reset_step,
            ..
        } = *dynamics;
        Rules {
            dt,
            integration,
            reset,
            reset_step,
        }
    }

    /// How far a variable with time constant `tau` goes to its target in a step.
    pub fn rate(&self, tau: f64) -> f64 {
        self.integration.rate(self.dt, tau)
    }
}

/// The floating-point state of one neuron.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct NeuronState {
    /// Membrane potential.
    pub v: f64,
    /// Synaptic current, where the model has one.
    pub i: f64,
}

/// What a spiking neuron compares with and returns to.
#[derive(Debug, Clone, PartialEq)]
pub struct Firing {
    /// A spike when `v > threshold`, one number a neuron.
    pub threshold: Vec<f64>,
    /// Value after a spike under [`Reset::ToVReset`], one number a neuron.
    pub v_reset: Vec<f64>,
}

/// What a NIR neuron primitive provides.
pub trait Primitive {
    /// Name of the NIR type.
    fn kind(&self) -> &'static str;
    /// Time constants, for messages about the step length.
    fn time_constants(&self) -> Vec<f64>;
    /// Threshold and reset, where the neuron spikes.
    fn firing(&self) -> Option<&Firing>;
    /// One step of neuron `n` up to the comparison with the threshold, as the
    /// equation says it. `input` is the sum of weighted spikes and biases.
    fn integrate(&self, rules: &Rules, n: usize, state: &mut NeuronState, input: f64);
    /// The same step as a [`Model`] with the constant input `bias`.
    fn model(&self, rules: &Rules, bias: &[f64]) -> Model;
}

/// A neuron model with its parameters, one number a neuron each.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)] // documented at their structs
pub enum Neuron {
    Lif(Lif),
    CubaLif(CubaLif),
    IntegrateAndFire(IntegrateAndFire),
    Li(Li),
    CubaLi(CubaLi),
    Integrator(Integrator),
    Threshold(Threshold),
    Readout(Readout),
}

impl Neuron {
    /// The primitive behind the variant.
    pub fn primitive(&self) -> &dyn Primitive {
        match self {
            Neuron::Lif(p) => p,
            Neuron::CubaLif(p) => p,
            Neuron::IntegrateAndFire(p) => p,
            Neuron::Li(p) => p,
            Neuron::CubaLi(p) => p,
            Neuron::Integrator(p) => p,
            Neuron::Threshold(p) => p,
            Neuron::Readout(p) => p,
        }
    }

    /// Name of the NIR type.
    pub fn kind(&self) -> &'static str {
        self.primitive().kind()
    }

    /// True where the neuron spikes.
    pub fn is_spiking(&self) -> bool {
        self.primitive().firing().is_some()
    }
}

impl Firing {
    /// The membrane after the reset of a spike, given the membrane before it.
    pub fn reset(&self, rules: &Rules, n: usize, v: f64) -> f64 {
        match rules.reset {
            Reset::ToVReset => self.v_reset[n],
            Reset::Zero => 0.0,
            Reset::Subtract => v - self.threshold[n],
        }
    }
}
