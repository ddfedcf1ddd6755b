//! Files of tests: a folder for them, their forms, and what to expect of errors.

use std::path::{Path, PathBuf};

use spikevec_runtime::data::{Array, Values};
use spikevec_runtime::{DataError, DataOptions, Dataset};

/// Removed with everything in it when the test ends.
pub struct Folder(PathBuf);

impl Folder {
    /// A folder of its own for the test called `name`.
    pub fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("spikevec-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// Files in it.
    pub fn names(&self) -> Vec<String> {
        let files = std::fs::read_dir(&self.0).unwrap();
        files
            .map(|f| f.unwrap().file_name().into_string().unwrap())
            .collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A folder of real data that is not part of the project; says so where it is missing.
pub fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../shared")
        .join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: ../shared/{name} is missing");
    None
}

/// A `.npy` file with a header as NumPy writes it.
pub fn npy(descr: &str, fortran: bool, shape: &str, data: &[u8]) -> Vec<u8> {
    let fortran = if fortran { "True" } else { "False" };
    let mut header =
        format!("{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}");
    while (10 + header.len() + 1) % 64 != 0 {
        header.push(' ');
    }
    header.push('\n');
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(data);
    bytes
}

pub fn array(shape: &[usize], values: Values) -> Array {
    Array {
        shape: shape.to_vec(),
        values,
    }
}

pub fn neurons(count: usize) -> DataOptions {
    DataOptions {
        neurons: Some(count),
        ..DataOptions::default()
    }
}

pub fn text(result: Result<Dataset, DataError>) -> String {
    result.unwrap_err().to_string()
}

#[track_caller]
pub fn assert_names(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part:?} is not in {text:?}");
    }
}
