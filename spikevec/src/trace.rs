//! The file of a trace: there when all of it is written, or not at all.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use spikevec_runtime::{BackendError, SimulatorBackend, WholeFile};

use crate::error::{Error, Result};

/// A trace under way. What is dropped before its end leaves the file as it was.
pub(crate) struct Trace {
    path: PathBuf,
    whole: WholeFile,
    file: File,
}

impl Trace {
    /// Writes what `simulator` executes from now on to `path`.
    pub fn begin(path: &Path, simulator: &mut SimulatorBackend) -> Result<Self> {
        let failed = |source| Error::Trace {
            path: path.to_owned(),
            source,
        };
        let mut whole = WholeFile::create(path).map_err(failed)?;
        let file = whole.stream().map_err(failed)?;
        let out = file.try_clone().map_err(failed)?;
        simulator.trace_to(Box::new(BufWriter::new(out)));
        Ok(Trace {
            path: path.to_owned(),
            whole,
            file,
        })
    }

    /// Ends the trace, also that of a program which stopped at a fault: it shows how it got there.
    pub fn end(self, simulator: &mut SimulatorBackend) -> Result<()> {
        let Trace { path, whole, file } = self;
        let written = match simulator.finish_trace() {
            Err(BackendError::Trace(source)) => Err(source),
            Err(other) => return Err(other.into()),
            // Devices and pipes have nothing to wait for.
            Ok(()) if whole.is_direct() => Ok(()),
            Ok(()) => file.sync_all(),
        };
        let written = written.and_then(|()| whole.commit());
        written.map_err(|source| Error::Trace { path, source })
    }
}
