//! What was repaired or left out while reading.

use std::fmt::{self, Write};

use spikevec_visible::write_visible;

use crate::display::Shape;

/// One change that [`repair`](crate::repair) made, or one thing that [`read`](crate::read) left
/// out. `Display` gives a line for the user. Nodes inside nested graphs are named `outer/inner`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// An edge named no node; the node that must be meant took its place.
    EdgeResolved {
        /// The edge as stored.
        edge: (String, String),
        /// The name that is no node.
        missing: String,
        /// The node taken instead.
        resolved: String,
    },
    /// Edges lead through a node that is not there; they now pass it by.
    NodeBridged {
        /// The name that is no node.
        missing: String,
        /// The edges that stand for those to it and from it.
        edges: Vec<(String, String)>,
    },
    /// The shape of an Input inside the graph was replaced by that of its neighbours.
    PortShape {
        /// The node.
        node: String,
        /// Its shape as stored.
        stored: Vec<usize>,
        /// What the nodes on both sides say.
        shape: Vec<usize>,
    },
    /// An Input or Output to which nothing was connected was dropped.
    PortDropped {
        /// The node.
        node: String,
    },
    /// An Input with predecessors or an Output with successors, left over from flattening a
    /// subgraph, was replaced by edges that pass it by.
    PortBypassed {
        /// The node.
        node: String,
    },
    /// All weights were transposed: stored as inputs x outputs, the graph fits only the other way.
    WeightsTransposed {
        /// The nodes whose weights were transposed.
        nodes: Vec<String>,
    },
    /// A parameter held one value (or an axis of length 1) for a whole population.
    Broadcast {
        /// The node.
        node: String,
        /// The parameters.
        fields: Vec<String>,
        /// The shape they have now.
        shape: Vec<usize>,
    },
    /// Axes of length 1 were dropped.
    UnitAxesDropped {
        /// The node.
        node: String,
        /// The shape before.
        from: Vec<usize>,
        /// The shape after.
        to: Vec<usize>,
    },
    /// A leading time axis was dropped from an Input or Output.
    TimeAxisDropped {
        /// The node.
        node: String,
        /// The shape before.
        from: Vec<usize>,
        /// The shape after.
        to: Vec<usize>,
    },
    /// The time constant and the resistance of a LIF are infinite: it was read as an IF.
    ReadWithoutLeak {
        /// The node.
        node: String,
    },
    /// A field that the node's type does not have, or metadata of a kind that cannot be kept.
    FieldIgnored {
        /// The node.
        node: String,
        /// The field.
        field: String,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_visible(f, |out| self.say(out))
    }
}

impl Warning {
    /// The line, with names as they are in the file.
    fn say(&self, out: &mut dyn Write) -> fmt::Result {
        match self {
            Warning::EdgeResolved {
                edge: (from, to),
                missing,
                resolved,
            } => write!(
                out,
                "edge {from} -> {to}: there is no node '{missing}'; taken as '{resolved}'"
            ),
            Warning::NodeBridged { missing, edges } => {
                let edges: Vec<String> = edges.iter().map(|(a, b)| format!("{a} -> {b}")).collect();
                write!(
                    out,
                    "there is no node '{missing}', and what feeds it fits what it feeds: read as {}",
                    edges.join(", ")
                )
            }
            Warning::PortShape {
                node,
                stored,
                shape,
            } => write!(
                out,
                "node '{node}' says {}, but its neighbours on both sides say {}: theirs is taken",
                Shape(stored),
                Shape(shape)
            ),
            Warning::PortDropped { node } => {
                write!(out, "node '{node}' is connected to nothing; dropped")
            }
            Warning::PortBypassed { node } => write!(
                out,
                "node '{node}' is a port inside the graph; its edges now pass it by"
            ),
            Warning::WeightsTransposed { nodes } => write!(
                out,
                "weights are stored as inputs x outputs; transposed: {}",
                nodes.join(", ")
            ),
            Warning::Broadcast {
                node,
                fields,
                shape,
            } => write!(
                out,
                "node '{node}': {} repeated to the shape {}",
                fields.join(", "),
                Shape(shape)
            ),
            Warning::UnitAxesDropped { node, from, to } => write!(
                out,
                "node '{node}': axes of length 1 dropped, {} is now {}",
                Shape(from),
                Shape(to)
            ),
            Warning::TimeAxisDropped { node, from, to } => write!(
                out,
                "node '{node}': leading time axis dropped, {} is now {}",
                Shape(from),
                Shape(to)
            ),
            Warning::ReadWithoutLeak { node } => write!(
                out,
                "node '{node}': tau and r are infinite, so that nothing leaks: read as an IF, whose r is 1 because the \
                 file does not say r / tau"
            ),
            Warning::FieldIgnored { node, field } => {
                write!(out, "node '{node}': field '{field}' is not known; ignored")
            }
        }
    }
}
