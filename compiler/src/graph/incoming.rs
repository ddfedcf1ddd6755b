//! What arrives at a node.

use super::Source;
use super::arrangement::Neurons;
use super::convolution::dense;
use super::linear::{LinearMap, Matrix};
use crate::error::CompileError;

/// What arrives at a node: spikes of sources through linear maps, and a constant.
pub struct Incoming {
    /// Spikes of a source, through a map each.
    pub terms: Vec<(Source, Matrix)>,
    /// One number a neuron.
    pub bias: Option<Vec<f64>>,
}

impl Incoming {
    /// Adds up convolutions from the same source. Where something else leads from there, too,
    /// they become matrices.
    pub fn join(&mut self, name: &str) -> Result<(), CompileError> {
        let mut terms: Vec<(Source, Matrix)> = Vec::new();
        for (source, matrix) in std::mem::take(&mut self.terms) {
            let mut present = terms.iter_mut().filter(|(other, _)| *other == source);
            match present.find_map(|(_, other)| Some((other.plus(&matrix)?, other))) {
                Some((sum, other)) => *other = sum,
                None => terms.push((source, matrix)),
            }
        }
        let sources: Vec<Source> = terms.iter().map(|(source, _)| *source).collect();
        for (source, matrix) in &mut terms {
            if let Matrix::Convolution(map) = matrix
                && sources.iter().filter(|other| *other == source).count() > 1
            {
                *matrix = dense(map, name)?;
            }
        }
        self.terms = terms;
        Ok(())
    }

    /// The order in which the target's neurons stand.
    pub fn order(&self) -> Neurons {
        let mut channels = self.terms.iter().filter_map(|(_, matrix)| match matrix {
            Matrix::Convolution(map) => Some(map.geometry.channels[1]),
            _ => None,
        });
        Neurons::of_channels(channels.next().unwrap_or(1))
    }

    /// What is behind `map`, node `name`, at which this arrives.
    pub fn then(self, map: &LinearMap, name: &str) -> Result<Incoming, CompileError> {
        let terms = self.terms.into_iter();
        let terms = terms.map(|(s, m)| Ok((s, m.then(&map.matrix, name)?)));
        let terms = terms.collect::<Result<_, CompileError>>()?;
        let carried = self.bias.map(|b| map.matrix.apply(&b));
        let own = (!map.bias.is_empty()).then(|| map.bias.clone());
        Ok(Incoming {
            terms,
            bias: sum(carried, own),
        })
    }
}

/// The sum of two constants that may be nothing.
pub fn sum(a: Option<Vec<f64>>, b: Option<Vec<f64>>) -> Option<Vec<f64>> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.iter().zip(&b).map(|(a, b)| a + b).collect()),
        (a, b) => a.or(b),
    }
}
