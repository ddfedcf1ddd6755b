use super::{Padding, Primitive};
use crate::container::Item;
use crate::fields::Fields;
use crate::{Error, Tensor};

/// A convolution over one axis (a cross-correlation, as in PyTorch):
/// `y[o, i] = b[o] + sum over c, k of W[o, c, k] x[c, stride i + dilation k - padding]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Conv1d {
    /// Length of the input axis. Python's `nir` requires it in files; it can be told from the
    /// predecessor where it is absent.
    pub input_shape: Option<usize>,
    /// `W`: output channels x input channels a group x kernel length.
    pub weight: Tensor,
    /// `b`: output channels.
    pub bias: Tensor,
    /// Step between output elements.
    pub stride: usize,
    /// Zeros around the input.
    pub padding: Padding<1>,
    /// Step between kernel elements.
    pub dilation: usize,
    /// Number of groups that the channels are split into.
    pub groups: usize,
}

impl Primitive for Conv1d {
    const TYPE: &'static str = "Conv1d";

    fn decode(fields: &mut Fields) -> Result<Self, Error> {
        let [stride] = fields.positive_sizes("stride")?;
        let [dilation] = fields.positive_sizes("dilation")?;
        let [groups] = fields.positive_sizes("groups")?;
        Ok(Conv1d {
            input_shape: fields.sizes("input_shape")?.map(|[length]| length),
            weight: fields.tensor_of_rank("weight", 3, 3)?,
            bias: fields.tensor("bias")?,
            stride,
            padding: fields.padding("padding")?,
            dilation,
            groups,
        })
    }

    fn encode(&self) -> Vec<(&'static str, Item)> {
        let mut fields = vec![
            ("weight", Item::Numbers(self.weight.clone())),
            ("bias", Item::Numbers(self.bias.clone())),
            ("stride", Item::Int(self.stride as i64)),
            ("padding", self.padding.encode()),
            ("dilation", Item::Int(self.dilation as i64)),
            ("groups", Item::Int(self.groups as i64)),
        ];
        if let Some(length) = self.input_shape {
            fields.push(("input_shape", Item::Int(length as i64)));
        }
        fields
    }

    fn tensors(&self) -> Vec<(&'static str, &Tensor)> {
        vec![("weight", &self.weight), ("bias", &self.bias)]
    }

    fn tensors_mut(&mut self) -> Vec<(&'static str, &mut Tensor)> {
        vec![("weight", &mut self.weight), ("bias", &mut self.bias)]
    }
}
