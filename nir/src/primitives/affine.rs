use super::{Primitive, all_tensors_encode};
use crate::container::Item;
use crate::fields::Fields;
use crate::{Error, Tensor};

/// A dense layer with bias: `y(t) = W x(t) + b`.
///
/// NIR does not say how a bias, which is added at every instant, becomes one value a time step.
#[derive(Debug, Clone, PartialEq)]
pub struct Affine {
    /// `W`: outputs x inputs. Axes before these two, if any, are batches of matrices.
    pub weight: Tensor,
    /// `b`: outputs.
    pub bias: Tensor,
}

impl Primitive for Affine {
    const TYPE: &'static str = "Affine";

    fn decode(fields: &mut Fields) -> Result<Self, Error> {
        Ok(Affine {
            weight: fields.tensor_of_rank("weight", 2, usize::MAX)?,
            bias: fields.tensor("bias")?,
        })
    }

    fn encode(&self) -> Vec<(&'static str, Item)> {
        all_tensors_encode(self)
    }

    fn tensors(&self) -> Vec<(&'static str, &Tensor)> {
        vec![("weight", &self.weight), ("bias", &self.bias)]
    }

    fn tensors_mut(&mut self) -> Vec<(&'static str, &mut Tensor)> {
        vec![("weight", &mut self.weight), ("bias", &mut self.bias)]
    }
}
