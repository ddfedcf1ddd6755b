//! Nested graphs made flat.

use std::collections::BTreeMap;

use spikevec_nir::{Graph, NodeKind};

use crate::error::CompileError;

/// A node of the flat graph.
pub enum FlatNode<'a> {
    /// The network's input.
    Input,
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
    /// Shape of the network's input.
    pub input_shape: Vec<usize>,
    /// Names and shapes of the network's Output nodes.
    pub outputs: Vec<(String, Vec<usize>)>,
}

impl<'a> FlatGraph<'a> {
    /// Flattens `graph`.
    ///
    /// # Errors
    /// Not exactly one Input node, at the top or in a nested graph with an edge to it;
    /// an edge into the Input node; two nodes of one name once the graph is flat.
    pub fn new(graph: &'a Graph) -> Result<Self, CompileError> {
        let mut flat = FlatGraph {
            nodes: BTreeMap::new(),
            edges: Vec::new(),
            paths: BTreeMap::new(),
            input_shape: Vec::new(),
            outputs: Vec::new(),
        };
        let inputs: Vec<&str> = graph.inputs().collect();
        let [input] = inputs[..] else {
            return Err(CompileError::Structure(format!(
                "the model has {} Input nodes ({}), but exactly one is supported",
                inputs.len(),
                inputs.join(", ")
            )));
        };
        flat.add(graph, "", "")?;
        if let Some((from, _)) = graph.edges.iter().find(|(_, to)| to == input) {
            return Err(CompileError::Structure(format!(
                "the edge from `{from}` leads to the Input node `{input}`, which takes its spikes from the host only"
            )));
        }
        for (name, node) in &graph.nodes {
            match &node.kind {
                NodeKind::Input(port) if name == input => {
                    flat.input_shape = port.shape.clone();
                    flat.nodes.insert(name.clone(), FlatNode::Input);
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
