//! The spikes on which formats are chosen.

use crate::reference::Spikes;

/// Input spikes for the choice of formats.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Calibration {
    /// Random spikes at a range of rates, the same for every compilation.
    #[default]
    Seeded,
    /// Samples that the user gave.
    Samples(Vec<Spikes>),
}

/// A small deterministic generator (xorshift64*): seeded spikes must be the same
/// on every machine and in every version of the dependencies.
#[derive(Debug, Clone)]
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        // Any non-zero state will do; the multiplication spreads small seeds.
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        for _ in 0..8 {
            random.next();
        }
        random
    }

    /// A number in [0, 1).
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let bits = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11;
        bits as f64 / (1u64 << 53) as f64
    }
}

/// Independent random spikes: in each of `steps` steps each of `neurons` neurons
/// spikes with probability `rate`.
pub fn seeded_spikes(seed: u64, steps: usize, neurons: usize, rate: f64) -> Spikes {
    let mut random = Random::new(seed);
    (0..steps)
        .map(|_| {
            (0..neurons as u32)
                .filter(|_| random.next() < rate)
                .collect()
        })
        .collect()
}

/// Steps for which a neuron keeps its rate in [`uneven_spikes`].
const BLOCK: usize = 25;

/// Random spikes as sensors give them: some neurons are silent for a while and some
/// are busy. Each neuron draws a factor of 0, 1/4, 1 or 4 on `rate` for every 25
/// steps. Such input drives membranes much further than even rates do.
pub fn uneven_spikes(seed: u64, steps: usize, neurons: usize, rate: f64) -> Spikes {
    let mut random = Random::new(seed);
    let mut rates = vec![0.0; neurons];
    (0..steps)
        .map(|step| {
            if step % BLOCK == 0 {
                for own in &mut rates {
                    let factor = [0.0, 0.25, 1.0, 4.0][(random.next() * 4.0) as usize & 3];
                    *own = (rate * factor).min(0.95);
                }
            }
            let spikes = rates
                .iter()
                .enumerate()
                .filter(|(_, own)| random.next() < **own);
            spikes.map(|(k, _)| k as u32).collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spikes_have_the_rate_and_depend_on_the_seed() {
        let spikes = seeded_spikes(3, 1000, 100, 0.1);
        let count: usize = spikes.iter().map(Vec::len).sum();
        // 10000 expected; four standard deviations are 380.
        assert!((9620..10380).contains(&count), "{count}");
        assert_eq!(spikes, seeded_spikes(3, 1000, 100, 0.1));
        assert_ne!(spikes, seeded_spikes(4, 1000, 100, 0.1));
        assert!(spikes.iter().all(|step| step.is_sorted()));
    }
}
