use super::{Primitive, all_tensors_encode};
use crate::container::Item;
use crate::fields::Fields;
use crate::{Error, Tensor};

/// A leaky integrator with an exponential synapse (current based).
///
/// ```text
/// tau_syn dI/dt = -I + w_in x
/// tau_mem dv/dt = (v_leak - v) + r I
/// ```
///
/// All parameters have the shape of the population.
#[derive(Debug, Clone, PartialEq)]
pub struct CubaLI {
    /// Time constant of the synapse, s.
    pub tau_syn: Tensor,
    /// Time constant of the membrane, s.
    pub tau_mem: Tensor,
    /// Resistance.
    pub r: Tensor,
    /// Potential to which the membrane decays without input.
    pub v_leak: Tensor,
    /// Weight of the input current. 1 where the file lacks it.
    pub w_in: Tensor,
}

impl Primitive for CubaLI {
    const TYPE: &'static str = "CubaLI";

    fn decode(fields: &mut Fields) -> Result<Self, Error> {
        let v_leak = fields.tensor("v_leak")?;
        let w_in = fields
            .optional_tensor("w_in")?
            .unwrap_or_else(|| Tensor::full(&v_leak.shape, 1.0));
        Ok(CubaLI {
            tau_syn: fields.tensor("tau_syn")?,
            tau_mem: fields.tensor("tau_mem")?,
            r: fields.tensor("r")?,
            v_leak,
            w_in,
        })
    }

    fn encode(&self) -> Vec<(&'static str, Item)> {
        all_tensors_encode(self)
    }

    fn tensors(&self) -> Vec<(&'static str, &Tensor)> {
        vec![
            ("tau_syn", &self.tau_syn),
            ("tau_mem", &self.tau_mem),
            ("r", &self.r),
            ("v_leak", &self.v_leak),
            ("w_in", &self.w_in),
        ]
    }

    fn tensors_mut(&mut self) -> Vec<(&'static str, &mut Tensor)> {
        vec![
            ("tau_syn", &mut self.tau_syn),
            ("tau_mem", &mut self.tau_mem),
            ("r", &mut self.r),
            ("v_leak", &mut self.v_leak),
            ("w_in", &mut self.w_in),
        ]
    }
}
