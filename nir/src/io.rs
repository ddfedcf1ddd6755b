//! Files.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::{Error, Graph, Model, container, decode, encode, repair};

/// Reads and repairs a NIR file.
///
/// # Errors
///
/// Any [`Error`] but [`Error::NotWritable`].
pub fn read(path: &Path) -> Result<Model, Error> {
    from_bytes(&contents(path)?, &path.display().to_string())
}

/// Reads a NIR file without repairing it: edges may name no node and shapes may disagree.
///
/// # Errors
///
/// Any [`Error`] that concerns the file or a single node.
pub fn read_unrepaired(path: &Path) -> Result<Model, Error> {
    from_bytes_unrepaired(&contents(path)?, &path.display().to_string())
}

/// As [`read`], from memory. `name` stands for the file in messages.
///
/// # Errors
///
/// As [`read`].
pub fn from_bytes(bytes: &[u8], name: &str) -> Result<Model, Error> {
    let mut model = from_bytes_unrepaired(bytes, name)?;
    model.warnings.extend(repair(&mut model.graph)?);
    Ok(model)
}

/// As [`read_unrepaired`], from memory. `name` stands for the file in messages.
///
/// # Errors
///
/// As [`read_unrepaired`].
pub fn from_bytes_unrepaired(bytes: &[u8], name: &str) -> Result<Model, Error> {
    decode::model(container::load(bytes, name)?, name)
}

/// Writes a NIR file in the layout of NIR 1.0. Tensors are rounded to their [`DType`](crate::DType).
/// The graph need not be sound, but Python's `nir` reads only graphs that are. The file appears complete or not at all: it is
/// written beside `path` under a temporary name and then renamed.
///
/// # Errors
///
/// [`Error::NotWritable`] if a name or tensor cannot be stored, [`Error::NotFinite`],
/// [`Error::Io`].
pub fn write(path: &Path, graph: &Graph) -> Result<(), Error> {
    let bytes = to_bytes(graph)?;
    let temporary = beside(path);
    let outcome = fs::File::create(&temporary)
        .and_then(|mut file| {
            file.write_all(&bytes)?;
            file.sync_all()
        })
        .and_then(|()| fs::rename(&temporary, path));
    outcome.map_err(|source| {
        // best effort: the error that matters is the first one
        let _ = fs::remove_file(&temporary);
        io_error(path, source)
    })
}

/// The bytes that [`write()`] would write.
///
/// # Errors
///
/// [`Error::NotWritable`] if a name or tensor cannot be stored, [`Error::NotFinite`].
pub fn to_bytes(graph: &Graph) -> Result<Vec<u8>, Error> {
    container::save(&encode::file(graph)?)
}

fn contents(path: &Path) -> Result<Vec<u8>, Error> {
    whole(path).map_err(|source| io_error(path, source))
}

/// Most bytes that are read of what is no plain file: a device may never end.
const MAX_STREAM_BYTES: u64 = 128 << 20;

fn whole(path: &Path) -> io::Result<Vec<u8>> {
    let file = fs::File::open(path)?;
    let plain = file.metadata()?.is_file();
    let most = if plain { u64::MAX } else { MAX_STREAM_BYTES };
    let mut bytes = Vec::new();
    // One more than there may be, so that it shows.
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        let text = format!("it is no plain file and has more than {most} bytes");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, text));
    }
    Ok(bytes)
}

fn io_error(path: &Path, source: io::Error) -> Error {
    Error::Io {
        path: path.display().to_string(),
        source,
    }
}

/// Temporary files named so far.
static WRITES: AtomicU64 = AtomicU64::new(0);

/// A name in the same folder, so that the rename stays within one file system. The process id and
/// a counter keep writers apart.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    let count = WRITES.fetch_add(1, Ordering::Relaxed);
    name.push(format!(".{}-{count}.tmp", std::process::id()));
    path.with_file_name(name)
}
