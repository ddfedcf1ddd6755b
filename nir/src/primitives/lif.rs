use super::all_tensors;
use crate::Tensor;

/// A leaky integrate-and-fire neuron.
///
/// ```text
/// tau dv/dt = (v_leak - v) + r I
/// z = 1 where v > v_threshold, else 0
/// v = v_reset where z = 1
/// ```
///
/// All parameters have the shape of the population.
#[derive(Debug, Clone, PartialEq)]
pub struct LIF {
    /// Time constant, s.
    pub tau: Tensor,
    /// Resistance.
    pub r: Tensor,
    /// Potential to which the membrane decays without input.
    pub v_leak: Tensor,
    /// Potential above which the neuron spikes.
    pub v_threshold: Tensor,
    /// Potential after a spike. The file may lack it (written before NIR 1.0), then it is `None`;
    /// such files mean a reset to 0 or by subtraction, and do not say which.
    pub v_reset: Option<Tensor>,
}

all_tensors!(LIF, "LIF", required: [tau, r, v_leak, v_threshold], optional: [v_reset]);
