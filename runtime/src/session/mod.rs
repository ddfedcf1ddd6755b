//! One sample through a program.
//!
//! A program's protocol: the host writes the number of steps to the control word
//! `steps`, 1 to `restart` where the run begins a sample (else 0), the generators'
//! state to `seed` where the program has such a buffer and a sample begins, and the
//! input of the steps; it runs the program and reads what was recorded.

pub(crate) mod check;
mod error;
mod layout;
mod pack;
mod read;
mod work;

use std::collections::BTreeMap;
use std::sync::Arc;

use spikevec_assembler::image::Manifest;
use spikevec_assembler::{CodeNames, Image, Needs};
use spikevec_isa::{LANES, Memory, Rng};

use crate::backend::{Backend, BackendError};
use crate::cancel::Cancel;
use crate::data::Sample;
use layout::{InputForm, Layout};
use work::Work;

pub use error::SessionError;

/// How samples are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SessionOptions {
    /// Seed of the random numbers; the manifest's where it is `None`.
    pub seed: Option<u64>,
    /// Most instructions of one run of the program; `None` for what follows from its code, its
    /// neurons, and the steps and spikes of the run ([`Session::budget`]).
    pub budget: Option<u64>,
    /// Most steps of one run, where that is to be fewer than the program can take.
    /// Results do not depend on it.
    pub max_steps: Option<usize>,
}

/// A program on a machine, ready for samples.
#[derive(Debug)]
pub struct Session<B> {
    backend: B,
    layout: Arc<Layout>,
    manifest: Arc<Manifest>,
    /// Names of the code, for errors.
    names: Arc<CodeNames>,
    work: Work,
    machine_bytes: u64,
    seed: u64,
    budget: Option<u64>,
}

/// The steps of one run.
struct Chunk<'a> {
    /// Their input in memory's form.
    input: &'a [u8],
    steps: usize,
    /// Most instructions.
    budget: u64,
    /// The sample's index where it begins here.
    begins: Option<u64>,
}

/// Numbers recorded at every step, or a state (one step).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recording {
    /// Fraction bits: the number is the value divided by `2^fraction`.
    pub fraction: u32,
    /// Neurons.
    pub neurons: usize,
    /// Values, `steps x neurons`, the neuron fastest.
    pub values: Vec<i16>,
}

impl Recording {
    /// The values as the numbers that they stand for, exactly.
    pub fn numbers(&self) -> impl Iterator<Item = f64> {
        let unit = 0.5f64.powi(i32::try_from(self.fraction).unwrap_or(i32::MAX));
        self.values
            .iter()
            .map(move |value| f64::from(*value) * unit)
    }
}

/// What a program did with a sample.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SampleResult {
    /// Recorded spikes of a population, by its name: the neurons that spiked at each step.
    pub spikes: BTreeMap<String, Sample>,
    /// Recorded membranes of a population, by its name.
    pub membranes: BTreeMap<String, Recording>,
    /// Other recorded variables, by the buffer's name (`population.variable`).
    pub recordings: BTreeMap<String, Recording>,
    /// Spikes of a population over the sample, where the program counts or records them.
    pub spike_counts: BTreeMap<String, u64>,
    /// Steps.
    pub steps: usize,
    /// Instructions executed.
    pub instructions: u64,
    /// Clocks that the core takes for them; `None` where the machine does not time runs.
    pub clocks: Option<u64>,
    /// Runs of the program.
    pub runs: u32,
    /// A random number was drawn from an unseeded generator.
    pub rng_used_unseeded: bool,
}

/// Input neurons of the network that `image` was made from.
///
/// # Errors
/// No manifest, or one that this host cannot serve.
pub fn input_neurons(image: &Image) -> Result<usize, SessionError> {
    let manifest = image.manifest.as_ref().ok_or(SessionError::NoManifest)?;
    Ok(Layout::new(manifest, None)?.input.neurons as usize)
}

impl<B: Backend> Session<B> {
    /// Loads `image` into `backend` and checks its manifest.
    ///
    /// # Errors
    /// No manifest, a manifest that this host cannot serve, or an image that does
    /// not fit the machine.
    pub fn new(
        mut backend: B,
        image: &Image,
        options: &SessionOptions,
    ) -> Result<Self, SessionError> {
        let manifest = image.manifest.as_ref().ok_or(SessionError::NoManifest)?;
        let layout = Layout::new(manifest, options.max_steps)?;
        check::check(manifest, &image.code)?;
        backend.load(image)?;
        Ok(Session {
            backend,
            work: Work::of(image, manifest, layout.input.neurons),
            machine_bytes: machine_bytes(image),
            layout: Arc::new(layout),
            manifest: Arc::new(manifest.clone()),
            names: Arc::new(CodeNames::of(image)),
            seed: options.seed.unwrap_or(manifest.seed),
            budget: options.budget,
        })
    }

    /// The same program on another machine, for another thread.
    ///
    /// # Errors
    /// [`BackendError::NoFork`] where there is one machine only.
    pub fn fork(&self) -> Result<Self, BackendError> {
        Ok(Session {
            backend: self.backend.fork()?,
            layout: Arc::clone(&self.layout),
            manifest: Arc::clone(&self.manifest),
            names: Arc::clone(&self.names),
            work: self.work,
            machine_bytes: self.machine_bytes,
            seed: self.seed,
            budget: self.budget,
        })
    }

    /// The program's manifest.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Takes another seed for the next samples; the manifest's where it is `None`.
    pub fn set_seed(&mut self, seed: Option<u64>) {
        self.seed = seed.unwrap_or(self.manifest.seed);
    }

    /// Bytes of data memories that the program is known to need of each machine.
    pub(crate) fn machine_bytes(&self) -> u64 {
        self.machine_bytes
    }

    /// Takes another limit of instructions for the next runs of the program.
    pub fn set_budget(&mut self, budget: Option<u64>) {
        self.budget = budget;
    }

    /// Most instructions of a run of `steps` steps that have `spikes` input spikes together: the
    /// limit that was set, or else what a program of this code and these neurons can take where
    /// every neuron spikes in every step, twice.
    pub fn budget(&self, steps: usize, spikes: usize) -> u64 {
        let work = || self.work.budget(steps as u64, spikes as u64);
        self.budget.unwrap_or_else(work)
    }

    /// The machine.
    pub fn backend(&self) -> &B {
        &self.backend
    }

    /// The machine, for access to memories that the manifest does not name.
    pub fn backend_mut(&mut self) -> &mut B {
        &mut self.backend
    }

    /// Input neurons of the network.
    pub fn input_neurons(&self) -> usize {
        self.layout.input.neurons as usize
    }

    /// Runs one sample from the initial state. `index` is the stream of its random
    /// numbers, so that a sample's result does not depend on what ran before. A
    /// sample without steps runs nothing and leaves the state as it is.
    ///
    /// # Errors
    /// Spikes that the input buffer cannot hold, a program that does not end, or one that counts more spikes than its
    /// neurons can fire.
    pub fn run_sample(
        &mut self,
        sample: &[Vec<u32>],
        index: u64,
    ) -> Result<SampleResult, SessionError> {
        self.run_sample_unless(&Cancel::default(), sample, index)
    }

    /// As [`Session::run_sample`], unless it is cancelled first.
    ///
    /// # Errors
    /// As there, and [`SessionError::Cancelled`].
    pub fn run_sample_unless(
        &mut self,
        cancel: &Cancel,
        sample: &[Vec<u32>],
        index: u64,
    ) -> Result<SampleResult, SessionError> {
        let layout = Arc::clone(&self.layout);
        check_sample(sample, index, &layout)?;
        let mut result = read::empty_result(&layout);
        let mut first = 0;
        while first < sample.len() {
            if cancel.is_cancelled() {
                return Err(SessionError::Cancelled {
                    sample: index,
                    step: first,
                });
            }
            let rest = sample.get(first..).unwrap_or_default();
            let (count, bytes) = chunk(rest, &layout);
            let spikes = rest.iter().take(count).map(Vec::len).sum();
            let chunk = Chunk {
                input: &bytes,
                steps: count,
                budget: self.budget(count, spikes),
                begins: (first == 0).then_some(index),
            };
            self.run_chunk(&layout, &chunk, &mut result)
                .map_err(|source| SessionError::Run {
                    sample: index,
                    first,
                    last: first + count - 1,
                    source: source.named(&self.names),
                })?;
            first += count;
        }
        read::finish(&layout, &mut result);
        self.check_counts(&result, index)?;
        Ok(result)
    }

    /// One run of the program.
    fn run_chunk(
        &mut self,
        layout: &Layout,
        chunk: &Chunk<'_>,
        result: &mut SampleResult,
    ) -> Result<(), BackendError> {
        let Chunk {
            input,
            steps,
            budget,
            begins,
        } = *chunk;
        let backend = &mut self.backend;
        // max_steps comes from 32-bit words, so that the number of steps fits one.
        let word = (steps as u32).to_le_bytes();
        backend.write(layout.steps.memory, layout.steps.address, &word)?;
        let word = u32::from(begins.is_some()).to_le_bytes();
        backend.write(layout.restart.memory, layout.restart.address, &word)?;
        if let (Some(seed), Some(index)) = (layout.seed, begins) {
            let mut address = seed.address;
            for vector in Rng::from_seed(self.seed, index).to_vectors() {
                let bytes = vector.map(i16::to_le_bytes);
                backend.write(seed.memory, address, bytes.as_flattened())?;
                address += seed.stride;
            }
        }
        backend.write(layout.input.memory, layout.input.address, input)?;
        let outcome = backend.run(budget)?;
        result.steps += steps;
        result.runs += 1;
        result.instructions += outcome.instructions;
        if let Some(clocks) = outcome.clocks {
            *result.clocks.get_or_insert(0) += clocks;
        }
        result.rng_used_unseeded |= outcome.rng_used_unseeded;
        read::record(backend, layout, steps, result)
    }

    /// Refuses more spikes than the neurons can fire: a machine that counts them has done something
    /// else than the program, and what else it has done is worth nothing.
    fn check_counts(&self, result: &SampleResult, sample: u64) -> Result<(), SessionError> {
        for note in &self.manifest.populations {
            let spikes = result.spike_counts.get(&note.name).copied().unwrap_or(0);
            let most = (result.steps as u64).saturating_mul(u64::from(note.neurons));
            if spikes > most {
                return Err(SessionError::Spikes {
                    sample,
                    population: note.name.clone(),
                    spikes,
                    neurons: note.neurons,
                    steps: result.steps,
                });
            }
        }
        Ok(())
    }

    /// The present value of the state called `name` (`population.variable`).
    ///
    /// # Errors
    /// A name that the manifest does not have as a state of one row of fixed-point numbers.
    pub fn read_state(&mut self, name: &str) -> Result<Recording, SessionError> {
        let states = &self.layout.states;
        let Some(rows) = states.iter().find(|rows| rows.name == name) else {
            let known: Vec<&str> = states.iter().map(|rows| rows.name.as_str()).collect();
            return Err(SessionError::State {
                name: name.to_owned(),
                known: known.join(", "),
            });
        };
        Ok(read::state(&mut self.backend, rows)?)
    }

    /// Names of the states that [`Session::read_state`] knows.
    pub fn state_names(&self) -> impl Iterator<Item = &str> {
        self.layout.states.iter().map(|rows| rows.name.as_str())
    }
}

/// Bytes of data memories that a program is known to need.
fn machine_bytes(image: &Image) -> u64 {
    let needs = Needs::of(image);
    let flat = [Memory::Scalar, Memory::Vector, Memory::External];
    let lanes = needs.bytes(Memory::LaneLocal) * LANES as u64;
    flat.iter().map(|memory| needs.bytes(*memory)).sum::<u64>() + lanes
}

/// Checks that the program can take every step of a sample.
fn check_sample(sample: &[Vec<u32>], index: u64, layout: &Layout) -> Result<(), SessionError> {
    let neurons = layout.input.neurons;
    for (step, spikes) in sample.iter().enumerate() {
        // `spikes` is ascending, so that the last is the largest; the order is checked below.
        if let Some(&neuron) = spikes.iter().find(|&&neuron| neuron >= neurons) {
            return Err(SessionError::Neuron {
                sample: index,
                step,
                neuron,
                neurons,
            });
        }
        if let Some([before, neuron]) = spikes.array_windows().find(|[a, b]| a > b) {
            return Err(SessionError::Order {
                sample: index,
                step,
                before: *before,
                neuron: *neuron,
            });
        }
        match layout.input.form {
            InputForm::List { words, .. } if spikes.len() >= words => {
                return Err(SessionError::StepTooLarge {
                    sample: index,
                    step,
                    spikes: spikes.len(),
                    words,
                });
            }
            InputForm::Bits { .. } => {
                if let Some([neuron, _]) = spikes.array_windows().find(|[a, b]| a == b) {
                    return Err(SessionError::Count {
                        sample: index,
                        step,
                        neuron: *neuron,
                        count: spikes.iter().filter(|&other| other == neuron).count(),
                    });
                }
            }
            InputForm::List { .. } => {}
        }
    }
    Ok(())
}

/// As many of the steps as one run takes, at least one, and their input in memory's form.
fn chunk(steps: &[Vec<u32>], layout: &Layout) -> (usize, Vec<u8>) {
    let mut bytes = Vec::new();
    let mut count = 0;
    match layout.input.form {
        InputForm::List {
            base,
            stride,
            words,
        } => {
            for spikes in steps.iter().take(layout.max_steps) {
                if bytes.len() / 4 + spikes.len() + 1 > words {
                    break;
                }
                pack::pack_list(spikes, base, stride, &mut bytes);
                count += 1;
            }
        }
        InputForm::Bits { step_stride, .. } => {
            let row = pack::bit_row_bytes(layout.input.neurons as usize);
            count = steps.len().min(layout.max_steps);
            bytes.resize(count.saturating_sub(1) * step_stride + row, 0);
            for (step, spikes) in steps.iter().take(count).enumerate() {
                let place = bytes.get_mut(step * step_stride..).unwrap_or_default();
                pack::pack_bits(spikes, place);
            }
        }
    }
    (count, bytes)
}
