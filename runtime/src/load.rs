//! Programs from files.

use std::path::{Path, PathBuf};

use spikevec_assembler::{ElfError, ElfFile, read_elf};

/// A program file that cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// The file cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is no ELF file of a program for the core.
    #[error("{path}: {source}")]
    Elf {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: ElfError,
    },
}

/// Reads the ELF file at `path`.
///
/// # Errors
/// The file cannot be read, or is no program for the core.
pub fn load_image(path: &Path) -> Result<ElfFile, ImageError> {
    let bytes = crate::read_whole(path).map_err(|source| ImageError::Read {
        path: path.to_owned(),
        source,
    })?;
    read_elf(&bytes).map_err(|source| ImageError::Elf {
        path: path.to_owned(),
        source,
    })
}
