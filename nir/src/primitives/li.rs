use super::all_tensors;
use crate::Tensor;

/// A leaky integrator.
///
/// ```text
/// tau dv/dt = (v_leak - v) + r I
/// ```
///
/// All parameters have the shape of the population.
#[derive(Debug, Clone, PartialEq)]
pub struct LI {
    /// Time constant, s.
    pub tau: Tensor,
    /// Resistance.
    pub r: Tensor,
    /// Potential to which the membrane decays without input.
    pub v_leak: Tensor,
}

all_tensors!(LI, "LI", required: [tau, r, v_leak], optional: []);
