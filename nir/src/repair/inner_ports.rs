//! Ports of nested graphs that contradict what is on both sides of them.

use super::{port_shape, wanted_by_neighbours};
use crate::decode::join;
use crate::shapes::{Trust, infer};
use crate::{Error, Graph, NodeKind, Warning};

/// Gives the only Input and the only Output of each nested graph the shape on which its neighbours
/// inside and outside agree, where it has another.
pub(super) fn correct(
    graph: &mut Graph,
    at: &str,
    warnings: &mut Vec<Warning>,
) -> Result<(), Error> {
    let nested: Vec<String> = graph
        .named(|kind| matches!(kind, NodeKind::Graph(_)))
        .map(str::to_owned)
        .collect();
    for name in nested {
        let known = infer(graph, at, Trust::SizesOnly, Some(&name))?;
        let given = graph.predecessors(&name);
        let given = given.filter_map(|source| known.get(source)?.1.clone());
        let taken = graph.successors(&name);
        let taken = taken.filter_map(|target| known.get(target)?.0.clone());
        let outside: [Vec<Vec<usize>>; 2] = [given.collect(), taken.collect()];
        let Some(NodeKind::Graph(inner)) = graph.nodes.get_mut(&name).map(|node| &mut node.kind)
        else {
            continue;
        };
        let ports: [Vec<String>; 2] = [
            inner.inputs().map(str::to_owned).collect(),
            inner.outputs().map(str::to_owned).collect(),
        ];
        for (ports, outside) in ports.iter().zip(outside) {
            if let [port] = &ports[..] {
                agree(inner, &join(at, &name), port, &outside, warnings)?;
            }
        }
    }
    Ok(())
}

/// Corrects one port of the nested graph at `at`, for which all of `outside` say the same.
fn agree(
    inner: &mut Graph,
    at: &str,
    port: &str,
    outside: &[Vec<usize>],
    warnings: &mut Vec<Warning>,
) -> Result<(), Error> {
    let Some(wanted) = wanted_by_neighbours(inner, at, port)? else {
        return Ok(());
    };
    let agreed = !outside.is_empty() && outside.iter().all(|shape| *shape == wanted);
    if let Some(shape) = port_shape(inner, port)
        && agreed
        && *shape != wanted
    {
        warnings.push(Warning::PortShape {
            node: join(at, port),
            stored: std::mem::replace(shape, wanted.clone()),
            shape: wanted,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::tests::{graph, input, lif, linear, output};
    use super::*;
    use crate::repair::repair;

    /// `fc` gives 3 to a nested graph of `size` neurons whose Input says `port`.
    fn nested(port: usize, size: usize) -> Graph {
        let inner = graph(
            &[
                ("input", input(&[port])),
                ("lif", lif(size)),
                ("output", output(&[size])),
            ],
            &[("input", "lif"), ("lif", "output")],
        );
        graph(
            &[
                ("in", input(&[2])),
                ("fc", linear(3, 2)),
                ("sub", NodeKind::Graph(inner)),
                ("out", output(&[size])),
            ],
            &[("in", "fc"), ("fc", "sub"), ("sub", "out")],
        )
    }

    #[test]
    fn an_inner_input_that_both_sides_contradict_takes_their_shape() {
        let mut g = nested(12, 3);
        let warnings = repair(&mut g).unwrap();
        let [warning] = &warnings[..] else {
            panic!("{warnings:?}");
        };
        assert_eq!(
            warning.to_string(),
            "node 'sub/input' says 12, but its neighbours on both sides say 3: theirs is taken"
        );
        assert!(repair(&mut nested(3, 3)).unwrap().is_empty());
    }

    #[test]
    fn an_inner_input_that_one_side_contradicts_is_refused() {
        assert!(repair(&mut nested(12, 4)).is_err());
        assert!(repair(&mut nested(3, 4)).is_err());
    }
}
