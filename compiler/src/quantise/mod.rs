//! The quantised network: every number 16 bits, every operation one of the core's.
//!
//! Second stage of the compiler. It fixes the arithmetic completely: the
//! [`Interpreter`] runs it, and the program's state equals the interpreter's bit
//! for bit after every step.

mod calibration;
mod difference;
mod digits;
mod expression;
mod interpret;
mod kernel;
mod lower;
mod network;
mod operation;
mod population;
mod pressure;
mod search;
mod trial;
mod wide;

use std::fmt;

use spikevec_isa::fixed::Rounding;

use crate::graph::{Neurons, Source};
use crate::reading::NetworkReading;

pub use crate::synapse::Weights;

pub use calibration::{Calibration, seeded_spikes, uneven_spikes};
pub use difference::{Difference, record};
pub use interpret::Interpreter;
pub use kernel::{Constant, Fire, Gate, Kernel, KernelState, Values};
pub use lower::{DoesNotFit, Formats, LowerError, can_add_directly, lower};
pub use network::{quantise, quantise_with};
pub use operation::{Operation, Slot};
pub use pressure::TooLarge;
pub use trial::Fidelity;

/// A population in fixed point.
#[derive(Debug, Clone, PartialEq)]
pub struct QuantisedPopulation {
    /// Name.
    pub name: String,
    /// NIR type of its neurons.
    pub kind: String,
    /// The order of its neurons.
    pub order: Neurons,
    /// Its update.
    pub kernel: Kernel,
    /// What the choice of formats costs on the calibration data.
    pub fidelity: Fidelity,
}

/// A projection in fixed point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuantisedProjection {
    /// Where the spikes come from.
    pub source: Source,
    /// The population they go to, by index.
    pub target: usize,
    /// Steps between a spike and its effect.
    pub delay: u32,
    /// Weights.
    pub weights: Weights,
}

/// The second stage's product.
#[derive(Debug, Clone, PartialEq)]
pub struct QuantisedNetwork {
    /// Number of input neurons.
    pub inputs: usize,
    /// Length of a step.
    pub dt: f64,
    /// What the model left open.
    pub reading: NetworkReading,
    /// Rounding of products and shifts.
    pub rounding: Rounding,
    /// Populations in the order of their updates.
    pub populations: Vec<QuantisedPopulation>,
    /// Projections by source, then target.
    pub projections: Vec<QuantisedProjection>,
    /// Output populations.
    pub outputs: Vec<usize>,
    /// What a user should know of the formats chosen.
    pub warnings: Vec<String>,
}

impl QuantisedNetwork {
    /// Projections that begin at `source`.
    pub fn projections_from(&self, source: Source) -> impl Iterator<Item = &QuantisedProjection> {
        self.projections.iter().filter(move |p| p.source == source)
    }

    /// Neurons of a source.
    pub fn source_size(&self, source: Source) -> usize {
        match source {
            Source::Input => self.inputs,
            Source::Population(k) => self.populations[k].kernel.size,
        }
    }

    /// Name of a source.
    pub fn source_name(&self, source: Source) -> &str {
        match source {
            Source::Input => "input",
            Source::Population(k) => &self.populations[k].name,
        }
    }

    /// True where some operation draws random numbers.
    pub fn draws_random_numbers(&self) -> bool {
        self.populations
            .iter()
            .any(|p| p.kernel.draws_random_numbers())
    }
}

impl fmt::Display for QuantisedNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "quantised network: dt {:?}, rounding {:?}",
            self.dt, self.rounding
        )?;
        for p in &self.populations {
            writeln!(f, "  {} ({}, {} neurons)", p.name, p.kind, p.kernel.size)?;
            for (k, s) in p.kernel.states.iter().enumerate() {
                let role = if p.kernel.accumulators().contains(&k) {
                    ", weights"
                } else {
                    ""
                };
                writeln!(f, "    state {}: {}{role}", s.name, s.format)?;
            }
            for c in &p.kernel.constants {
                let value = match &c.values {
                    Values::Uniform(v) => format!("{v}"),
                    Values::PerNeuron(_) => "one a neuron".to_owned(),
                };
                writeln!(f, "    constant {}: {} {value}", c.name, c.format)?;
            }
            let parts = [
                ("integrate", &p.kernel.integrate),
                ("prepare", &p.kernel.prepare),
            ];
            for (name, operations) in parts {
                for operation in operations {
                    writeln!(f, "    {name}: {operation}")?;
                }
            }
            if let Some(fire) = &p.kernel.fire {
                for operation in &fire.margin {
                    writeln!(f, "    compare: {operation}")?;
                }
                let compared = match fire.compared {
                    Slot::State(k) => p.kernel.states[k].name.clone(),
                    slot => slot.to_string(),
                };
                let sign = fire.comparison.sign();
                write!(f, "    spike: {compared} {sign} {}", fire.threshold)?;
                if let Some(Gate { test, a, b }) = fire.gate {
                    write!(f, " and {a} {} {b}", test.sign())?;
                }
                writeln!(f)?;
                for operation in &fire.reset {
                    writeln!(f, "    reset: {operation}")?;
                }
            }
        }
        Ok(())
    }
}
