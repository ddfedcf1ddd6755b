//! Typed nodes to a [`Tree`].

use crate::container::{Item, Tree};
use crate::decode::{GRAPH_TYPE, join};
use crate::graph::with_primitive;
use crate::primitives::Primitive;
use crate::{Error, Graph, MetaValue, Metadata, Node, NodeKind, Tensor};

/// The version of Python's `nir` whose layout is written.
const VERSION: &str = "1.0.8";

/// The root group of a file that holds `graph`.
pub(crate) fn file(root: &Graph) -> Result<Tree, Error> {
    Ok(Tree::from([
        ("version".to_owned(), Item::Text(VERSION.to_owned())),
        ("node".to_owned(), Item::Group(graph(root, "")?)),
    ]))
}

fn graph(graph: &Graph, at: &str) -> Result<Tree, Error> {
    let mut nodes = Tree::new();
    for (name, node) in &graph.nodes {
        let path = join(at, name);
        nodes.insert(name.clone(), Item::Group(self::node(node, &path)?));
    }
    let edges = Item::Texts {
        shape: vec![graph.edges.len(), 2],
        data: graph
            .edges
            .iter()
            .flat_map(|(from, to)| [from.clone(), to.clone()])
            .collect(),
    };
    let mut tree = Tree::from([
        ("type".to_owned(), Item::Text(GRAPH_TYPE.to_owned())),
        ("nodes".to_owned(), Item::Group(nodes)),
        ("edges".to_owned(), edges),
    ]);
    put_metadata(&mut tree, &graph.metadata, at)?;
    Ok(tree)
}

fn node(node: &Node, path: &str) -> Result<Tree, Error> {
    let fields = with_primitive!(
        &node.kind,
        p => p.encode(),
        nested => {
            let mut both = nested.metadata.clone();
            both.extend(node.metadata.clone());
            let mut tree = graph(nested, path)?;
            tree.remove("metadata");
            put_metadata(&mut tree, &both, path)?;
            return Ok(tree);
        }
    );
    for (field, tensor) in node.kind.tensors() {
        if let Some((index, value)) = tensor.first_not_finite() {
            return Err(Error::NotFinite {
                node: path.to_owned(),
                field: field.to_owned(),
                index,
                value,
            });
        }
    }
    let mut tree: Tree = fields
        .into_iter()
        .map(|(name, item)| (name.to_owned(), item))
        .collect();
    tree.insert(
        "type".to_owned(),
        Item::Text(node.kind.type_name().to_owned()),
    );
    put_metadata(&mut tree, &node.metadata, path)?;
    Ok(tree)
}

fn put_metadata(tree: &mut Tree, metadata: &Metadata, node: &str) -> Result<(), Error> {
    if metadata.is_empty() {
        return Ok(());
    }
    let mut group = Tree::new();
    for (key, value) in metadata {
        let item = match value {
            MetaValue::Int(value) => Item::Int(*value),
            MetaValue::Float(value) => Item::Numbers(Tensor::scalar(*value)),
            MetaValue::Text(text) => Item::Text(text.clone()),
            MetaValue::Texts(data) => Item::Texts {
                shape: vec![data.len()],
                data: data.clone(),
            },
            MetaValue::Array(tensor) => Item::Numbers(tensor.clone()),
        };
        insert(&mut group, key, item).map_err(|reason| Error::NotWritable {
            what: format!("metadata '{key}' of node '{node}'"),
            reason,
        })?;
    }
    tree.insert("metadata".to_owned(), Item::Group(group));
    Ok(())
}

/// Inserts under a key whose `/` separate nested dictionaries.
fn insert(group: &mut Tree, key: &str, item: Item) -> Result<(), String> {
    let taken = || "the key is both a value and a dictionary".to_owned();
    match key.split_once('/') {
        None => match group.insert(key.to_owned(), item) {
            None => Ok(()),
            Some(_) => Err(taken()),
        },
        Some((head, rest)) => match group
            .entry(head.to_owned())
            .or_insert_with(|| Item::Group(Tree::new()))
        {
            Item::Group(inner) => insert(inner, rest, item),
            _ => Err(taken()),
        },
    }
}
