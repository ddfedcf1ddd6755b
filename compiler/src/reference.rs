//! The floating-point reference: each population's model, step by step, in `f64`.

use std::borrow::Cow;

use crate::error::CompileError;
use crate::graph::{Network, Source};
use crate::neuron::{Model, ModelState};
use crate::reading::Readings;
use crate::synapse::{DelayLine, least_delay};

/// Spikes of one sample: for each step the indices of the input neurons that
/// spike, ascending; an index stands twice where a neuron spikes twice.
pub type Spikes = Vec<Vec<u32>>;

/// What happened in a run of one sample.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Recording {
    /// `spikes[population][step]`: indices of the neurons that spiked, ascending.
    pub spikes: Vec<Spikes>,
    /// `membranes[population][step * size + neuron]`, after the step's reset.
    /// Empty for populations whose membranes were not asked for.
    pub membranes: Vec<Vec<f64>>,
}

/// Runs networks in floating point.
#[derive(Debug, Clone)]
pub struct Reference<'a> {
    /// With the delays of its reading.
    network: Cow<'a, Network>,
    models: Vec<Model>,
    /// Populations whose membranes are recorded.
    membranes: Vec<bool>,
}

impl<'a> Reference<'a> {
    /// A reference for `network` that records the membranes of the populations in `membranes`.
    ///
    /// # Errors
    /// A reading that cannot be had, a delay that is too short, or a model that is not sound.
    pub fn new(
        network: &'a Network,
        readings: &Readings,
        membranes: &[usize],
    ) -> Result<Self, CompileError> {
        let reading = readings.of(network)?;
        let models = network.models(&reading)?;
        let network = reading.delayed(network);
        network.check_delays()?;
        let membranes = (0..network.populations.len())
            .map(|k| membranes.contains(&k))
            .collect();
        Ok(Reference {
            network,
            models,
            membranes,
        })
    }

    /// The models of the populations.
    pub fn models(&self) -> &[Model] {
        &self.models
    }

    /// Runs one sample from a state of zero. Input indices beyond the network's
    /// inputs are ignored; callers check them where they read them.
    pub fn run(&self, input: &[Vec<u32>]) -> Recording {
        let count = self.network.populations.len();
        let projections = self.network.projections.iter();
        let lines = projections.map(|p| DelayLine::new(p.delay, least_delay(p.source, p.target)));
        let mut run = Run {
            reference: self,
            states: self.models.iter().map(Model::start).collect(),
            arrived: self
                .models
                .iter()
                .map(|model| vec![vec![0.0; model.size()]; model.inputs().len()])
                .collect(),
            lines: lines.collect(),
            spiked: vec![Vec::new(); count],
            recording: Recording {
                spikes: vec![Vec::with_capacity(input.len()); count],
                membranes: vec![Vec::new(); count],
            },
        };
        for spikes in input {
            run.deliver(Source::Input, spikes);
            for k in 0..count {
                run.update(k);
            }
        }
        run.recording
    }
}

struct Run<'a> {
    reference: &'a Reference<'a>,
    states: Vec<ModelState>,
    /// Weighted spikes that wait for each population's next update, input by input. What
    /// leads to a population leads to its only input.
    arrived: Vec<Vec<Vec<f64>>>,
    /// Spikes under way, of each projection.
    lines: Vec<DelayLine>,
    /// Neurons that spiked at each population's last update.
    spiked: Vec<Vec<u32>>,
    recording: Recording,
}

impl Run<'_> {
    /// Adds the weights of what arrives now that `source` has spiked. Feed-forward targets are
    /// updated later in the step, feedback targets only in the next; what a projection's delay is
    /// beyond that, its line keeps.
    fn deliver(&mut self, source: Source, spikes: &[u32]) {
        let all = self.reference.network.projections.iter();
        let own = all.zip(&mut self.lines).filter(|(p, _)| p.source == source);
        for (projection, line) in own {
            let Some(arrived) = self.arrived[projection.target].first_mut() else {
                continue;
            };
            let synapses = projection.connectivity.synapses();
            for spike in line.pass(spikes) {
                synapses.deliver(spike as usize, arrived);
            }
        }
    }

    fn update(&mut self, k: usize) {
        let model = &self.reference.models[k];
        let state = &mut self.states[k];
        let spikes = model.step(state, &self.arrived[k], &self.spiked[k]);
        for input in &mut self.arrived[k] {
            input.fill(0.0);
        }
        if self.reference.membranes[k] {
            self.recording.membranes[k].extend_from_slice(model.potentials(state));
        }
        self.deliver(Source::Population(k), &spikes);
        self.spiked[k].clone_from(&spikes);
        self.recording.spikes[k].push(spikes);
    }
}
