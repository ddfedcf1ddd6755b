//! Files that are read whole within bounds, and written whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

/// Most bytes that are read of what is no plain file: a device may never end.
pub const MAX_STREAM_BYTES: u64 = 128 << 20;

/// Reads all of `path`; of a pipe or a device at most [`MAX_STREAM_BYTES`].
///
/// # Errors
/// What cannot be read, and a stream that is longer.
pub fn read_whole(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    read_rest(&File::open(path)?, &mut bytes, MAX_STREAM_BYTES)?;
    Ok(bytes)
}

/// Appends what is left of `file` to `bytes`, which then has at most `most` bytes if `file` is a
/// pipe or a device.
pub(crate) fn read_rest(file: &File, bytes: &mut Vec<u8>, most: u64) -> io::Result<()> {
    let most = if file.metadata()?.is_file() {
        u64::MAX
    } else {
        most
    };
    let left = most.saturating_sub(bytes.len() as u64);
    // One more than there may be, so that it shows.
    file.take(left.saturating_add(1)).read_to_end(bytes)?;
    if bytes.len() as u64 > most {
        let text = format!(
            "it is no plain file and has more than {most} bytes: copy what is needed of it into a file"
        );
        return Err(io::Error::new(ErrorKind::FileTooLarge, text));
    }
    Ok(())
}

/// A file on its way: [`WholeFile::create`] finds out whether it can be written,
/// [`WholeFile::fill`] writes it under another name beside the final one, and
/// [`WholeFile::commit`] renames it, so that nobody ever sees half of it. What is dropped
/// before leaves everything as it was.
///
/// What exists and is no plain file (a pipe, a device) cannot be renamed over without
/// being lost: it is written directly, when it is filled. A link is followed, and the file
/// that it names is replaced.
#[derive(Debug)]
pub struct WholeFile {
    path: PathBuf,
    /// Nothing for what is written directly.
    beside: Option<Beside>,
}

#[derive(Debug)]
struct Beside {
    temporary: PathBuf,
    file: File,
    committed: bool,
}

impl WholeFile {
    /// Prepares to write `path`; what is there stays as it is.
    ///
    /// # Errors
    /// A folder that is not there or may not be written, a path that is a folder, or a file that is
    /// read-only: renaming over it would need the folder's permission alone.
    pub fn create(path: &Path) -> io::Result<Self> {
        if is_open_file(path) {
            let path = path.to_owned();
            return Ok(WholeFile { path, beside: None });
        }
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let found = fs::metadata(&path).ok();
        if found.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(ErrorKind::IsADirectory.into());
        }
        // A link to nothing is written through: renaming would replace the link.
        let link = fs::symlink_metadata(&path).is_ok_and(|found| found.is_symlink());
        if link || found.as_ref().is_some_and(|found| !found.is_file()) {
            return Ok(WholeFile { path, beside: None });
        }
        if let Some(found) = &found {
            check_writable(&path, found)?;
        }
        let (temporary, file) = create_beside(&path)?;
        let beside = Some(Beside {
            temporary,
            file,
            committed: false,
        });
        if let (Some(found), Some(beside)) = (found, &beside) {
            // Who may read the file does not change. Where that cannot be kept, the rest still can.
            let _ = beside.file.set_permissions(found.permissions());
        }
        Ok(WholeFile { path, beside })
    }

    /// Writes the contents.
    ///
    /// # Errors
    /// A disk that is full, or a pipe or device that does not take them.
    pub fn fill(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.beside {
            Some(beside) => beside
                .file
                .write_all(bytes)
                .and_then(|()| beside.file.sync_all()),
            None => self.open_direct()?.write_all(bytes),
        }
    }

    /// What to write to, for contents that come little by little; they are written when
    /// [`WholeFile::commit`] is called.
    ///
    /// # Errors
    /// A pipe or device that cannot be opened.
    pub fn stream(&mut self) -> io::Result<File> {
        match &self.beside {
            Some(beside) => beside.file.try_clone(),
            None => self.open_direct(),
        }
    }

    /// True for what is written directly, as pipes and devices are.
    pub fn is_direct(&self) -> bool {
        self.beside.is_none()
    }

    fn open_direct(&self) -> io::Result<File> {
        OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .open(&self.path)
    }

    /// Puts the file where it belongs.
    ///
    /// # Errors
    /// A folder that went away meanwhile.
    pub fn commit(mut self) -> io::Result<()> {
        if let Some(beside) = &mut self.beside {
            fs::rename(&beside.temporary, &self.path)?;
            beside.committed = true;
        }
        Ok(())
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if !self.committed {
            // Whatever went wrong before is what is reported.
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

/// Refuses a file that is marked read-only, whoever asks, or that this user may not write.
fn check_writable(path: &Path, found: &fs::Metadata) -> io::Result<()> {
    let refused = found.permissions().readonly();
    let opened = OpenOptions::new().write(true).open(path);
    if refused || opened.is_err_and(|error| error.kind() == ErrorKind::PermissionDenied) {
        let text = "the file is read-only: make it writable, or give another one";
        return Err(io::Error::new(ErrorKind::PermissionDenied, text));
    }
    Ok(())
}

/// True for names of what the process has open, as `/dev/stdout` and `/dev/fd/3`.
fn is_open_file(path: &Path) -> bool {
    let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
    folder.is_some_and(|folder| folder.starts_with("/proc"))
        || fs::read_link(path).is_ok_and(|target| target.starts_with("/proc"))
}

/// A new file in the folder of `path`, under a name that nothing has.
fn create_beside(path: &Path) -> io::Result<(PathBuf, File)> {
    let name = path.file_name().ok_or(ErrorKind::InvalidInput)?;
    let mut attempt = 0u32;
    loop {
        let mut other = name.to_owned();
        other.push(format!(".{}.{attempt}.tmp", std::process::id()));
        let other = path.with_file_name(other);
        match OpenOptions::new().write(true).create_new(true).open(&other) {
            Ok(file) => return Ok((other, file)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists && attempt < 1000 => {
                attempt += 1;
            }
            Err(error) => return Err(error),
        }
    }
}

/// Writes `bytes` to `path` as a [`WholeFile`].
///
/// # Errors
/// A file that cannot be written; what was there then stays.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = WholeFile::create(path)?;
    file.fill(bytes)?;
    file.commit()
}
