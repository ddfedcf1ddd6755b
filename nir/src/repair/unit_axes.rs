//! Axes of length 1, mostly what is left of a batch or time axis.

use super::{port_names, port_shape, wanted_by_neighbours};
use crate::decode::join;
use crate::shapes::{Trust, infer, squeezed, weight_output};
use crate::{Error, Graph, NodeKind, Warning};

/// Whether `from` becomes `to` by dropping axes of length 1.
fn drops_to(from: &[usize], to: &[usize]) -> bool {
    from.len() > to.len() && squeezed(from) == squeezed(to)
}

/// Drops such axes from Inputs and Outputs whose neighbours do not have them.
pub(super) fn drop_from_ports(
    graph: &mut Graph,
    at: &str,
    warnings: &mut Vec<Warning>,
) -> Result<(), Error> {
    for port in port_names(graph) {
        let Some(wanted) = wanted_by_neighbours(graph, at, &port)? else {
            continue;
        };
        if let Some(shape) = port_shape(graph, &port)
            && drops_to(shape, &wanted)
        {
            warnings.push(Warning::UnitAxesDropped {
                node: join(at, &port),
                from: std::mem::replace(shape, wanted.clone()),
                to: wanted,
            });
        }
    }
    Ok(())
}

/// Drops such axes from parameters of neurons and other element-wise nodes, where what feeds them
/// does not have them, and from biases.
pub(super) fn drop_from_parameters(
    graph: &mut Graph,
    at: &str,
    warnings: &mut Vec<Warning>,
) -> Result<(), Error> {
    let known = infer(graph, at, Trust::SizesOnly, None)?;
    let mut wanted: Vec<(String, Vec<usize>)> = Vec::new();
    for (name, node) in &graph.nodes {
        if node.kind.is_elementwise() {
            let fed = graph
                .predecessors(name)
                .find_map(|source| known.get(source)?.1.clone());
            wanted.extend(fed.map(|shape| (name.clone(), shape)));
        } else if let NodeKind::Affine(p) = &node.kind {
            wanted.extend(weight_output(&p.weight).map(|shape| (name.clone(), shape)));
        }
    }
    for (name, to) in wanted {
        let Some(node) = graph.nodes.get_mut(&name) else {
            continue;
        };
        let mut from = None;
        for (field, tensor) in node.kind.tensors_mut() {
            if field != "weight" && tensor.len() > 1 && drops_to(&tensor.shape, &to) {
                from = Some(std::mem::replace(&mut tensor.shape, to.clone()));
            }
        }
        warnings.extend(from.map(|from| Warning::UnitAxesDropped {
            node: join(at, &name),
            from,
            to,
        }));
    }
    Ok(())
}
