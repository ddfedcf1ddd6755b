//! The network: nodes, edges and metadata.

use std::collections::BTreeMap;

use crate::primitives::{
    Affine, AvgPool2d, Conv1d, Conv2d, CubaLI, CubaLIF, Delay, Flatten, Input, IntegrateAndFire,
    Integrator, LI, LIF, Linear, Output, Scale, SumPool2d, Threshold,
};
use crate::{Tensor, Warning};

/// A value under `metadata` of a node or graph. NIR gives them no meaning; they are carried along.
#[derive(Debug, Clone, PartialEq)]
pub enum MetaValue {
    /// An integer or boolean scalar.
    Int(i64),
    /// A float scalar.
    Float(f64),
    /// A string.
    Text(String),
    /// A list of strings.
    Texts(Vec<String>),
    /// A numeric array.
    Array(Tensor),
}

/// Metadata by key. The keys of nested dictionaries are joined with `/`, a character that no
/// HDF5 name can contain.
pub type Metadata = BTreeMap<String, MetaValue>;

/// A named computational unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it computes.
    pub kind: NodeKind,
    /// What the exporter noted about it. For a nested graph this is empty: its metadata is in
    /// [`Graph::metadata`].
    pub metadata: Metadata,
}

impl From<NodeKind> for Node {
    fn from(kind: NodeKind) -> Self {
        Node {
            kind,
            metadata: Metadata::new(),
        }
    }
}

/// The 18 primitives of NIR 1.0 and the nested graph.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)] // each is documented at its struct
pub enum NodeKind {
    Input(Input),
    Output(Output),
    Affine(Affine),
    Linear(Linear),
    Scale(Scale),
    Conv1d(Conv1d),
    Conv2d(Conv2d),
    CubaLI(CubaLI),
    CubaLIF(CubaLIF),
    Delay(Delay),
    Flatten(Flatten),
    I(Integrator),
    IF(IntegrateAndFire),
    LI(LI),
    LIF(LIF),
    SumPool2d(SumPool2d),
    AvgPool2d(AvgPool2d),
    Threshold(Threshold),
    /// A graph as a node (`NIRGraph`). Edges to it reach its Input, edges from it leave its Output.
    Graph(Graph),
}

/// Runs `$body` with `$p` bound to the primitive of `$kind`, or `$graph_body` for a nested graph.
macro_rules! with_primitive {
    ($kind:expr, $p:ident => $body:expr, $g:ident => $graph_body:expr) => {
        match $kind {
            NodeKind::Input($p) => $body,
            NodeKind::Output($p) => $body,
            NodeKind::Affine($p) => $body,
            NodeKind::Linear($p) => $body,
            NodeKind::Scale($p) => $body,
            NodeKind::Conv1d($p) => $body,
            NodeKind::Conv2d($p) => $body,
            NodeKind::CubaLI($p) => $body,
            NodeKind::CubaLIF($p) => $body,
            NodeKind::Delay($p) => $body,
            NodeKind::Flatten($p) => $body,
            NodeKind::I($p) => $body,
            NodeKind::IF($p) => $body,
            NodeKind::LI($p) => $body,
            NodeKind::LIF($p) => $body,
            NodeKind::SumPool2d($p) => $body,
            NodeKind::AvgPool2d($p) => $body,
            NodeKind::Threshold($p) => $body,
            NodeKind::Graph($g) => $graph_body,
        }
    };
}
pub(crate) use with_primitive;

impl NodeKind {
    /// The name of the type in NIR files, `LIF` or `NIRGraph` for example.
    pub fn type_name(&self) -> &'static str {
        use crate::primitives::Primitive;
        fn name<P: Primitive>(_: &P) -> &'static str {
            P::TYPE
        }
        with_primitive!(self, p => name(p), _g => "NIRGraph")
    }

    /// Whether this is a neuron model: I, IF, LI, LIF, CubaLI or CubaLIF.
    pub fn is_neuron(&self) -> bool {
        matches!(
            self,
            NodeKind::I(_)
                | NodeKind::IF(_)
                | NodeKind::LI(_)
                | NodeKind::LIF(_)
                | NodeKind::CubaLI(_)
                | NodeKind::CubaLIF(_)
        )
    }

    /// Whether this works element by element, so that its parameters, its input and its output
    /// have one shape: the neuron models, Scale, Threshold and Delay.
    pub fn is_elementwise(&self) -> bool {
        self.is_neuron()
            || matches!(
                self,
                NodeKind::Scale(_) | NodeKind::Threshold(_) | NodeKind::Delay(_)
            )
    }

    /// All tensors of a primitive with their field names; none for a nested graph.
    pub fn tensors(&self) -> Vec<(&'static str, &Tensor)> {
        use crate::primitives::Primitive;
        with_primitive!(self, p => p.tensors(), _g => Vec::new())
    }

    /// As [`tensors`](Self::tensors), to change them.
    pub fn tensors_mut(&mut self) -> Vec<(&'static str, &mut Tensor)> {
        use crate::primitives::Primitive;
        with_primitive!(self, p => p.tensors_mut(), _g => Vec::new())
    }
}

/// A network of named nodes. What several edges bring to one node is summed; cycles are allowed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Graph {
    /// The nodes by name.
    pub nodes: BTreeMap<String, Node>,
    /// From, to. As read, an edge may name a node that is not there; [`repair`](crate::repair)
    /// resolves these.
    pub edges: Vec<(String, String)>,
    /// What the exporter noted about the graph.
    pub metadata: Metadata,
}

impl Graph {
    /// Names of the nodes that feed `node`, in the order of the edges.
    pub fn predecessors<'a>(&'a self, node: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.edges
            .iter()
            .filter(move |(_, to)| to == node)
            .map(|(from, _)| from.as_str())
    }

    /// Names of the nodes that `node` feeds, in the order of the edges.
    pub fn successors<'a>(&'a self, node: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.edges
            .iter()
            .filter(move |(from, _)| from == node)
            .map(|(_, to)| to.as_str())
    }

    /// Names of the Input nodes.
    pub fn inputs(&self) -> impl Iterator<Item = &str> {
        self.named(|kind| matches!(kind, NodeKind::Input(_)))
    }

    /// Names of the Output nodes.
    pub fn outputs(&self) -> impl Iterator<Item = &str> {
        self.named(|kind| matches!(kind, NodeKind::Output(_)))
    }

    pub(crate) fn named(&self, keep: fn(&NodeKind) -> bool) -> impl Iterator<Item = &str> {
        self.nodes
            .iter()
            .filter(move |(_, node)| keep(&node.kind))
            .map(|(name, _)| name.as_str())
    }
}

/// What a file held.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// The version of the `nir` package that wrote the file, if it says.
    pub version: Option<String>,
    /// The network.
    pub graph: Graph,
    /// What was repaired or ignored, in the order in which it happened.
    pub warnings: Vec<Warning>,
}
