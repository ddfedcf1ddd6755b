//! What can be wrong with a program's manifest or with a sample.

use spikevec_assembler::image::MANIFEST_VERSION;
use spikevec_isa::Extension;
use spikevec_isa::target::TargetError;

use crate::backend::BackendError;

/// A program that cannot be fed, or a sample that it cannot take.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// A program without a manifest.
    #[error(
        "the program has no manifest, so that it is not known what it reads and writes: make one with `spikevec compile`"
    )]
    NoManifest,
    /// A manifest of another version.
    #[error(
        "the manifest has version {found}, this program reads version {MANIFEST_VERSION}: compile the model again"
    )]
    Version {
        /// The version found.
        found: u32,
    },
    /// A manifest whose target cannot be.
    #[error("the target of the manifest: {0}")]
    Target(#[from] TargetError),
    /// An instruction of an extension that the manifest's target does not name.
    #[error(
        "the program has the instruction {mnemonic} of the extension \"{}\", which the target {target:?} of its own \
         manifest does not name: compile the model again",
        .extension.title()
    )]
    Extension {
        /// The instruction.
        mnemonic: &'static str,
        /// Its extension.
        extension: Extension,
        /// Name of the target.
        target: String,
    },
    /// A buffer that every program must have.
    #[error(
        "the manifest has no {what}: it was not made for a host that feeds spikes step by step"
    )]
    Missing {
        /// The buffer.
        what: &'static str,
    },
    /// More than one buffer for input.
    #[error("the manifest has {count} input buffers ({names}), a sample feeds one")]
    Inputs {
        /// How many.
        count: usize,
        /// Their names.
        names: String,
    },
    /// A buffer of a form that the host cannot handle.
    #[error("buffer {buffer:?} of the manifest: {problem}")]
    Buffer {
        /// Name of the buffer.
        buffer: String,
        /// What is wrong.
        problem: String,
    },
    /// Channels that a population cannot have.
    #[error(
        "population {population:?} of the manifest: {channels} channels do not divide its {neurons} neurons"
    )]
    Channels {
        /// Name of the population.
        population: String,
        /// Its neurons.
        neurons: u32,
        /// Its channels.
        channels: u32,
    },
    /// A saturation site that the program cannot have.
    #[error("saturation site {index} of the manifest: {problem}")]
    Site {
        /// Index of the site.
        index: usize,
        /// What is wrong.
        problem: String,
    },
    /// A run may take no step.
    #[error("at most 0 steps a run: the limit must be 1 or more")]
    NoSteps,
    /// An input neuron that the network does not have.
    #[error(
        "sample {sample}, step {step}: a spike of input neuron {neuron}, but the network has {neurons} inputs (0 to {})",
        .neurons.saturating_sub(1)
    )]
    Neuron {
        /// Index of the sample.
        sample: u64,
        /// Step.
        step: usize,
        /// The neuron.
        neuron: u32,
        /// Input neurons.
        neurons: u32,
    },
    /// Spikes of a step that are not in ascending order.
    #[error(
        "sample {sample}, step {step}: input neuron {neuron} after {before}: sort each step's spikes"
    )]
    Order {
        /// Index of the sample.
        sample: u64,
        /// Step.
        step: usize,
        /// The neuron before.
        before: u32,
        /// The neuron.
        neuron: u32,
    },
    /// A count above 1 where the program takes one bit a neuron.
    #[error(
        "sample {sample}, step {step}: input neuron {neuron} spikes {count} times, but the program takes one bit a neuron and step: use a smaller time step, set counts to 1 at most, or put a dense layer (Linear or Affine) behind the Input"
    )]
    Count {
        /// Index of the sample.
        sample: u64,
        /// Step.
        step: usize,
        /// The neuron.
        neuron: u32,
        /// Its spikes.
        count: usize,
    },
    /// A step with more spikes than the input buffer holds.
    #[error(
        "sample {sample}, step {step}: {spikes} input spikes need {} words, the input buffer holds {words}: compile for a target with more scalar memory (--target large), or use a smaller time step",
        .spikes + 1
    )]
    StepTooLarge {
        /// Index of the sample.
        sample: u64,
        /// Step.
        step: usize,
        /// Input spikes.
        spikes: usize,
        /// Words of the buffer.
        words: usize,
    },
    /// A sample on which the program failed.
    #[error("sample {sample}, steps {first} to {last}: {source}")]
    Run {
        /// Index of the sample.
        sample: u64,
        /// First step of the run.
        first: usize,
        /// Last step of the run.
        last: usize,
        /// What happened.
        source: BackendError,
    },
    /// More spikes than can be.
    #[error(
        "sample {sample}: {spikes} spikes of population {population:?} were counted, but {neurons} neurons spike {} times \
         in {steps} steps at the most: the machine has not done what the program says, or the program is damaged; \
         compile the model again, and compare with --backend sim",
        *.steps as u64 * u64::from(*.neurons)
    )]
    Spikes {
        /// Index of the sample.
        sample: u64,
        /// The population.
        population: String,
        /// Spikes counted.
        spikes: u64,
        /// Its neurons.
        neurons: u32,
        /// Steps of the sample.
        steps: usize,
    },
    /// The run was cancelled.
    #[error("sample {sample} was cancelled before its step {step}")]
    Cancelled {
        /// Index of the sample.
        sample: u64,
        /// The first step that was not run.
        step: usize,
    },
    /// A state that the manifest does not name.
    #[error("the manifest has no state {name:?}; it has {known}")]
    State {
        /// The name asked for.
        name: String,
        /// The states that there are.
        known: String,
    },
    /// The machine refused the program or an access.
    #[error(transparent)]
    Backend(#[from] BackendError),
}
