//! Nested graphs made flat.

use std::collections::BTreeMap;

use spikevec_nir::{Graph, NodeKind};

use crate::error::CompileError;

/// A node of the flat graph.
pub enum FlatNode<'a> {
    /// Input neurons of the network: the first, and how many.
    Input(usize, usize),
    /// A node that hands on what it gets: outputs, and the ports of nested graphs.
    Pass,
    /// Any other node.
    Kind(&'a NodeKind),
}

/// A graph without nested graphs. Names of nested nodes are joined with dots.
pub struct FlatGraph<'a> {
    /// Nodes by name.
    pub nodes: BTreeMap<String, FlatNode<'a>>,
    edges: Vec<(String, String)>,
    /// What `spikevec_nir::shapes` calls each node.
    pub paths: BTreeMap<String, String>,
    /// Shape of the network's input. Several Input nodes are one row of neurons, in the order of
    /// their names.
    pub input_shape: Vec<usize>,
    /// Names of the Input nodes, and the first neuron of each.
    pub inputs: Vec<(String, usize)>,
    /// Names and shapes of the network's Output nodes.
    pub outputs: Vec<(String, Vec<usize>)>,
}

impl<'a> FlatGraph<'a> {
    /// Flattens `graph`.
    ///
    /// # Errors
    /// No Input node, or in a nested graph with an edge to it not exactly one;
    /// an edge into an Input node; two nodes of one name once the graph is flat.
    pub fn new(graph: &'a Graph) -> Result<Self, CompileError> {
        let mut flat = FlatGraph {
            nodes: BTreeMap::new(),
            edges: Vec::new(),
            paths: BTreeMap::new(),
            input_shape: Vec::new(),
            inputs: Vec::new(),
            outputs: Vec::new(),
        };
        let inputs: Vec<&str> = graph.inputs().collect();
        if inputs.is_empty() {
            return Err(CompileError::Structure(
                "the model has no Input node: add one in front of what its data go to".to_owned(),
            ));
        }
        flat.add(graph, "", "")?;
        let into = |(_, to): &&(String, String)| inputs.contains(&to.as_str());
        if let Some((from, input)) = graph.edges.iter().find(into) {
            return Err(CompileError::Structure(format!(
                "the edge from `{from}` leads to the Input node `{input}`, which takes its spikes from the host only"
            )));
        }
        for (name, node) in &graph.nodes {
            match &node.kind {
                NodeKind::Input(port) => {
                    let first: usize = flat.input_shape.iter().product();
                    let first = if flat.inputs.is_empty() { 0 } else { first };
                    let size: usize = port.shape.iter().product();
                    flat.input_shape = match inputs.len() {
                        1 => port.shape.clone(),
                        _ => vec![first + size],
                    };
                    flat.inputs.push((name.clone(), first));
                    let node = FlatNode::Input(first, size);
                    flat.nodes.insert(name.clone(), node);
                }
                NodeKind::Output(port) => flat.outputs.push((name.clone(), port.shape.clone())),
                _ => {}
            }
        }
        Ok(flat)
    }

    fn add(&mut self, graph: &'a Graph, prefix: &str, at: &str) -> Result<(), CompileError> {
        for (name, node) in &graph.nodes {
            let full = format!("{prefix}{name}");
            self.paths.insert(full.clone(), format!("{at}{name}"));
            match &node.kind {
                NodeKind::Graph(inner) => {
                    self.add(inner, &format!("{full}."), &format!("{at}{name}/"))?;
                    // The nested graph itself stands for its output port.
                    self.insert(full.clone(), FlatNode::Pass)?;
                    for port in inner.outputs() {
                        self.edges.push((format!("{full}.{port}"), full.clone()));
                    }
                }
                NodeKind::Input(_) | NodeKind::Output(_) => self.insert(full, FlatNode::Pass)?,
                kind => self.insert(full, FlatNode::Kind(kind))?,
            }
        }
        for (from, to) in &graph.edges {
            let from_full = format!("{prefix}{from}");
            let to_full = format!("{prefix}{to}");
            match graph.nodes.get(to).map(|node| &node.kind) {
                Some(NodeKind::Graph(inner)) => {
                    let ports: Vec<&str> = inner.inputs().collect();
                    let [port] = ports[..] else {
                        return Err(CompileError::Structure(format!(
                            "nested graph `{to_full}` has {} Input nodes, but the edge from `{from_full}` needs exactly one",
                            ports.len()
                        )));
                    };
                    self.edges.push((from_full, format!("{to_full}.{port}")));
                }
                _ => self.edges.push((from_full, to_full)),
            }
        }
        Ok(())
    }

    fn insert(&mut self, name: String, node: FlatNode<'a>) -> Result<(), CompileError> {
        if self.nodes.contains_key(&name) {
            return Err(CompileError::Structure(format!(
                "two nodes are called `{name}` once nested graphs are flattened: rename one of them"
            )));
        }
        self.nodes.insert(name, node);
        Ok(())
    }

    /// Names of the nodes that feed `node`, in the order of the edges.
    pub fn predecessors<'s>(&'s self, node: &'s str) -> impl Iterator<Item = &'s str> + 's {
        self.edges
            .iter()
            .filter(move |(_, to)| to == node)
            .map(|(from, _)| from.as_str())
    }
}
