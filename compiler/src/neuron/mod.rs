//! Neuron models: the NIR primitives, and the small form that all of them become.
//!
//! One file a primitive: its equation, its step in floating point as the equation says it
//! ([`Equation`]), and its [`Model`], which is all that the reference, the quantiser and the
//! code generator see. A model that no primitive is comes from a [`ModelBuilder`], too, and
//! so will a neuron language for users. Before patterns are matched a model is brought into
//! [normal form](Normal).

mod builder;
mod cuba_li;
mod cuba_lif;
mod evaluate;
mod expr;
mod growth;
mod integrate_and_fire;
mod integrator;
mod li;
mod lif;
mod model;
pub(crate) mod normal;
mod readout;
mod threshold;

pub use builder::{ModelBuilder, ModelError, ModelErrors, Numbers};
pub use cuba_li::CubaLi;
pub use cuba_lif::CubaLif;
pub use evaluate::ModelState;
pub use expr::{Condition, Expr, InputId, ParameterId, StateId, Test};
pub use growth::Leaky;
pub use integrate_and_fire::IntegrateAndFire;
pub use integrator::Integrator;
pub use li::Li;
pub use lif::Lif;
pub use model::{Input, Model, Parameter, SpikeRule, State, Statement};
pub use normal::Normal;
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

    /// [`rate`](Rules::rate) of each of several time constants.
    fn rates(&self, tau: &[f64]) -> Vec<f64> {
        tau.iter().map(|&tau| self.rate(tau)).collect()
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

/// What a type of neurons provides.
pub trait NeuronType {
    /// Name of the NIR type, or `model`.
    fn kind(&self) -> &'static str;
    /// Time constants, for messages about the step length.
    fn time_constants(&self) -> Vec<f64>;
    /// True where the neurons spike.
    fn is_spiking(&self) -> bool;
    /// The update of `bias.len()` neurons with the constant input `bias`. A [`Model`] has
    /// rules of its own; NIR primitives follow `rules`.
    ///
    /// # Errors
    /// Numbers that are infinite or not one a neuron, or a bias without an input for it.
    fn model(&self, rules: &Rules, bias: &[f64]) -> Result<Model, ModelErrors>;
}

/// The equation of a NIR primitive as it is written, step by step: the test of its
/// [`Model`], which is what runs.
pub trait Equation {
    /// Threshold and reset, where the neuron spikes.
    fn firing(&self) -> Option<&Firing>;
    /// One step of neuron `n` up to the comparison with the threshold. `input` is the sum
    /// of weighted spikes and biases.
    fn integrate(&self, rules: &Rules, n: usize, state: &mut NeuronState, input: f64);
}

/// A type of neurons with its parameters, one number a neuron each.
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
    /// A model that is no NIR primitive.
    Own(Box<Model>),
}

impl Neuron {
    /// What the variant's type provides.
    fn of_type(&self) -> &dyn NeuronType {
        match self {
            Neuron::Lif(p) => p,
            Neuron::CubaLif(p) => p,
            Neuron::IntegrateAndFire(p) => p,
            Neuron::Li(p) => p,
            Neuron::CubaLi(p) => p,
            Neuron::Integrator(p) => p,
            Neuron::Threshold(p) => p,
            Neuron::Readout(p) => p,
            Neuron::Own(model) => &**model,
        }
    }

    /// The equation of a NIR primitive.
    pub fn equation(&self) -> Option<&dyn Equation> {
        Some(match self {
            Neuron::Lif(p) => p,
            Neuron::CubaLif(p) => p,
            Neuron::IntegrateAndFire(p) => p,
            Neuron::Li(p) => p,
            Neuron::CubaLi(p) => p,
            Neuron::Integrator(p) => p,
            Neuron::Threshold(p) => p,
            Neuron::Readout(p) => p,
            Neuron::Own(_) => return None,
        })
    }

    /// Name of the NIR type, or `model`.
    pub fn kind(&self) -> &'static str {
        self.of_type().kind()
    }

    /// Time constants, for messages about the step length.
    pub fn time_constants(&self) -> Vec<f64> {
        self.of_type().time_constants()
    }

    /// True where the neuron spikes.
    pub fn is_spiking(&self) -> bool {
        self.of_type().is_spiking()
    }

    /// The neurons' update; see [`NeuronType::model`].
    ///
    /// # Errors
    /// As there.
    pub fn model(&self, rules: &Rules, bias: &[f64]) -> Result<Model, ModelErrors> {
        self.of_type().model(rules, bias)
    }
}

impl Firing {
    /// Makes the neurons of `model` spike when their membrane `v`, which leaks to `v_leak`,
    /// exceeds the threshold.
    fn add(&self, model: &mut ModelBuilder, v: StateId, v_leak: &[f64], rules: &Rules) {
        let threshold = model.parameter("threshold", &self.threshold);
        model.spike(v, threshold, rules.reset_step);
        match rules.reset {
            Reset::ToVReset => {
                let to = model.parameter("v_reset", &self.v_reset);
                model.reset(v, to);
            }
            Reset::Zero => {
                let to = model.parameter("v_reset", 0.0);
                model.reset(v, to);
            }
            // Where the membrane is kept relative to a leak, so is the threshold that it is
            // compared with, but not what is subtracted.
            Reset::Subtract if v_leak.iter().any(|v| *v != 0.0) => {
                let amount = model.parameter("subtracted", &self.threshold);
                model.reset(v, v - amount);
            }
            Reset::Subtract => model.reset(v, v - threshold),
        }
    }

    /// The membrane after the reset of a spike, given the membrane before it.
    pub fn reset(&self, rules: &Rules, n: usize, v: f64) -> f64 {
        match rules.reset {
            Reset::ToVReset => self.v_reset[n],
            Reset::Zero => 0.0,
            Reset::Subtract => v - self.threshold[n],
        }
    }
}
