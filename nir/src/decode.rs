//! A [`Tree`] to typed nodes.

use crate::container::{Item, Tree};
use crate::fields::Fields;
use crate::primitives::Primitive;
use crate::{Error, Graph, MetaValue, Metadata, Model, Node, NodeKind, Warning, leakless};

/// The type of graphs in files.
pub(crate) const GRAPH_TYPE: &str = "NIRGraph";

/// The model in the root group of a file.
pub(crate) fn model(mut root: Tree, name: &str) -> Result<Model, Error> {
    let no_graph = |detail: &str| Error::NoGraph {
        path: name.to_owned(),
        detail: detail.to_owned(),
    };
    let version = match root.remove("version") {
        Some(Item::Text(version)) => Some(version),
        _ => None,
    };
    let mut node = match root.remove("node") {
        Some(Item::Group(tree)) => tree,
        Some(_) => return Err(no_graph("'node' is not a group")),
        None => return Err(no_graph("there is no group 'node'")),
    };
    match node.remove("type") {
        Some(Item::Text(kind)) if kind == GRAPH_TYPE => {}
        Some(Item::Text(kind)) => {
            return Err(no_graph(&format!(
                "the group 'node' is a single node of type '{kind}'"
            )));
        }
        Some(_) => return Err(no_graph("'node/type' is not a string")),
        None if node.is_empty() => return Err(no_graph("the group 'node' is empty")),
        None => return Err(no_graph("the group 'node' has no 'type'")),
    }
    let mut warnings = Vec::new();
    let graph = graph(node, "", &mut warnings)?;
    Ok(Model {
        version,
        graph,
        warnings,
    })
}

/// The path of `name` in the graph at `at`, which is empty for the outermost one.
pub(crate) fn join(at: &str, name: &str) -> String {
    if at.is_empty() {
        name.to_owned()
    } else {
        format!("{at}/{name}")
    }
}

/// How messages call the graph at `at`.
pub(crate) fn graph_name(at: &str) -> String {
    if at.is_empty() {
        "the graph".to_owned()
    } else {
        format!("graph '{at}'")
    }
}

fn graph(mut tree: Tree, at: &str, warnings: &mut Vec<Warning>) -> Result<Graph, Error> {
    let missing = |field: &str| Error::MissingField {
        node: graph_name(at),
        type_name: GRAPH_TYPE.to_owned(),
        field: field.to_owned(),
    };
    let wrong = |field: &str, found: &Item, expected: &str| Error::WrongType {
        node: graph_name(at),
        field: field.to_owned(),
        found: found.describe(),
        expected: expected.to_owned(),
    };
    let members = match tree.remove("nodes") {
        Some(Item::Group(members)) => members,
        Some(other) => return Err(wrong("nodes", &other, "a group")),
        None => return Err(missing("nodes")),
    };
    let edges = match tree.remove("edges") {
        Some(Item::Texts { shape, data }) if matches!(shape.as_slice(), [_, 2]) => {
            let (pairs, _) = data.as_chunks::<2>();
            pairs.iter().map(|[a, b]| (a.clone(), b.clone())).collect()
        }
        // h5py stores an empty list as an empty array of floats
        Some(Item::Numbers(t)) if t.is_empty() => Vec::new(),
        Some(Item::Texts { data, .. }) if data.is_empty() => Vec::new(),
        Some(other) => return Err(wrong("edges", &other, "an n x 2 array of strings")),
        None => return Err(missing("edges")),
    };
    let metadata = take_metadata(&mut tree, &graph_name(at), warnings)?;
    ignore_rest(&tree, &graph_name(at), warnings);
    let mut nodes = std::collections::BTreeMap::new();
    for (name, item) in members {
        let path = join(at, &name);
        let Item::Group(tree) = item else {
            return Err(wrong(&format!("nodes/{name}"), &item, "a group"));
        };
        let node = node(tree, &path, warnings)?;
        nodes.insert(name, node);
    }
    Ok(Graph {
        nodes,
        edges,
        metadata,
    })
}

fn node(mut tree: Tree, path: &str, warnings: &mut Vec<Warning>) -> Result<Node, Error> {
    let type_name = match tree.remove("type") {
        Some(Item::Text(name)) => name,
        Some(other) => {
            return Err(Error::WrongType {
                node: path.to_owned(),
                field: "type".to_owned(),
                found: other.describe(),
                expected: "a string".to_owned(),
            });
        }
        None => {
            return Err(Error::MissingField {
                node: path.to_owned(),
                type_name: "of no known type".to_owned(),
                field: "type".to_owned(),
            });
        }
    };
    if type_name == GRAPH_TYPE {
        // the nested graph keeps its metadata itself
        return Ok(Node::from(NodeKind::Graph(graph(tree, path, warnings)?)));
    }
    let metadata = take_metadata(&mut tree, path, warnings)?;
    let mut fields = Fields {
        node: path.to_owned(),
        type_name,
        rest: tree,
    };
    leakless::read_as_if(&mut fields, warnings);
    let kind = primitive(&mut fields)?;
    ignore_rest(&fields.rest, path, warnings);
    Ok(Node { kind, metadata })
}

/// Tries each primitive in turn by its type name.
macro_rules! by_name {
    ($fields:expr, $($variant:ident($primitive:ident)),* $(,)?) => {
        match $fields.type_name.as_str() {
            $(<crate::primitives::$primitive as Primitive>::TYPE => {
                crate::primitives::$primitive::decode($fields).map(NodeKind::$variant)
            })*
            _ => Err(Error::UnsupportedNode {
                name: $fields.node.clone(),
                type_name: $fields.type_name.clone(),
            }),
        }
    };
}

fn primitive(fields: &mut Fields) -> Result<NodeKind, Error> {
    by_name!(
        fields,
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
    )
}

fn ignore_rest(rest: &Tree, node: &str, warnings: &mut Vec<Warning>) {
    warnings.extend(rest.keys().map(|field| Warning::FieldIgnored {
        node: node.to_owned(),
        field: field.clone(),
    }));
}

fn take_metadata(
    tree: &mut Tree,
    node: &str,
    warnings: &mut Vec<Warning>,
) -> Result<Metadata, Error> {
    let mut metadata = Metadata::new();
    match tree.remove("metadata") {
        None => {}
        Some(Item::Group(members)) => flatten(members, "", node, &mut metadata, warnings),
        Some(other) => {
            return Err(Error::WrongType {
                node: node.to_owned(),
                field: "metadata".to_owned(),
                found: other.describe(),
                expected: "a group".to_owned(),
            });
        }
    }
    Ok(metadata)
}

fn flatten(
    members: Tree,
    prefix: &str,
    node: &str,
    metadata: &mut Metadata,
    warnings: &mut Vec<Warning>,
) {
    for (key, item) in members {
        let key = join(prefix, &key);
        let value = match item {
            Item::Group(inner) => {
                flatten(inner, &key, node, metadata, warnings);
                continue;
            }
            Item::Int(value) => MetaValue::Int(value),
            Item::Text(text) => MetaValue::Text(text),
            Item::Texts { shape, data } if shape.len() == 1 => MetaValue::Texts(data),
            Item::Numbers(t) => match (t.shape.is_empty(), t.data.as_slice()) {
                (true, &[value]) => MetaValue::Float(value),
                _ => MetaValue::Array(t),
            },
            Item::Texts { .. } | Item::Unsupported(_) => {
                warnings.push(Warning::FieldIgnored {
                    node: node.to_owned(),
                    field: format!("metadata/{key}"),
                });
                continue;
            }
        };
        metadata.insert(key, value);
    }
}
