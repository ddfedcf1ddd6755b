use super::Primitive;
use crate::Error;
use crate::container::Item;
use crate::fields::Fields;

/// Means over windows: `y[c, i, j] = 1/n sum over k, l of x[c, s0 i + k - p0, s1 j + l - p1]` with
/// stride `s`, zero padding `p` and `n` elements a window, zeros of the padding included
/// (the default of PyTorch; NIR does not say).
#[derive(Debug, Clone, PartialEq)]
pub struct AvgPool2d {
    /// Height and width of the window.
    pub kernel_size: [usize; 2],
    /// Step between windows, vertical and horizontal.
    pub stride: [usize; 2],
    /// Zeros at both ends of each axis.
    pub padding: [usize; 2],
}

impl Primitive for AvgPool2d {
    const TYPE: &'static str = "AvgPool2d";

    fn decode(fields: &mut Fields) -> Result<Self, Error> {
        Ok(AvgPool2d {
            kernel_size: fields.positive_sizes("kernel_size")?,
            stride: fields.positive_sizes("stride")?,
            padding: fields.required_sizes("padding")?,
        })
    }

    fn encode(&self) -> Vec<(&'static str, Item)> {
        vec![
            ("kernel_size", Item::ints(&self.kernel_size)),
            ("stride", Item::ints(&self.stride)),
            ("padding", Item::ints(&self.padding)),
        ]
    }
}
