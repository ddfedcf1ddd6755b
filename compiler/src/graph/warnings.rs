//! What a user should know of a network as it is.

use super::{Population, Projection, Source};

/// What a user should know about the network.
pub fn warnings(populations: &[Population], projections: &[Projection]) -> Vec<String> {
    let mut out = Vec::new();
    for p in populations {
        let constants = p.neuron.time_constants();
        let negative = constants.iter().filter(|&&tau| tau < 0.0).count();
        if negative > 0 {
            out.push(format!(
                "`{}`: {negative} of {} time constants are negative: without input these neurons grow instead of decaying",
                p.name,
                constants.len()
            ));
        }
    }
    // Feed-forward projections lead from the input to everything that it reaches.
    let mut reached = vec![false; populations.len()];
    for _ in 0..populations.len() {
        for p in projections {
            reached[p.target] |= match p.source {
                Source::Input => true,
                Source::Population(k) => reached[k],
            };
        }
    }
    for (p, _) in populations
        .iter()
        .zip(reached)
        .filter(|(_, reached)| !reached)
    {
        out.push(format!(
            "`{}`: no path leads here from the Input node: its input is constant",
            p.name
        ));
    }
    out
}
