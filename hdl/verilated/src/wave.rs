//! Waveforms and counts of coverage, of models that record them.

use std::ffi::{CString, c_char, c_void};
use std::path::Path;

use libloading::Library;

use super::{Instance, VerilatedError, Watch};

/// Time units of a clock: ten times the clock's number is its time in a waveform.
pub(super) const PERIOD: u64 = 10;
/// Time units from a clock's begin to its rising edge.
pub(super) const HIGH: u64 = 5;

/// Functions of a shim that records waveforms.
pub(super) struct Functions {
    open: unsafe extern "C" fn(*mut c_void, *const c_char) -> u32,
    dump: unsafe extern "C" fn(*mut c_void, u64),
    close: unsafe extern "C" fn(*mut c_void),
}

impl Functions {
    /// # Safety
    /// The library is one of a build with [`Recording::Waves`](super::Recording::Waves), and
    /// stays loaded as long as the functions are used.
    pub(super) unsafe fn find(library: &Library) -> Result<Self, libloading::Error> {
        // SAFETY: the shim of such a build defines these three with exactly these types.
        unsafe {
            Ok(Functions {
                open: *library.get(b"spikevec_wave_open\0")?,
                dump: *library.get(b"spikevec_wave_dump\0")?,
                close: *library.get(b"spikevec_wave_close\0")?,
            })
        }
    }
}

/// The path for C++, with the folder that it is in made.
fn prepared(path: &Path) -> Result<CString, VerilatedError> {
    let error = || VerilatedError::Record {
        path: path.to_owned(),
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|_| error())?;
    }
    // Where C++ could not write, it would end the process.
    std::fs::write(path, []).map_err(|_| error())?;
    let text = path.to_str().ok_or_else(error)?;
    CString::new(text).map_err(|_| error())
}

impl Instance {
    fn unrecorded(&self, what: &'static str) -> VerilatedError {
        VerilatedError::Unrecorded {
            top: self.model.top.to_string(),
            what,
        }
    }

    /// Begins a waveform (FST) of all signals in a new file at `path`: the clocks of
    /// [`Instance::tick`] from now on until [`Instance::close_wave`], clock `k` of this instance
    /// from time `10 k` on, its rising edge at `10 k + 5`.
    ///
    /// # Errors
    /// [`VerilatedError::Unrecorded`] where the build has no waveforms,
    /// [`VerilatedError::Record`] where the file cannot be written.
    pub fn open_wave(&mut self, path: &Path) -> Result<(), VerilatedError> {
        let Some(waves) = &self.model.functions.waves else {
            return Err(self.unrecorded("Waves"));
        };
        let text = prepared(path)?;
        // SAFETY: `state` is a live object of this library, and the text ends with a zero.
        let open = unsafe { (waves.open)(self.state, text.as_ptr()) };
        self.waving = open != 0;
        if self.waving {
            Ok(())
        } else {
            Err(VerilatedError::Record {
                path: path.to_owned(),
            })
        }
    }

    /// Ends the waveform, if there is one.
    pub fn close_wave(&mut self) {
        if let Some(waves) = &self.model.functions.waves {
            // SAFETY: `state` is a live object of this library.
            unsafe { (waves.close)(self.state) }
        }
        self.waving = false;
    }

    /// Writes the signals as they are, `after` units into the clock.
    pub(super) fn wave_edge(&mut self, after: u64) {
        if let (true, Some(waves)) = (self.waving, &self.model.functions.waves) {
            // SAFETY: `state` is a live object of this library.
            unsafe { (waves.dump)(self.state, PERIOD * self.ticks + after) }
        }
    }

    /// As [`Instance::run_while`], a clock at a time.
    pub(super) fn run_and_wave(&mut self, watch: &Watch, limit: u64) -> u64 {
        let values = |at: &u32| self.model.ports.get(*at as usize).map(|port| port.width);
        if !watch.ports.iter().all(|at| values(at).is_some()) {
            return 0;
        }
        for clocks in 0..limit {
            for (at, value) in watch.ports.iter().zip(&watch.values) {
                let handle = super::Handle { at: *at, words: 1 };
                if self.get(handle) as u32 != *value {
                    return clocks;
                }
            }
            self.tick(watch.clock);
        }
        limit
    }

    /// Writes the counts of lines run and bits toggled so far, in the format that
    /// `verilator_coverage` reads.
    ///
    /// # Errors
    /// [`VerilatedError::Unrecorded`] where the build does not count,
    /// [`VerilatedError::Record`] where the file cannot be written.
    pub fn write_coverage(&mut self, path: &Path) -> Result<(), VerilatedError> {
        let Some(write) = self.model.functions.coverage else {
            return Err(self.unrecorded("Lines"));
        };
        let text = prepared(path)?;
        // SAFETY: `state` is a live object of this library, and the text ends with a zero.
        unsafe { write(self.state, text.as_ptr()) }
        Ok(())
    }
}
