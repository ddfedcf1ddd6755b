//! Samples and their classes.

use std::path::Path;

use spikevec_runtime::data::Form;
use spikevec_runtime::{DataOptions, Dataset, Sample, check_labels, load_labels};

use crate::error::{Error, Result};

/// Samples of a network's input and, where they are known, their classes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Data {
    name: String,
    data: Dataset,
    labels: Option<Labels>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Labels {
    name: String,
    classes: Vec<usize>,
}

impl Data {
    /// Reads samples from a `.npy` or `.npz` file: see [`Dataset::load`]. What the file does not say is in `options`;
    /// [`Program::data_options`](crate::Program::data_options) knows the number of neurons.
    ///
    /// # Errors
    /// A file that cannot be read, or that does not fit.
    pub fn load(path: impl AsRef<Path>, options: &DataOptions) -> Result<Self> {
        let path = path.as_ref();
        Ok(Data {
            name: path.display().to_string(),
            data: Dataset::load(path, options)?,
            labels: None,
        })
    }

    /// Samples that are there as values: for each sample and step the neurons that spike, ascending; a neuron stands k times
    /// for a count of k.
    pub fn new(neurons: usize, samples: Vec<Sample>) -> Self {
        Data {
            name: "the data".to_owned(),
            data: Dataset {
                neurons,
                samples,
                form: Form::default(),
            },
            labels: None,
        }
    }

    /// How its file stores them.
    pub fn form(&self) -> Form {
        self.data.form
    }

    /// With the classes of a `.npy` or `.npz` file, one a sample.
    ///
    /// # Errors
    /// A file that cannot be read, or that holds no classes. Whether they fit the samples is found out when they are run.
    pub fn with_labels_from(mut self, path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        self.labels = Some(Labels {
            name: path.display().to_string(),
            classes: load_labels(path)?,
        });
        Ok(self)
    }

    /// With these classes, one a sample.
    pub fn with_labels(mut self, classes: Vec<usize>) -> Self {
        let name = "the labels".to_owned();
        self.labels = Some(Labels { name, classes });
        self
    }

    /// What messages call it: its file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The samples.
    pub fn samples(&self) -> &[Sample] {
        &self.data.samples
    }

    /// Input neurons.
    pub fn neurons(&self) -> usize {
        self.data.neurons
    }

    /// The classes.
    pub fn labels(&self) -> Option<&[usize]> {
        self.labels.as_ref().map(|labels| labels.classes.as_slice())
    }

    /// Steps of all samples.
    pub fn steps(&self) -> usize {
        self.data.steps()
    }

    /// Checks that there is a label a sample, and that each is one of `classes`.
    pub(crate) fn check_labels(&self, classes: usize) -> Result<()> {
        let Some(labels) = &self.labels else {
            return Ok(());
        };
        check_labels(&labels.classes, self.data.samples.len(), classes).map_err(|source| {
            Error::Labels {
                labels: labels.name.clone(),
                data: self.name.clone(),
                source: Box::new(source),
            }
        })
    }
}

/// `options` for a network of `neurons` inputs along the axes of `shape`, of which none need be known.
pub(crate) fn complete(options: &DataOptions, neurons: usize, shape: &[usize]) -> DataOptions {
    let own = <[usize; 3]>::try_from(shape).ok();
    DataOptions {
        neurons: Some(neurons),
        sensor: options.sensor.or(own),
        ..options.clone()
    }
}
