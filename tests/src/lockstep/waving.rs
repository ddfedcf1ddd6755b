//! A core that records the clocks around a difference.

use std::path::{Path, PathBuf};

use spikevec_isa::Memory;
use spikevec_verilated::cache_folder;
use spikevec_verilated::device::{Device, DeviceError, DeviceStop, Event};

use super::Dut;

/// Where waveforms are: beside the cache of models.
pub(super) fn folder() -> PathBuf {
    let models = cache_folder().unwrap_or_else(|error| panic!("{error}"));
    models.with_file_name("waves")
}

/// A device whose model records waveforms.
pub(super) struct Waving {
    device: Device,
    path: PathBuf,
    /// First and last clock, of the next program.
    window: Option<(u64, u64)>,
    open: bool,
    start: u64,
}

impl Waving {
    /// Records nothing yet.
    pub fn new(device: Device, path: &Path) -> Self {
        Waving {
            device,
            path: path.to_owned(),
            window: None,
            open: false,
            start: 0,
        }
    }

    /// Records these clocks of the next program.
    pub fn arm(&mut self, window: (u64, u64)) {
        self.window = Some(window);
    }

    /// The device's clock at which the last program started.
    pub fn started(&self) -> u64 {
        self.start
    }

    fn close(&mut self) {
        if self.open {
            self.device.circuit().close_wave();
            self.open = false;
            self.window = None;
        }
    }
}

impl Dut for Waving {
    fn lanes(&self) -> usize {
        self.device.lanes()
    }

    fn load_program(&mut self, words: &[u32]) -> Result<(), DeviceError> {
        self.device.load_program(words)
    }

    fn write(&mut self, memory: Memory, address: u32, bytes: &[u8]) -> Result<(), DeviceError> {
        self.device.write(memory, address, bytes)
    }

    fn read(&mut self, memory: Memory, address: u32, out: &mut [u8]) -> Result<(), DeviceError> {
        // The program has ended: what the host does is not of interest.
        self.close();
        self.device.read(memory, address, out)
    }

    fn start(&mut self) -> Result<(), DeviceError> {
        self.start = self.device.ticks();
        self.device.start()
    }

    fn halt(&mut self) {
        self.device.halt();
        self.close();
    }

    fn run(
        &mut self,
        clocks: u64,
        events: &mut Vec<Event>,
    ) -> Result<Option<DeviceStop>, DeviceError> {
        let now = self.device.ticks() - self.start;
        if let Some((from, to)) = self.window {
            if self.open && now > to {
                self.close();
            } else if !self.open && now + clocks > from {
                self.device.circuit().open_wave(&self.path)?;
                self.open = true;
            }
        }
        self.device.run_traced(clocks, events)
    }

    fn counted(&mut self) -> Option<u64> {
        self.device.counted()
    }
}
