//! The fields of one node while it is decoded.

use crate::container::{Item, Tree};
use crate::primitives::Padding;
use crate::{Error, Tensor};

/// HDF5 allows no more axes, so no tensor could have them.
const MAX_AXES: usize = 32;

/// The fields of one node. Each accessor takes its field out, so what is left at the end is what
/// the node's type does not know.
pub(crate) struct Fields {
    /// Path of the node, for messages.
    pub node: String,
    /// Its type, for messages.
    pub type_name: String,
    /// What has not been taken yet.
    pub rest: Tree,
}

impl Fields {
    fn missing(&self, field: &str) -> Error {
        Error::MissingField {
            node: self.node.clone(),
            type_name: self.type_name.clone(),
            field: field.to_owned(),
        }
    }

    pub(crate) fn wrong_type(&self, field: &str, found: &Item, expected: &str) -> Error {
        Error::WrongType {
            node: self.node.clone(),
            field: field.to_owned(),
            found: found.describe(),
            expected: expected.to_owned(),
        }
    }

    pub(crate) fn wrong_shape(&self, field: &str, found: &[usize], expected: &str) -> Error {
        Error::FieldShape {
            node: self.node.clone(),
            field: field.to_owned(),
            found: found.to_vec(),
            expected: expected.to_owned(),
        }
    }

    /// A required tensor of finite values.
    pub(crate) fn tensor(&mut self, field: &str) -> Result<Tensor, Error> {
        self.optional_tensor(field)?
            .ok_or_else(|| self.missing(field))
    }

    /// A tensor of finite values that may be absent.
    pub(crate) fn optional_tensor(&mut self, field: &str) -> Result<Option<Tensor>, Error> {
        let tensor = match self.rest.remove(field) {
            None => return Ok(None),
            Some(Item::Numbers(tensor)) => tensor,
            Some(Item::Int(value)) => Tensor {
                dtype: crate::DType::Int,
                ..Tensor::scalar(value as f64)
            },
            Some(other) => return Err(self.wrong_type(field, &other, "a numeric tensor")),
        };
        if let Some((index, value)) = tensor.first_not_finite() {
            return Err(Error::NotFinite {
                node: self.node.clone(),
                field: field.to_owned(),
                index,
                value,
            });
        }
        Ok(Some(tensor))
    }

    /// A required tensor with at least `least` axes (and at most `most`).
    pub(crate) fn tensor_of_rank(
        &mut self,
        field: &str,
        least: usize,
        most: usize,
    ) -> Result<Tensor, Error> {
        let tensor = self.tensor(field)?;
        if (least..=most).contains(&tensor.shape.len()) {
            return Ok(tensor);
        }
        let expected = if least == most {
            format!("a tensor with {least} axes")
        } else {
            format!("a tensor with {least} axes or more")
        };
        Err(self.wrong_shape(field, &tensor.shape, &expected))
    }

    /// A scalar integer of any sign, or `None` if absent.
    pub(crate) fn integer(&mut self, field: &str) -> Result<Option<i64>, Error> {
        let Some(Integers { shape, values }) = self.integers(field)? else {
            return Ok(None);
        };
        match values.as_slice() {
            &[value] => Ok(Some(value)),
            _ => Err(self.wrong_shape(field, &shape, "one integer")),
        }
    }

    /// `N` non-negative integers. One integer stands for all of them.
    pub(crate) fn sizes<const N: usize>(
        &mut self,
        field: &str,
    ) -> Result<Option<[usize; N]>, Error> {
        let Some(values) = self.shape(field)? else {
            return Ok(None);
        };
        if let &[value] = values.as_slice() {
            return Ok(Some([value; N]));
        }
        let shape = [values.len()];
        match <[usize; N]>::try_from(values) {
            Ok(sizes) => Ok(Some(sizes)),
            Err(_) => Err(self.wrong_shape(field, &shape, &format!("one integer or {N}"))),
        }
    }

    /// As [`sizes`](Self::sizes), required.
    pub(crate) fn required_sizes<const N: usize>(
        &mut self,
        field: &str,
    ) -> Result<[usize; N], Error> {
        self.sizes(field)?.ok_or_else(|| self.missing(field))
    }

    /// As [`required_sizes`](Self::required_sizes), all at least 1.
    pub(crate) fn positive_sizes<const N: usize>(
        &mut self,
        field: &str,
    ) -> Result<[usize; N], Error> {
        let sizes = self.required_sizes(field)?;
        if sizes.contains(&0) {
            return Err(Error::WrongType {
                node: self.node.clone(),
                field: field.to_owned(),
                found: "0".to_owned(),
                expected: "an integer of at least 1".to_owned(),
            });
        }
        Ok(sizes)
    }

    /// A list of non-negative integers, for example a shape. A scalar is a list of one.
    pub(crate) fn shape(&mut self, field: &str) -> Result<Option<Vec<usize>>, Error> {
        let Some(Integers { shape, values }) = self.integers(field)? else {
            return Ok(None);
        };
        if values.len() > MAX_AXES {
            let expected = format!("at most {MAX_AXES} integers");
            return Err(self.wrong_shape(field, &shape, &expected));
        }
        values
            .into_iter()
            .map(|value| {
                // far above any real axis, and products of a few of them still fit 64 bits
                usize::try_from(value)
                    .ok()
                    .filter(|&v| v <= 1 << 20)
                    .ok_or_else(|| Error::WrongType {
                        node: self.node.clone(),
                        field: field.to_owned(),
                        found: value.to_string(),
                        expected: "an integer from 0 to 1048576".to_owned(),
                    })
            })
            .collect::<Result<Vec<_>, _>>()
            .map(Some)
    }

    /// As [`shape`](Self::shape), required.
    pub(crate) fn required_shape(&mut self, field: &str) -> Result<Vec<usize>, Error> {
        self.shape(field)?.ok_or_else(|| self.missing(field))
    }

    /// `"same"`, `"valid"` or `N` integers.
    pub(crate) fn padding<const N: usize>(&mut self, field: &str) -> Result<Padding<N>, Error> {
        if let Some(Item::Text(text)) = self.rest.get(field) {
            let padding = match text.as_str() {
                "same" => Padding::Same,
                "valid" => Padding::Valid,
                other => {
                    return Err(Error::WrongType {
                        node: self.node.clone(),
                        field: field.to_owned(),
                        found: format!("\"{other}\""),
                        expected: "\"same\", \"valid\" or integers".to_owned(),
                    });
                }
            };
            self.rest.remove(field);
            return Ok(padding);
        }
        self.required_sizes(field).map(Padding::Explicit)
    }

    /// Integers and the shape they are stored in.
    fn integers(&mut self, field: &str) -> Result<Option<Integers>, Error> {
        match self.rest.remove(field) {
            None => Ok(None),
            Some(Item::Int(value)) => Ok(Some(Integers {
                shape: Vec::new(),
                values: vec![value],
            })),
            Some(Item::Numbers(t)) if t.data.iter().all(|v| v.fract() == 0.0) => {
                let values = t.data.iter().map(|&v| v as i64).collect();
                Ok(Some(Integers {
                    shape: t.shape,
                    values,
                }))
            }
            Some(other) => Err(self.wrong_type(field, &other, "integers")),
        }
    }
}

/// Integers as a file holds them.
struct Integers {
    shape: Vec<usize>,
    values: Vec<i64>,
}
