//! The files that a description of a network names.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::error::Error as _;
use std::path::{Path, PathBuf};

use spikevec_compiler::description::Files;
use spikevec_runtime::data::{Array, read_arrays};
use spikevec_runtime::read_whole;

/// The folder of a description.
pub struct Folder {
    path: PathBuf,
    /// Arrays of the files read so far.
    arrays: RefCell<BTreeMap<PathBuf, Vec<(String, Array)>>>,
}

impl Folder {
    pub fn new(path: &Path) -> Self {
        Folder {
            path: path.to_owned(),
            arrays: RefCell::default(),
        }
    }
}

impl Files for Folder {
    fn array(&self, name: &str) -> Result<(Vec<usize>, Vec<f64>), String> {
        // `file.npz:array`; a `.npy` file has one array and needs no name.
        let (file, wanted) = match name.rsplit_once(':') {
            Some((file, array)) => (file, Some(array)),
            None => (name, None),
        };
        let path = self.path.join(file);
        let mut read = self.arrays.borrow_mut();
        if !read.contains_key(&path) {
            let arrays = read_arrays(&path).map_err(|error| match error.source() {
                Some(source) => format!("{error}: {source}"),
                None => error.to_string(),
            })?;
            read.insert(path.clone(), arrays);
        }
        let arrays = read.get(&path).map(Vec::as_slice).unwrap_or_default();
        let found = match wanted {
            Some(wanted) => arrays.iter().find(|(name, _)| name == wanted),
            None => arrays.first().filter(|_| arrays.len() == 1),
        };
        match found {
            Some((_, array)) => Ok((array.shape.clone(), array.values.floats())),
            None => {
                let names: Vec<&str> = arrays.iter().map(|(name, _)| name.as_str()).collect();
                let names = names.join(", ");
                Err(match wanted {
                    Some(_) => format!("there is no such array; there are {names}"),
                    None => format!("write {file}:ARRAY with one of its arrays: {names}"),
                })
            }
        }
    }

    fn text(&self, name: &str) -> Result<String, String> {
        let bytes = read_whole(&self.path.join(name)).map_err(|error| error.to_string())?;
        String::from_utf8(bytes).map_err(|_| "it is no text in UTF-8".to_owned())
    }
}
