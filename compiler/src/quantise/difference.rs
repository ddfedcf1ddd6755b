//! How far a network in fixed point is from the float reference as it runs, end to end.

use spikevec_isa::Rng;

use super::{Interpreter, QuantisedNetwork};
use crate::reference::{Recording, Spikes};

/// Runs one sample in fixed point, bit-exactly as the program does. Membranes are recorded of the
/// populations in `membranes`, as numbers.
pub fn record(
    network: &QuantisedNetwork,
    input: &[Vec<u32>],
    rng: Rng,
    membranes: &[bool],
) -> Recording {
    let count = network.populations.len();
    let mut recording = Recording {
        spikes: vec![Vec::with_capacity(input.len()); count],
        membranes: vec![Vec::new(); count],
    };
    let mut interpreter = Interpreter::new(network, rng);
    for spikes in input {
        interpreter.step(spikes);
        for (k, population) in network.populations.iter().enumerate() {
            recording.spikes[k].push(interpreter.spiking(k));
            if membranes.get(k) == Some(&true) {
                let kernel = &population.kernel;
                let format = kernel.states[kernel.membrane].format;
                let values = interpreter.membrane(k).into_iter();
                recording.membranes[k].extend(values.map(|value| format.value(value)));
            }
        }
    }
    recording
}

/// The difference between the reference and fixed point of one population, over any number of
/// samples, every population fed by what the others really did.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Difference {
    /// Spikes of the reference.
    pub reference_spikes: u64,
    /// Spikes in fixed point.
    pub spikes: u64,
    /// Spikes that a neuron has in both in the same step.
    pub same: u64,
    /// Spikes of the reference for which the neuron has one in another step of the sample.
    pub moved: u64,
    /// Sum of the squares of the differences of the membranes.
    squares: f64,
    /// Values in it.
    values: u64,
    /// Largest absolute membrane of the reference.
    range: f64,
}

impl Difference {
    /// What one sample adds: the spikes of `neurons` neurons, and membranes where both have them.
    pub fn add_sample(
        &mut self,
        neurons: usize,
        (reference, membranes): (&Spikes, &[f64]),
        (fixed, fixed_membranes): (&Spikes, &[f64]),
    ) {
        // Of each neuron the spikes that the other does not have in their step.
        let mut lone = vec![(0u64, 0u64); neurons];
        for (there, here) in reference.iter().zip(fixed) {
            self.reference_spikes += there.len() as u64;
            self.spikes += here.len() as u64;
            for spike in there {
                match here.binary_search(spike) {
                    Ok(_) => self.same += 1,
                    Err(_) => {
                        if let Some(lone) = lone.get_mut(*spike as usize) {
                            lone.0 += 1;
                        }
                    }
                }
            }
            let extra = here
                .iter()
                .filter(|spike| there.binary_search(spike).is_err());
            for spike in extra {
                if let Some(lone) = lone.get_mut(*spike as usize) {
                    lone.1 += 1;
                }
            }
        }
        self.moved += lone
            .iter()
            .map(|(there, here)| there.min(here))
            .sum::<u64>();
        for (there, here) in membranes.iter().zip(fixed_membranes) {
            self.squares += (there - here).powi(2);
            self.values += 1;
            self.range = self.range.max(there.abs());
        }
    }

    /// What several samples come to together.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        Difference {
            reference_spikes: self.reference_spikes + other.reference_spikes,
            spikes: self.spikes + other.spikes,
            same: self.same + other.same,
            moved: self.moved + other.moved,
            squares: self.squares + other.squares,
            values: self.values + other.values,
            range: self.range.max(other.range),
        }
    }

    /// Spikes of the reference for which the neuron has none to spare in fixed point.
    pub fn missing(&self) -> u64 {
        self.reference_spikes - self.same - self.moved
    }

    /// Spikes in fixed point that the reference has not, in no step.
    pub fn extra(&self) -> u64 {
        self.spikes - self.same - self.moved
    }

    /// Entries (sample, step, neuron) that only one of the two has, as a fraction of the
    /// reference's spikes.
    pub fn spike_error(&self) -> f64 {
        let differing = self.reference_spikes + self.spikes - 2 * self.same;
        differing as f64 / self.reference_spikes.max(1) as f64
    }

    /// Root mean square difference of the membranes, as a fraction of the reference's largest;
    /// `None` where none were recorded, or the reference diverges.
    pub fn membrane_error(&self) -> Option<f64> {
        let error = (self.squares / self.values as f64).sqrt() / self.range.max(f64::MIN_POSITIVE);
        (self.values > 0 && error.is_finite()).then_some(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spikes_are_the_same_moved_missing_or_extra() {
        // Neuron 0 is a step late, 1 fires alike, 2 is silent here, 3 only fires here.
        let reference: Spikes = vec![vec![0, 1, 2], vec![1], vec![]];
        let fixed: Spikes = vec![vec![1], vec![0, 1, 3], vec![3]];
        let mut difference = Difference::default();
        difference.add_sample(4, (&reference, &[1.0, -4.0]), (&fixed, &[1.0, -2.0]));
        assert_eq!((difference.same, difference.moved), (2, 1));
        assert_eq!((difference.missing(), difference.extra()), (1, 2));
        assert_eq!(difference.spike_error(), 5.0 / 4.0);
        assert_eq!(difference.membrane_error(), Some(2.0f64.sqrt() / 4.0));
        let twice = difference.plus(&difference);
        assert_eq!((twice.missing(), twice.extra()), (2, 4));
        assert_eq!(twice.spike_error(), difference.spike_error());
        assert_eq!(Difference::default().membrane_error(), None);
    }
}
