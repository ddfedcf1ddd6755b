//! Which values live in vector registers for the whole run.

use std::collections::BTreeMap;
use std::fmt;

use super::{PlacedPopulation, Style};
use crate::quantise::{Fire, Operation, QuantisedNetwork, Slot, Values};

/// A value that may live in a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Home {
    /// The same number in every lane, whatever it is for.
    Uniform(i16),
    /// A state variable: population, variable, vector.
    State(usize, usize, usize),
    /// A constant that differs from neuron to neuron: population, constant, vector.
    Constant(usize, usize, usize),
}

/// The vector registers: which values have one, and which are left for intermediate values.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VectorRegisters {
    /// Register of each value that has one.
    pub homes: BTreeMap<Home, u8>,
    /// Registers for intermediate values.
    pub temps: Vec<u8>,
}

/// Registers kept free for intermediate values: enough to have a few loads and
/// products under way at once.
const LEAST_TEMPS: usize = 6;

/// The same where a population is in the wide form: a vector's words, those of its
/// factors, the sums and the products on their way.
const LEAST_TEMPS_WIDE: usize = 22;

/// Rows that a step is expected to add to an accumulator; it only ranks values.
const EXPECTED_ROWS: f64 = 4.0;

/// Gives registers to the values that save most instructions in a step.
pub fn assign(network: &QuantisedNetwork, populations: &[PlacedPopulation]) -> VectorRegisters {
    let mut savings: BTreeMap<Home, f64> = BTreeMap::new();
    let mut save =
        |home: Home, instructions: f64| *savings.entry(home).or_default() += instructions;
    for (k, (p, placed)) in network.populations.iter().zip(populations).enumerate() {
        let kernel = &p.kernel;
        let vectors = kernel.vectors();
        let repeats = vectors as f64;
        let mut uses = vec![0.0; kernel.constants.len()];
        for slot in kernel.operations().flat_map(Operation::reads) {
            if let Slot::Constant(c) = slot {
                uses[c] += 1.0;
            }
        }
        for slot in kernel.fire.iter().flat_map(Fire::reads) {
            if let Slot::Constant(c) = slot {
                uses[c] += 1.0;
            }
        }
        for (c, constant) in kernel.constants.iter().enumerate() {
            match constant.values {
                Values::Uniform(value) => {
                    // An assignment of a constant is one instruction either way.
                    let assigned = kernel
                        .operations()
                        .filter(|o| matches!(o, Operation::Set { constant, .. } if *constant == c))
                        .count();
                    save(Home::Uniform(value), (uses[c] - assigned as f64) * repeats);
                }
                Values::PerNeuron(_) if placed.style == Style::Unrolled => {
                    for v in 0..vectors {
                        save(Home::Constant(k, c, v), uses[c].min(1.0));
                    }
                }
                Values::PerNeuron(_) => {}
            }
        }
        if placed.style == Style::Unrolled {
            let fed = network.projections.iter().any(|p| p.target == k);
            for s in 0..kernel.states.len() {
                let rows = if kernel.accumulators().contains(&s) && fed {
                    EXPECTED_ROWS
                } else {
                    0.0
                };
                for v in 0..vectors {
                    save(Home::State(k, s, v), 2.0 * (1.0 + rows));
                }
            }
        }
    }
    let mut ranked: Vec<(Home, f64)> = savings.into_iter().filter(|(_, s)| *s > 0.0).collect();
    // Ties are broken by the value itself, so that the choice is the same in every run.
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut registers = VectorRegisters::default();
    let wide = network.populations.iter().any(|p| p.kernel.words > 1);
    let least = if wide { LEAST_TEMPS_WIDE } else { LEAST_TEMPS };
    let kernels = network.populations.iter().map(|p| &p.kernel);
    let needed = kernels.filter(|kernel| kernel.words == 1);
    let needed = needed.map(|kernel| kernel.registers()).max();
    let temps = needed.unwrap_or(0).clamp(least, 32);
    for (number, (home, _)) in (0..(32 - temps) as u8).zip(ranked) {
        registers.homes.insert(home, number);
    }
    registers.temps = (registers.homes.len() as u8..32).collect();
    registers
}

impl fmt::Display for VectorRegisters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |keep: fn(&Home) -> bool| self.homes.keys().filter(|home| keep(home)).count();
        writeln!(
            f,
            "  vector registers: {} state, {} constants, {} for intermediate values",
            count(|h| matches!(h, Home::State(..))),
            count(|h| !matches!(h, Home::State(..))),
            self.temps.len()
        )
    }
}
