//! Readings that are tried: a known one, with some of its settings changed.

use super::{Judge, Trace};
use crate::graph::Network;
use crate::neuron::{Firing, Neuron};
use crate::reading::{
    Choices, Comparison, Initial, InputScale, Integration, NetworkReading, Origin, Readings, Reset,
    ResetStep, Setting, SpikesAStep,
};

/// Step lengths that are tried where none is known.
const STEPS: [f64; 7] = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1.0];

/// Longest refractory time that is tried.
const MOST_REFRACTORY: u32 = 256;

/// A change of a reading.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Change {
    /// Another step length.
    pub dt: Option<f64>,
    /// Other settings.
    pub choices: Choices,
}

/// What may be changed: the other values of each setting, and of the step length.
pub(super) struct Alternatives(Vec<Vec<Change>>);

/// Step lengths that suit the time constants of `network`.
pub(super) fn steps(network: &Network) -> Vec<f64> {
    let constants = network.populations.iter();
    let constants = constants.flat_map(|p| p.neuron.time_constants());
    let shortest = constants.map(f64::abs).fold(f64::INFINITY, f64::min);
    let suits = |dt: &f64| (1e-4..2.0).contains(&(dt / shortest));
    let suiting: Vec<f64> = STEPS.into_iter().filter(suits).collect();
    match suiting.is_empty() {
        // Nothing tells: a tenth of the shortest is as good as any.
        true if shortest.is_finite() => vec![shortest / 10.0],
        true => vec![1.0],
        false => suiting,
    }
}

/// True where what population `k` does depends on the length of a step.
pub(super) fn depends_on_step(reading: &NetworkReading, network: &Network, k: usize) -> bool {
    let neuron = &network.populations[k].neuron;
    let scale = reading.populations[k].reading.input_scale;
    let integrates = matches!(neuron, Neuron::IntegrateAndFire(_) | Neuron::Integrator(_));
    let whole = matches!(scale, InputScale::Membrane | InputScale::DecayedMembrane);
    !neuron.time_constants().is_empty() || (integrates && !whole)
}

impl Alternatives {
    /// What may be changed in the reading of population `k`, beside what is `given`. The step
    /// length is not changed where it is `settled`.
    pub fn of(
        given: &Readings,
        reading: &NetworkReading,
        judge: &Judge<'_>,
        k: usize,
        settled: bool,
    ) -> Self {
        let own = &reading.populations[k];
        let now = &own.reading;
        let population = &judge.network.populations[k];
        let mut all = Vec::new();
        for &setting in &own.settings {
            let of_population = given.populations.get(&population.name);
            let chosen = |c: &Choices| c.settings().contains(&setting);
            if of_population.is_some_and(chosen) || chosen(&given.all) {
                continue;
            }
            let others: Vec<Choices> = others(setting, &population.neuron, judge, k);
            let now = Choices::of(now, &[setting]);
            let others = others.into_iter().filter(|other| *other != now);
            let changes = others.map(|choices| Change { dt: None, choices });
            all.push(changes.collect());
        }
        let timed = depends_on_step(reading, judge.network, k);
        if given.dt.is_none() && !settled && timed && reading.dt_origin != Origin::File {
            let others = steps(judge.network).into_iter();
            let others = others.filter(|dt| *dt != reading.dt).map(|dt| Change {
                dt: Some(dt),
                choices: Choices::default(),
            });
            all.push(others.collect());
        }
        all.retain(|changes: &Vec<Change>| !changes.is_empty());
        Alternatives(all)
    }

    /// How many settings there are to change.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// All changes of `count` settings.
    pub fn changes(&self, count: usize) -> Vec<Change> {
        let mut all = Vec::new();
        self.extend(0, count, Change::default(), &mut all);
        all
    }

    fn extend(&self, from: usize, left: usize, change: Change, all: &mut Vec<Change>) {
        if left == 0 {
            all.push(change);
            return;
        }
        for (n, values) in self.0.iter().enumerate().skip(from) {
            for value in values {
                let with = Change {
                    dt: change.dt.or(value.dt),
                    choices: change.choices.or(value.choices),
                };
                self.extend(n + 1, left - 1, with, all);
            }
        }
    }
}

/// The values of a setting that are worth a try.
fn others(setting: Setting, neuron: &Neuron, judge: &Judge<'_>, k: usize) -> Vec<Choices> {
    let firing = match neuron {
        Neuron::Lif(p) => Some(&p.firing),
        Neuron::CubaLif(p) => Some(&p.firing),
        Neuron::IntegrateAndFire(p) => Some(&p.firing),
        _ => None,
    };
    let resets_to_zero = |f: &Firing| f.v_reset.iter().all(|v| *v == 0.0);
    let to_zero = firing.is_none_or(resets_to_zero);
    let mut choices = Vec::new();
    let mut add = |fill: &dyn Fn(&mut Choices)| {
        let mut choice = Choices::default();
        fill(&mut choice);
        choices.push(choice);
    };
    match setting {
        Setting::Integration => {
            for &value in Integration::ALL {
                add(&|c| c.integration = Some(value));
            }
        }
        Setting::Reset => {
            // To a v_reset of 0 and to zero are one.
            let same = |reset: &&Reset| !(to_zero && **reset == Reset::ToVReset);
            for &value in Reset::ALL.iter().filter(same) {
                add(&|c| c.reset = Some(value));
            }
        }
        Setting::ResetStep => {
            for &value in ResetStep::ALL {
                add(&|c| c.reset_step = Some(value));
            }
        }
        Setting::Comparison => {
            for &value in Comparison::ALL {
                add(&|c| c.comparison = Some(value));
            }
        }
        Setting::Initial => {
            let leak = match neuron {
                Neuron::Lif(p) => &p.membrane.v_leak[..],
                Neuron::CubaLif(p) => &p.membrane.v_leak,
                Neuron::Li(p) => &p.v_leak,
                Neuron::CubaLi(p) => &p.v_leak,
                _ => &[],
            };
            add(&|c| c.initial = Some(Initial::Zero));
            if leak.iter().any(|v| *v != 0.0) {
                add(&|c| c.initial = Some(Initial::VLeak));
            }
            if !to_zero {
                add(&|c| c.initial = Some(Initial::VReset));
            }
        }
        Setting::SpikesAStep => {
            add(&|c| c.spikes_a_step = Some(SpikesAStep::One));
            if most_spikes(judge, k) > 1 {
                add(&|c| c.spikes_a_step = Some(SpikesAStep::Several));
            }
        }
        Setting::Refractory => {
            add(&|c| c.refractory = Some(0));
            let rest = shortest_interval(judge, k).map_or(0, |steps| steps.saturating_sub(1));
            if (1..=MOST_REFRACTORY).contains(&rest) {
                add(&|c| c.refractory = Some(rest));
            }
        }
        Setting::InputScale => {
            let has_current = matches!(neuron, Neuron::CubaLif(_) | Neuron::CubaLi(_));
            let scales = InputScale::NAMED.iter().filter(|scale| {
                has_current || matches!(scale, InputScale::File | InputScale::Membrane)
            });
            for &value in scales {
                add(&|c| c.input_scale = Some(value));
            }
        }
        Setting::ForwardDelay => {
            for value in [0, 1] {
                add(&|c| c.forward_delay = Some(value));
            }
        }
    }
    choices
}

/// Most spikes of a neuron in a step.
fn most_spikes(judge: &Judge<'_>, k: usize) -> usize {
    let Some(Trace::Spikes(samples)) = judge.expected.get(&k) else {
        return 0;
    };
    let steps = samples.iter().flatten();
    let runs = steps.flat_map(|spikes| spikes.chunk_by(|a, b| a == b));
    runs.map(<[u32]>::len).max().unwrap_or(0)
}

/// Fewest steps between two spikes of a neuron.
fn shortest_interval(judge: &Judge<'_>, k: usize) -> Option<u32> {
    let Some(Trace::Spikes(samples)) = judge.expected.get(&k) else {
        return None;
    };
    let mut shortest: Option<u32> = None;
    for sample in samples {
        let mut last = vec![None; judge.network.populations[k].size()];
        for (step, spikes) in (0u32..).zip(sample) {
            for &neuron in spikes {
                if let Some(before) = last[neuron as usize].replace(step)
                    && step > before
                {
                    let interval: u32 = step - before;
                    shortest = Some(shortest.map_or(interval, |s| s.min(interval)));
                }
            }
        }
    }
    shortest
}
