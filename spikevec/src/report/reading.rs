//! How what a model's file leaves open was read.

use std::collections::BTreeMap;

use serde::Serialize;
use spikevec_compiler::reading::{NetworkReading, Setting};

use crate::program::Program;

/// A value, and where it comes from: `given`, `framework`, `file` or `assumed`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Known<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub from: &'static str,
}

/// The reading of a network.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReadingReport {
    /// All of it in one line.
    pub text: String,
    /// The framework that was named.
    pub framework: Option<&'static str>,
    /// Length of a step; `None` where all that is known is the line.
    pub dt: Option<Known<f64>>,
    /// For each population the settings that mean something for its neurons, by the flags that give them.
    pub populations: BTreeMap<String, BTreeMap<&'static str, Known<String>>>,
}

impl From<&NetworkReading> for ReadingReport {
    fn from(reading: &NetworkReading) -> Self {
        let populations = reading.populations.iter().map(|p| {
            let known = |&setting: &Setting| {
                let value = p.reading.word(setting);
                let from = p.origins.of(setting).name();
                (setting.name(), Known { value, from })
            };
            (p.name.clone(), p.settings.iter().map(known).collect())
        });
        ReadingReport {
            text: reading.to_string(),
            framework: reading.framework.map(|framework| framework.name()),
            dt: Some(Known {
                value: reading.dt,
                from: reading.dt_origin.name(),
            }),
            populations: populations.collect(),
        }
    }
}

impl ReadingReport {
    /// The reading of a program: compiled here, or as its manifest tells it.
    pub(crate) fn of(program: &Program) -> Option<Self> {
        let line = || program.manifest()?.reading.clone();
        program.reading().map(ReadingReport::from).or_else(|| {
            line().map(|text| ReadingReport {
                text,
                framework: None,
                dt: None,
                populations: BTreeMap::new(),
            })
        })
    }
}
