//! Networks as text with arrays beside it: what no file of a framework can say.
//!
//! ```toml
//! spikevec = 1
//! dt = 1e-3
//! outputs = ["out"]
//!
//! [input]
//! neurons = 700
//!
//! [populations.hidden]
//! neurons = 256
//! model = "alif.neuron"
//! parameters = { tau_m = 20e-3, beta = "trained.npz:beta" }
//!
//! [populations.out]
//! neurons = 20
//! model = "LI"
//! parameters = { tau = 20e-3 }
//! bias = "trained.npz:bias"
//!
//! [[projections]]
//! from = "input"
//! to = "hidden"
//! weights = "trained.npz:w_in"
//! ```
//!
//! A front end as NIR's is one: its product is a [`Network`]. Files are the caller's: it hands
//! in what reads them.

mod build;
mod error;
mod neurons;

use std::collections::BTreeMap;

use serde::Deserialize;

pub use error::DescriptionError;

use crate::graph::Network;

/// The version of the format that is read.
const VERSION: u32 = 1;

/// What reads the files that a description names.
pub trait Files {
    /// An array by its name in the description, `file.npy` or `file.npz:array`: its axes, and
    /// its elements in C order.
    ///
    /// # Errors
    /// Why there is none, for a user.
    fn array(&self, name: &str) -> Result<(Vec<usize>, Vec<f64>), String>;

    /// A text by its name in the description.
    ///
    /// # Errors
    /// Why there is none, for a user.
    fn text(&self, name: &str) -> Result<String, String>;
}

/// The network that the text `source` describes; `file` is what messages call it.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn read(file: &str, source: &str, files: &dyn Files) -> Result<Network, DescriptionError> {
    let description: Description = toml::from_str(source).map_err(|error| {
        let message = error.to_string();
        DescriptionError::Toml {
            file: file.to_owned(),
            message: message.trim_end().to_owned(),
        }
    })?;
    if description.spikevec != VERSION {
        return Err(DescriptionError::Version {
            found: description.spikevec,
            known: VERSION,
        });
    }
    build::network(&description, files)
}

/// A description, as it stands in its text.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Description {
    /// Version of the format.
    spikevec: u32,
    /// Length of a step.
    dt: Option<f64>,
    /// Populations that are read.
    outputs: Vec<String>,
    input: Size,
    populations: BTreeMap<String, Population>,
    #[serde(default)]
    projections: Vec<Projection>,
}

/// A number of neurons, or how many there are along each axis.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Size {
    neurons: Option<usize>,
    shape: Option<Vec<usize>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Population {
    neurons: Option<usize>,
    shape: Option<Vec<usize>>,
    /// A NIR type, or the file of a model's text.
    model: String,
    #[serde(default)]
    parameters: BTreeMap<String, Given>,
    /// Constant input.
    bias: Option<Given>,
}

/// Numbers, one or one a neuron.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Given {
    Number(f64),
    List(Vec<f64>),
    /// The name of an array.
    Array(String),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Projection {
    /// `input`, or a population.
    from: String,
    to: String,
    #[serde(default)]
    kind: Kind,
    weights: Given,
    /// True where the array is `[targets, sources]`.
    #[serde(default)]
    transposed: bool,
    /// A factor on all weights.
    scale: Option<f64>,
    /// Steps between a spike and its effect.
    delay: Option<u32>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    /// Every source neuron to every target neuron.
    #[default]
    Dense,
    /// Neuron k to neuron k.
    OneToOne,
}
