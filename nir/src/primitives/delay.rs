use super::all_tensors;
use crate::Tensor;

/// A delay: `y(t) = x(t - tau)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Delay {
    /// `tau`, s, of the shape of the data.
    pub delay: Tensor,
}

all_tensors!(Delay, "Delay", required: [delay], optional: []);
