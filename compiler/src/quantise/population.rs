//! A population and the weights that arrive at it, in given formats.

use spikevec_isa::fixed::Rounding;

use super::kernel::Kernel;
use super::lower::{DoesNotFit, Formats, lower, pack};
use super::{QuantisedProjection, Weights};
use crate::format::Format;
use crate::graph::{Connectivity, Network, Projection, Source};
use crate::neuron::Model;

/// A population with the projections to it.
pub struct Quantised {
    /// Its update.
    pub kernel: Kernel,
    /// Projections in the order in which they arrive in a step: feedback has arrived
    /// before the input does.
    pub incoming: Vec<QuantisedProjection>,
    /// Root mean square rounding error of the weights, relative to the weights.
    pub weight_error: f64,
}

/// Quantises population `k` of `network`, whose neurons are `model`.
///
/// # Errors
/// [`DoesNotFit`] names the first value beyond its format.
pub fn population(
    network: &Network,
    k: usize,
    model: &Model,
    formats: &Formats,
    rounding: Rounding,
) -> Result<Quantised, DoesNotFit> {
    let kernel = lower(model, network.populations[k].size, formats, rounding)?;
    let format = kernel.states[kernel.accumulator].format;
    let mut incoming = Vec::new();
    let (mut errors, mut squares) = (0.0, 0.0);
    for projection in network.projections.iter().filter(|p| p.target == k) {
        let exact = scaled(projection, &model.input_gain);
        let stored = exact
            .iter()
            .map(|&w| format.quantise(w))
            .collect::<Result<Vec<i16>, _>>()
            .map_err(|narrow| DoesNotFit {
                what: "weights".to_owned(),
                narrow,
            })?;
        for (w, q) in exact.iter().zip(&stored) {
            errors += (w - format.value(*q)).powi(2);
            squares += w * w;
        }
        incoming.push(QuantisedProjection {
            source: projection.source,
            target: projection.target,
            delay: projection.delay,
            weights: weights(projection, &stored, model.input_gain.len()),
        });
    }
    incoming.sort_by_key(|p| (p.delay == 0, p.source != Source::Input, p.source));
    let weight_error = if squares > 0.0 {
        (errors / squares).sqrt()
    } else {
        0.0
    };
    Ok(Quantised {
        kernel,
        incoming,
        weight_error,
    })
}

/// The largest format that holds the weights that arrive at population `k`, if one does.
pub fn finest_weights(network: &Network, k: usize, model: &Model) -> Option<Format> {
    let all: Vec<f64> = network
        .projections
        .iter()
        .filter(|p| p.target == k)
        .flat_map(|p| scaled(p, &model.input_gain))
        .collect();
    Format::finest(&all, Format::MOST_FRACTION_BITS)
}

/// Weights of `projection`, each times its target neuron's gain.
fn scaled(projection: &Projection, gain: &[f64]) -> Vec<f64> {
    let weights = projection.connectivity.weights().iter().enumerate();
    weights
        .map(|(k, w)| w * gain[k % gain.len().max(1)])
        .collect()
}

fn weights(projection: &Projection, stored: &[i16], targets: usize) -> Weights {
    match projection.connectivity {
        Connectivity::Dense(_) => {
            Weights::Dense(stored.chunks(targets.max(1)).flat_map(pack).collect())
        }
        Connectivity::OneToOne(_) => Weights::OneToOne(pack(stored)),
    }
}
