//! Neuron models as text.
//!
//! ```text
//! neuron ALIF
//!
//! parameter tau_m = 20e-3
//! parameter beta = 0.0174
//! constant alpha = exp(-dt / tau_m)
//! input i
//! state v
//! state a
//!
//! v = alpha * v + i
//! if v >= 1 + beta * a {
//!     spike()
//!     v = v - 1
//!     a = a + 1
//! }
//! ```
//!
//! A text becomes a [tree](syntax) without regard to what its names stand for ([`parser`]); then
//! the [names] are looked at, and everything that is wrong is told at once; with numbers for its
//! parameters it becomes a [`Model`] ([`elaborate`]), which is what all neurons are.

mod constants;
mod draft;
mod elaborate;
mod expression;
mod functions;
mod names;
mod parser;
mod rule;
mod syntax;
mod token;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use spikevec_assembler::{Diagnostic, Diagnostics, Span};

use super::{Model, ModelErrors, NeuronType, Numbers};
use crate::reading::Reading;
use names::Names;
use syntax::Tree;

/// Bytes of a text at most.
const LONGEST: usize = 64 << 10;

/// A checked text of a model.
#[derive(Debug, PartialEq)]
pub struct Text {
    /// What the text is called in messages.
    file: String,
    source: String,
    tree: Tree,
    names: Names,
    /// Whether anything depends on the length of a step.
    reads_dt: bool,
}

impl Text {
    /// Reads a text; `file` is what messages call it.
    ///
    /// # Errors
    /// Everything that is wrong with it, with the places.
    pub fn parse(file: &str, source: &str) -> Result<Self, Diagnostics> {
        if source.len() > LONGEST {
            let message = format!("the text has {} bytes; {LONGEST} is the most", source.len());
            let error = Diagnostic::new(Span::of("", 0..0), message);
            return Err(Diagnostics::of(file, "", vec![error]));
        }
        let (tree, errors) = parser::parse(source);
        if !errors.is_empty() {
            // Names of what was not understood would only be missed.
            return Err(Diagnostics::of(file, source, errors));
        }
        let (names, read, errors) = names::check(source, &tree);
        if !errors.is_empty() {
            return Err(Diagnostics::of(file, source, errors));
        }
        Ok(Text {
            file: file.to_owned(),
            source: source.to_owned(),
            tree,
            names,
            reads_dt: read.contains("dt"),
        })
    }

    /// The model's name.
    pub fn name(&self) -> &str {
        &self.tree.name
    }

    /// Its parameters, and whether each has a value of its own.
    pub fn parameters(&self) -> impl Iterator<Item = (&str, bool)> {
        let parameters = self.tree.parameters.iter();
        parameters.map(|p| (p.name.is.as_str(), p.value.is_some()))
    }

    /// True where the model has a `spike()`.
    pub fn is_spiking(&self) -> bool {
        self.tree.actions.iter().any(rule::spikes)
    }
}

/// A parameter that a text does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{model} has no parameter `{given}`; it has {known}")]
pub struct UnknownParameter {
    /// The model.
    pub model: String,
    /// The name that was given.
    pub given: String,
    /// The names that there are.
    pub known: String,
}

/// Neurons of a model that is a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Described {
    text: Arc<Text>,
    given: BTreeMap<String, Numbers>,
}

impl Described {
    /// Neurons that are all as the text says.
    pub fn new(text: Arc<Text>) -> Self {
        Described {
            text,
            given: BTreeMap::new(),
        }
    }

    /// The text.
    pub fn text(&self) -> &Text {
        &self.text
    }

    /// Whether a parameter has been set.
    pub fn is_set(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    /// Sets a parameter: one number for all neurons, or one for each.
    ///
    /// # Errors
    /// A name that the text does not declare as a parameter.
    pub fn set(&mut self, name: &str, value: impl Into<Numbers>) -> Result<(), UnknownParameter> {
        if !self.text.parameters().any(|(known, _)| known == name) {
            let known: Vec<&str> = self.text.parameters().map(|(name, _)| name).collect();
            let known = match &known[..] {
                [] => "none".to_owned(),
                names => names.join(", "),
            };
            return Err(UnknownParameter {
                model: self.text.name().to_owned(),
                given: name.to_owned(),
                known,
            });
        }
        self.given.insert(name.to_owned(), value.into());
        Ok(())
    }

    /// The model of `size` neurons with steps of `dt`, and no bias.
    ///
    /// # Errors
    /// A parameter without a value or with as many numbers as there are no neurons, a number that
    /// is not finite, or what is wrong with the model.
    pub fn model_of(&self, size: usize, dt: f64) -> Result<Model, ModelErrors> {
        let counts = self
            .given
            .iter()
            .filter_map(|(name, numbers)| match numbers {
                Numbers::Each(values) if values.len() != size => Some(super::ModelError::Count {
                    what: format!("`{name}`"),
                    found: values.len(),
                    size,
                }),
                _ => None,
            });
        let wrong: Vec<super::ModelError> = counts.collect();
        if !wrong.is_empty() {
            return Err(ModelErrors(wrong));
        }
        elaborate::model(&self.text, size, &self.given, dt)
    }
}

impl NeuronType for Described {
    fn kind(&self) -> &str {
        self.text.name()
    }

    fn is_spiking(&self) -> bool {
        self.text.is_spiking()
    }

    fn needs_dt(&self) -> bool {
        self.text.reads_dt
    }

    fn model(&self, reading: &Reading, bias: &[f64]) -> Result<Model, ModelErrors> {
        self.model_of(bias.len(), reading.dt)?.model(reading, bias)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}
