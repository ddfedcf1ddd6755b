//! What a user decides about a compilation.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use spikevec_isa::Target;
use spikevec_isa::fixed::Rounding;

use crate::format::Format;

/// What happens to the membrane of a neuron that spiked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reset {
    /// `v = v_reset`, which is 0 where the model has none.
    #[default]
    ToVReset,
    /// `v = 0`, whatever the model's `v_reset`.
    Zero,
    /// `v = v - v_threshold`.
    Subtract,
}

impl Reset {
    /// Name, as `--reset` and the manifest spell it.
    pub fn name(self) -> &'static str {
        match self {
            Reset::ToVReset => "v_reset",
            Reset::Zero => "zero",
            Reset::Subtract => "subtract",
        }
    }
}

/// When the reset takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ResetStep {
    /// In the step of the spike, before anything reads the membrane.
    #[default]
    Same,
    /// In the step after, between integration and the comparison with the threshold.
    Next,
}

/// How a leaky equation `tau dx/dt = a - x` becomes a step of length dt: `x += k (a - x)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Integration {
    /// Forward Euler: `k = dt / tau`.
    #[default]
    Euler,
    /// Exact for an input that is constant over the step: `k = 1 - exp(-dt / tau)`.
    Exponential,
}

impl Integration {
    /// The fraction `k` of the way to its target that a variable goes in one step.
    pub fn rate(self, dt: f64, tau: f64) -> f64 {
        match self {
            Integration::Euler => dt / tau,
            Integration::Exponential => -(-dt / tau).exp_m1(),
        }
    }
}

/// Rules of the dynamics that NIR does not carry.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Dynamics {
    /// Length of a step in the unit of the model's time constants; `None` takes
    /// the model's own `dt`, or 1 where the model has no time constant.
    pub dt: Option<f64>,
    /// Integration method.
    pub integration: Integration,
    /// Reset rule.
    pub reset: Reset,
    /// Reset timing.
    pub reset_step: ResetStep,
}

/// What is recorded beside the outputs' spikes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Record {
    /// Membranes of output populations, each step (outputs that do not spike always are).
    pub output_membranes: bool,
    /// Populations whose spikes are recorded, by name; `*` for all of them.
    pub spikes: Vec<String>,
}

/// All that a compilation depends on, beside the model and its calibration data.
#[derive(Debug, Clone)]
pub struct Options {
    /// Name of the model, for reports.
    pub name: String,
    /// The machine.
    pub target: Target,
    /// Rules of the dynamics.
    pub dynamics: Dynamics,
    /// Rounding of every product and shift.
    pub rounding: Rounding,
    /// Default seed of runs.
    pub seed: u64,
    /// Formats that the user chose, by `population.variable`.
    pub formats: BTreeMap<String, Format>,
    /// What is recorded.
    pub record: Record,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            name: "model".to_owned(),
            target: Target::base(),
            dynamics: Dynamics::default(),
            rounding: Rounding::Nearest,
            seed: 1,
            formats: BTreeMap::new(),
            record: Record::default(),
        }
    }
}

/// Name of a rounding mode, as flags and the manifest spell it.
pub fn rounding_name(rounding: Rounding) -> &'static str {
    match rounding {
        Rounding::Nearest => "nearest",
        Rounding::Stochastic => "stochastic",
        Rounding::Truncate => "truncate",
    }
}

/// A word that names none of the choices.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not one of {choices}")]
pub struct UnknownChoice {
    given: String,
    choices: &'static str,
}

macro_rules! choices {
    ($type:ty, $list:literal, $($word:literal => $value:expr),+) => {
        impl FromStr for $type {
            type Err = UnknownChoice;
            fn from_str(word: &str) -> Result<Self, UnknownChoice> {
                match word {
                    $($word => Ok($value),)+
                    _ => Err(UnknownChoice { given: word.to_owned(), choices: $list }),
                }
            }
        }
    };
}

choices!(Reset, "v_reset, zero, subtract",
    "v_reset" => Reset::ToVReset, "zero" => Reset::Zero, "subtract" => Reset::Subtract);
choices!(ResetStep, "same, next", "same" => ResetStep::Same, "next" => ResetStep::Next);
choices!(Integration, "euler, exponential",
    "euler" => Integration::Euler, "exponential" => Integration::Exponential);

impl fmt::Display for Integration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Integration::Euler => "euler",
            Integration::Exponential => "exponential",
        })
    }
}
