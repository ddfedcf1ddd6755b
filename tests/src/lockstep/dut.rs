//! What the lockstep needs of a core.

use spikevec_isa::Memory;
use spikevec_verilated::device::{Device, DeviceError, DeviceStop, Event};

/// A core, or what stands for it.
pub trait Dut {
    /// Physical lanes.
    fn lanes(&self) -> usize;

    /// Writes a program from address 0 on, illegal words behind it.
    ///
    /// # Errors
    /// A program that does not fit.
    fn load_program(&mut self, words: &[u32]) -> Result<(), DeviceError>;

    /// Copies bytes into a memory.
    ///
    /// # Errors
    /// An access that cannot be.
    fn write(&mut self, memory: Memory, address: u32, bytes: &[u8]) -> Result<(), DeviceError>;

    /// Copies bytes out of a memory.
    ///
    /// # Errors
    /// An access that cannot be.
    fn read(&mut self, memory: Memory, address: u32, out: &mut [u8]) -> Result<(), DeviceError>;

    /// Starts the program.
    ///
    /// # Errors
    /// It runs already.
    fn start(&mut self) -> Result<(), DeviceError>;

    /// Stops it.
    fn halt(&mut self);

    /// Runs for at most `clocks` and appends events; `None` where the program still runs.
    ///
    /// # Errors
    /// A build without events.
    fn run(
        &mut self,
        clocks: u64,
        events: &mut Vec<Event>,
    ) -> Result<Option<DeviceStop>, DeviceError>;

    /// Instructions that the core itself has counted in the last run; `None` where it does not.
    fn counted(&mut self) -> Option<u64> {
        None
    }
}

impl Dut for Device {
    fn lanes(&self) -> usize {
        Device::lanes(self)
    }

    fn load_program(&mut self, words: &[u32]) -> Result<(), DeviceError> {
        Device::load_program(self, words)
    }

    fn write(&mut self, memory: Memory, address: u32, bytes: &[u8]) -> Result<(), DeviceError> {
        Device::write(self, memory, address, bytes)
    }

    fn read(&mut self, memory: Memory, address: u32, out: &mut [u8]) -> Result<(), DeviceError> {
        Device::read(self, memory, address, out)
    }

    fn start(&mut self) -> Result<(), DeviceError> {
        Device::start(self)
    }

    fn halt(&mut self) {
        Device::halt(self);
    }

    fn run(
        &mut self,
        clocks: u64,
        events: &mut Vec<Event>,
    ) -> Result<Option<DeviceStop>, DeviceError> {
        Device::run_traced(self, clocks, events)
    }

    fn counted(&mut self) -> Option<u64> {
        Some(Device::retired(self))
    }
}
