//! What can be wrong with a file or a graph.

use std::fmt::{self, Write};

use spikevec_visible::write_visible;

use crate::display::Shape;

/// Why a NIR file could not be read, repaired or written. Nodes inside nested graphs are named
/// with their path, `outer/inner`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The operating system refused.
    Io {
        /// The file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },

    /// The file does not begin as HDF5 files do.
    NotHdf5 {
        /// The file.
        path: String,
    },

    /// HDF5 that cannot be read: truncated, damaged, or with a feature that is not supported.
    Damaged {
        /// The file.
        path: String,
        /// The place and what is wrong there.
        detail: String,
    },

    /// Links that are not followed, so that what they stand for would be missing.
    Links {
        /// The file.
        path: String,
        /// The first of them, name and target.
        links: Vec<String>,
        /// How many there are besides.
        more: usize,
    },

    /// A data set claims more bytes than the file can hold.
    TooLarge {
        /// The file.
        path: String,
        /// Path of the data set in the file.
        dataset: String,
        /// Its size according to its header.
        claimed: u64,
        /// What is left of the limit.
        limit: u64,
    },

    /// Valid HDF5, but no network in it.
    NoGraph {
        /// The file.
        path: String,
        /// What is missing.
        detail: String,
    },

    /// Graphs nested deeper than the limit, or a file whose groups contain themselves.
    TooDeep {
        /// The innermost group reached.
        node: String,
        /// The limit.
        limit: usize,
    },

    /// A node of a type that NIR 1.0 does not have.
    UnsupportedNode {
        /// The node.
        name: String,
        /// Its type as the file has it.
        type_name: String,
    },

    /// A node lacks a field that its type requires.
    MissingField {
        /// The node.
        node: String,
        /// Its type.
        type_name: String,
        /// The field.
        field: String,
    },

    /// A field holds another kind of value than its type asks for.
    WrongType {
        /// The node.
        node: String,
        /// The field.
        field: String,
        /// What the field holds.
        found: String,
        /// What it should hold.
        expected: String,
    },

    /// A field has a shape that its type does not allow, or that does not agree with the node's
    /// other fields.
    FieldShape {
        /// The node.
        node: String,
        /// The field.
        field: String,
        /// Its shape.
        found: Vec<usize>,
        /// What would fit, in words.
        expected: String,
    },

    /// A weight or parameter is NaN or infinite.
    NotFinite {
        /// The node.
        node: String,
        /// The field.
        field: String,
        /// Index of the first such element, one number an axis.
        index: Vec<usize>,
        /// NaN or an infinity.
        value: f64,
    },

    /// An edge names a node that is not there, and which one is meant cannot be told.
    UnresolvedEdge {
        /// The graph, `the graph` or the path of a nested one.
        graph: String,
        /// Source of the edge.
        from: String,
        /// Target of the edge.
        to: String,
        /// The name that is not there.
        missing: String,
        /// Nodes that might be meant.
        candidates: Vec<String>,
    },

    /// Names that are no nodes, and several graphs that they may mean.
    AmbiguousNode {
        /// The graph, `the graph` or the path of a nested one.
        graph: String,
        /// The names that are not there.
        missing: Vec<String>,
        /// What they may stand for, each a sentence.
        readings: Vec<String>,
    },

    /// The same edge twice.
    DuplicateEdge {
        /// Source of the edge.
        from: String,
        /// Target of the edge.
        to: String,
    },

    /// Two connected nodes do not agree on the shape of what passes between them.
    ShapeMismatch {
        /// Source of the edge.
        from: String,
        /// Shape that it gives.
        from_shape: Vec<usize>,
        /// Target of the edge.
        to: String,
        /// Shape that it takes.
        to_shape: Vec<usize>,
    },

    /// An edge to or from a nested graph that has no port, or several, for it.
    PortCount {
        /// The nested graph.
        node: String,
        /// `Input` or `Output`.
        port: &'static str,
        /// How many it has.
        count: usize,
    },

    /// A node whose own shape cannot take the input it gets (a kernel larger than the image).
    ShapeRefused {
        /// The node.
        node: String,
        /// Its type.
        type_name: String,
        /// The input shape.
        shape: Vec<usize>,
        /// What is wrong with it.
        reason: String,
    },

    /// Nothing in the graph says how large a node is.
    ShapeUnknown {
        /// The node.
        node: String,
    },

    /// A graph that cannot be written: a name HDF5 does not allow, or a tensor whose data does not
    /// match its shape.
    NotWritable {
        /// The node, field or metadata key.
        what: String,
        /// Why.
        reason: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_visible(f, |out| self.say(out))
    }
}

impl Error {
    /// The message, with names as they are in the file.
    // A list.
    fn say(&self, out: &mut dyn Write) -> fmt::Result {
        match self {
            Error::Io { path, source } => write!(out, "{path}: {source}"),
            Error::NotHdf5 { path } => write!(
                out,
                "{path} is not an HDF5 file; NIR files are HDF5, as Python's nir.write makes them"
            ),
            Error::Damaged { path, detail } => {
                write!(out, "{path}: damaged or truncated HDF5 file: {detail}")
            }
            Error::Links { path, links, more } => {
                let links = links.join(", ");
                write!(
                    out,
                    "{path} has soft or external links, which are not followed: {links}"
                )?;
                if *more > 0 {
                    write!(out, " and {more} more")?;
                }
                out.write_str("; store the data themselves, or hard links to them")
            }
            Error::TooLarge {
                path,
                dataset,
                claimed,
                limit,
            } => write!(
                out,
                "{path}: data set {dataset} claims {claimed} bytes, more than the {limit} that are read of a file of this size: the file is damaged, or the network larger than any target"
            ),
            Error::NoGraph { path, detail } => write!(
                out,
                "{path} holds no NIR graph: {detail}; export it again with nir.write(path, graph)"
            ),
            Error::TooDeep { node, limit } => write!(
                out,
                "{node}: groups nested more than {limit} deep; flatten the graph before exporting"
            ),
            Error::UnsupportedNode { name, type_name } => write!(
                out,
                "node '{name}' has the type '{type_name}', which is not a NIR primitive of version 1.0"
            ),
            Error::MissingField {
                node,
                type_name,
                field,
            } => write!(out, "node '{node}' ({type_name}) has no field '{field}'"),
            Error::WrongType {
                node,
                field,
                found,
                expected,
            } => write!(
                out,
                "node '{node}', field '{field}': {found} found where {expected} is expected"
            ),
            Error::FieldShape {
                node,
                field,
                found,
                expected,
            } => write!(
                out,
                "node '{node}', field '{field}' has the shape {found}; {expected} is expected",
                found = Shape(found)
            ),
            Error::NotFinite {
                node,
                field,
                index,
                value,
            } => write!(
                out,
                "node '{node}', field '{field}' is {value} at index {index:?}; weights and parameters have to be finite"
            ),
            Error::UnresolvedEdge {
                graph,
                from,
                to,
                missing,
                candidates,
            } => write!(
                out,
                "edge {from} -> {to} names '{missing}', which is not a node of {graph}; {}",
                candidates_text(candidates)
            ),
            Error::AmbiguousNode {
                graph,
                missing,
                readings,
            } => write!(
                out,
                "edges name {}, not in {graph}, and several readings fit: {}; correct the file",
                missing
                    .iter()
                    .map(|name| format!("'{name}'"))
                    .collect::<Vec<_>>()
                    .join(" and "),
                readings.join("; or ")
            ),
            Error::DuplicateEdge { from, to } => write!(
                out,
                "edge {from} -> {to} is listed twice; NIR graphs have each edge once"
            ),
            Error::ShapeMismatch {
                from,
                from_shape,
                to,
                to_shape,
            } => write!(
                out,
                "node '{from}' gives {from_shape} and node '{to}', which it feeds, takes {to_shape}",
                from_shape = Shape(from_shape),
                to_shape = Shape(to_shape)
            ),
            Error::PortCount { node, port, count } => write!(
                out,
                "edges reach the nested graph '{node}', which has {count} {port} nodes; it has to have exactly one"
            ),
            Error::ShapeRefused {
                node,
                type_name,
                shape,
                reason,
            } => write!(
                out,
                "node '{node}' ({type_name}) cannot take the shape {shape}: {reason}",
                shape = Shape(shape)
            ),
            Error::ShapeUnknown { node } => write!(
                out,
                "the shape of node '{node}' cannot be told from its parameters or its neighbours; connect it to an Input node with a shape"
            ),
            Error::NotWritable { what, reason } => write!(out, "cannot write {what}: {reason}"),
        }
    }
}

fn candidates_text(candidates: &[String]) -> String {
    if candidates.is_empty() {
        "no node of it could be meant; correct the edge".to_owned()
    } else {
        format!(
            "it could be any of {}; correct the edge",
            candidates.join(", ")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Warning;

    #[test]
    fn names_are_shown_and_not_obeyed() {
        let name = "a\u{1b}]0;x\u{7}\nerror: b".to_owned();
        let shown = "a\\u001b]0;x\\u0007\\u000aerror: b";
        let error = Error::ShapeUnknown { node: name.clone() };
        assert!(error.to_string().contains(shown), "{error}");
        let warning = Warning::PortDropped { node: name };
        assert!(warning.to_string().contains(shown), "{warning}");
    }
}
