use super::all_tensors;
use crate::Tensor;

/// A step function without state: `z(t) = 1` where `x(t) > threshold`, else 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Threshold {
    /// Threshold, of the shape of the data.
    pub threshold: Tensor,
}

all_tensors!(Threshold, "Threshold", required: [threshold], optional: []);
