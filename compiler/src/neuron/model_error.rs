//! What can be wrong with a model.

use std::fmt;

use spikevec_assembler::Diagnostics;

/// What is wrong with a model.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// A name that is none.
    #[error("`{0}` is not a name: use letters, digits and `_`, a letter or `_` first")]
    Name(String),
    /// A name that stands for two things.
    #[error("`{0}` is the name of two things: rename one")]
    Duplicate(String),
    /// The name under which an accumulator's format is pinned.
    #[error("`input` can only be the name of an input: rename the {0}")]
    Reserved(&'static str),
    /// As many numbers as no population has.
    #[error("{what} has {found} numbers for {size} neurons: give one, or one for each neuron")]
    Count {
        /// What has them.
        what: String,
        /// How many there are.
        found: usize,
        /// Number of neurons.
        size: usize,
    },
    /// A number that is infinite or none.
    #[error("{what} is {value} for neuron {neuron}: it must be finite")]
    NotFinite {
        /// What is.
        what: String,
        /// The first neuron.
        neuron: usize,
        /// The value.
        value: f64,
    },
    /// A constant in an expression that is infinite or none.
    #[error("a constant of {place} is {value}: it must be finite")]
    Constant {
        /// The expression.
        place: String,
        /// The value.
        value: f64,
    },
    /// An identifier of another model.
    #[error("{place} uses {what} {index}, but the model has {count}")]
    Unknown {
        /// The expression or rule.
        place: String,
        /// What kind of thing.
        what: &'static str,
        /// Its index.
        index: usize,
        /// How many there are.
        count: usize,
    },
    /// A model without a membrane.
    #[error("the model has no membrane: name the state variable that is recorded")]
    NoMembrane,
    /// Two membranes.
    #[error("the model has two membranes: keep one")]
    TwoMembranes,
    /// An input that nothing reads.
    #[error("no statement uses the input `{0}`: use it, or leave it out")]
    UnusedInput(String),
    /// An input in a reset or a threshold.
    #[error(
        "a reset or the threshold uses the input `{0}`: keep it in a variable in the statements before"
    )]
    InputInReset(String),
    /// A model's text with these parameters.
    #[error("{0}")]
    Text(Diagnostics),
    /// A local variable that something of it is wanted of beyond the step.
    #[error(
        "the local variable `{0}` is read before it is assigned, reset by a spike or the membrane: \
         make it a state variable"
    )]
    Local(String),
    /// A constant input for a model without exactly one input to add it to.
    #[error("the model has {inputs} inputs: a bias needs exactly one")]
    BiasWithoutInput {
        /// How many it has.
        inputs: usize,
    },
    /// Two spike rules.
    #[error("the model has two spike rules: keep one")]
    TwoSpikeRules,
    /// A reset of neurons that do not spike.
    #[error("the model has a reset but no spike rule: add one, or leave the reset out")]
    ResetWithoutSpike,
}

/// All that is wrong with a model.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelErrors(pub Vec<ModelError>);

impl fmt::Display for ModelErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (k, error) in self.0.iter().enumerate() {
            let separator = if k == 0 { "" } else { "; " };
            write!(f, "{separator}{error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ModelErrors {}
