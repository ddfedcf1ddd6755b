use super::{Padding, Primitive};
use crate::container::Item;
use crate::fields::Fields;
use crate::{Error, Tensor};

/// A convolution over two axes (a cross-correlation, as in PyTorch):
/// `y[o, i, j] = b[o] + sum over c, k, l of W[o, c, k, l] x[c, s0 i + d0 k - p0, s1 j + d1 l - p1]`
/// with stride `s`, dilation `d` and padding `p`.
#[derive(Debug, Clone, PartialEq)]
pub struct Conv2d {
    /// Height and width of the input. Python's `nir` requires it in files; it can be told from the
    /// predecessor where it is absent.
    pub input_shape: Option<[usize; 2]>,
    /// `W`: output channels x input channels a group x kernel height x kernel width.
    pub weight: Tensor,
    /// `b`: output channels.
    pub bias: Tensor,
    /// Step between output elements, vertical and horizontal.
    pub stride: [usize; 2],
    /// Zeros around the input.
    pub padding: Padding<2>,
    /// Step between kernel elements.
    pub dilation: [usize; 2],
    /// Number of groups that the channels are split into.
    pub groups: usize,
}

impl Primitive for Conv2d {
    const TYPE: &'static str = "Conv2d";

    fn decode(fields: &mut Fields) -> Result<Self, Error> {
        let [groups] = fields.positive_sizes("groups")?;
        Ok(Conv2d {
            input_shape: fields.sizes("input_shape")?,
            weight: fields.tensor_of_rank("weight", 4, 4)?,
            bias: fields.tensor("bias")?,
            stride: fields.positive_sizes("stride")?,
            padding: fields.padding("padding")?,
            dilation: fields.positive_sizes("dilation")?,
            groups,
        })
    }

    fn encode(&self) -> Vec<(&'static str, Item)> {
        let mut fields = vec![
            ("weight", Item::Numbers(self.weight.clone())),
            ("bias", Item::Numbers(self.bias.clone())),
            ("stride", Item::ints(&self.stride)),
            ("padding", self.padding.encode()),
            ("dilation", Item::ints(&self.dilation)),
            ("groups", Item::Int(self.groups as i64)),
        ];
        if let Some(shape) = &self.input_shape {
            fields.push(("input_shape", Item::ints(shape)));
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
