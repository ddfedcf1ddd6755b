//! What a user says about a network's reading.

use std::collections::BTreeMap;

use super::{Choices, Framework, Setting};

/// How a model's file is to be read. For each setting counts what is said of the population,
/// then what is said of all, then what the framework does, then what the file says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Readings {
    /// Length of a step in the unit of the model's time constants; `None` takes the framework's,
    /// then the model's own `dt`, or 1 where the model has no time constant.
    pub dt: Option<f64>,
    /// The framework that the model comes from.
    pub framework: Option<Framework>,
    /// What holds for all populations.
    pub all: Choices,
    /// What holds for one, by its name.
    pub populations: BTreeMap<String, Choices>,
}

/// Why a network cannot be read as a user says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadingError {
    /// A population that is not there.
    #[error("--{flag} {given}=...: there is no population `{given}`; there are {known}")]
    UnknownPopulation {
        /// The first flag that names it.
        flag: &'static str,
        /// The name.
        given: String,
        /// The names there are.
        known: String,
    },
    /// A choice about something that a population does not have.
    #[error("--{flag} {population}=...: {population} is of {kind} neurons, {why}: leave it out")]
    DoesNotApply {
        /// The flag.
        flag: &'static str,
        /// The population.
        population: String,
        /// The type of its neurons.
        kind: String,
        /// What they do not have.
        why: &'static str,
    },
    /// Several spikes a step of neurons that cannot have them.
    #[error(
        "population `{population}` cannot spike several times a step: {why}. Give --spikes-a-step {population}=1"
    )]
    SeveralSpikes {
        /// The population.
        population: String,
        /// Why it cannot.
        why: &'static str,
    },
    /// More steps than make sense.
    #[error("--{flag} {given}: {most} steps are the most")]
    TooLong {
        /// The flag.
        flag: &'static str,
        /// What was given.
        given: u32,
        /// The most.
        most: u32,
    },
}

impl Readings {
    /// The choices that may name a population, with that name.
    pub fn population(&mut self, name: &str) -> &mut Choices {
        self.populations.entry(name.to_owned()).or_default()
    }

    /// The first setting that is chosen for population `name`.
    pub(super) fn first_setting(&self, name: &str) -> Setting {
        let chosen = self.populations.get(name).map(Choices::settings);
        let first = chosen.and_then(|all| all.first().copied());
        first.unwrap_or(Setting::Reset)
    }
}
