//! Why there is no Verilated model.

use std::path::PathBuf;

use super::own::NotOwn;

/// A model that cannot be built or loaded, or a port that it does not have.
#[derive(Debug, thiserror::Error)]
pub enum VerilatedError {
    /// A program that the build needs is not on the path.
    #[error("{program} is missing: `apt-get install {package}` ({needed})")]
    Missing {
        /// The program.
        program: &'static str,
        /// Debian's package.
        package: &'static str,
        /// What is known to work.
        needed: &'static str,
    },
    /// A program failed.
    #[error("{program} failed on the Verilog of `{top}`, which is kept in {}:\n{output}", folder.display())]
    Build {
        /// The program.
        program: &'static str,
        /// Top module.
        top: String,
        /// Where its input is.
        folder: PathBuf,
        /// What it wrote.
        output: String,
    },
    /// A file or folder of the cache cannot be used.
    #[error(
        "{}: {source}; set SPIKEVEC_VERILATED to a folder that can be written",
        path.display()
    )]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
    /// No folder for the cache.
    #[error(
        "there is no cache folder for Verilated models, since HOME is not set: name one with SPIKEVEC_VERILATED"
    )]
    NoFolder,
    /// A file or folder of the cache that is not the user's alone.
    #[error("{0}. Or set SPIKEVEC_VERILATED to a folder of your own")]
    NotOwn(#[from] NotOwn),
    /// The shared library cannot be loaded.
    #[error("{}: {source}; remove its folder and run again", path.display())]
    Load {
        /// The library.
        path: PathBuf,
        /// The loader's error.
        source: libloading::Error,
    },
    /// The design has no such port.
    #[error("`{top}` has no {wanted} called `{name}`; it has {known}")]
    Port {
        /// Top module.
        top: String,
        /// What was looked for.
        wanted: &'static str,
        /// The name.
        name: String,
        /// The names that there are.
        known: String,
    },
    /// The port has another width.
    #[error("port `{name}` of `{top}` has {width} bits; {wanted} were asked for")]
    Width {
        /// Top module.
        top: String,
        /// The port.
        name: String,
        /// Its width.
        width: usize,
        /// The bits that were asked for.
        wanted: usize,
    },
    /// The build does not record this.
    #[error("the model of `{top}` does not record {what}: build it with `Recording::{what}`")]
    Unrecorded {
        /// Top module.
        top: String,
        /// The name of the recording.
        what: &'static str,
    },
    /// A waveform or the counts of coverage cannot be written.
    #[error("{} cannot be written: make its folder writable", path.display())]
    Record {
        /// The file.
        path: PathBuf,
    },
}
