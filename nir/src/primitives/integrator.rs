use super::all_tensors;
use crate::Tensor;

/// An integrator (`I` in files).
///
/// ```text
/// dv/dt = r I
/// ```
///
/// All parameters have the shape of the population.
#[derive(Debug, Clone, PartialEq)]
pub struct Integrator {
    /// Resistance.
    pub r: Tensor,
}

all_tensors!(Integrator, "I", required: [r], optional: []);
