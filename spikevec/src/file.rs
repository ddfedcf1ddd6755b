//! Files, told apart by their first bytes; descriptions of networks by their names.

use std::path::Path;

use crate::error::{Error, Result};
use crate::model::Model;
use crate::program::Program;

const ELF: &[u8] = b"\x7fELF";
const HDF5: &[u8] = b"\x89HDF\r\n\x1a\n";

/// What a file holds.
#[derive(Debug, Clone)]
pub enum Opened {
    /// A model, in NIR or described.
    Model(Box<Model>),
    /// A program.
    Program(Program),
}

/// Reads a model or a program, whichever `path` holds.
///
/// # Errors
/// A file that cannot be read, is neither, or is damaged.
pub fn open(path: impl AsRef<Path>) -> Result<Opened> {
    let path = path.as_ref();
    let name = path.display().to_string();
    let bytes = spikevec_runtime::read_whole(path).map_err(|source| Error::Read {
        path: path.to_owned(),
        source,
    })?;
    if bytes.starts_with(ELF) {
        return Ok(Opened::Program(Program::from_bytes(&bytes, &name)?));
    }
    if is_hdf5(&bytes) {
        return Ok(Opened::Model(Box::new(Model::from_bytes(&bytes, &name)?)));
    }
    if path
        .extension()
        .is_some_and(|extension| extension == "toml")
    {
        let text = String::from_utf8(bytes).map_err(|_| Error::NoText { name: name.clone() })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let model = Model::from_description(&text, folder, &name)?;
        return Ok(Opened::Model(Box::new(model)));
    }
    Err(Error::UnknownFile {
        name,
        beginning: beginning(&bytes),
    })
}

/// HDF5's superblock lies at 0, or behind a block of 512 bytes or a doubling of that.
fn is_hdf5(bytes: &[u8]) -> bool {
    let mut start = 0;
    loop {
        match bytes.get(start..) {
            Some(rest) if rest.starts_with(HDF5) => return true,
            Some(rest) if !rest.is_empty() => start = if start == 0 { 512 } else { 2 * start },
            _ => return false,
        }
    }
}

fn beginning(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "nothing (it is empty)".to_owned();
    }
    let first: Vec<String> = bytes.iter().take(4).map(|b| format!("{b:02x}")).collect();
    let text: String = bytes
        .iter()
        .take(16)
        .take_while(|b| matches!(b, b' '..=b'~'))
        .map(|b| char::from(*b))
        .collect();
    if text.len() >= 4 {
        format!("{} ({text:?})", first.join(" "))
    } else {
        first.join(" ")
    }
}

/// A file's name without folder and extension.
pub(crate) fn stem(name: &str) -> String {
    let stem = Path::new(name).file_stem();
    stem.map_or_else(
        || "model".to_owned(),
        |stem| stem.to_string_lossy().into_owned(),
    )
}
