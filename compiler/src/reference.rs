//! The floating-point reference: each population's model, step by step, in `f64`.

use crate::error::CompileError;
use crate::graph::{Network, Source};
use crate::neuron::{Model, ModelState};
use crate::reading::{NetworkReading, Readings};
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
    network: &'a Network,
    models: Vec<Model>,
    /// Steps between a spike and its effect, of each projection.
    delays: Vec<u32>,
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
        Reference::read(network, &readings.of(network)?, membranes)
    }

    /// The same where the reading is known.
    ///
    /// # Errors
    /// A delay that is too short, or a model that is not sound.
    pub fn read(
        network: &'a Network,
        reading: &NetworkReading,
        membranes: &[usize],
    ) -> Result<Self, CompileError> {
        network.check_delays()?;
        let membranes = (0..network.populations.len()).map(|k| membranes.contains(&k));
        Ok(Reference {
            network,
            models: network.models(reading)?,
            delays: reading.delays(network),
            membranes: membranes.collect(),
        })
    }

    /// The models of the populations.
    pub fn models(&self) -> &[Model] {
        &self.models
    }

    /// Runs one sample from its start. Input indices beyond the network's inputs are ignored;
    /// callers check them where they read them. Neurons stand in the file's order.
    pub fn run(&self, input: &[Vec<u32>]) -> Recording {
        let mut recording = self.run_as_placed(input);
        self.network.restore_recording(&mut recording);
        recording
    }

    /// The same with neurons in the network's order ([`Network::order`]).
    pub fn run_as_placed(&self, input: &[Vec<u32>]) -> Recording {
        let count = self.network.populations.len();
        let mut recording = Recording {
            spikes: vec![Vec::with_capacity(input.len()); count],
            membranes: vec![Vec::new(); count],
        };
        let mut run = self.begin();
        for spikes in input {
            run.step(spikes, |_| Update::Free);
            for k in 0..count {
                recording.spikes[k].push(run.spiked[k].clone());
                if self.membranes[k] {
                    recording.membranes[k].extend_from_slice(run.potentials(k));
                }
            }
        }
        recording
    }

    /// The start of a sample, to be run step by step.
    pub(crate) fn begin(&self) -> Run<'_> {
        let projections = self.network.projections.iter().zip(&self.delays);
        let lines = projections.map(|(p, d)| DelayLine::new(*d, least_delay(p.source, p.target)));
        let inputs = |model: &Model| vec![vec![0.0; model.size()]; model.inputs().len()];
        Run {
            reference: self,
            states: self.models.iter().map(Model::start).collect(),
            arrived: self.models.iter().map(inputs).collect(),
            lines: lines.collect(),
            spiked: vec![Vec::new(); self.models.len()],
        }
    }
}

/// What a population does in a step.
pub(crate) enum Update<'s> {
    /// It is updated, and sends its spikes.
    Free,
    /// It is updated, and sends these spikes instead of its own.
    Sends(&'s [u32]),
    /// It is not updated, and sends these.
    Only(&'s [u32]),
}

/// A sample under way.
pub(crate) struct Run<'a> {
    reference: &'a Reference<'a>,
    states: Vec<ModelState>,
    /// Weighted spikes that wait for each population's next update, input by input. What
    /// leads to a population leads to its only input.
    arrived: Vec<Vec<Vec<f64>>>,
    /// Spikes under way, of each projection.
    lines: Vec<DelayLine>,
    /// Neurons that spiked at each population's last update.
    spiked: Vec<Vec<u32>>,
}

impl Run<'_> {
    /// One step. `update` says what each population does, by index.
    pub fn step<'s>(&mut self, input: &[u32], update: impl Fn(usize) -> Update<'s>) {
        self.deliver(Source::Input, input);
        for k in 0..self.states.len() {
            match update(k) {
                Update::Free => {
                    self.update(k);
                    let spikes = std::mem::take(&mut self.spiked[k]);
                    self.deliver(Source::Population(k), &spikes);
                    self.spiked[k] = spikes;
                }
                Update::Sends(spikes) => {
                    self.update(k);
                    self.deliver(Source::Population(k), spikes);
                }
                Update::Only(spikes) => self.deliver(Source::Population(k), spikes),
            }
        }
    }

    /// Neurons of population `k` that spiked in the last step, ascending.
    pub fn spikes(&self, k: usize) -> &[u32] {
        &self.spiked[k]
    }

    /// Membranes of population `k`, after the last step's reset.
    pub fn potentials(&self, k: usize) -> &[f64] {
        self.reference.models[k].potentials(&self.states[k])
    }

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
        self.spiked[k] = model.step(&mut self.states[k], &self.arrived[k], &self.spiked[k]);
        for input in &mut self.arrived[k] {
            input.fill(0.0);
        }
    }
}
