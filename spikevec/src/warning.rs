//! What a user should know, and may ignore.

use std::fmt;

use serde::{Serialize, Serializer};

/// Something that is no error. Its text is a sentence or two; in JSON it is that text.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Warning {
    /// The model's file was repaired, or something in it ignored.
    Model(spikevec_nir::Warning),
    /// Something about the network that the compiler has found.
    Network(String),
    /// There are several outputs, and none was chosen.
    SeveralOutputs {
        /// Their names.
        outputs: Vec<String>,
        /// The one that the class is read from.
        chosen: String,
    },
    /// Random numbers were drawn from generators that were not seeded.
    Unseeded,
    /// What a program around the library has to add.
    Other(String),
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Warning::Model(warning) => warning.fmt(f),
            Warning::Network(text) | Warning::Other(text) => f.write_str(text),
            Warning::SeveralOutputs { outputs, chosen } => write!(
                f,
                "there are {} output populations ({}): the class is read from {chosen}. Choose one with \
                 --output-population",
                outputs.len(),
                outputs.join(", "),
            ),
            Warning::Unseeded => f.write_str(
                "the program drew random numbers from generators that were not seeded: they only gave zeros. \
                 Compile the model again",
            ),
        }
    }
}

impl Serialize for Warning {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Adds a warning, unless one with its text is there.
pub(crate) fn warn(all: &mut Vec<Warning>, warning: Warning) {
    let text = warning.to_string();
    if all.iter().all(|other| other.to_string() != text) {
        all.push(warning);
    }
}
