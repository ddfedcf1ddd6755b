//! Names in edges that no node has, where the name alone does not say what is meant.
//!
//! Two things happen to files: a node was renamed and its edges were not (`lif` where the neuron is
//! called `lif1`), or a node was left out and its edges were not (a dropout, a batch dimension).
//! Both can be undone, but only one is right. A reading is taken if it is the only one of the graph
//! in which every node is connected and all shapes agree; several are refused with what they are.

use std::collections::{BTreeMap, BTreeSet};

use super::{fit, ports, transpose};
use crate::decode::{graph_name, join};
use crate::{Error, Graph, NodeKind, Warning};

/// Readings of a graph that are tried before it is refused.
const MOST_READINGS: usize = 64;

/// What a name that is not there stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Reading {
    /// A node that has another name.
    Renamed(String),
    /// A node that changed nothing: what fed it feeds what it fed.
    Bridged,
}

/// Replaces all names that are no nodes.
pub(super) fn settle(
    graph: &mut Graph,
    at: &str,
    warnings: &mut Vec<Warning>,
) -> Result<(), Error> {
    let names: BTreeSet<String> = ends(graph)
        .filter(|name| !graph.nodes.contains_key(*name))
        .map(str::to_owned)
        .collect();
    if names.is_empty() {
        return Ok(());
    }
    let mut all: Vec<BTreeMap<String, Reading>> = vec![BTreeMap::new()];
    for name in &names {
        let readings = readings(graph, name);
        let longer = all.iter().flat_map(|chosen| {
            readings.iter().map(|reading| {
                let mut chosen = chosen.clone();
                chosen.insert(name.clone(), reading.clone());
                chosen
            })
        });
        all = longer.take(MOST_READINGS + 1).collect();
    }
    let several = all.len() > MOST_READINGS;
    let sound = all
        .iter()
        .filter(|chosen| is_sound(&read(graph, chosen), at));
    let sound: Vec<_> = sound.collect();
    match &sound[..] {
        [chosen] if !several => {
            for (missing, reading) in *chosen {
                warnings.extend(told(graph, at, missing, reading));
            }
            *graph = read(graph, chosen);
            Ok(())
        }
        [] => Err(unresolved(graph, at, &names)),
        several => Err(Error::AmbiguousNode {
            graph: graph_name(at),
            missing: names.into_iter().collect(),
            readings: several.iter().map(|chosen| text(chosen)).collect(),
        }),
    }
}

fn ends(graph: &Graph) -> impl Iterator<Item = &str> {
    let ends = graph.edges.iter().flat_map(|(from, to)| [from, to]);
    ends.map(String::as_str)
}

/// What `name` may stand for by the graph's edges and names.
fn readings(graph: &Graph, name: &str) -> Vec<Reading> {
    let fed = graph.predecessors(name).any(|source| source != name);
    let feeds = graph.successors(name).any(|target| target != name);
    let neurons = graph.named(NodeKind::is_neuron).count();
    // The ends of the missing node are free at the one that is meant.
    let free = |node: &str| {
        let taken = (fed && graph.predecessors(node).next().is_some())
            || (feeds && graph.successors(node).next().is_some());
        !taken
    };
    let fits = |node: &str, kind: &NodeKind| match kind {
        NodeKind::Input(_) | NodeKind::Output(_) => false,
        kind => alike(name, node) || (kind.is_neuron() && neurons == 1),
    };
    let nodes = graph.nodes.iter();
    let renamed = nodes.filter(|(node, n)| free(node) && fits(node, &n.kind));
    let mut readings: Vec<Reading> = renamed
        .map(|(node, _)| Reading::Renamed(node.clone()))
        .collect();
    if fed && feeds {
        readings.push(Reading::Bridged);
    }
    readings
}

/// True for names that differ in their numbers only: `lif`, `lif1` and `lif_2`.
fn alike(a: &str, b: &str) -> bool {
    let stem = |name: &str| -> String {
        let letters = name.chars().filter(|c| c.is_alphabetic());
        letters.flat_map(char::to_lowercase).collect()
    };
    let (a, b) = (stem(a), stem(b));
    !a.is_empty() && a == b
}

/// The graph with names read as `chosen`.
fn read(graph: &Graph, chosen: &BTreeMap<String, Reading>) -> Graph {
    let mut edges = graph.edges.clone();
    for (missing, reading) in chosen {
        match reading {
            Reading::Renamed(node) => {
                for (from, to) in &mut edges {
                    for end in [from, to] {
                        if end == missing {
                            end.clone_from(node);
                        }
                    }
                }
            }
            Reading::Bridged => {
                let bridges = bridges(&edges, missing);
                edges.retain(|(from, to)| from != missing && to != missing);
                edges.extend(bridges);
            }
        }
    }
    let mut seen = BTreeSet::new();
    edges.retain(|edge| seen.insert(edge.clone()));
    Graph {
        edges,
        ..graph.clone()
    }
}

/// The edges that pass `missing` by.
fn bridges(edges: &[(String, String)], missing: &str) -> Vec<(String, String)> {
    let into = edges
        .iter()
        .filter(|(from, to)| to == missing && from != missing);
    let out_of = || {
        edges
            .iter()
            .filter(|(from, to)| from == missing && to != missing)
    };
    into.flat_map(|(from, _)| out_of().map(move |(_, to)| (from.clone(), to.clone())))
        .collect()
}

/// True where every node is connected and all shapes agree, as stored or with weights transposed.
fn is_sound(graph: &Graph, at: &str) -> bool {
    let mut graph = graph.clone();
    ports::remove(&mut graph, at, &mut Vec::new());
    let connected: BTreeSet<&str> = ends(&graph).collect();
    if graph
        .nodes
        .keys()
        .any(|node| !connected.contains(node.as_str()))
    {
        return false;
    }
    let mut transposed = graph.clone();
    if fit(&mut graph, &mut Vec::new()).is_ok() {
        return true;
    }
    let nodes = transpose::all(&mut transposed, at);
    !nodes.is_empty() && fit(&mut transposed, &mut Vec::new()).is_ok()
}

/// What a user is told of a name that is read so.
fn told(graph: &Graph, at: &str, missing: &str, reading: &Reading) -> Vec<Warning> {
    match reading {
        Reading::Renamed(node) => {
            let edges = graph.edges.iter();
            let own = edges.filter(|(from, to)| from == missing || to == missing);
            let warning = |(from, to): &(String, String)| Warning::EdgeResolved {
                edge: (join(at, from), join(at, to)),
                missing: missing.to_owned(),
                resolved: join(at, node),
            };
            own.map(warning).collect()
        }
        Reading::Bridged => {
            let edges = bridges(&graph.edges, missing).into_iter();
            vec![Warning::NodeBridged {
                missing: missing.to_owned(),
                edges: edges
                    .map(|(from, to)| (join(at, &from), join(at, &to)))
                    .collect(),
            }]
        }
    }
}

fn text(chosen: &BTreeMap<String, Reading>) -> String {
    let each = chosen.iter().map(|(missing, reading)| match reading {
        Reading::Renamed(node) => format!("'{missing}' is '{node}'"),
        Reading::Bridged => format!("'{missing}' changed nothing and is passed by"),
    });
    each.collect::<Vec<_>>().join(" and ")
}

/// No reading is sound: what might have been meant.
fn unresolved(graph: &Graph, at: &str, names: &BTreeSet<String>) -> Error {
    let missing = |(from, to): &&(String, String)| names.contains(from) || names.contains(to);
    let (from, to) = graph
        .edges
        .iter()
        .find(missing)
        .cloned()
        .unwrap_or_default();
    let name = if names.contains(&from) { &from } else { &to };
    let neurons = graph.named(NodeKind::is_neuron).map(str::to_owned);
    let members = graph
        .nodes
        .keys()
        .filter(|n| n.starts_with(&format!("{name}.")))
        .cloned();
    let members: Vec<String> = members.collect();
    Error::UnresolvedEdge {
        graph: graph_name(at),
        missing: name.clone(),
        candidates: if members.is_empty() {
            neurons.collect()
        } else {
            members
        },
        from,
        to,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::tests::{graph, input, lif, linear, output};
    use super::*;

    type Edges = Vec<(String, String)>;

    fn settled(
        nodes: &[(&str, NodeKind)],
        edges: &[(&str, &str)],
    ) -> Result<(Edges, Vec<Warning>), Error> {
        let (mut graph, mut warnings) = (graph(nodes, edges), Vec::new());
        settle(&mut graph, "", &mut warnings)?;
        Ok((graph.edges, warnings))
    }

    fn pairs(edges: &[(&str, &str)]) -> Edges {
        let owned = |(a, b): &(&str, &str)| ((*a).to_owned(), (*b).to_owned());
        edges.iter().map(owned).collect()
    }

    #[test]
    fn the_only_neuron_is_meant_where_nothing_else_leads_to_it() {
        let nodes = [("in", input(&[3])), ("n", lif(3)), ("out", output(&[3]))];
        let (edges, warnings) = settled(&nodes, &[("in", "lif"), ("lif", "out")]).unwrap();
        assert_eq!(edges, pairs(&[("in", "n"), ("n", "out")]));
        assert_eq!(warnings.len(), 2);
    }

    #[test]
    fn a_renamed_recurrent_neuron_keeps_its_loop() {
        let nodes = [
            ("in", input(&[3])),
            ("lif1", lif(3)),
            ("rec", linear(3, 3)),
            ("out", output(&[3])),
        ];
        let stored = [
            ("in", "lif"),
            ("lif", "rec"),
            ("rec", "lif"),
            ("lif", "out"),
        ];
        let (edges, _) = settled(&nodes, &stored).unwrap();
        assert_eq!(
            edges,
            pairs(&[
                ("in", "lif1"),
                ("lif1", "rec"),
                ("rec", "lif1"),
                ("lif1", "out")
            ])
        );
    }

    #[test]
    fn a_dropped_node_is_passed_by_and_makes_no_loop() {
        let nodes = [
            ("in", input(&[5])),
            ("fc", linear(8, 5)),
            ("lif", lif(8)),
            ("out", output(&[8])),
        ];
        let stored = [
            ("in", "fc"),
            ("fc", "drop"),
            ("drop", "lif"),
            ("lif", "out"),
        ];
        let (edges, warnings) = settled(&nodes, &stored).unwrap();
        assert_eq!(edges, pairs(&[("in", "fc"), ("lif", "out"), ("fc", "lif")]));
        let [warning] = &warnings[..] else {
            panic!("{warnings:?}");
        };
        let text = warning.to_string();
        assert!(
            text.contains("'drop'") && text.contains("fc -> lif"),
            "{text}"
        );
    }

    #[test]
    fn a_node_whose_neighbours_disagree_is_no_identity() {
        let nodes = [
            ("in", input(&[5])),
            ("fc", linear(8, 5)),
            ("lif", lif(4)),
            ("out", output(&[4])),
        ];
        let stored = [
            ("in", "fc"),
            ("fc", "pool"),
            ("pool", "lif"),
            ("lif", "out"),
        ];
        let error = settled(&nodes, &stored).unwrap_err();
        assert!(matches!(error, Error::UnresolvedEdge { .. }), "{error}");
    }

    #[test]
    fn several_readings_are_refused_with_each() {
        // Both neurons are free, alike and of the same size.
        let nodes = [
            ("in", input(&[3])),
            ("lif_1", lif(3)),
            ("lif_2", lif(3)),
            ("out", output(&[3])),
        ];
        let stored = [
            ("in", "lif"),
            ("lif", "out"),
            ("in", "lif3"),
            ("lif3", "out"),
        ];
        let text = settled(&nodes, &stored).unwrap_err().to_string();
        for part in [
            "'lif' is 'lif_1' and 'lif3' is 'lif_2'",
            "'lif' is 'lif_2' and 'lif3' is 'lif_1'",
        ] {
            assert!(text.contains(part), "{text}");
        }
    }
}
