//! Weights stored as inputs x outputs.
//!
//! A square matrix alone does not tell which way round it is. All weights of a model come from the
//! same exporter, so they are turned together, the square ones too.

use crate::decode::join;
use crate::{Graph, NodeKind};

/// Transposes the weights of every dense layer, nested graphs included; the nodes changed.
pub(super) fn all(graph: &mut Graph, at: &str) -> Vec<String> {
    let mut changed = Vec::new();
    for (name, node) in &mut graph.nodes {
        let path = join(at, name);
        let weight = match &mut node.kind {
            NodeKind::Graph(nested) => {
                changed.extend(all(nested, &path));
                continue;
            }
            NodeKind::Linear(p) => &mut p.weight,
            NodeKind::Affine(p) => &mut p.weight,
            _ => continue,
        };
        if weight.shape.len() == 2 {
            weight.transpose();
            changed.push(path);
        }
    }
    changed
}
