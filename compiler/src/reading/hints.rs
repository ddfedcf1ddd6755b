//! What a user should hear of a reading: what was assumed, where the file shows who wrote it, and
//! where the numbers contradict the reading.

use super::{Framework, Initial, Integration, NetworkReading, Origin, PopulationReading, Setting};
use crate::graph::Network;
use crate::neuron::{Firing, Neuron};

/// Steps of this many shortest time constants make forward Euler diverge.
const DIVERGES: f64 = 2.0;

/// Steps of more than this are coarse.
const COARSE: f64 = 0.5;

/// Numbers of files have 24 bits.
const TOLERANCE: f64 = 1e-4;

impl NetworkReading {
    /// Each is a sentence or two, with the flag that settles it.
    pub fn hints(&self, network: &Network) -> Vec<String> {
        let mut all = Vec::new();
        let named = self.framework.is_some();
        let resets = |p: &&PopulationReading| p.settings.contains(&Setting::Reset);
        let assumed = |p: &PopulationReading| p.origins.reset == Origin::Assumed;
        let reset_assumed = self.populations.iter().filter(resets).any(assumed);
        match written_by(network) {
            Some((framework, sign)) if !named && reset_assumed => all.push(format!(
                "{sign}, as {framework} writes it: without --framework {framework} the network is read otherwise than \
                 it was trained"
            )),
            _ if reset_assumed => all.push(
                "the file does not say how neurons reset: it is assumed that a spike above the threshold sets the \
                 membrane to v_reset in its step. Say where the network comes from with --framework, or give --reset and \
                 --comparison; `spikevec reading` finds them from the framework's own spikes"
                    .to_owned(),
            ),
            _ => {}
        }
        all.extend(self.steps(network, named));
        all.extend(self.integrators(network));
        all.extend(self.starts(network));
        all
    }

    /// Steps that are long for the time constants.
    fn steps(&self, network: &Network, named: bool) -> Vec<String> {
        let (mut diverging, mut coarse) = (Vec::new(), Vec::new());
        for (p, population) in self.populations.iter().zip(&network.populations) {
            let constants = population.neuron.time_constants();
            let shortest = constants
                .iter()
                .map(|t| t.abs())
                .fold(f64::INFINITY, f64::min);
            let ratio = self.dt / shortest;
            if p.reading.integration != Integration::Euler {
                continue;
            }
            if ratio >= DIVERGES {
                diverging.push(format!("`{}` ({ratio:.3})", p.name));
            } else if ratio > COARSE {
                coarse.push(format!("`{}` ({ratio:.3})", p.name));
            }
        }
        let mut all = Vec::new();
        if !diverging.is_empty() {
            all.push(format!(
                "forward Euler diverges where a step is {DIVERGES} time constants and longer: {}, in time constants. Give \
                 a shorter --dt (Norse's files need --framework norse), or --integration exponential",
                diverging.join(", ")
            ));
        }
        // A framework that was named steps as it was trained.
        if !coarse.is_empty() && !named {
            all.push(format!(
                "steps are coarse for forward Euler, more than {COARSE} of a time constant: {}. If the network was not \
                 trained so, give a shorter --dt or --integration exponential",
                coarse.join(", ")
            ));
        }
        all
    }

    /// Integrators whose `r` is one over another step than that of the reading.
    fn integrators(&self, network: &Network) -> Option<String> {
        for (p, population) in self.populations.iter().zip(&network.populations) {
            let Neuron::IntegrateAndFire(own) = &population.neuron else {
                continue;
            };
            let Some(r) = uniform(&own.membrane.r).filter(|r| *r > 1.0) else {
                continue;
            };
            let exponent = r.log10();
            let is_step = (exponent - exponent.round()).abs() < TOLERANCE;
            let fits = (r * self.dt - 1.0).abs() < TOLERANCE;
            let from_file = p.reading.input_scale == super::InputScale::File;
            if is_step && !fits && from_file {
                return Some(format!(
                    "`{}`: r is {r}, one over a step of {}, but dt is {}: give --dt {}, or --framework spikingjelly where \
                     the file comes from there",
                    p.name,
                    super::display::number(1.0 / r),
                    super::display::number(self.dt),
                    super::display::number(1.0 / r),
                ));
            }
        }
        None
    }

    /// Neurons that spike before anything has arrived.
    fn starts(&self, network: &Network) -> Option<String> {
        let mut all = Vec::new();
        for (p, population) in self.populations.iter().zip(&network.populations) {
            let Some((firing, v_leak)) = firing(&population.neuron) else {
                continue;
            };
            let start = |n: usize| match p.reading.initial {
                Initial::VLeak => v_leak.get(n).copied().unwrap_or(0.0),
                Initial::VReset => firing.v_reset[n],
                Initial::Zero => 0.0,
            };
            let thresholds = firing.threshold.iter().enumerate();
            let above = thresholds.filter(|(n, t)| p.reading.comparison.holds(start(*n), **t));
            let above = above.count();
            if above > 0 {
                all.push(format!(
                    "{above} of `{}` (initial {})",
                    p.name, p.reading.initial
                ));
            }
        }
        (!all.is_empty()).then(|| {
            format!(
                "neurons start a sample above their threshold and spike at once: {}. --initial chooses v_leak, \
                 v_reset or zero",
                all.join(", ")
            )
        })
    }
}

fn firing(neuron: &Neuron) -> Option<(&Firing, &[f64])> {
    match neuron {
        Neuron::Lif(p) => Some((&p.firing, &p.membrane.v_leak)),
        Neuron::CubaLif(p) => Some((&p.firing, &p.membrane.v_leak)),
        Neuron::IntegrateAndFire(p) => Some((&p.firing, &[])),
        _ => None,
    }
}

/// The number that all are.
fn uniform(values: &[f64]) -> Option<f64> {
    let first = *values.first()?;
    values.iter().all(|v| *v == first).then_some(first)
}

/// The framework whose hand a file shows, and by what.
pub(super) fn written_by(network: &Network) -> Option<(Framework, &'static str)> {
    let mut leaky = Vec::new();
    for population in &network.populations {
        match &population.neuron {
            Neuron::Lif(p) => {
                leaky.extend(p.membrane.r.iter().copied().zip(p.membrane.tau.clone()))
            }
            Neuron::CubaLif(p) => {
                leaky.extend(p.membrane.r.iter().copied().zip(p.membrane.tau_mem.clone()));
            }
            _ => {}
        }
    }
    if leaky.is_empty() {
        return None;
    }
    let close = |a: f64, b: f64| (a - b).abs() <= TOLERANCE * b.abs();
    let all = |relation: &dyn Fn(f64, f64) -> bool| leaky.iter().all(|(r, tau)| relation(*r, *tau));
    if all(&|r, tau| close(r * 1e-4, tau)) {
        return Some((Framework::SnnTorch, "in the file r is tau / 1e-4"));
    }
    if all(&|r, tau| close(r * 1e-3, tau * (-1e-3 / tau).exp())) {
        let sign = "in the file r is exp(-dt / tau) tau / dt for a step of 1e-3";
        return Some((Framework::Rockpool, sign));
    }
    if all(&|r, tau| close(r, 1.0 - 1.0 / tau) && tau != 1.0) {
        return Some((Framework::Spyx, "in the file r is 1 - 1 / tau"));
    }
    None
}
