//! What a search for a reading found, as the JSON object of `spikevec reading --json`.

use serde::Serialize;
use spikevec_compiler::reading::Readings;
use spikevec_compiler::reading::search::{Found, FoundPopulation, Mismatch};

use super::ReadingReport;

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SearchReport {
    /// True where all agrees.
    pub exact: bool,
    /// The flags that give the reading.
    pub flags: Vec<String>,
    /// The reading.
    pub reading: ReadingReport,
    /// The flags of other readings under which all agrees as well, each a list.
    pub others: Vec<Vec<String>>,
    /// The populations that were compared.
    pub populations: Vec<ComparedPopulation>,
    /// Readings that were tried.
    pub tried: usize,
}

/// A population that was compared, in a run of the whole network.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ComparedPopulation {
    /// Its name.
    pub name: String,
    /// Entries compared: samples times steps times neurons.
    pub compared: u64,
    /// Those that differ.
    pub differ: u64,
    /// Spikes of the framework.
    pub spikes: u64,
    /// The first that differs.
    pub first: Option<Place>,
    /// Settings of which other values agree as well.
    pub undecided: Vec<&'static str>,
}

/// A place where a framework and the reference differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs)] // as in `Mismatch`
pub struct Place {
    pub sample: usize,
    pub step: usize,
    pub neuron: usize,
    pub expected: f64,
    pub found: f64,
}

impl From<&Mismatch> for Place {
    fn from(m: &Mismatch) -> Self {
        Place {
            sample: m.sample,
            step: m.step,
            neuron: m.neuron,
            expected: m.expected,
            found: m.found,
        }
    }
}

impl From<&FoundPopulation> for ComparedPopulation {
    fn from(p: &FoundPopulation) -> Self {
        ComparedPopulation {
            name: p.name.clone(),
            compared: p.tally.entries,
            differ: p.tally.wrong,
            spikes: p.tally.spikes,
            first: p.tally.first.as_ref().map(Place::from),
            undecided: p.undecided.iter().map(|setting| setting.name()).collect(),
        }
    }
}

impl From<&Found> for SearchReport {
    fn from(found: &Found) -> Self {
        SearchReport {
            exact: found.is_exact(),
            flags: found.readings.flags(),
            others: found.others.iter().map(Readings::flags).collect(),
            reading: ReadingReport::from(&found.reading),
            populations: found
                .populations
                .iter()
                .map(ComparedPopulation::from)
                .collect(),
            tried: found.tried,
        }
    }
}
