//! A population and the weights that arrive at it, in given formats.

use std::borrow::Cow;

use spikevec_isa::fixed::Rounding;

use super::QuantisedProjection;
use super::kernel::Kernel;
use super::lower::{DoesNotFit, Formats, LowerError, lower};
use super::wide::Wide;
use crate::format::{Format, Narrow};
use crate::graph::{Network, Projection, Source};
use crate::neuron::Normal;
use crate::options::Precision;
use crate::synapse::{Connectivity, MOST_WEIGHTS, least_delay};

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
/// The first value beyond its format, or what keeps the model from having a kernel.
pub fn population(
    network: &Network,
    k: usize,
    model: &Normal,
    formats: &Formats,
    (rounding, precision): (Rounding, Precision),
) -> Result<Quantised, LowerError> {
    let wide = match formats.accumulator {
        None => wide(network, k, model, precision),
        Some(_) => None,
    };
    let kernel = match (&wide, formats.states.first()) {
        (Some(wide), Some(&format)) => wide.lower(format, rounding)?,
        _ => lower(model, formats, rounding)?,
    };
    let format = kernel.states[kernel.accumulator].format;
    let mut incoming = Vec::new();
    let (mut errors, mut squares) = (0.0, 0.0);
    let projections = network.projections.iter().filter(|p| p.target == k);
    let gain = model.inputs.first().map(|input| &input.gain[..]);
    for projection in projections {
        let gain = gain.ok_or(LowerError::Inputs(Vec::new()))?;
        let connectivity = shareable(network, projection, gain)?;
        let exact = scaled(&connectivity, gain);
        let stored = match &wide {
            Some(wide) => words(&exact, wide.words(), |w| {
                let words = wide.weight(w, format)?;
                let value = wide.value(&words, format);
                Ok((words, value))
            }),
            None => words(&exact, 1, |w| {
                let stored = format.quantise(w)?;
                Ok((vec![stored], format.value(stored)))
            }),
        };
        let (stored, values) = stored.map_err(|narrow| DoesNotFit {
            what: "weights".to_owned(),
            narrow,
        })?;
        for (w, value) in exact.iter().zip(&values) {
            errors += (w - value).powi(2);
            squares += w * w;
        }
        incoming.push(QuantisedProjection {
            source: projection.source,
            target: projection.target,
            delay: projection.delay,
            weights: connectivity.synapses().quantised(&stored, model.size()),
        });
    }
    incoming.sort_by_key(|p| {
        (
            least_delay(p.source, p.target) == 0,
            p.source != Source::Input,
            p.source,
        )
    });
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
pub fn finest_weights(network: &Network, k: usize, model: &Normal) -> Option<Format> {
    let gain = &model.inputs.first()?.gain;
    let all: Vec<f64> = network
        .projections
        .iter()
        .filter(|p| p.target == k)
        .filter_map(|p| shareable(network, p, gain).ok())
        .flat_map(|connectivity| scaled(&connectivity, gain))
        .collect();
    Format::finest(&all, Format::MOST_FRACTION_BITS)
}

/// The connectivity of `projection`, dense where its target neurons need weights of their own.
///
/// # Errors
/// Too many of them.
fn shareable<'a>(
    network: &Network,
    projection: &'a Projection,
    gain: &[f64],
) -> Result<Cow<'a, Connectivity>, LowerError> {
    let connectivity = &projection.connectivity;
    if connectivity.synapses().scaled(gain).is_some() {
        return Ok(Cow::Borrowed(connectivity));
    }
    let weights = network
        .source_size(projection.source)
        .saturating_mul(gain.len());
    if weights > MOST_WEIGHTS {
        return Err(LowerError::Unshared { weights });
    }
    let dense = connectivity.synapses().to_dense(gain.len());
    Ok(Cow::Owned(Connectivity::dense(dense)))
}

/// Weights, each times its target neuron's gain.
fn scaled(connectivity: &Connectivity, gain: &[f64]) -> Vec<f64> {
    connectivity.synapses().scaled(gain).unwrap_or_default()
}

/// Splits each of `exact` into `count` words: the words one after the other, each of all
/// weights, and the values that they stand for.
fn words(
    exact: &[f64],
    count: usize,
    split: impl Fn(f64) -> Result<(Vec<i16>, f64), Narrow>,
) -> Result<(Vec<Vec<i16>>, Vec<f64>), Narrow> {
    let mut words = vec![Vec::with_capacity(exact.len()); count];
    let mut values = Vec::with_capacity(exact.len());
    for &weight in exact {
        let (split, value) = split(weight)?;
        for (all, word) in words.iter_mut().zip(split) {
            all.push(word);
        }
        values.push(value);
    }
    Ok((words, values))
}

/// The wide form of population `k`, where its neurons need it or the user asks for it, and it is
/// possible.
pub fn wide<'a>(
    network: &Network,
    k: usize,
    model: &'a Normal,
    precision: Precision,
) -> Option<Wide<'a>> {
    let incoming = network.projections.iter().filter(|p| p.target == k);
    let sources = incoming.map(|p| {
        let size = network.source_size(p.source);
        p.connectivity.synapses().fan_in(size)
    });
    Wide::of(model, sources.sum(), precision)
}
