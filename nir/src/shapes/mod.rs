//! What shape each node takes and gives, and whether connected nodes agree.

mod infer;
mod transfer;

use std::collections::BTreeMap;

use crate::decode::{graph_name, join};
use crate::{Error, Graph, NodeKind};

pub(crate) use infer::{Trust, infer};
pub(crate) use transfer::{squeezed, weight_output};

/// Input and output shape of each node by name.
pub type Shapes = BTreeMap<String, (Vec<usize>, Vec<usize>)>;

/// Input and output shape of every node. Shapes are those of one time step.
///
/// The nodes of a nested graph appear as `outer/inner`, besides `outer` itself.
///
/// # Errors
///
/// [`Error::ShapeMismatch`] names two connected nodes that disagree; [`Error::FieldShape`] a
/// parameter that does not fit the others of its node; [`Error::ShapeRefused`] a node that cannot
/// take its input; [`Error::ShapeUnknown`] a node about which nothing is known;
/// [`Error::UnresolvedEdge`] and [`Error::PortCount`] edges that lead nowhere.
pub fn shapes(graph: &Graph) -> Result<Shapes, Error> {
    let mut all = Shapes::new();
    check(graph, "", &mut all)?;
    Ok(all)
}

fn check(graph: &Graph, at: &str, all: &mut Shapes) -> Result<(), Error> {
    check_edges(graph, at)?;
    for (name, node) in &graph.nodes {
        let path = join(at, name);
        match &node.kind {
            NodeKind::Graph(nested) => check(nested, &path, all)?,
            primitive => transfer::check_fields(primitive, &path)?,
        }
    }
    let known = infer(graph, at, Trust::Stored, None)?;
    for (from, to) in &graph.edges {
        let output = known.get(from).and_then(|(_, output)| output.as_ref());
        let input = known.get(to).and_then(|(input, _)| input.as_ref());
        if let (Some(output), Some(input)) = (output, input)
            && output != input
        {
            return Err(Error::ShapeMismatch {
                from: join(at, from),
                from_shape: output.clone(),
                to: join(at, to),
                to_shape: input.clone(),
            });
        }
    }
    for (name, shapes) in known {
        let path = join(at, &name);
        match shapes {
            (Some(input), Some(output)) => {
                all.insert(path, (input, output));
            }
            // a graph with several ports has no one shape; its ports are listed by themselves
            _ if matches!(
                graph.nodes.get(&name).map(|n| &n.kind),
                Some(NodeKind::Graph(_))
            ) => {}
            _ => return Err(Error::ShapeUnknown { node: path }),
        }
    }
    Ok(())
}

/// Every edge connects two nodes, and those that are graphs have the one port that it needs.
fn check_edges(graph: &Graph, at: &str) -> Result<(), Error> {
    for (from, to) in &graph.edges {
        for (end, is_source) in [(from, true), (to, false)] {
            match graph.nodes.get(end).map(|node| &node.kind) {
                None => {
                    return Err(Error::UnresolvedEdge {
                        graph: graph_name(at),
                        from: from.clone(),
                        to: to.clone(),
                        missing: end.clone(),
                        candidates: Vec::new(),
                    });
                }
                Some(NodeKind::Graph(nested)) => {
                    let (port, count) = if is_source {
                        ("Output", nested.outputs().count())
                    } else {
                        ("Input", nested.inputs().count())
                    };
                    if count != 1 {
                        return Err(Error::PortCount {
                            node: join(at, end),
                            port,
                            count,
                        });
                    }
                }
                Some(_) => {}
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
