use super::all_tensors;
use crate::Tensor;

/// An element-wise product: `y(t) = s x(t)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    /// `s`, of the shape of the data.
    pub scale: Tensor,
}

all_tensors!(Scale, "Scale", required: [scale], optional: []);
