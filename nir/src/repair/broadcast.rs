//! One value for a whole population.

use crate::decode::join;
use crate::shapes::{Trust, infer, weight_output};
use crate::{Error, Graph, NodeKind, Warning};

/// More neurons than any target has; keeps a damaged shape from taking all memory.
const MAX_POPULATION: usize = 1 << 24;

/// Repeats scalar parameters, and axes of length 1, to the shape of the population, which other
/// parameters or the neighbours tell; scalar biases likewise.
pub(super) fn fill(graph: &mut Graph, at: &str, warnings: &mut Vec<Warning>) -> Result<(), Error> {
    let known = infer(graph, at, Trust::SizesOnly, None)?;
    let mut wanted: Vec<(String, Vec<usize>)> = Vec::new();
    for (name, node) in &graph.nodes {
        let shape = match &node.kind {
            NodeKind::Affine(p) => weight_output(&p.weight),
            NodeKind::Conv1d(p) => p.weight.shape.first().map(|&channels| vec![channels]),
            NodeKind::Conv2d(p) => p.weight.shape.first().map(|&channels| vec![channels]),
            kind if kind.is_elementwise() => {
                let own = known.get(name).and_then(|(input, _)| input.clone());
                let fed = graph
                    .predecessors(name)
                    .find_map(|source| known.get(source)?.1.clone());
                // one value a channel, say, for channels x height x width
                let all_fit = fed
                    .as_ref()
                    .is_some_and(|fed| kind.tensors().iter().all(|(_, t)| t.broadcasts_to(fed)));
                if all_fit { fed } else { own }
            }
            _ => None,
        };
        wanted.extend(shape.map(|shape| (name.clone(), shape)));
    }
    for (name, shape) in wanted {
        let Some(node) = graph.nodes.get_mut(&name) else {
            continue;
        };
        let type_name = node.kind.type_name();
        let mut fields = Vec::new();
        for (field, tensor) in node.kind.tensors_mut() {
            if field == "weight" || tensor.shape == shape || !tensor.broadcasts_to(&shape) {
                continue;
            }
            let size = shape
                .iter()
                .try_fold(1usize, |n, &axis| n.checked_mul(axis));
            if size.is_none_or(|size| size > MAX_POPULATION) {
                return Err(Error::ShapeRefused {
                    node: join(at, &name),
                    type_name: type_name.to_owned(),
                    shape,
                    reason: format!("a population has at most {MAX_POPULATION} neurons"),
                });
            }
            if tensor.broadcast_to(&shape) {
                fields.push(field.to_owned());
            }
        }
        if !fields.is_empty() {
            warnings.push(Warning::Broadcast {
                node: join(at, &name),
                fields,
                shape,
            });
        }
    }
    Ok(())
}
