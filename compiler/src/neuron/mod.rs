//! Neuron models: the NIR primitives, and the small form that all of them become.
//!
//! One file a primitive: its equation, its step in floating point as the equation says it
//! ([`Equation`]), and its [`Model`], which is all that the reference, the quantiser and the
//! code generator see. A model that no primitive is comes from a [`ModelBuilder`], too, or from
//! a [text](Text). Before patterns are matched a model is brought into
//! [normal form](Normal).

mod builder;
mod cuba_li;
mod cuba_lif;
mod evaluate;
mod expr;
mod growth;
mod integrate_and_fire;
mod integrator;
mod language;
mod li;
mod lif;
mod model;
mod model_error;
pub(crate) mod normal;
mod readout;
mod threshold;

pub use builder::{ModelBuilder, Numbers};
pub use cuba_li::CubaLi;
pub use cuba_lif::CubaLif;
pub use evaluate::{MOST_SPIKES_A_STEP, ModelState};
pub use expr::{Condition, Expr, InputId, ParameterId, StateId, Test};
pub use growth::Leaky;
pub use integrate_and_fire::IntegrateAndFire;
pub use integrator::Integrator;
pub use language::{Described, Text, UnknownParameter};
pub use li::Li;
pub use lif::Lif;
pub use model::{Input, Model, Parameter, SpikeRule, State, Statement};
pub use model_error::{ModelError, ModelErrors};
pub use normal::Normal;
pub use readout::Readout;
pub use threshold::Threshold;

use crate::reading::{Initial, Reading, Reset, ResetStep, SpikesAStep};

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
    /// A spike when `v > threshold` (or `>=`), one number a neuron.
    pub threshold: Vec<f64>,
    /// Value after a spike under [`Reset::ToVReset`], one number a neuron.
    pub v_reset: Vec<f64>,
}

/// What a type of neurons provides.
pub trait NeuronType {
    /// Name of the NIR type, or of the model.
    fn kind(&self) -> &str;
    /// The parameters, by the names that NIR gives them.
    fn parameters(&self) -> Vec<(&'static str, &[f64])> {
        Vec::new()
    }
    /// True where the neurons spike.
    fn is_spiking(&self) -> bool;
    /// True where the length of a step matters to the neurons beside their time constants.
    fn needs_dt(&self) -> bool {
        false
    }
    /// The update of `bias.len()` neurons with the constant input `bias`. A [`Model`] has
    /// rules of its own; NIR primitives follow `reading`.
    ///
    /// # Errors
    /// Numbers that are infinite or not one a neuron, or a bias without an input for it.
    fn model(&self, reading: &Reading, bias: &[f64]) -> Result<Model, ModelErrors>;
}

/// The equation of a NIR primitive as it is written, step by step: the test of its
/// [`Model`], which is what runs.
pub trait Equation {
    /// Threshold and reset, where the neuron spikes.
    fn firing(&self) -> Option<&Firing>;
    /// The state of neuron `n` at the start of a sample.
    fn start(&self, reading: &Reading, n: usize) -> NeuronState;
    /// One step of neuron `n` up to the comparison with the threshold. `input` is the sum
    /// of weighted spikes and biases.
    fn integrate(&self, reading: &Reading, n: usize, state: &mut NeuronState, input: f64);
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
    /// A model that is a text.
    Described(Described),
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
            Neuron::Described(model) => model,
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
            Neuron::Own(_) | Neuron::Described(_) => return None,
        })
    }

    /// Name of the NIR type, or of the model.
    pub fn kind(&self) -> &str {
        self.of_type().kind()
    }

    /// The parameters of a NIR type, by the names that NIR gives them.
    pub fn parameters(&self) -> Vec<(&'static str, &[f64])> {
        self.of_type().parameters()
    }

    /// Time constants, for messages about the step length.
    pub fn time_constants(&self) -> Vec<f64> {
        let all = self.parameters().into_iter();
        let constants = all.filter(|(name, _)| name.starts_with("tau"));
        constants.flat_map(|(_, values)| values.to_vec()).collect()
    }

    /// True where the length of a step matters to the neurons beside their time constants.
    pub fn needs_dt(&self) -> bool {
        self.of_type().needs_dt()
    }

    /// True where the neuron spikes.
    pub fn is_spiking(&self) -> bool {
        self.of_type().is_spiking()
    }

    /// The neurons' update; see [`NeuronType::model`].
    ///
    /// # Errors
    /// As there.
    pub fn model(&self, reading: &Reading, bias: &[f64]) -> Result<Model, ModelErrors> {
        self.of_type().model(reading, bias)
    }
}

impl Firing {
    fn parameters(&self) -> Vec<(&'static str, &[f64])> {
        vec![("v_threshold", &self.threshold), ("v_reset", &self.v_reset)]
    }

    /// Makes the neurons of `model` spike when their membrane `v`, which leaks to `v_leak`,
    /// exceeds the threshold.
    fn add(&self, model: &mut ModelBuilder, v: StateId, v_leak: &[f64], reading: &Reading) {
        let threshold = model.parameter("threshold", &self.threshold);
        let when = match reading.reset {
            // There is nothing to do in the next step.
            Reset::Nothing if reading.refractory == 0 => ResetStep::Same,
            _ => reading.reset_step,
        };
        model.spike(v, threshold, when);
        model.comparison(reading.comparison);
        if reading.spikes_a_step == SpikesAStep::Several {
            model.several_spikes();
        }
        match reading.reset {
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
            Reset::Nothing => {}
        }
        if reading.refractory > 0 {
            let counter = model.state("refractory", 0.0);
            let counting = Condition::less(0.0, counter);
            model.assign(counter, counting.select(counter - 1.0, 0.0));
            model.rest_while(counter);
            // A reset of the step itself is counted down before the next comparison, a late
            // one right after.
            let late = u32::from(when == ResetStep::Same);
            model.reset(counter, f64::from(reading.refractory + late));
        }
    }

    /// The membranes at the start of a sample of neurons that leak to `v_leak`.
    fn initial(&self, v_leak: &[f64], reading: &Reading) -> Numbers {
        match reading.initial {
            Initial::VReset => (&self.v_reset).into(),
            Initial::VLeak | Initial::Zero => initial(v_leak, reading),
        }
    }

    /// The membrane after the reset of a spike, given the membrane before it.
    pub fn reset(&self, reading: &Reading, n: usize, v: f64) -> f64 {
        match reading.reset {
            Reset::ToVReset => self.v_reset[n],
            Reset::Zero => 0.0,
            Reset::Subtract => v - self.threshold[n],
            Reset::Nothing => v,
        }
    }
}

/// The membranes at the start of a sample of neurons that leak to `v_leak`, none if it is empty,
/// and have nothing to reset to.
fn initial(v_leak: &[f64], reading: &Reading) -> Numbers {
    match reading.initial {
        Initial::VLeak if !v_leak.is_empty() => v_leak.into(),
        Initial::VLeak | Initial::VReset | Initial::Zero => 0.0.into(),
    }
}
