//! Edges that name no node.
//!
//! Exporters that flatten subgraphs leave edges to the old name: `lif1` where the nodes are
//! `lif1.input`, `lif1.lif` and `lif1.output`. That is plain from the names; what is not is left
//! to [`missing`].

use std::collections::BTreeSet;

use super::missing;
use crate::decode::join;
use crate::{Error, Graph, NodeKind, Warning};

/// Resolves the edges of the graph and of all nested graphs.
pub(super) fn resolve(
    graph: &mut Graph,
    at: &str,
    warnings: &mut Vec<Warning>,
) -> Result<(), Error> {
    for (name, node) in &mut graph.nodes {
        if let NodeKind::Graph(nested) = &mut node.kind {
            resolve(nested, &join(at, name), warnings)?;
        }
    }
    let mut stored = BTreeSet::new();
    for (from, to) in &graph.edges {
        if !stored.insert((from, to)) {
            return Err(Error::DuplicateEdge {
                from: join(at, from),
                to: join(at, to),
            });
        }
    }
    let mut resolved: Vec<(String, String)> = Vec::with_capacity(graph.edges.len());
    let mut seen = BTreeSet::new();
    for edge in &graph.edges {
        let from = end(graph, at, edge, End::Source, warnings);
        let to = end(graph, at, edge, End::Target, warnings);
        // two stored edges may come to mean the same one
        if seen.insert((from.clone(), to.clone())) {
            resolved.push((from, to));
        }
    }
    graph.edges = resolved;
    missing::settle(graph, at, warnings)
}

#[derive(Clone, Copy, PartialEq)]
enum End {
    Source,
    Target,
}

/// The node that one end of an edge means, where that is plain from its name.
fn end(
    graph: &Graph,
    at: &str,
    edge: &(String, String),
    end: End,
    warnings: &mut Vec<Warning>,
) -> String {
    let name = match end {
        End::Source => &edge.0,
        End::Target => &edge.1,
    };
    if graph.nodes.contains_key(name) {
        return name.clone();
    }
    let Some(resolved) = named(graph, name, end) else {
        return name.clone();
    };
    let warning = Warning::EdgeResolved {
        edge: (join(at, &edge.0), join(at, &edge.1)),
        missing: name.clone(),
        resolved: join(at, &resolved),
    };
    warnings.push(warning);
    resolved
}

/// The node that a name which is no node means by itself.
fn named(graph: &Graph, name: &str, end: End) -> Option<String> {
    // a flattened subgraph: its port, or else its neuron
    let prefix = format!("{name}.");
    let in_group = |keep: fn(&NodeKind) -> bool| -> Vec<String> {
        graph
            .named(keep)
            .filter(|node| node.starts_with(&prefix))
            .map(str::to_owned)
            .collect()
    };
    let ports = in_group(match end {
        End::Source => |kind| matches!(kind, NodeKind::Output(_)),
        End::Target => |kind| matches!(kind, NodeKind::Input(_)),
    });
    let neurons = in_group(NodeKind::is_neuron);
    let members = in_group(|_| true);
    let found = [ports, neurons, members];
    if let Some(found) = found.into_iter().find(|found| !found.is_empty()) {
        return match <[String; 1]>::try_from(found) {
            Ok([only]) => Some(only),
            Err(_) => None,
        };
    }
    // a port of a nested graph, named as if it were flattened
    let (outer, inner) = name.rsplit_once('.')?;
    let Some(NodeKind::Graph(nested)) = graph.nodes.get(outer).map(|node| &node.kind) else {
        return None;
    };
    let is_port = match end {
        End::Source => nested.outputs().any(|port| port == inner),
        End::Target => nested.inputs().any(|port| port == inner),
    };
    is_port.then(|| outer.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::tests::{graph, input, lif, output};
    use super::*;

    fn resolved(mut graph: Graph) -> Result<(Vec<(String, String)>, usize), Error> {
        let mut warnings = Vec::new();
        resolve(&mut graph, "", &mut warnings)?;
        Ok((graph.edges, warnings.len()))
    }

    fn pair(a: &str, b: &str) -> (String, String) {
        (a.to_owned(), b.to_owned())
    }

    #[test]
    fn a_missing_name_means_the_only_neuron() {
        let g = graph(
            &[("in", input(&[3])), ("n", lif(3)), ("out", output(&[3]))],
            &[("in", "lif"), ("lif", "out")],
        );
        let (edges, warnings) = resolved(g).unwrap();
        assert_eq!(edges, [pair("in", "n"), pair("n", "out")]);
        assert_eq!(warnings, 2);
    }

    #[test]
    fn two_neurons_are_ambiguous_and_both_named() {
        let g = graph(
            &[("in", input(&[3])), ("a", lif(3)), ("b", lif(3))],
            &[("in", "x"), ("a", "b")],
        );
        let message = resolved(g).unwrap_err().to_string();
        assert!(
            message.contains("'x'") && message.contains("a, b"),
            "{message}"
        );
    }

    #[test]
    fn a_flattened_group_is_entered_and_left_by_its_ports() {
        let g = graph(
            &[
                ("in", input(&[3])),
                ("sub.a", input(&[3])),
                ("sub.n", lif(3)),
                ("sub.b", output(&[3])),
                ("m", lif(3)),
            ],
            &[
                ("in", "sub"),
                ("sub.a", "sub.n"),
                ("sub.n", "sub.b"),
                ("sub", "m"),
            ],
        );
        let (edges, warnings) = resolved(g).unwrap();
        assert_eq!(edges.first().unwrap(), &pair("in", "sub.a"));
        assert_eq!(edges.last().unwrap(), &pair("sub.b", "m"));
        assert_eq!(warnings, 2);
    }

    #[test]
    fn an_edge_listed_twice_is_refused() {
        let g = graph(
            &[("in", input(&[3])), ("n", lif(3))],
            &[("in", "n"), ("in", "n")],
        );
        assert!(matches!(resolved(g), Err(Error::DuplicateEdge { .. })));
    }
}
