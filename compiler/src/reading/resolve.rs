//! The reading of a network: what is chosen, and what follows where nothing is.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::framework::Traits;
use super::hints::written_by;
use super::{Choices, Origin, Origins, Reading, ReadingError, Readings, Setting, SpikesAStep};
use crate::error::CompileError;
use crate::graph::{Network, Projection, Source};
use crate::neuron::Neuron;
use crate::synapse::least_delay;

/// Most steps of a refractory time or a delay.
const MOST_STEPS: u32 = 4096;

/// How one population is read.
#[derive(Debug, Clone, PartialEq)]
pub struct PopulationReading {
    /// Its name.
    pub name: String,
    /// What is computed.
    pub reading: Reading,
    /// Where that comes from.
    pub origins: Origins,
    /// The settings that mean something for its neurons.
    pub settings: Vec<Setting>,
}

/// How a network is read.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkReading {
    /// The framework that was named.
    pub framework: Option<super::Framework>,
    /// Length of a step.
    pub dt: f64,
    /// Where that comes from.
    pub dt_origin: Origin,
    /// The populations, in the network's order.
    pub populations: Vec<PopulationReading>,
}

impl Readings {
    /// The reading of `network`.
    ///
    /// # Errors
    /// A step length that is missing or not positive, and [`ReadingError`].
    pub fn of(&self, network: &Network) -> Result<NetworkReading, CompileError> {
        self.check_names(network)?;
        let (dt, dt_origin) = self.dt(network)?;
        let mut populations = Vec::with_capacity(network.populations.len());
        for (k, population) in network.populations.iter().enumerate() {
            let settings = settings(&population.neuron);
            let own = self.populations.get(&population.name);
            if let Some(own) = own {
                check_applies(&population.name, &population.neuron, &settings, own)?;
            }
            let own = own.copied().unwrap_or_default();
            let framework = self.framework.map(|framework| {
                framework.choices(Traits {
                    neuron: &population.neuron,
                    recurrent: leads(network, Source::Population(k), k),
                    fed_by_input: leads(network, Source::Input, k),
                    reset: own.reset.or(self.all.reset),
                })
            });
            let framework = framework.unwrap_or_default();
            let layers = [
                (&own, Origin::Given),
                (&self.all, Origin::Given),
                (&framework, Origin::Framework),
            ];
            let (reading, origins) = Reading::of(dt, &layers);
            check(&population.name, &population.neuron, &reading)?;
            populations.push(PopulationReading {
                name: population.name.clone(),
                reading,
                origins,
                settings,
            });
        }
        Ok(NetworkReading {
            framework: self.framework,
            dt,
            dt_origin,
            populations,
        })
    }

    fn check_names(&self, network: &Network) -> Result<(), ReadingError> {
        let names = || network.populations.iter().map(|p| p.name.as_str());
        let unknown = |given: &&String| !names().any(|name| name == given.as_str());
        match self.populations.keys().find(unknown) {
            Some(given) => Err(ReadingError::UnknownPopulation {
                flag: self.first_setting(given).name(),
                given: given.clone(),
                known: names().collect::<Vec<_>>().join(", "),
            }),
            None => Ok(()),
        }
    }

    /// The step length: the user's, the framework's, the model's, or 1 where no neuron has a
    /// time constant.
    fn dt(&self, network: &Network) -> Result<(f64, Origin), CompileError> {
        let constants: Vec<f64> = network
            .populations
            .iter()
            .flat_map(|p| p.neuron.time_constants())
            .map(f64::abs)
            .collect();
        let framework = self.framework.and_then(super::Framework::dt);
        let chosen = [
            (self.dt, Origin::Given),
            (framework, Origin::Framework),
            (network.stated_dt, Origin::File),
        ];
        let mut chosen = chosen.iter().filter_map(|(dt, from)| Some(((*dt)?, *from)));
        match chosen.next() {
            Some((dt, from)) if dt.is_finite() && dt > 0.0 => Ok((dt, from)),
            Some((dt, _)) => Err(CompileError::BadDt(dt)),
            None if constants.is_empty() => {
                let mut populations = network.populations.iter();
                match populations.find(|p| p.neuron.needs_dt()) {
                    Some(p) => Err(CompileError::MissingDtOf {
                        population: p.name.clone(),
                        kind: p.neuron.kind().to_owned(),
                    }),
                    None => Ok((1.0, Origin::Assumed)),
                }
            }
            None => Err(CompileError::MissingDt {
                min: constants.iter().copied().fold(f64::INFINITY, f64::min),
                max: constants.iter().copied().fold(0.0, f64::max),
                sign: written_by(network)
                    .map(|(framework, sign)| format!("{sign}, as {framework} writes it")),
            }),
        }
    }
}

fn leads(network: &Network, source: Source, target: usize) -> bool {
    let mut own = network.projections_from(source);
    own.any(|p| p.target == target)
}

/// The settings that mean something for neurons of a type.
pub(super) fn settings(neuron: &Neuron) -> Vec<Setting> {
    use Setting::{
        Comparison, ForwardDelay, Initial, InputScale, Integration, Refractory, Reset, ResetStep,
        SpikesAStep,
    };
    let mut all = match neuron {
        // A model of one's own has all rules in it.
        Neuron::Own(_) | Neuron::Described(_) | Neuron::Readout(_) => Vec::new(),
        Neuron::Threshold(_) => vec![Comparison],
        Neuron::Lif(_) | Neuron::CubaLif(_) | Neuron::Li(_) | Neuron::CubaLi(_) => {
            vec![Integration, Initial, InputScale]
        }
        Neuron::IntegrateAndFire(_) | Neuron::Integrator(_) => vec![Initial, InputScale],
    };
    let resets = matches!(
        neuron,
        Neuron::Lif(_) | Neuron::CubaLif(_) | Neuron::IntegrateAndFire(_)
    );
    if resets {
        all.extend([Reset, ResetStep, Comparison, SpikesAStep, Refractory]);
    }
    all.push(ForwardDelay);
    all.sort();
    all
}

/// Refuses what is chosen for a population by name and means nothing for it.
fn check_applies(
    name: &str,
    neuron: &Neuron,
    settings: &[Setting],
    own: &Choices,
) -> Result<(), ReadingError> {
    let chosen = own.settings();
    match chosen.iter().find(|setting| !settings.contains(setting)) {
        Some(setting) => Err(ReadingError::DoesNotApply {
            flag: setting.name(),
            population: name.to_owned(),
            kind: neuron.kind().to_owned(),
            why: match setting {
                Setting::Integration => "which have no time constant",
                _ if neuron.is_spiking() => "which have rules of their own",
                Setting::Initial | Setting::InputScale => "which have rules of their own",
                _ => "which do not spike",
            },
        }),
        None => Ok(()),
    }
}

/// Refuses what cannot be computed.
fn check(name: &str, neuron: &Neuron, reading: &Reading) -> Result<(), ReadingError> {
    let steps = [
        (Setting::Refractory, reading.refractory),
        (Setting::ForwardDelay, reading.forward_delay),
    ];
    if let Some((setting, given)) = steps.into_iter().find(|(_, steps)| *steps > MOST_STEPS) {
        return Err(ReadingError::TooLong {
            flag: setting.name(),
            given,
            most: MOST_STEPS,
        });
    }
    let firing = match neuron {
        Neuron::Lif(p) => &p.firing,
        Neuron::CubaLif(p) => &p.firing,
        Neuron::IntegrateAndFire(p) => &p.firing,
        _ => return Ok(()),
    };
    if reading.spikes_a_step == SpikesAStep::One {
        return Ok(());
    }
    let why = if reading.refractory > 0 {
        "it has a refractory time"
    } else if firing.threshold.iter().any(|t| *t <= 0.0) {
        "some of its thresholds are not above 0"
    } else {
        return Ok(());
    };
    Err(ReadingError::SeveralSpikes {
        population: name.to_owned(),
        why,
    })
}

impl NetworkReading {
    /// Steps between a spike and its effect, of each projection of `network`: one that feeds
    /// forward takes its target's forward delay beside its own.
    pub fn delays(&self, network: &Network) -> Vec<u32> {
        let delay = |p: &Projection| {
            let forward = match least_delay(p.source, p.target) {
                0 => self.populations.get(p.target),
                _ => None,
            };
            p.delay
                .saturating_add(forward.map_or(0, |target| target.reading.forward_delay))
        };
        network.projections.iter().map(delay).collect()
    }

    /// `network` with these delays.
    pub fn delayed<'a>(&self, network: &'a Network) -> Cow<'a, Network> {
        let delays = self.delays(network);
        let mut pairs = network.projections.iter().zip(&delays);
        if pairs.all(|(p, delay)| p.delay == *delay) {
            return Cow::Borrowed(network);
        }
        let mut network = network.clone();
        for (projection, delay) in network.projections.iter_mut().zip(delays) {
            projection.delay = delay;
        }
        Cow::Owned(network)
    }

    /// The readings of the populations.
    pub fn readings(&self) -> impl Iterator<Item = &Reading> {
        self.populations.iter().map(|p| &p.reading)
    }

    /// What each value of a setting holds for: the value's word and its origin, and the names of
    /// the populations for which the setting means something, the value of most first.
    pub fn values(&self, setting: Setting) -> Vec<((String, Origin), Vec<&str>)> {
        let mut values: BTreeMap<(String, &str), (Origin, Vec<&str>)> = BTreeMap::new();
        for p in self
            .populations
            .iter()
            .filter(|p| p.settings.contains(&setting))
        {
            let origin = p.origins.of(setting);
            let key = (p.reading.word(setting), origin.name());
            let entry = values.entry(key).or_insert_with(|| (origin, Vec::new()));
            entry.1.push(&p.name);
        }
        let all = values.into_iter();
        let all = all.map(|((word, _), (origin, names))| ((word, origin), names));
        let mut all: Vec<((String, Origin), Vec<&str>)> = all.collect();
        all.sort_by_key(|(_, names)| std::cmp::Reverse(names.len()));
        all
    }
}
