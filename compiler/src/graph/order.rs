//! The order of updates within a step, and which projections are feedback.

use super::warnings::warnings;
use super::{Connectivity, Network, Population, Projection, Source};
use crate::synapse::least_delay;

/// Synapses from one source to one population, before the order of updates is known.
pub(crate) struct Connection {
    pub source: Source,
    pub target: usize,
    pub connectivity: Connectivity,
    /// Steps between a spike and its effect; nothing for what the order of updates makes.
    pub delay: Option<u32>,
}

/// The network of these populations, put into the order of their updates. Each two are connected
/// once at the most.
pub(crate) fn ordered(
    input_shape: Vec<usize>,
    stated_dt: Option<f64>,
    populations: Vec<Population>,
    connections: Vec<Connection>,
    outputs: Vec<usize>,
) -> Network {
    let mut edges: Vec<(Source, usize)> =
        connections.iter().map(|c| (c.source, c.target)).collect();
    edges.sort_unstable();
    let order = update_order(populations.len(), &edges);
    let mut rank = vec![0; order.len()];
    for (position, &population) in order.iter().enumerate() {
        rank[population] = position;
    }
    let projections = connections.into_iter().map(|connection| {
        let target = rank[connection.target];
        let source = match connection.source {
            Source::Input => Source::Input,
            Source::Population(k) => Source::Population(rank[k]),
        };
        let least = || least_delay(source, target);
        Projection {
            source,
            target,
            connectivity: connection.connectivity,
            delay: connection.delay.unwrap_or_else(least),
        }
    });
    let mut projections: Vec<Projection> = projections.collect();
    projections.sort_by_key(|p| (p.source, p.target));
    let mut slots: Vec<Option<Population>> = populations.into_iter().map(Some).collect();
    let populations: Vec<Population> = order.iter().filter_map(|&k| slots[k].take()).collect();
    Network {
        input_shape,
        stated_dt,
        warnings: warnings(&populations, &projections),
        populations,
        projections,
        outputs: outputs.into_iter().map(|k| rank[k]).collect(),
    }
}

/// Orders `count` populations so that as many projections as a depth-first walk
/// from the input finds feed forward. What remains is feedback: it arrives one
/// step late.
///
/// `edges` are (source, target) pairs; ties are broken by index, so the order is
/// the same in every run.
pub fn update_order(count: usize, edges: &[(Source, usize)]) -> Vec<usize> {
    let successors = |source: Source| {
        let mut targets: Vec<usize> = edges
            .iter()
            .filter(|e| e.0 == source)
            .map(|e| e.1)
            .collect();
        targets.sort_unstable();
        targets.dedup();
        targets
    };
    let mut seen = vec![false; count];
    let mut finished = Vec::with_capacity(count);
    // A walk with an explicit stack: (population, its targets still to visit).
    let roots = successors(Source::Input).into_iter().chain(0..count);
    for root in roots {
        if std::mem::replace(&mut seen[root], true) {
            continue;
        }
        let mut stack = vec![(root, successors(Source::Population(root)))];
        while let Some((population, targets)) = stack.last_mut() {
            // Smallest index last, so that it is finished last and updated first among equals.
            match targets.pop() {
                Some(next) if seen[next] => {}
                Some(next) => {
                    seen[next] = true;
                    stack.push((next, successors(Source::Population(next))));
                }
                None => {
                    finished.push(*population);
                    stack.pop();
                }
            }
        }
    }
    // A population is finished after all that it feeds: the reverse feeds forward.
    finished.reverse();
    finished
}

#[cfg(test)]
mod tests {
    use super::*;
    use Source::{Input, Population};

    #[test]
    fn chains_and_diamonds_feed_forward() {
        let edges = [
            (Input, 2),
            (Population(2), 0),
            (Population(2), 1),
            (Population(0), 3),
            (Population(1), 3),
        ];
        assert_eq!(update_order(4, &edges), [2, 0, 1, 3]);
    }

    #[test]
    fn a_loop_is_entered_where_the_input_arrives() {
        let edges = [
            (Population(0), 1),
            (Input, 1),
            (Population(1), 0),
            (Population(1), 1),
        ];
        assert_eq!(update_order(2, &edges), [1, 0]);
    }

    #[test]
    fn populations_without_input_are_kept() {
        assert_eq!(update_order(2, &[]), [1, 0]);
    }
}
