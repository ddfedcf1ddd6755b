//! What stands at the port of external memory.

use crate::burst::{ExternalMemory, ExternalOutputs, ExternalPins, ExternalTiming};
use crate::{Instance, Model, VerilatedError};

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

/// [`ExternalMemory`] at the core's burst port.
pub struct BurstMemory {
    memory: ExternalMemory,
    lanes: usize,
    pins: Option<ExternalPins>,
    /// What its pins show.
    driven: ExternalOutputs,
}

impl BurstMemory {
    /// `bytes` bytes of zeros for a core with `lanes` physical lanes.
    pub fn new(bytes: usize, timing: ExternalTiming, lanes: usize) -> Self {
        BurstMemory {
            memory: ExternalMemory::new(bytes, timing, lanes),
            lanes,
            pins: None,
            driven: ExternalOutputs::default(),
        }
    }
}

impl External for BurstMemory {
    fn attach(&mut self, model: &Model) -> Result<(), VerilatedError> {
        self.pins = Some(ExternalPins::new(model, "", self.lanes)?);
        Ok(())
    }

    fn sample(&mut self, circuit: &mut Instance) {
        if let Some(pins) = &self.pins {
            let inputs = pins.sample(circuit);
            self.memory.clock(&inputs);
        }
    }

    fn drive(&mut self, circuit: &mut Instance) -> bool {
        let Some(pins) = &self.pins else { return false };
        let outputs = self.memory.outputs();
        if outputs == self.driven {
            return false;
        }
        pins.drive(circuit, &outputs);
        self.driven = outputs;
        true
    }

    fn is_idle(&self) -> bool {
        self.memory.is_idle()
    }

    // An idle memory has no clocks to count.
    fn skip(&mut self, _: u64) {}

    fn bytes(&self) -> &[u8] {
        &self.memory.bytes
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.memory.bytes
    }
}
