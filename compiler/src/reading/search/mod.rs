//! The search for the reading under which a network does what its framework did.
//!
//! A framework's own spikes (or membranes) of some populations are given, with the input that
//! they belong to. Populations are taken in the order of their updates. Those before one spike as
//! the framework says, where it says so: what is found for one does not depend on the others,
//! and the work is a sum, not a product. A population of which nothing is given is read as the
//! first one behind it of which something is.
//!
//! Frameworks are tried first. Where none computes all populations, the one that computes most is
//! changed: one setting at a time, then two, until every spike agrees. So the reading that is
//! found is the one with fewest changes.

mod candidates;
mod flags;
mod judge;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rayon::prelude::*;

use super::hints::written_by;
use super::{Framework, NetworkReading, Readings, Setting};
use crate::error::CompileError;
use crate::graph::{Network, Source};
use crate::reference::Spikes;
use candidates::Alternatives;
use judge::Judge;

pub use judge::{Mismatch, Tally};

/// What a framework's own run of a population did, sample by sample.
#[derive(Debug, Clone, PartialEq)]
pub enum Trace {
    /// Spikes; a neuron stands k times for k spikes in a step.
    Spikes(Vec<Spikes>),
    /// Membranes, `[sample][step * size + neuron]`. Where neurons spike they are compared in steps
    /// without a spike: frameworks give some before the reset, some after it.
    Membranes(Vec<Vec<f64>>),
}

/// What is known of the populations, by index.
pub type Expected = BTreeMap<usize, Trace>;

/// Readings of one population that are tried at the most.
const MOST_CANDIDATES: usize = 20_000;

/// Candidates that are tried on all samples, of each number of changes.
const FINALISTS: usize = 48;

/// Frameworks that are tried on all samples where none computes everything in the first ones.
const BASES: usize = 3;

/// How many populations agree, and how many entries do not: less is better.
type Rank = (Reverse<usize>, u64);

/// How far a search is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchProgress<'a> {
    /// The population whose reading is searched.
    pub population: &'a str,
    /// Readings tried so far, of all populations.
    pub tried: usize,
}

/// What a search found for a population of which something was given.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundPopulation {
    /// Its name.
    pub name: String,
    /// What agrees, in a run of the whole network.
    pub tally: Tally,
    /// Settings that the data does not tell: another value agrees as well.
    pub undecided: Vec<Setting>,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The readings: those with which the search began, and what was found.
    pub readings: Readings,
    /// What they come to.
    pub reading: NetworkReading,
    /// The populations of which something was given, in the order of their updates.
    pub populations: Vec<FoundPopulation>,
    /// Other readings under which all agrees, where it does under the one found.
    pub others: Vec<Readings>,
    /// Readings that were tried.
    pub tried: usize,
}

impl Found {
    /// True where all that was given agrees.
    pub fn is_exact(&self) -> bool {
        self.populations.iter().all(|p| p.tally.wrong == 0)
    }
}

/// Searches the reading under which `network` does with `samples` what is `expected`. What
/// `readings` choose stays as it is.
///
/// # Errors
/// Readings that cannot be had, or a network that cannot run. Nothing that agrees is no error.
pub fn search(
    network: &Network,
    readings: &Readings,
    samples: &[Spikes],
    expected: &Expected,
    progress: &(dyn Fn(SearchProgress<'_>) + Sync),
) -> Result<Found, CompileError> {
    let expected = &arranged(network, expected);
    let judge = Judge::new(network, samples, expected);
    let mut search = Search {
        judge: &judge,
        given: readings,
        progress,
        tried: 0,
    };
    let bases = search.bases()?;
    let (found, others) = search.simplest(bases)?;
    let reading = found.of(network)?;
    let tallies = judge.free_run(&reading)?;
    let mut populations = Vec::new();
    for (&k, mut tally) in expected.keys().zip(tallies) {
        if let Some(first) = &mut tally.first {
            let size = network.populations[k].size();
            first.neuron = network.order(k).of_file(first.neuron, size);
        }
        let undecided = match tally.wrong {
            0 => search.undecided(&found, k)?,
            _ => Vec::new(),
        };
        populations.push(FoundPopulation {
            name: network.populations[k].name.clone(),
            tally,
            undecided,
        });
    }
    Ok(Found {
        readings: found,
        reading,
        populations,
        others,
        tried: search.tried,
    })
}

/// What is expected, with neurons in the network's order instead of the file's.
fn arranged(network: &Network, expected: &Expected) -> Expected {
    let mut all = expected.clone();
    for (&k, trace) in &mut all {
        let (order, size) = (network.order(k), network.populations[k].size());
        match trace {
            Trace::Spikes(samples) => {
                for spikes in samples {
                    order.arrange_spikes(spikes, size);
                }
            }
            Trace::Membranes(samples) => {
                for values in samples.iter_mut().flat_map(|v| v.chunks_mut(size.max(1))) {
                    order.arrange(values);
                }
            }
        }
    }
    all
}

/// A framework's reading, with a step length, and of which populations all agrees under it.
struct Base {
    readings: Readings,
    exact: Vec<bool>,
}

struct Search<'a> {
    judge: &'a Judge<'a>,
    given: &'a Readings,
    progress: &'a (dyn Fn(SearchProgress<'_>) + Sync),
    tried: usize,
}

impl Search<'_> {
    fn tell(&self, k: usize) {
        (self.progress)(SearchProgress {
            population: &self.judge.network.populations[k].name,
            tried: self.tried,
        });
    }

    /// Frameworks with their steps, those with which most populations agree first.
    fn bases(&mut self) -> Result<Vec<Base>, CompileError> {
        let frameworks = match self.given.framework {
            Some(framework) => vec![Some(framework)],
            None => {
                // None is read as NIR is.
                Framework::ALL.iter().copied().map(Some).collect()
            }
        };
        let mut bases = Vec::new();
        for framework in frameworks {
            let base = Readings {
                framework,
                ..self.given.clone()
            };
            match base.of(self.judge.network) {
                Ok(_) => bases.push(base),
                Err(CompileError::MissingDt { .. }) => {
                    let steps = candidates::steps(self.judge.network);
                    bases.extend(steps.into_iter().map(|dt| Readings {
                        dt: Some(dt),
                        ..base.clone()
                    }));
                }
                Err(error) => return Err(error),
            }
        }
        if let Some(&k) = self.judge.expected.keys().next() {
            self.tell(k);
        }
        self.tried += bases.len();
        // A first look at all of them, and all samples for those that look best.
        let mut looks = self.ranked(bases, self.judge.screen())?;
        let best = looks.first().map_or(0, |(rank, _, _)| rank.0.0);
        let same = looks.iter().filter(|(rank, _, _)| rank.0.0 == best).count();
        let shown = written_by(self.judge.network).map(|(framework, _)| framework);
        let mut place = 0..;
        looks.retain(|(_, base, _)| {
            let sign = shown.is_some() && base.framework == shown;
            place.next().is_some_and(|n| n < BASES.max(same)) || sign
        });
        let bases = looks.into_iter().map(|(_, base, _)| base).collect();
        let all = self.ranked(bases, self.judge.all())?;
        let base = |(_, readings, tallies): (Rank, Readings, Vec<Tally>)| Base {
            readings,
            exact: tallies.iter().map(|t| t.wrong == 0).collect(),
        };
        let mut all: Vec<Base> = all.into_iter().map(base).collect();
        if all.is_empty() {
            all.push(Base {
                readings: self.given.clone(),
                exact: Vec::new(),
            });
        }
        Ok(all)
    }

    /// The reading with the fewest flags that is found from one of `bases`, and the others under
    /// which all agrees with as few. One flag less counts for the framework whose hand the file
    /// shows. Where none agrees wholly, what is found from the first base.
    fn simplest(&mut self, bases: Vec<Base>) -> Result<(Readings, Vec<Readings>), CompileError> {
        let network = self.judge.network;
        let shown = written_by(network).map(|(framework, _)| framework);
        let mut nearest = None;
        let mut exact: Vec<(usize, bool, Readings)> = Vec::new();
        for base in bases {
            let sign = shown.is_some() && base.readings.framework == shown;
            let least = exact.iter().map(|(cost, _, _)| *cost).min();
            let own = base.readings.flags().len();
            let most = match least {
                // No more is changed than what has led there from another base.
                Some(least) => (least + usize::from(sign)).saturating_sub(own),
                // What the nearest base does not reach with all changes, others would not soon.
                None if nearest.is_some() => continue,
                None => usize::MAX,
            };
            // What may not be changed agrees as it is, or not.
            if most == 0 && !base.exact.iter().all(|exact| *exact) {
                continue;
            }
            let (found, agrees) = self.improved(base, most)?;
            let found = found.simplified(network);
            if agrees {
                let cost = found.flags().len() - usize::from(sign);
                exact.push((cost, !sign, found.clone()));
            }
            nearest.get_or_insert(found);
        }
        exact.sort_by_key(|(cost, unlike, _)| (*cost, *unlike));
        let least = exact.first().map(|(cost, _, _)| *cost);
        exact.retain(|(cost, _, _)| Some(*cost) == least);
        let mut all = exact.into_iter().map(|(_, _, found)| found);
        let found = all.next().or(nearest);
        let found = found.unwrap_or_else(|| self.given.clone());
        // With one framework, the step that agrees best stands for others that do.
        let mut others: Vec<Readings> = all.filter(|o| o.framework != found.framework).collect();
        others.dedup_by_key(|other| other.framework);
        Ok((found, others))
    }

    /// What is found from `base` on with at most `most` changes for a population, and whether all
    /// agrees.
    fn improved(&mut self, base: Base, most: usize) -> Result<(Readings, bool), CompileError> {
        let (network, expected) = (self.judge.network, self.judge.expected);
        let Base {
            readings: mut found,
            exact,
        } = base;
        let mut settled = false;
        for (&k, exact) in expected.keys().zip(&exact) {
            settled |= exact & candidates::depends_on_step(&found.of(network)?, network, k);
        }
        let mut resolved = vec![false; network.populations.len()];
        let mut all = true;
        for (n, &k) in expected.keys().enumerate() {
            let group = self.judge.unknown_sources(k, &resolved);
            if !exact[n] {
                let agrees = self.population(&mut found, k, &group, settled, most)?;
                settled |= agrees & candidates::depends_on_step(&found.of(network)?, network, k);
                all &= agrees;
            }
            for member in group {
                resolved[member] = true;
            }
        }
        Ok((found, all))
    }

    /// `bases` with what agrees under them on `samples`, those under which most populations agree
    /// first. One that cannot be computed is left out, unless none can.
    fn ranked(
        &self,
        bases: Vec<Readings>,
        samples: &[usize],
    ) -> Result<Vec<(Rank, Readings, Vec<Tally>)>, CompileError> {
        let tallies: Vec<_> = bases
            .par_iter()
            .map(|base| self.tallies(base, samples))
            .collect();
        let mut all = Vec::new();
        let mut failed = None;
        for (base, tallies) in bases.into_iter().zip(tallies) {
            match tallies {
                Ok(tallies) => {
                    let exact = tallies.iter().filter(|t| t.wrong == 0).count();
                    let wrong: u64 = tallies.iter().map(|t| t.wrong).sum();
                    all.push(((Reverse(exact), wrong), base, tallies));
                }
                Err(error) => {
                    failed.get_or_insert(error);
                }
            }
        }
        // The sort keeps the order of equals.
        all.sort_by_key(|(rank, _, _)| *rank);
        match failed {
            Some(error) if all.is_empty() => Err(error),
            _ => Ok(all),
        }
    }

    /// What agrees under `readings`, of each population of which something is known.
    fn tallies(&self, readings: &Readings, samples: &[usize]) -> Result<Vec<Tally>, CompileError> {
        let reading = readings.of(self.judge.network)?;
        let all = self.judge.expected.keys();
        all.map(|&k| self.judge.tally(&reading, k, samples, u64::MAX))
            .collect()
    }

    /// `readings` with `change` for the populations of `group`.
    fn changed(
        &self,
        readings: &Readings,
        group: &[usize],
        change: &candidates::Change,
    ) -> Readings {
        let mut readings = readings.clone();
        readings.dt = change.dt.or(readings.dt);
        for &member in group {
            let population = &self.judge.network.populations[member];
            let own = change
                .choices
                .only(&super::resolve::settings(&population.neuron));
            let choices = readings.population(&population.name);
            *choices = own.or(*choices);
        }
        readings
    }

    /// Searches the reading of population `k` and of those in `group`, among them it, of which
    /// nothing is known, with at most `most` changes. True where all agrees; else `found` gets the
    /// nearest.
    fn population(
        &mut self,
        found: &mut Readings,
        k: usize,
        group: &[usize],
        settled: bool,
        most: usize,
    ) -> Result<bool, CompileError> {
        self.tell(k);
        let judge = self.judge;
        let reading = found.of(judge.network)?;
        let whole = judge.tally(&reading, k, judge.all(), u64::MAX)?;
        if whole.wrong == 0 {
            return Ok(true);
        }
        let alternatives = Alternatives::of(self.given, &reading, judge, k, settled);
        let mut nearest = (whole.wrong, found.clone());
        let mut screened = judge.tally(&reading, k, judge.screen(), u64::MAX)?.wrong;
        let before = self.tried;
        for count in 1..=alternatives.count().min(most) {
            let room = (before + MOST_CANDIDATES).saturating_sub(self.tried);
            let mut changes = alternatives.changes(count);
            changes.truncate(room);
            if changes.is_empty() {
                break;
            }
            self.tried += changes.len();
            self.tell(k);
            let candidates: Vec<Readings> = changes
                .iter()
                .map(|change| self.changed(found, group, change))
                .collect();
            // What cannot be computed is no candidate.
            let wrong = |readings: &Readings, samples: &[usize], limit: u64| {
                let reading = readings.of(judge.network).ok()?;
                let tally = judge.tally(&reading, k, samples, limit).ok()?;
                Some(tally.wrong)
            };
            let first: Vec<Option<u64>> = candidates
                .par_iter()
                .map(|readings| wrong(readings, judge.screen(), screened))
                .collect();
            let mut order: Vec<(u64, usize)> = first
                .iter()
                .enumerate()
                .filter_map(|(n, wrong)| Some(((*wrong)?, n)))
                .collect();
            order.sort_unstable();
            order.truncate(FINALISTS);
            screened = screened.min(order.first().map_or(screened, |(wrong, _)| *wrong));
            let limit = nearest.0;
            let finals: Vec<Option<u64>> = order
                .par_iter()
                .map(|(_, n)| wrong(&candidates[*n], judge.all(), limit))
                .collect();
            for ((_, n), wrong) in order.iter().zip(finals) {
                if let Some(wrong) = wrong.filter(|wrong| *wrong < nearest.0) {
                    nearest = (wrong, candidates[*n].clone());
                }
            }
            if nearest.0 == 0 {
                break;
            }
        }
        *found = nearest.1;
        Ok(nearest.0 == 0)
    }

    /// The settings of population `k` of which another value agrees as well.
    fn undecided(&mut self, found: &Readings, k: usize) -> Result<Vec<Setting>, CompileError> {
        let judge = self.judge;
        let reading = found.of(judge.network)?;
        let alternatives = Alternatives::of(self.given, &reading, judge, k, true);
        let changes = alternatives.changes(1);
        self.tried += changes.len();
        let agrees = |change: &candidates::Change| {
            let readings = self.changed(found, &[k], change);
            let reading = readings.of(judge.network).ok()?;
            let tally = judge.tally(&reading, k, judge.all(), 0).ok()?;
            let setting = change.choices.settings().first().copied();
            setting.filter(|_| tally.wrong == 0)
        };
        let mut all: Vec<Setting> = changes.par_iter().filter_map(agrees).collect();
        all.sort();
        all.dedup();
        Ok(all)
    }
}

/// The populations that lead to `k`, by any way.
fn sources(network: &Network, k: usize) -> Vec<usize> {
    let into = network.projections.iter().filter(|p| p.target == k);
    let populations = into.filter_map(|p| match p.source {
        Source::Input => None,
        Source::Population(source) => Some(source),
    });
    populations.collect()
}
