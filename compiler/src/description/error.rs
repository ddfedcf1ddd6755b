//! What can be wrong with a description.

use spikevec_assembler::Diagnostics;

use crate::neuron::UnknownParameter;

/// Why a description is no network.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DescriptionError {
    /// Text that is no TOML, or has other keys.
    #[error("{file}: {message}")]
    Toml {
        /// The file.
        file: String,
        /// What is wrong, with its place.
        message: String,
    },
    /// A version that this program does not know.
    #[error(
        "`spikevec = {found}` is a version of the format that this program does not know; it reads {known}"
    )]
    Version {
        /// The version found.
        found: u32,
        /// The version that is read.
        known: u32,
    },
    /// A place without what it needs, or with too much.
    #[error("{place}: {problem}")]
    Place {
        /// The key.
        place: String,
        /// What is wrong.
        problem: String,
    },
    /// A file that cannot be had.
    #[error("{place}: {name}: {why}")]
    File {
        /// The key.
        place: String,
        /// The name in the description.
        name: String,
        /// Why.
        why: String,
    },
    /// A population that is not described.
    #[error("{place}: there is no population `{given}`; there are {known}")]
    Unknown {
        /// The key.
        place: String,
        /// The name given.
        given: String,
        /// The names that there are.
        known: String,
    },
    /// An array of another shape than its place needs.
    #[error("{place}: the array has the shape ({found}), and ({wanted}) is needed{hint}")]
    Shape {
        /// The key.
        place: String,
        /// The shape found.
        found: String,
        /// The shape needed.
        wanted: String,
        /// What to do, where that is known.
        hint: &'static str,
    },
    /// A number that is infinite or none.
    #[error("{place}: number {index} is {value}: it must be finite")]
    NotFinite {
        /// The key.
        place: String,
        /// Its index.
        index: usize,
        /// The number.
        value: f64,
    },
    /// A model's text with mistakes.
    #[error(transparent)]
    Text(#[from] Diagnostics),
    /// A parameter that a model's text does not have.
    #[error("{place}: {source}")]
    Parameter {
        /// The key.
        place: String,
        /// Which.
        source: UnknownParameter,
    },
}
