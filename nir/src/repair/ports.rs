//! Inputs and Outputs that are none: connected to nothing, or in the middle of the graph where a
//! subgraph was flattened.

use crate::decode::join;
use crate::{Graph, NodeKind, Warning};

/// Removes such ports from the graph and all nested graphs. The last Input and the last Output
/// stay.
pub(super) fn remove(graph: &mut Graph, at: &str, warnings: &mut Vec<Warning>) {
    for (name, node) in &mut graph.nodes {
        if let NodeKind::Graph(nested) = &mut node.kind {
            remove(nested, &join(at, name), warnings);
        }
    }
    let inputs: Vec<String> = graph.inputs().map(str::to_owned).collect();
    let outputs: Vec<String> = graph.outputs().map(str::to_owned).collect();
    for (ports, is_input) in [(inputs, true), (outputs, false)] {
        let mut left = ports.len();
        for port in ports {
            let fed = graph.predecessors(&port).next().is_some();
            let feeds = graph.successors(&port).next().is_some();
            let (outer, inner) = if is_input { (fed, feeds) } else { (feeds, fed) };
            // the side that leads out of the graph is connected: it lies inside
            if outer && (left > 1 || !is_input) {
                let keep = left == 1;
                bypass(graph, &port, keep);
                left -= usize::from(!keep);
                warnings.push(Warning::PortBypassed {
                    node: join(at, &port),
                });
            } else if !inner && left > 1 {
                graph.nodes.remove(&port);
                left -= 1;
                warnings.push(Warning::PortDropped {
                    node: join(at, &port),
                });
            }
        }
    }
}

/// Connects what feeds the port with what it feeds. With `keep` the port itself stays, with its
/// incoming edges: the graph's only Output may also feed something back.
fn bypass(graph: &mut Graph, port: &str, keep: bool) {
    let sources: Vec<String> = graph.predecessors(port).map(str::to_owned).collect();
    let targets: Vec<String> = graph.successors(port).map(str::to_owned).collect();
    graph
        .edges
        .retain(|(from, to)| from != port && (keep || to != port));
    for source in sources.iter().filter(|&source| source != port) {
        for target in targets.iter().filter(|&target| target != port) {
            let edge = (source.clone(), target.clone());
            if !graph.edges.contains(&edge) {
                graph.edges.push(edge);
            }
        }
    }
    if !keep {
        graph.nodes.remove(port);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{graph, input, lif, output};
    use super::*;

    fn removed(graph: &mut Graph) -> Vec<Warning> {
        let mut warnings = Vec::new();
        remove(graph, "", &mut warnings);
        warnings
    }

    #[test]
    fn unconnected_ports_go_and_the_last_stays() {
        let mut g = graph(
            &[
                ("in", input(&[3])),
                ("in2", input(&[4])),
                ("n", lif(3)),
                ("out", output(&[3])),
                ("out2", output(&[5])),
            ],
            &[("in", "n"), ("n", "out")],
        );
        assert_eq!(removed(&mut g).len(), 2);
        assert_eq!(g.nodes.keys().collect::<Vec<_>>(), ["in", "n", "out"]);
        let mut alone = graph(&[("in", input(&[3]))], &[]);
        assert!(removed(&mut alone).is_empty());
        assert_eq!(alone.nodes.len(), 1);
    }

    #[test]
    fn ports_inside_are_passed_by() {
        let mut g = graph(
            &[
                ("in", input(&[3])),
                ("a", input(&[3])),
                ("n", lif(3)),
                ("b", output(&[3])),
                ("m", lif(3)),
                ("out", output(&[3])),
            ],
            &[
                ("in", "a"),
                ("a", "n"),
                ("n", "b"),
                ("b", "m"),
                ("m", "out"),
            ],
        );
        assert_eq!(removed(&mut g).len(), 2);
        let mut edges = g.edges.clone();
        edges.sort();
        let expected = [("in", "n"), ("m", "out"), ("n", "m")];
        assert_eq!(edges, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    }

    #[test]
    fn the_only_output_stays_when_it_feeds_back() {
        let mut g = graph(
            &[("in", input(&[3])), ("n", lif(3)), ("out", output(&[3]))],
            &[("in", "n"), ("n", "out"), ("out", "n")],
        );
        assert_eq!(removed(&mut g).len(), 1);
        assert!(g.nodes.contains_key("out"));
        assert!(g.edges.contains(&("n".to_owned(), "out".to_owned())));
        assert!(g.edges.contains(&("n".to_owned(), "n".to_owned())));
    }
}
