//! What a user decides about a compilation.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use spikevec_isa::Target;
use spikevec_isa::fixed::Rounding;

use crate::format::Format;
use crate::reading::{Readings, UnknownChoice, choices};

choices! {
    /// How many bits membranes have.
    Precision {
        /// A word of 16 bits; more words only where neurons grow, or stall below their threshold.
        #[default]
        Standard = "standard",
        /// Two words and more wherever the model allows it: of LI, LIF, CubaLI, CubaLIF, I and IF.
        High = "high",
        /// Three words there: for deep networks, in which each layer moves spikes of the next.
        Highest = "highest",
    }
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
    /// How what the model leaves open is read.
    pub readings: Readings,
    /// Rounding of every product and shift.
    pub rounding: Rounding,
    /// Bits of membranes.
    pub precision: Precision,
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
            readings: Readings::default(),
            rounding: Rounding::Nearest,
            precision: Precision::Standard,
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
