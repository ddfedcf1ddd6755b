//! Repairs of what exporters get wrong, one a file. Each change is a [`Warning`].

mod broadcast;
mod edges;
mod inner_ports;
mod missing;
mod ports;
mod time_axis;
mod transpose;
mod unit_axes;

use crate::decode::join;
use crate::{Error, Graph, NodeKind, Warning, shapes};

/// Repairs a graph in place so that all edges connect two nodes and all shapes agree.
///
/// In this order: edges that name no node are resolved, where only one reading makes a sound graph;
/// ports that are connected to nothing or lie
/// inside the graph are removed; ports of nested graphs that both sides contradict take their shape;
/// then leading time axes, axes of length 1 and scalar parameters are
/// brought to the shape that the neighbours ask for. If the shapes do not agree even so, but do
/// with all weights transposed, all weights are transposed.
///
/// # Errors
///
/// An edge that cannot be resolved, or any error of [`shapes()`](crate::shapes()). The graph is then
/// unchanged.
pub fn repair(graph: &mut Graph) -> Result<Vec<Warning>, Error> {
    let mut connected = graph.clone();
    let mut warnings = Vec::new();
    edges::resolve(&mut connected, "", &mut warnings)?;
    ports::remove(&mut connected, "", &mut warnings);

    let mut stored = connected.clone();
    let mut changes = Vec::new();
    match fit(&mut stored, &mut changes) {
        Ok(()) => *graph = stored,
        Err(as_stored) => {
            changes.clear();
            let mut transposed = connected;
            let nodes = transpose::all(&mut transposed, "");
            if nodes.is_empty() || fit(&mut transposed, &mut changes).is_err() {
                return Err(as_stored);
            }
            warnings.push(Warning::WeightsTransposed { nodes });
            *graph = transposed;
        }
    }
    warnings.extend(changes);
    Ok(warnings)
}

/// Brings the shapes of ports and parameters to those of their neighbours and checks the result.
fn fit(graph: &mut Graph, warnings: &mut Vec<Warning>) -> Result<(), Error> {
    adjust(graph, "", warnings)?;
    shapes::shapes(graph).map(drop)
}

fn adjust(graph: &mut Graph, at: &str, warnings: &mut Vec<Warning>) -> Result<(), Error> {
    for (name, node) in &mut graph.nodes {
        if let NodeKind::Graph(nested) = &mut node.kind {
            adjust(nested, &join(at, name), warnings)?;
        }
    }
    inner_ports::correct(graph, at, warnings)?;
    time_axis::drop_leading(graph, at, warnings)?;
    unit_axes::drop_from_ports(graph, at, warnings)?;
    unit_axes::drop_from_parameters(graph, at, warnings)?;
    broadcast::fill(graph, at, warnings)
}

/// Names of the Input and Output nodes.
fn port_names(graph: &Graph) -> Vec<String> {
    graph
        .inputs()
        .chain(graph.outputs())
        .map(str::to_owned)
        .collect()
}

/// The shape that the neighbours of a port ask for: what its successors take, or what its
/// predecessors give. The port's own shape does not count.
fn wanted_by_neighbours(graph: &Graph, at: &str, port: &str) -> Result<Option<Vec<usize>>, Error> {
    let known = shapes::infer(graph, at, shapes::Trust::SizesOnly, Some(port))?;
    let given = graph
        .predecessors(port)
        .find_map(|name| known.get(name)?.1.clone());
    let taken = graph
        .successors(port)
        .find_map(|name| known.get(name)?.0.clone());
    Ok(given.or(taken))
}

/// The shape of an Input or Output.
fn port_shape<'a>(graph: &'a mut Graph, port: &str) -> Option<&'a mut Vec<usize>> {
    match &mut graph.nodes.get_mut(port)?.kind {
        NodeKind::Input(input) => Some(&mut input.shape),
        NodeKind::Output(output) => Some(&mut output.shape),
        _ => None,
    }
}

#[cfg(test)]
pub(crate) mod tests;
