use super::{Primitive, all_tensors_encode};
use crate::container::Item;
use crate::fields::Fields;
use crate::{Error, Tensor};

/// A leaky integrate-and-fire neuron with an exponential synapse (current based).
///
/// ```text
/// tau_syn dI/dt = -I + w_in x
/// tau_mem dv/dt = (v_leak - v) + r I
/// z = 1 where v > v_threshold, else 0
/// v = v_reset where z = 1
/// ```
///
/// All parameters have the shape of the population.
#[derive(Debug, Clone, PartialEq)]
pub struct CubaLIF {
    /// Time constant of the synapse, s.
    pub tau_syn: Tensor,
    /// Time constant of the membrane, s.
    pub tau_mem: Tensor,
    /// Resistance.
    pub r: Tensor,
    /// Potential to which the membrane decays without input.
    pub v_leak: Tensor,
    /// Potential above which the neuron spikes.
    pub v_threshold: Tensor,
    /// Potential after a spike. The file may lack it (written before NIR 1.0), then it is `None`;
    /// such files mean a reset to 0 or by subtraction, and do not say which.
    pub v_reset: Option<Tensor>,
    /// Weight of the input current. 1 where the file lacks it.
    pub w_in: Tensor,
}

impl Primitive for CubaLIF {
    const TYPE: &'static str = "CubaLIF";

    fn decode(fields: &mut Fields) -> Result<Self, Error> {
        let v_threshold = fields.tensor("v_threshold")?;
        let w_in = fields
            .optional_tensor("w_in")?
            .unwrap_or_else(|| Tensor::full(&v_threshold.shape, 1.0));
        Ok(CubaLIF {
            tau_syn: fields.tensor("tau_syn")?,
            tau_mem: fields.tensor("tau_mem")?,
            r: fields.tensor("r")?,
            v_leak: fields.tensor("v_leak")?,
            v_threshold,
            v_reset: fields.optional_tensor("v_reset")?,
            w_in,
        })
    }

    fn encode(&self) -> Vec<(&'static str, Item)> {
        all_tensors_encode(self)
    }

    fn tensors(&self) -> Vec<(&'static str, &Tensor)> {
        let mut all = vec![
            ("tau_syn", &self.tau_syn),
            ("tau_mem", &self.tau_mem),
            ("r", &self.r),
            ("v_leak", &self.v_leak),
            ("v_threshold", &self.v_threshold),
            ("w_in", &self.w_in),
        ];
        all.extend(self.v_reset.as_ref().map(|t| ("v_reset", t)));
        all
    }

    fn tensors_mut(&mut self) -> Vec<(&'static str, &mut Tensor)> {
        let mut all = vec![
            ("tau_syn", &mut self.tau_syn),
            ("tau_mem", &mut self.tau_mem),
            ("r", &mut self.r),
            ("v_leak", &mut self.v_leak),
            ("v_threshold", &mut self.v_threshold),
            ("w_in", &mut self.w_in),
        ];
        all.extend(self.v_reset.as_mut().map(|t| ("v_reset", t)));
        all
    }
}
