use super::{Primitive, all_tensors_encode};
use crate::container::Item;
use crate::fields::Fields;
use crate::{Error, Tensor};

/// A dense layer without bias: `y(t) = W x(t)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Linear {
    /// `W`: outputs x inputs. Axes before these two, if any, are batches of matrices.
    pub weight: Tensor,
}

impl Primitive for Linear {
    const TYPE: &'static str = "Linear";

    fn decode(fields: &mut Fields) -> Result<Self, Error> {
        Ok(Linear {
            weight: fields.tensor_of_rank("weight", 2, usize::MAX)?,
        })
    }

    fn encode(&self) -> Vec<(&'static str, Item)> {
        all_tensors_encode(self)
    }

    fn tensors(&self) -> Vec<(&'static str, &Tensor)> {
        vec![("weight", &self.weight)]
    }

    fn tensors_mut(&mut self) -> Vec<(&'static str, &mut Tensor)> {
        vec![("weight", &mut self.weight)]
    }
}
