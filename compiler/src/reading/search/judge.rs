//! How well a reading of a population agrees with what its framework did.

use std::collections::BTreeMap;

use super::{Expected, Trace, sources};
use crate::error::CompileError;
use crate::graph::Network;
use crate::reading::NetworkReading;
use crate::reference::{Reference, Run, Spikes, Update};

/// Steps times neurons on which candidates are screened.
const SCREEN: usize = 8_000;

/// Membranes are equal that differ by less than this part of the largest: frameworks compute with
/// 24 bits, and sums are rounded in another order.
const MEMBRANE_TOLERANCE: f64 = 1e-4;

/// The first place where two runs differ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mismatch {
    /// The sample.
    pub sample: usize,
    /// The step in it.
    pub step: usize,
    /// The neuron.
    pub neuron: usize,
    /// What the framework did: the number of spikes, or the membrane.
    pub expected: f64,
    /// What the float reference does.
    pub found: f64,
}

/// How much agrees.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Tally {
    /// Entries that were compared: samples times steps times neurons.
    pub entries: u64,
    /// Those that differ.
    pub wrong: u64,
    /// Spikes that the framework has, where spikes are compared.
    pub spikes: u64,
    /// The first that differs.
    pub first: Option<Mismatch>,
}

/// The data that readings are judged on.
pub(super) struct Judge<'a> {
    pub network: &'a Network,
    pub samples: &'a [Spikes],
    pub expected: &'a Expected,
    /// All samples, and those for a first look.
    all: Vec<usize>,
    screen: usize,
    /// How far membranes may be apart, `[sample]` of each population of which they are known.
    tolerance: BTreeMap<usize, Vec<f64>>,
}

impl<'a> Judge<'a> {
    pub fn new(network: &'a Network, samples: &'a [Spikes], expected: &'a Expected) -> Self {
        let widest = expected
            .keys()
            .map(|&k| network.populations[k].size())
            .max();
        let mut work = 0;
        let mut screen = 0;
        for sample in samples {
            if work >= SCREEN {
                break;
            }
            work += sample.len() * widest.unwrap_or(0).max(1);
            screen += 1;
        }
        Judge {
            network,
            samples,
            expected,
            all: (0..samples.len()).collect(),
            screen,
            tolerance: expected
                .iter()
                .map(|(k, trace)| (*k, tolerance(trace)))
                .collect(),
        }
    }

    /// All samples.
    pub fn all(&self) -> &[usize] {
        &self.all
    }

    /// The samples for a first look.
    pub fn screen(&self) -> &[usize] {
        &self.all[..self.screen]
    }

    /// `k`, and the populations before it of which nothing is known and that are not `resolved`.
    pub fn unknown_sources(&self, k: usize, resolved: &[bool]) -> Vec<usize> {
        let mut group = self.computed(k);
        group.retain(|&member| member == k || !resolved[member]);
        group
    }

    /// `k`, and the populations that have to be computed for it: those before it of which no
    /// spikes are known.
    fn computed(&self, k: usize) -> Vec<usize> {
        let known = |k: &usize| matches!(self.expected.get(k), Some(Trace::Spikes(_)));
        let mut all = vec![k];
        let mut next = 0;
        while let Some(&member) = all.get(next) {
            next += 1;
            for source in sources(self.network, member) {
                if !known(&source) && !all.contains(&source) {
                    all.push(source);
                }
            }
        }
        all.sort_unstable();
        all
    }

    /// What agrees of population `k` on `samples`, its sources spiking as is known of them. It
    /// ends where more than `limit` entries differ.
    pub fn tally(
        &self,
        reading: &NetworkReading,
        k: usize,
        samples: &[usize],
        limit: u64,
    ) -> Result<Tally, CompileError> {
        let reference = Reference::read(self.network, reading, &[])?;
        let computed = self.computed(k);
        let mut tally = Tally::default();
        for &sample in samples {
            let mut run = reference.begin();
            for (step, input) in self.samples[sample].iter().enumerate() {
                run.step(input, |other| {
                    let known = self.known_spikes(other, sample, step);
                    match (known, computed.contains(&other)) {
                        (Some(spikes), true) => Update::Sends(spikes),
                        (Some(spikes), false) => Update::Only(spikes),
                        (None, true) => Update::Free,
                        (None, false) => Update::Only(&[]),
                    }
                });
                self.compare(&run, k, (sample, step), &mut tally);
                if tally.wrong > limit {
                    return Ok(tally);
                }
            }
        }
        Ok(tally)
    }

    /// What agrees in a run of the whole network, of each population of which something is known.
    pub fn free_run(&self, reading: &NetworkReading) -> Result<Vec<Tally>, CompileError> {
        let reference = Reference::read(self.network, reading, &[])?;
        let mut tallies = vec![Tally::default(); self.expected.len()];
        for (sample, steps) in self.samples.iter().enumerate() {
            let mut run = reference.begin();
            for (step, input) in steps.iter().enumerate() {
                run.step(input, |_| Update::Free);
                for (&k, tally) in self.expected.keys().zip(&mut tallies) {
                    self.compare(&run, k, (sample, step), tally);
                }
            }
        }
        Ok(tallies)
    }

    fn known_spikes(&self, k: usize, sample: usize, step: usize) -> Option<&[u32]> {
        match self.expected.get(&k)? {
            Trace::Spikes(samples) => Some(&samples[sample][step]),
            Trace::Membranes(_) => None,
        }
    }

    /// Compares population `k` after a step.
    fn compare(&self, run: &Run<'_>, k: usize, (sample, step): (usize, usize), tally: &mut Tally) {
        let size = self.network.populations[k].size();
        tally.entries += size as u64;
        let mut differs = |neuron: usize, expected: f64, found: f64| {
            tally.wrong += 1;
            tally.first.get_or_insert(Mismatch {
                sample,
                step,
                neuron,
                expected,
                found,
            });
        };
        match self.expected.get(&k) {
            Some(Trace::Spikes(samples)) => {
                let expected = &samples[sample][step];
                tally.spikes += expected.len() as u64;
                each_difference(expected, run.spikes(k), |neuron, expected, found| {
                    differs(neuron as usize, f64::from(expected), f64::from(found));
                });
            }
            Some(Trace::Membranes(samples)) => {
                let expected = &samples[sample];
                let tolerance = self.tolerance.get(&k).map_or(0.0, |all| all[sample]);
                let expected = &expected[step * size..(step + 1) * size];
                let spiked = run.spikes(k);
                let pairs = expected.iter().zip(run.potentials(k)).enumerate();
                for (neuron, (&expected, &found)) in pairs {
                    let close = (expected - found).abs() <= tolerance;
                    // A membrane that is no number is close to nothing.
                    if !close && spiked.binary_search(&(neuron as u32)).is_err() {
                        differs(neuron, expected, found);
                    }
                }
            }
            None => {}
        }
    }
}

/// How far the membranes of each sample may be apart.
fn tolerance(trace: &Trace) -> Vec<f64> {
    let Trace::Membranes(samples) = trace else {
        return Vec::new();
    };
    let largest = |sample: &Vec<f64>| sample.iter().fold(0.0, |a: f64, b| a.max(b.abs()));
    let all = samples.iter();
    all.map(|sample| MEMBRANE_TOLERANCE * largest(sample))
        .collect()
}

/// Calls `differs` with each neuron that two ascending lists have differently often, and how
/// often each has it.
fn each_difference(a: &[u32], b: &[u32], mut differs: impl FnMut(u32, u32, u32)) {
    let count = |list: &[u32], from: usize, neuron: u32| {
        list[from..].iter().take_while(|n| **n == neuron).count()
    };
    let (mut i, mut j) = (0, 0);
    loop {
        let neuron = match (a.get(i), b.get(j)) {
            (Some(&x), Some(&y)) => x.min(y),
            (Some(&x), None) => x,
            (None, Some(&y)) => y,
            (None, None) => return,
        };
        let (m, n) = (count(a, i, neuron), count(b, j, neuron));
        if m != n {
            differs(neuron, m as u32, n as u32);
        }
        (i, j) = (i + m, j + n);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_those_of_counts() {
        let mut all = Vec::new();
        each_difference(&[1, 3, 3, 7], &[1, 3, 4, 7, 7], |n, a, b| {
            all.push((n, a, b))
        });
        assert_eq!(all, [(3, 2, 1), (4, 0, 1), (7, 1, 2)]);
        each_difference(&[], &[], |_, _, _| unreachable!());
    }
}
