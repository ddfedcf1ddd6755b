//! What stands at the port of external memory.

use crate::verilated::{Instance, Model, VerilatedError};

/// A model of external memory, clocked with the core. It looks its ports up once, by name.
pub trait External: Send {
    /// Finds the ports.
    ///
    /// # Errors
    /// A port that the design lacks.
    fn attach(&mut self, model: &Model) -> Result<(), VerilatedError>;

    /// Before an edge: the core's outputs are settled.
    fn sample(&mut self, circuit: &mut Instance);

    /// After the edge: sets the core's inputs; true where one has changed, so that the circuit
    /// must settle.
    fn drive(&mut self, circuit: &mut Instance) -> bool;

    /// True where clocks may be skipped as long as the core's `dma_busy` is low.
    fn is_idle(&self) -> bool;

    /// Clocks have passed in which it was idle.
    fn skip(&mut self, clocks: u64);

    /// Its bytes.
    fn bytes(&self) -> &[u8];

    /// Its bytes.
    fn bytes_mut(&mut self) -> &mut [u8];
}

/// No external memory: inputs stay zero.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoExternal;

impl External for NoExternal {
    fn attach(&mut self, _: &Model) -> Result<(), VerilatedError> {
        Ok(())
    }

    fn sample(&mut self, _: &mut Instance) {}

    fn drive(&mut self, _: &mut Instance) -> bool {
        false
    }

    fn is_idle(&self) -> bool {
        true
    }

    fn skip(&mut self, _: u64) {}

    fn bytes(&self) -> &[u8] {
        &[]
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        &mut []
    }
}
