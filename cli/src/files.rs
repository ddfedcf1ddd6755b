//! The files of a verb: checked before anything is done, written whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use spikevec::runtime::WholeFile;

use crate::terminal;

/// All files that a verb reads and all that it writes.
#[derive(Debug, Default)]
pub struct Plan<'a> {
    read: Vec<&'a Path>,
    written: Vec<&'a Path>,
}

impl<'a> Plan<'a> {
    /// Files that are read.
    pub fn reads(mut self, paths: impl IntoIterator<Item = &'a PathBuf>) -> Self {
        self.read.extend(paths.into_iter().map(PathBuf::as_path));
        self
    }

    /// Files that are written.
    pub fn writes(mut self, paths: impl IntoIterator<Item = &'a PathBuf>) -> Self {
        self.written.extend(paths.into_iter().map(PathBuf::as_path));
        self
    }

    /// Refuses to write what is read, or two outputs to one file; and outputs that
    /// cannot be written, before any of them is.
    pub fn check(&self) -> Result<()> {
        let named = |paths: &[&'a Path]| -> Vec<(&'a Path, Identity)> {
            paths
                .iter()
                .filter_map(|path| Some((*path, identity(path)?)))
                .collect()
        };
        let (read, written) = (named(&self.read), named(&self.written));
        for (k, (output, identity)) in written.iter().enumerate() {
            if let Some((input, _)) = read.iter().find(|(_, other)| other == identity) {
                let also = also_called(output, input);
                bail!(
                    "{} is read, and would be overwritten by the output{also}: give another file for that",
                    input.display()
                );
            }
            if let Some((other, _)) = written.iter().take(k).find(|(_, other)| other == identity) {
                let also = also_called(other, output);
                bail!(
                    "two outputs would go to {}{also}: give each a file of its own",
                    output.display()
                );
            }
        }
        for output in self.written.iter().filter(|path| **path != Path::new("-")) {
            prepare(output)?;
        }
        Ok(())
    }
}

/// ` NAME`, where the same file goes by another name.
fn also_called(name: &Path, other: &Path) -> String {
    if name == other {
        String::new()
    } else {
        format!(" {}, which is the same file", name.display())
    }
}

/// What two names of one file have in common.
#[derive(Debug, PartialEq, Eq)]
enum Identity {
    /// A file that is there: its device and inode, which links share.
    #[cfg(unix)]
    Inode(u64, u64),
    /// A file that is to be made: its folder and name.
    Name(PathBuf),
}

/// Which file `path` is. Nothing for devices: they keep nothing that could be lost, and
/// `/dev/null` may well be named twice.
fn identity(path: &Path) -> Option<Identity> {
    #[cfg(unix)]
    if let Ok(found) = fs::metadata(path) {
        use std::os::unix::fs::{FileTypeExt, MetadataExt};
        let device = found.file_type().is_char_device();
        return (!device).then(|| Identity::Inode(found.dev(), found.ino()));
    }
    if let Ok(path) = path.canonicalize() {
        return Some(Identity::Name(path));
    }
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    Some(Identity::Name(folder.join(path.file_name()?)))
}

/// Finds out whether `path` can be written, and leaves it as it is.
fn prepare(path: &Path) -> Result<WholeFile> {
    WholeFile::create(path).with_context(|| cannot_write(path))
}

fn cannot_write(path: &Path) -> String {
    format!("cannot write {}", path.display())
}

/// Writes all files or, where one cannot be written, none. What exists and is no plain
/// file (a pipe, `/dev/null`) is written directly.
pub fn write_all(files: &[(&Path, &[u8])]) -> Result<()> {
    let mut ready = Vec::new();
    for (path, bytes) in files {
        let mut file = prepare(path)?;
        file.fill(bytes).with_context(|| cannot_write(path))?;
        ready.push((path, file));
    }
    for (path, file) in ready {
        file.commit().with_context(|| cannot_write(path))?;
    }
    Ok(())
}

/// `path`, unless it is `-` for standard output.
pub fn not_standard_output(path: &Option<PathBuf>) -> Option<&PathBuf> {
    path.as_ref()
        .filter(|path| path.as_path() != Path::new("-"))
}

/// Writes a text; `-` is standard output.
pub fn write_text(path: &Path, text: &str) -> Result<()> {
    if path == Path::new("-") {
        terminal::print(text)
    } else {
        write_all(&[(path, text.as_bytes())])
    }
}
