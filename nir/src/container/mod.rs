//! HDF5 as a plain tree: the only module that knows the HDF5 library.

mod links;
mod load;
mod save;

use std::collections::BTreeMap;

use crate::{DType, Tensor};

pub(crate) use load::load;
pub(crate) use save::save;

/// A group's members by name.
pub(crate) type Tree = BTreeMap<String, Item>;

/// A member of a group.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Item {
    /// A nested group.
    Group(Tree),
    /// A scalar integer or boolean, kept apart from tensors so that all 64 bits survive.
    Int(i64),
    /// Any other numbers.
    Numbers(Tensor),
    /// A scalar string.
    Text(String),
    /// Strings with a shape (the list of edges is `n` x 2).
    Texts {
        /// Length of each axis.
        shape: Vec<usize>,
        /// Row-major.
        data: Vec<String>,
    },
    /// A data set of an element type that NIR does not use; what it is, in words.
    Unsupported(String),
}

impl Item {
    /// A one-dimensional integer array.
    pub(crate) fn ints(values: &[usize]) -> Item {
        Item::Numbers(Tensor {
            shape: vec![values.len()],
            data: values.iter().map(|&v| v as f64).collect(),
            dtype: DType::Int,
        })
    }

    /// What it is, for messages.
    pub(crate) fn describe(&self) -> String {
        match self {
            Item::Group(_) => "a group".to_owned(),
            Item::Int(_) => "an integer".to_owned(),
            Item::Numbers(t) => format!(
                "a {} tensor of shape {}",
                t.dtype,
                crate::display::Shape(&t.shape)
            ),
            Item::Text(_) => "a string".to_owned(),
            Item::Texts { .. } => "an array of strings".to_owned(),
            Item::Unsupported(what) => what.clone(),
        }
    }
}
