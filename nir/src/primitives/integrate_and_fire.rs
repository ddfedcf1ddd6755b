use super::all_tensors;
use crate::Tensor;

/// An integrate-and-fire neuron (`IF` in files).
///
/// ```text
/// dv/dt = r I
/// z = 1 where v > v_threshold, else 0
/// v = v_reset where z = 1
/// ```
///
/// All parameters have the shape of the population.
#[derive(Debug, Clone, PartialEq)]
pub struct IntegrateAndFire {
    /// Resistance.
    pub r: Tensor,
    /// Potential above which the neuron spikes.
    pub v_threshold: Tensor,
    /// Potential after a spike. The file may lack it (written before NIR 1.0), then it is `None`;
    /// such files mean a reset to 0 or by subtraction, and do not say which.
    pub v_reset: Option<Tensor>,
}

all_tensors!(IntegrateAndFire, "IF", required: [r, v_threshold], optional: [v_reset]);
