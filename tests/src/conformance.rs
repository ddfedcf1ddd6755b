//! The cases of ../shared/data/conformance: programs, and the states that an independent simulator left.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use spikevec_isa::Memory;

/// Names of the memories' images.
pub const MEMORIES: [(&str, Memory); 4] = [
    ("scalar", Memory::Scalar),
    ("vector", Memory::Vector),
    ("lanelocal", Memory::LaneLocal),
    ("dram", Memory::External),
];

/// The folders of the cases below `data`, in the order of their names.
///
/// # Panics
/// Where there are none: these are tests.
#[allow(clippy::expect_used)]
pub fn cases(data: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(data.join("conformance")).expect("there is a folder of cases");
    let paths = entries.map(|entry| entry.expect("the folder can be read").path());
    let mut folders: Vec<PathBuf> = paths.filter(|path| path.is_dir()).collect();
    folders.sort();
    assert!(!folders.is_empty(), "the conformance folder has no case");
    folders
}

/// The bytes of an image of a case.
///
/// # Panics
/// Where it cannot be read.
#[allow(clippy::expect_used)]
pub fn image(folder: &Path, name: &str) -> Vec<u8> {
    let path = folder.join(format!("{name}.bin.gz"));
    let file = fs::File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(file)
        .read_to_end(&mut bytes)
        .expect("the image is gzipped");
    bytes
}

/// Bytes as little-endian words.
pub fn words(bytes: &[u8]) -> Vec<u32> {
    let quads = bytes.chunks_exact(4);
    quads
        .map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
        .collect()
}
