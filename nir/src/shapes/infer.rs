//! Shapes travel along the edges until nothing new is learnt.

use std::collections::{BTreeMap, VecDeque};

use super::transfer::{forward, intrinsic};
use crate::decode::join;
use crate::{Error, Graph, NodeKind};

/// Input and output shape of each node, where known.
pub(crate) type Known = BTreeMap<String, (Option<Vec<usize>>, Option<Vec<usize>>)>;

/// How far the shapes of parameters are believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trust {
    /// As stored: a parameter of shape `[1]` is a population of one.
    Stored,
    /// A population whose parameters are all `[]` or `[1]` may have any size.
    SizesOnly,
}

/// What is known about the nodes of one graph. The port named `ignoring` counts as unknown, to see
/// what its neighbours say about it.
pub(crate) fn infer(
    graph: &Graph,
    at: &str,
    trust: Trust,
    ignoring: Option<&str>,
) -> Result<Known, Error> {
    let mut state = State {
        graph,
        at,
        known: Known::new(),
        before: BTreeMap::new(),
        after: BTreeMap::new(),
    };
    for (from, to) in &graph.edges {
        if graph.nodes.contains_key(from) && graph.nodes.contains_key(to) {
            state.before.entry(to).or_default().push(from);
            state.after.entry(from).or_default().push(to);
        }
    }
    for (name, node) in &graph.nodes {
        let shapes = match &node.kind {
            _ if ignoring == Some(name.as_str()) => (None, None),
            NodeKind::Graph(nested) => ports(nested),
            primitive => intrinsic(primitive, trust),
        };
        state.known.insert(name.clone(), shapes);
    }
    state.forwards(graph.nodes.keys().map(String::as_str).collect())?;
    // only what the predecessors leave open is taken from the successors
    while let Some(successors) = state.one_backwards() {
        state.forwards(successors)?;
    }
    Ok(state.known)
}

/// A nested graph takes what its Input takes and gives what its Output gives.
fn ports(nested: &Graph) -> (Option<Vec<usize>>, Option<Vec<usize>>) {
    let mut inputs = nested.nodes.values().filter_map(|node| match &node.kind {
        NodeKind::Input(input) => Some(&input.shape),
        _ => None,
    });
    let mut outputs = nested.nodes.values().filter_map(|node| match &node.kind {
        NodeKind::Output(output) => Some(&output.shape),
        _ => None,
    });
    let only = |first: Option<&Vec<usize>>, second: Option<&Vec<usize>>| match (first, second) {
        (Some(shape), None) => Some(shape.clone()),
        _ => None,
    };
    (
        only(inputs.next(), inputs.next()),
        only(outputs.next(), outputs.next()),
    )
}

struct State<'a> {
    graph: &'a Graph,
    at: &'a str,
    known: Known,
    before: BTreeMap<&'a str, Vec<&'a str>>,
    after: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'a> State<'a> {
    fn input(&self, name: &str) -> Option<&Vec<usize>> {
        self.known.get(name)?.0.as_ref()
    }

    fn output(&self, name: &str) -> Option<&Vec<usize>> {
        self.known.get(name)?.1.as_ref()
    }

    fn forwards(&mut self, mut queue: VecDeque<&'a str>) -> Result<(), Error> {
        while let Some(name) = queue.pop_front() {
            if self.input(name).is_none() {
                let fed = self
                    .before
                    .get(name)
                    .and_then(|all| all.iter().find_map(|&source| self.output(source).cloned()));
                if let Some(entry) = self.known.get_mut(name) {
                    entry.0 = fed;
                }
            }
            if self.output(name).is_some() {
                continue;
            }
            let (Some(node), Some(input)) = (self.graph.nodes.get(name), self.input(name)) else {
                continue;
            };
            let output = forward(&node.kind, input).map_err(|reason| Error::ShapeRefused {
                node: join(self.at, name),
                type_name: node.kind.type_name().to_owned(),
                shape: input.clone(),
                reason,
            })?;
            if output.is_some() {
                if let Some(entry) = self.known.get_mut(name) {
                    entry.1 = output;
                }
                queue.extend(self.after.get(name).into_iter().flatten().copied());
            }
        }
        Ok(())
    }

    /// Gives one node without a shape that of a successor, if there is one to be had. Returns the
    /// successors, about which this may tell more.
    fn one_backwards(&mut self) -> Option<VecDeque<&'a str>> {
        for (name, node) in &self.graph.nodes {
            let keeps_shape = node.kind.is_elementwise()
                || matches!(node.kind, NodeKind::Input(_) | NodeKind::Output(_));
            let Some(after) = self.after.get(name.as_str()) else {
                continue;
            };
            if !keeps_shape || self.output(name).is_some() {
                continue;
            }
            let wanted = after.iter().find_map(|&target| self.input(target).cloned());
            if let (Some(shape), Some(entry)) = (wanted, self.known.get_mut(name)) {
                *entry = (Some(shape.clone()), Some(shape));
                return Some(after.iter().copied().collect());
            }
        }
        None
    }
}
