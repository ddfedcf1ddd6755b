//! Files: one array (`.npy`) or a zip archive of several (`.npz`).

use std::fs::File;
use std::io::{self, Cursor, Read, Write};
use std::path::Path;

use spikevec_assembler::visible;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::array::Array;
use super::error::DataError;
use super::npy::{self, NpyError};
use super::stem;
use crate::limits::Limits;
use crate::whole_file::{read_rest, write_whole};

/// The bytes of a file; no more than its beginning where that is of neither form, such as that of a device that never
/// ends.
fn contents(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let mut bytes = Vec::new();
    (&mut file).take(8).read_to_end(&mut bytes)?;
    if bytes.starts_with(npy::MAGIC) || is_archive(&bytes) {
        read_rest(&file, &mut bytes, most)?;
    }
    Ok(bytes)
}

/// A zip archive begins with a member, or, if empty, with its directory's end.
fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// Reads every array of a `.npy` file (one, called as the file) or a `.npz` file, in the
/// file's order.
///
/// # Errors
/// The file cannot be read, is of neither form, damaged, cut short, or holds elements
/// that are no plain numbers.
pub fn read_arrays(path: &Path) -> Result<Vec<(String, Array)>, DataError> {
    read_arrays_within(path, &Limits::default())
}

/// As [`read_arrays`], within other limits.
///
/// # Errors
/// As there.
pub fn read_arrays_within(path: &Path, limits: &Limits) -> Result<Vec<(String, Array)>, DataError> {
    let bytes = contents(path, limits.stream()).map_err(|source| DataError::Read {
        path: path.to_owned(),
        source,
    })?;
    arrays_within(path, &bytes, limits)
}

/// As [`read_arrays`], from the bytes of a file. `path` stands for it in messages.
///
/// # Errors
/// As there.
pub fn arrays_of(path: &Path, bytes: &[u8]) -> Result<Vec<(String, Array)>, DataError> {
    arrays_within(path, bytes, &Limits::default())
}

fn arrays_within(
    path: &Path,
    bytes: &[u8],
    limits: &Limits,
) -> Result<Vec<(String, Array)>, DataError> {
    if bytes.starts_with(npy::MAGIC) {
        let name = stem(path);
        let array = npy::read(bytes).map_err(|error| named(path, &name, error))?;
        return Ok(vec![(name, array)]);
    }
    if is_archive(bytes) {
        return read_archive(path, bytes, limits);
    }
    let first: Vec<String> = bytes.iter().take(6).map(|b| format!("{b:02x}")).collect();
    Err(DataError::Form {
        path: path.to_owned(),
        found: if first.is_empty() {
            "nothing (it is empty)".to_owned()
        } else {
            first.join(" ")
        },
    })
}

fn named(path: &Path, array: &str, error: NpyError) -> DataError {
    let (path, array) = (path.to_owned(), visible(array).into_owned());
    match error {
        NpyError::Damaged(problem) => DataError::Damaged {
            path,
            array,
            problem,
        },
        NpyError::Dtype(dtype) => DataError::Dtype { path, array, dtype },
        NpyError::Truncated {
            shape,
            dtype,
            needed,
            found,
        } => DataError::Truncated {
            path,
            array,
            shape,
            dtype,
            needed,
            found,
        },
    }
}

fn read_archive(
    path: &Path,
    bytes: &[u8],
    limits: &Limits,
) -> Result<Vec<(String, Array)>, DataError> {
    let damaged = |array: &str, problem: String| DataError::Damaged {
        path: path.to_owned(),
        array: visible(array).into_owned(),
        problem,
    };
    let mut archive = ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| damaged("archive", format!("it is damaged or cut short: {error}")))?;
    let mut arrays = Vec::new();
    // What there is, before there is room for it.
    let (mut packed, mut unpacked) = (0u64, 0u64);
    for index in 0..archive.len() {
        let member = archive
            .by_index_raw(index)
            .map_err(|error| damaged("archive", error.to_string()))?;
        packed = packed.saturating_add(member.compressed_size());
        unpacked = unpacked.saturating_add(member.size());
    }
    if packed > bytes.len() as u64 {
        let problem = format!(
            "its members overlap: they have {packed} bytes, the file has {}",
            bytes.len()
        );
        return Err(damaged("archive", problem));
    }
    let most = limits.archive(bytes.len() as u64);
    if unpacked > most {
        let problem = format!(
            "its members have {unpacked} bytes unpacked, at most {most} are read from a file of this size: \
             split it, or give more with --max-memory"
        );
        return Err(damaged("archive", problem));
    }
    for index in 0..archive.len() {
        let mut member = archive
            .by_index(index)
            .map_err(|error| damaged("archive", error.to_string()))?;
        let file = member
            .name()
            .map_err(|error| damaged("archive", error.to_string()))?;
        let Some(name) = file.strip_suffix(".npy").map(str::to_owned) else {
            continue;
        };
        let size = member.size();
        let mut contents = Vec::new();
        let mut limited = (&mut member).take(size);
        limited
            .read_to_end(&mut contents)
            .map_err(|error| damaged(&name, format!("it cannot be unpacked: {error}")))?;
        let array = npy::read(&contents).map_err(|error| named(path, &name, error))?;
        arrays.push((name, array));
    }
    Ok(arrays)
}

/// Writes arrays as a compressed `.npz` file, as a [`WholeFile`](crate::WholeFile).
///
/// # Errors
/// An array whose shape does not fit its elements, or a file that cannot be written.
pub fn write_npz(path: &Path, arrays: &[(&str, &Array)]) -> Result<(), DataError> {
    for (name, array) in arrays {
        let count: Option<usize> = array
            .shape
            .iter()
            .try_fold(1usize, |n, a| n.checked_mul(*a));
        if count != Some(array.values.len()) {
            let problem = format!(
                "shape {:?} for {} elements",
                array.shape,
                array.values.len()
            );
            return Err(DataError::Damaged {
                path: path.to_owned(),
                array: (*name).to_owned(),
                problem,
            });
        }
    }
    let written = archive(arrays).and_then(|bytes| write_whole(path, &bytes));
    written.map_err(|source| DataError::Write {
        path: path.to_owned(),
        source,
    })
}

/// The bytes of an archive: what they go to need not be able to seek.
fn archive(arrays: &[(&str, &Array)]) -> io::Result<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, array) in arrays {
        let bytes = npy::write(array);
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .large_file(bytes.len() as u64 >= u64::from(u32::MAX));
        archive.start_file(format!("{}.npy", entry(name)), options)?;
        archive.write_all(&bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// The name of an array as that of a file: what leads to another folder, or is no part of a file's
/// name everywhere, as `%2F`. A dot at its beginning is such a part, too.
fn entry(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for (at, c) in name.char_indices() {
        let plain = !c.is_control() && !"/\\:*?\"<>|%".contains(c) && (at > 0 || c != '.');
        if plain {
            out.push(c);
            continue;
        }
        let mut bytes = [0; 4];
        for byte in c.encode_utf8(&mut bytes).bytes() {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_arrays_stay_in_their_folder() {
        assert_eq!(entry("lif1.spikes"), "lif1.spikes");
        assert_eq!(entry("größer λ.v"), "größer λ.v");
        for (name, wanted) in [
            ("../../x.spikes", "%2E.%2F..%2Fx.spikes"),
            ("/etc/x", "%2Fetc%2Fx"),
            ("C:\\x", "C%3A%5Cx"),
            ("a\u{1b}b", "a%1Bb"),
            ("..", "%2E."),
        ] {
            assert_eq!(entry(name), wanted);
        }
    }
}
