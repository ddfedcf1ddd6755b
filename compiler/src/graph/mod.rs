//! The network graph: populations and the projections between them.
//!
//! First stage of the compiler. Nested graphs are flat here, chains of linear
//! nodes are one projection each, every parameter is one number a neuron, and
//! populations stand in the order of their updates.

mod arrangement;
mod build;
mod convolution;
mod flat;
mod incoming;
mod linear;
mod neurons;
mod order;
mod warnings;

use std::fmt;

use crate::error::CompileError;
use crate::neuron::{Described, Model, Neuron};
use crate::reading::NetworkReading;
use crate::reference::Recording;
use crate::synapse::least_delay;

pub use crate::synapse::{Connectivity, Source};
pub use arrangement::Neurons;
pub use build::from_nir;
pub(crate) use order::{Connection, ordered};

/// A group of neurons of one model.
#[derive(Debug, Clone, PartialEq)]
pub struct Population {
    /// Name of its node; nested names are joined with dots.
    pub name: String,
    /// Model and parameters.
    pub neuron: Neuron,
    /// Its neurons along each axis, in row-major order; one number for a plain row of neurons.
    pub shape: Vec<usize>,
    /// Constant input of each neuron: the sum of the biases on the way to it.
    pub bias: Vec<f64>,
}

impl Population {
    /// Number of neurons.
    pub fn size(&self) -> usize {
        self.shape.iter().product()
    }
}

/// Synapses from one source to one population.
#[derive(Debug, Clone, PartialEq)]
pub struct Projection {
    /// Where the spikes come from.
    pub source: Source,
    /// The population they go to, by index.
    pub target: usize,
    /// Weights.
    pub connectivity: Connectivity,
    /// Steps between a spike and its effect, at least what the order of updates makes: 0 feeding
    /// forward, 1 on feedback, that is where the target is updated no later than the source.
    pub delay: u32,
}

/// A network: the graph stage's product.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    /// Input neurons along each axis, in row-major order.
    pub input_shape: Vec<usize>,
    /// Step length that the model's metadata states, if any.
    pub stated_dt: Option<f64>,
    /// Populations in the order of their updates in a step.
    pub populations: Vec<Population>,
    /// Projections: those of the input first, then by source in update order.
    pub projections: Vec<Projection>,
    /// Populations that lead to an Output node, in the order of the nodes' names.
    pub outputs: Vec<usize>,
    /// What a user should know about the model.
    pub warnings: Vec<String>,
}

impl Network {
    /// Number of input neurons.
    pub fn inputs(&self) -> usize {
        self.input_shape.iter().product()
    }

    /// Neurons of a source.
    pub fn source_size(&self, source: Source) -> usize {
        match source {
            Source::Input => self.inputs(),
            Source::Population(k) => self.populations[k].size(),
        }
    }

    /// Name of a source.
    pub fn source_name(&self, source: Source) -> &str {
        match source {
            Source::Input => "input",
            Source::Population(k) => &self.populations[k].name,
        }
    }

    /// The order of the neurons of population `k`: channels last where a convolution leads to it,
    /// since its code needs them so. Results are given in the file's order.
    pub fn order(&self, k: usize) -> Neurons {
        let incoming = self.projections.iter().filter(|p| p.target == k);
        let channels = incoming.map(|p| p.connectivity.synapses().channels());
        Neurons::of_channels(channels.max().unwrap_or(1))
    }

    /// Puts what all populations did back into the file's order.
    pub fn restore_recording(&self, recording: &mut Recording) {
        for (k, population) in self.populations.iter().enumerate() {
            self.order(k)
                .restore_recording(recording, k, population.size());
        }
    }

    /// Projections that begin at `source`.
    pub fn projections_from(&self, source: Source) -> impl Iterator<Item = &Projection> {
        self.projections.iter().filter(move |p| p.source == source)
    }

    /// Gives population `name` neurons of the model `neuron`. Parameters that are not set yet take
    /// the numbers that the neurons so far have under the same names, as `tau` and `v_threshold` of
    /// a LIF; gives the names of these.
    ///
    /// # Errors
    /// [`CompileError::UnknownPopulation`].
    pub fn describe(
        &mut self,
        name: &str,
        mut neuron: Described,
    ) -> Result<Vec<&'static str>, CompileError> {
        let Some(k) = self.populations.iter().position(|p| p.name == name) else {
            let known: Vec<&str> = self.populations.iter().map(|p| p.name.as_str()).collect();
            return Err(CompileError::UnknownPopulation {
                given: name.to_owned(),
                known: known.join(", "),
            });
        };
        let population = &mut self.populations[k];
        let mut taken = Vec::new();
        for (parameter, values) in population.neuron.parameters() {
            if !neuron.is_set(parameter) && neuron.set(parameter, values).is_ok() {
                taken.push(parameter);
            }
        }
        population.neuron = Neuron::Described(neuron);
        Ok(taken)
    }

    /// The models of the populations under `reading`.
    ///
    /// # Errors
    /// [`CompileError::Model`], and [`CompileError::Inputs`] where projections lead to a
    /// model without exactly one input.
    pub fn models(&self, reading: &NetworkReading) -> Result<Vec<Model>, CompileError> {
        let mut models = Vec::with_capacity(self.populations.len());
        let populations = self.populations.iter().zip(reading.readings());
        for (k, (population, reading)) in populations.enumerate() {
            let (name, neuron) = (&population.name, &population.neuron);
            let model = neuron.model(reading, &population.bias);
            let model = model.map_err(|errors| CompileError::Model {
                population: name.clone(),
                errors,
            })?;
            let fed = self.projections.iter().any(|p| p.target == k);
            if fed && model.inputs().len() != 1 {
                let inputs = model.inputs().iter().map(|input| input.name.clone());
                return Err(CompileError::Inputs {
                    population: name.clone(),
                    inputs: inputs.collect(),
                });
            }
            models.push(model);
        }
        Ok(models)
    }

    /// True where some projection is feedback.
    pub fn is_recurrent(&self) -> bool {
        self.projections
            .iter()
            .any(|p| least_delay(p.source, p.target) > 0)
    }

    /// Checks that no spike would have to arrive before the order of updates lets it.
    ///
    /// # Errors
    /// [`CompileError::Delay`] names the first projection whose delay is shorter.
    pub fn check_delays(&self) -> Result<(), CompileError> {
        for p in &self.projections {
            let least = least_delay(p.source, p.target);
            if p.delay < least {
                return Err(CompileError::Delay {
                    origin: self.source_name(p.source).to_owned(),
                    target: self.populations[p.target].name.clone(),
                    delay: p.delay,
                    least,
                });
            }
        }
        Ok(())
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (inputs, axes_of_input) = (self.inputs(), axes(&self.input_shape));
        writeln!(f, "network: {inputs} inputs{axes_of_input}")?;
        for (k, p) in self.populations.iter().enumerate() {
            let output = if self.outputs.contains(&k) {
                ", output"
            } else {
                ""
            };
            writeln!(
                f,
                "  population {}: {} {}{}{}{output}",
                p.name,
                p.size(),
                p.neuron.kind(),
                axes(&p.shape),
                match self.order(k) {
                    Neurons::AsInFile => "",
                    Neurons::ChannelsLast(_) => ", channels last",
                }
            )?;
        }
        for p in &self.projections {
            writeln!(
                f,
                "  projection {} -> {}: {}, {} weights, delay {}",
                self.source_name(p.source),
                self.populations[p.target].name,
                p.connectivity.synapses().kind(),
                p.connectivity.weights().len(),
                p.delay
            )?;
        }
        Ok(())
    }
}

/// The axes of a shape that has several.
fn axes(shape: &[usize]) -> String {
    match shape {
        [] | [_] => String::new(),
        axes => {
            let axes: Vec<String> = axes.iter().map(usize::to_string).collect();
            format!(" ({})", axes.join(" x "))
        }
    }
}
