//! Folders and files of the user: what is loaded or run from them runs as the user, so that nobody
//! else may have put it there.

use std::fs::DirBuilder;
use std::io;
use std::path::{Path, PathBuf};

/// A file or folder that is not the user's alone.
#[derive(Debug, thiserror::Error)]
pub enum NotOwn {
    /// It cannot be looked at.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// Another user owns it.
    #[error(
        "{} belongs to user {owner}, and what is in it would run as user {user}",
        path.display()
    )]
    Owner {
        /// The file or folder.
        path: PathBuf,
        /// Its user.
        owner: u32,
        /// The user of this process.
        user: u32,
    },
    /// Others can change it.
    #[error(
        "{} can be changed by others (mode {mode:o}), and what is in it runs as you: `chmod go-w` it",
        path.display()
    )]
    Mode {
        /// The file or folder.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
}

/// Checks that no one else can have put a file or folder there, or can change it.
///
/// # Errors
/// It is another user's, others may write it, or it is not there.
#[cfg(unix)]
pub fn check(path: &Path) -> Result<(), NotOwn> {
    use std::os::unix::fs::MetadataExt;
    let found = std::fs::symlink_metadata(path).map_err(|source| NotOwn::Io {
        path: path.to_owned(),
        source,
    })?;
    let user = rustix::process::geteuid().as_raw();
    if found.uid() != user {
        return Err(NotOwn::Owner {
            path: path.to_owned(),
            owner: found.uid(),
            user,
        });
    }
    if !found.is_symlink() && found.mode() & 0o022 != 0 {
        return Err(NotOwn::Mode {
            path: path.to_owned(),
            mode: found.mode() & 0o777,
        });
    }
    Ok(())
}

/// Nothing is checked where files have no such owners and modes.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn check(_: &Path) -> Result<(), NotOwn> {
    Ok(())
}

/// Makes a folder, and those above it that are not there, which only the user may enter.
///
/// # Errors
/// A folder that cannot be made.
pub fn make(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}
