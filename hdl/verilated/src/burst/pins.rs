//! The burst port of a Verilated design.

use super::memory::{ExternalInputs, ExternalOutputs};
use crate::{Handle, Instance, Model, VerilatedError};

/// The pins of a burst port, found by their names.
#[derive(Debug, Clone)]
pub struct ExternalPins {
    request: Handle,
    write: Handle,
    address: Handle,
    vectors: Handle,
    read_ready: Handle,
    write_valid: Handle,
    write_data: Vec<Handle>,
    accept: Handle,
    read_valid: Handle,
    write_ready: Handle,
    done: Handle,
    error: Handle,
    read_data: Vec<Handle>,
}

impl ExternalPins {
    /// The pins `PREFIXexternal_request` and so on of a design with `lanes` lanes.
    ///
    /// # Errors
    /// [`VerilatedError::Port`] where one is missing.
    pub fn new(model: &Model, prefix: &str, lanes: usize) -> Result<Self, VerilatedError> {
        let input = |name: &str| model.input(&format!("{prefix}external_{name}"));
        let output = |name: &str| model.output(&format!("{prefix}external_{name}"));
        let lanes = 0..lanes;
        Ok(Self {
            request: output("request")?,
            write: output("write")?,
            address: output("address")?,
            vectors: output("vectors")?,
            read_ready: output("read_ready")?,
            write_valid: output("write_valid")?,
            write_data: (lanes.clone())
                .map(|i| output(&format!("write_data_{i}")))
                .collect::<Result<_, _>>()?,
            accept: input("accept")?,
            read_valid: input("read_valid")?,
            write_ready: input("write_ready")?,
            done: input("done")?,
            error: input("error")?,
            read_data: lanes
                .map(|i| input(&format!("read_data_{i}")))
                .collect::<Result<_, _>>()?,
        })
    }

    /// Drives the design's inputs.
    pub fn drive(&self, instance: &mut Instance, outputs: &ExternalOutputs) {
        instance.set(self.accept, outputs.accept.into());
        instance.set(self.read_valid, outputs.read_valid.into());
        instance.set(self.write_ready, outputs.write_ready.into());
        instance.set(self.done, outputs.done.into());
        instance.set(self.error, outputs.error.into());
        if outputs.read_valid {
            for (pin, halfword) in self.read_data.iter().zip(outputs.data) {
                instance.set(*pin, halfword.into());
            }
        }
    }

    /// Reads the design's outputs; the data only where they are valid.
    pub fn sample(&self, instance: &mut Instance) -> ExternalInputs {
        let mut inputs = ExternalInputs {
            request: instance.get(self.request) != 0,
            write: instance.get(self.write) != 0,
            address: instance.get(self.address) as u32,
            vectors: instance.get(self.vectors) as u32,
            read_ready: instance.get(self.read_ready) != 0,
            write_valid: instance.get(self.write_valid) != 0,
            ..Default::default()
        };
        if inputs.write_valid {
            for (halfword, pin) in inputs.data.iter_mut().zip(&self.write_data) {
                *halfword = instance.get(*pin) as u16;
            }
        }
        inputs
    }
}
