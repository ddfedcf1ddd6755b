//! What can go wrong between a model and a program.

use spikevec_isa::{Extension, Memory};

use crate::neuron::ModelErrors;
use crate::reading::ReadingError;

/// Why a model has no program.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CompileError {
    /// An instruction that the target does not have.
    #[error(
        "the program needs the instruction {mnemonic} of the extension \"{}\", which the target {target} does not \
         name: add the extension to the target, or choose another (--target)", .extension.title()
    )]
    Extension {
        /// The instruction.
        mnemonic: &'static str,
        /// Its extension.
        extension: Extension,
        /// Name of the target.
        target: String,
    },
    /// A delay shorter than the order of updates allows.
    #[error(
        "the projection {origin} -> {target} has a delay of {delay} steps; the order of updates makes it at \
         least {least}: give it that many"
    )]
    Delay {
        /// Where it begins.
        origin: String,
        /// Where it ends.
        target: String,
        /// Its delay in steps.
        delay: u32,
        /// The shortest that is possible.
        least: u32,
    },
    /// A delay that the program cannot make.
    #[error(
        "the projection {origin} -> {target} has a delay of {delay} steps; programs deliver spikes after {most} \
         at most there, the float reference after any: shorten the delay"
    )]
    LongDelay {
        /// Where it begins.
        origin: String,
        /// Where it ends.
        target: String,
        /// Its delay in steps.
        delay: u32,
        /// The longest that is possible.
        most: u32,
    },
    /// A node type that the compiler does not know how to lower.
    #[error("node `{name}`: {kind} is not supported; supported are {supported}")]
    UnsupportedNode {
        /// Name of the node.
        name: String,
        /// Its NIR type.
        kind: &'static str,
        /// The types that are.
        supported: &'static str,
    },
    /// A structure that the compiler cannot express.
    #[error("{0}")]
    Structure(String),
    /// A parameter outside what makes sense.
    #[error("node `{node}`: {parameter} of neuron {neuron} is {value}; {rule}")]
    Parameter {
        /// Name of the node.
        node: String,
        /// Name of the parameter.
        parameter: &'static str,
        /// Index of the first neuron.
        neuron: usize,
        /// The value.
        value: f64,
        /// What it must be.
        rule: &'static str,
    },
    /// Shapes that do not fit together.
    #[error("node `{node}`: {what} has {found} elements where {wanted} are needed")]
    Size {
        /// Name of the node.
        node: String,
        /// What has them.
        what: String,
        /// How many there are.
        found: usize,
        /// How many there must be.
        wanted: usize,
    },
    /// A time step that is missing.
    #[error(
        "the model does not say how long a time step is: give --dt in the unit of its time constants, \
         which go from {min:.4e} to {max:.4e}, or --framework where it comes from one{}",
        .sign.as_ref().map_or_else(String::new, |sign| format!(" ({sign})"))
    )]
    MissingDt {
        /// Smallest absolute time constant.
        min: f64,
        /// Largest absolute time constant.
        max: f64,
        /// What shows who wrote the file, if anything does.
        sign: Option<String>,
    },
    /// A time step that is not a positive number.
    #[error("a time step of {0} is not possible: give a positive number with --dt")]
    BadDt(f64),
    /// A reading that the network cannot be given.
    #[error(transparent)]
    Reading(#[from] ReadingError),
    /// Several spikes a step, which programs do not make.
    #[error(
        "population `{population}` may spike several times a step, which only the float reference computes: give \
         --spikes-a-step 1 and hear how much it matters from `spikevec reading`, or train the network with one spike a step"
    )]
    SeveralSpikes {
        /// Name of the population.
        population: String,
    },
    /// A pinned format that does not hold the values.
    #[error(
        "{what}: format {format} holds up to {limit}, but {value} is needed; pin a format with more integer bits, or none"
    )]
    FormatTooNarrow {
        /// Which tensor.
        what: String,
        /// The format.
        format: String,
        /// Largest value of the format.
        limit: f64,
        /// Largest value needed.
        value: f64,
    },
    /// A pin that names nothing.
    #[error("--format {given}: there is no such variable; the variables are {known}")]
    UnknownPin {
        /// The name given.
        given: String,
        /// The names there are.
        known: String,
    },
    /// A recording of something that does not exist.
    #[error("--record {given}: there is no such spiking population; there are {known}")]
    UnknownRecord {
        /// The name given.
        given: String,
        /// The names there are.
        known: String,
    },
    /// No time step for neurons whose model depends on it.
    #[error(
        "the length of a step is not known, and the {kind} neurons of `{population}` depend on it: give it (--dt)"
    )]
    MissingDtOf {
        /// Name of the population.
        population: String,
        /// Name of the model.
        kind: String,
    },
    /// A population that the network does not have.
    #[error("the network has no population `{given}`; it has {known}")]
    UnknownPopulation {
        /// The name given.
        given: String,
        /// The names that there are.
        known: String,
    },
    /// A neuron model that is not sound.
    #[error("population `{population}`: {errors}")]
    Model {
        /// Name of the population.
        population: String,
        /// All that is wrong with it.
        errors: ModelErrors,
    },
    /// A neuron model without exactly one input where connections lead to it.
    #[error(
        "population `{population}`: its model has {} inputs ({}), but what leads to a population cannot \
         say yet which input it means: use a model with one", inputs.len(), inputs.join(", ")
    )]
    Inputs {
        /// Name of the population.
        population: String,
        /// Names of the inputs.
        inputs: Vec<String>,
    },
    /// A neuron model whose update is beyond what one stretch of code can hold.
    #[error(
        "population `{population}`: an update of its model takes {needed} {what}, but {limit} is the most: \
         use fewer variables or shorter expressions"
    )]
    ModelTooLarge {
        /// Name of the population.
        population: String,
        /// What there is too much of.
        what: &'static str,
        /// How much the model takes.
        needed: usize,
        /// The most there can be.
        limit: usize,
    },
    /// A convolution whose neurons cannot share weights, and too many for weights of their own.
    #[error(
        "population `{population}`: its neurons of one channel differ in their parameters, so that each would need weights \
         of its own, {weights} of them where {limit} is the most: give the neurons of a channel the same time constants and resistance"
    )]
    Unshared {
        /// Name of the population.
        population: String,
        /// Weights that its neurons would have.
        weights: usize,
        /// The most there can be.
        limit: usize,
    },
    /// No format holds a population's values.
    #[error(
        "population `{population}`: the values of {what} go up to {value:.4e}, but no 16-bit format holds more than 32767: scale the model down, or check its step length (--dt)"
    )]
    NoFormat {
        /// Name of the population.
        population: String,
        /// What is too large.
        what: String,
        /// Its largest absolute value.
        value: f64,
    },
    /// The program or its data are larger than a memory.
    #[error(
        "the network needs {needed} bytes of {memory}, but target `{target}` has {available}:\n{parts}\n{remedy}"
    )]
    TooLarge {
        /// The memory.
        memory: Memory,
        /// Name of the target.
        target: String,
        /// Bytes needed.
        needed: u64,
        /// Bytes there are.
        available: u64,
        /// What takes how much, a line each.
        parts: String,
        /// What to do.
        remedy: String,
    },
    /// Calibration data of another width than the network's input.
    #[error("calibration sample {sample} has input {found} in step {step}, but the network has {inputs} inputs (0 to {last})", last = inputs.saturating_sub(1))]
    Calibration {
        /// Sample.
        sample: usize,
        /// Step.
        step: usize,
        /// Input index found.
        found: u32,
        /// Inputs of the network.
        inputs: usize,
    },
    /// The program builder refused the code: a defect of the compiler.
    #[error("internal error: the code generator made a program that cannot be encoded: {0}")]
    Build(String),
}
