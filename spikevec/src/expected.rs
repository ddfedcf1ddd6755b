//! What a framework's own run of a network did: spikes and membranes of its populations.

use std::collections::BTreeMap;
use std::path::Path;

use spikevec_compiler::graph::Network;
use spikevec_compiler::reading::search::{self, Trace};
use spikevec_runtime::Sample;
use spikevec_runtime::data::{Array, MAX_STEP_SPIKES, read_arrays};

use crate::error::{Error, Result};

/// The arrays of a file, and which population each is of.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    name: String,
    arrays: Vec<(String, Array)>,
    /// Populations by the names of arrays.
    populations: BTreeMap<String, String>,
}

/// Why such arrays cannot be compared with a network.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ExpectedError {
    /// An array of which no population can be told.
    #[error(
        "array `{array}` is of no population that can be told: `out` and `mem` are the output, `hid` is the only \
         other population, and any other name is that of a population ({known}). Say which with --population {array}=NAME, or leave \
         the array out with --population {array}=-"
    )]
    Array {
        /// Name of the array.
        array: String,
        /// The populations there are.
        known: String,
    },
    /// A population that is not there.
    #[error(
        "--population {array}={population}: there is no population `{population}`; there are {known}"
    )]
    Population {
        /// Name of the array.
        array: String,
        /// The population.
        population: String,
        /// The populations there are.
        known: String,
    },
    /// An array that is not there.
    #[error("--population {array}=...: there is no array `{array}`; there are {known}")]
    NoArray {
        /// Its name.
        array: String,
        /// The arrays there are.
        known: String,
    },
    /// Nothing to compare with.
    #[error(
        "there is no array to compare with: give spikes (samples, steps, neurons) under the names of populations"
    )]
    Nothing,
    /// An array of another shape than the data and the population make.
    #[error(
        "array `{array}` has the shape {found:?}, but {population} has {neurons} neurons, and the input has {samples} samples of {steps} steps"
    )]
    Shape {
        /// Name of the array.
        array: String,
        /// Its shape.
        found: Vec<usize>,
        /// The population.
        population: String,
        /// Its neurons.
        neurons: usize,
        /// Samples of the input.
        samples: usize,
        /// Steps of a sample, or of the first that has another number.
        steps: usize,
    },
    /// More spikes in a step than can be.
    #[error(
        "array `{array}` has {found} spikes of one neuron in a step; {} are the most",
        MAX_STEP_SPIKES
    )]
    Spikes {
        /// Name of the array.
        array: String,
        /// Spikes.
        found: u64,
    },
}

impl Expected {
    /// Reads a `.npz` file, or a `.npy` file whose name is that of a population. `populations` says which population an
    /// array is of, where its name does not; `-` for none.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn load(path: impl AsRef<Path>, populations: &[(String, String)]) -> Result<Self> {
        let path = path.as_ref();
        Ok(Expected {
            name: path.display().to_string(),
            arrays: read_arrays(path)?,
            populations: populations.iter().cloned().collect(),
        })
    }

    /// The arrays as what populations of `network` did with `samples`. Where an array has spikes of a population and
    /// another its membranes, the spikes count.
    pub(crate) fn traces(&self, network: &Network, samples: &[Sample]) -> Result<search::Expected> {
        self.matched(network, samples)
            .map_err(|source| Error::Expected {
                name: self.name.clone(),
                source,
            })
    }

    fn matched(
        &self,
        network: &Network,
        samples: &[Sample],
    ) -> Result<search::Expected, ExpectedError> {
        let names = || self.arrays.iter().map(|(name, _)| name.as_str());
        if let Some(array) = self.populations.keys().find(|a| !names().any(|n| n == *a)) {
            return Err(ExpectedError::NoArray {
                array: array.clone(),
                known: names().collect::<Vec<_>>().join(", "),
            });
        }
        let mut all = search::Expected::new();
        for (name, array) in &self.arrays {
            let Some(k) = self.population(name, network)? else {
                continue;
            };
            let trace = trace(name, array, network, k, samples)?;
            let better = match all.get(&k) {
                None => true,
                Some(Trace::Membranes(_)) => matches!(trace, Trace::Spikes(_)),
                Some(Trace::Spikes(_)) => false,
            };
            if better {
                all.insert(k, trace);
            }
        }
        match all.is_empty() {
            true => Err(ExpectedError::Nothing),
            false => Ok(all),
        }
    }

    /// The population that array `name` is of; `None` where it is to be left out.
    fn population(&self, name: &str, network: &Network) -> Result<Option<usize>, ExpectedError> {
        let named = |wanted: &str| network.populations.iter().position(|p| p.name == wanted);
        let known = || {
            let names = network.populations.iter().map(|p| p.name.as_str());
            names.collect::<Vec<_>>().join(", ")
        };
        match self.populations.get(name).map(String::as_str) {
            Some("-") => return Ok(None),
            Some(population) => {
                return named(population)
                    .map(Some)
                    .ok_or_else(|| ExpectedError::Population {
                        array: name.to_owned(),
                        population: population.to_owned(),
                        known: known(),
                    });
            }
            None => {}
        }
        let output = match network.outputs[..] {
            [output] => Some(output),
            _ => None,
        };
        let mut others = (0..network.populations.len()).filter(|k| !network.outputs.contains(k));
        let found = named(name).or_else(|| match name {
            "out" | "mem" => output,
            "hid" => others.next().filter(|_| others.next().is_none()),
            _ => None,
        });
        found.map(Some).ok_or_else(|| ExpectedError::Array {
            array: name.to_owned(),
            known: known(),
        })
    }
}

/// What population `k` did, from an array of (samples, steps, neurons...) or, of one sample, (steps, neurons...).
fn trace(
    name: &str,
    array: &Array,
    network: &Network,
    k: usize,
    samples: &[Sample],
) -> Result<Trace, ExpectedError> {
    let population = &network.populations[k];
    let size = population.size();
    let steps = samples.first().map_or(0, Vec::len);
    let odd = samples.iter().map(Vec::len).find(|other| *other != steps);
    let tail = |axes: &[usize]| axes.iter().product::<usize>() == size;
    let fits = match array.shape[..] {
        [n, t, ref rest @ ..] if n == samples.len() && t == steps && tail(rest) => true,
        [t, ref rest @ ..] if samples.len() == 1 && t == steps => tail(rest),
        _ => false,
    };
    if !fits || odd.is_some() {
        return Err(ExpectedError::Shape {
            array: name.to_owned(),
            found: array.shape.clone(),
            population: population.name.clone(),
            neurons: size,
            samples: samples.len(),
            steps: odd.unwrap_or(steps),
        });
    }
    let whole = (0..array.values.len()).all(|n| array.values.whole(n).is_some());
    let sample = steps * size;
    if !population.neuron.is_spiking() || !whole {
        let values = array.values.floats();
        let each = values.chunks(sample.max(1)).map(<[f64]>::to_vec);
        return Ok(Trace::Membranes(each.collect()));
    }
    let mut all = Vec::with_capacity(samples.len());
    for first in (0..samples.len()).map(|n| n * sample) {
        let mut spikes = Vec::with_capacity(steps);
        for step in (0..steps).map(|step| first + step * size) {
            let mut own = Vec::new();
            for neuron in 0..size {
                let count = array.values.whole(step + neuron).unwrap_or(0);
                if count > MAX_STEP_SPIKES as u64 {
                    return Err(ExpectedError::Spikes {
                        array: name.to_owned(),
                        found: count,
                    });
                }
                own.extend(std::iter::repeat_n(neuron as u32, count as usize));
            }
            spikes.push(own);
        }
        all.push(spikes);
    }
    Ok(Trace::Spikes(all))
}
