//! What an instruction can see and change.

use crate::csr::Csr;
use crate::{Memory, Rng, Vector};

/// The state of a machine, as instructions see it. Register numbers are 0 to 31.
pub trait State {
    /// A scalar register; `x0` is 0.
    fn x(&self, register: u8) -> u32;
    /// Writes a scalar register; for `x0` nothing happens.
    fn set_x(&mut self, register: u8, value: u32);
    /// A vector register.
    fn v(&self, register: u8) -> Vector;
    /// Writes a vector register.
    fn set_v(&mut self, register: u8, value: Vector);
    /// The random number generators.
    fn rng(&mut self) -> &mut Rng;
    /// The word of instruction memory at `pc`, which an illegal instruction is reported with.
    fn word(&self, pc: u32) -> u32;
    /// Value of a CSR.
    fn read_csr(&mut self, csr: Csr) -> u32;
    /// Writes a CSR that is not read only.
    fn write_csr(&mut self, csr: Csr, value: u32);
    /// Bytes of scalar or vector memory, or of one lane's own.
    fn size(&self, memory: Memory) -> u32;
    /// The byte at `address` of scalar or vector memory; `lane` is 0. Of lane-local memory, of
    /// `lane`'s. The address is inside.
    fn byte(&self, memory: Memory, lane: usize, address: u32) -> u8;
    /// Writes that byte.
    fn set_byte(&mut self, memory: Memory, lane: usize, address: u32, value: u8);
}
