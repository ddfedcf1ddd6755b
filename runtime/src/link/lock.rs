//! One program at a port.
//!
//! Three locks, since programs differ in what they look at: `flock` on the device, which ends with the process and is what
//! decides between two runs of this program; `TIOCEXCL`, by which the kernel refuses further opens (the superuser's apart);
//! and a lock file in the form of UUCP, which terminal programs read and which tells whose the port is.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;
use rustix::process::{Pid, test_kill_process};
use rustix::termios;

/// Where lock files are.
const FOLDER: &str = "/run/lock";

/// A port that is this process's own until the value is dropped.
#[derive(Debug)]
pub struct PortLock {
    /// The lock file; none where the folder cannot be written.
    file: Option<PathBuf>,
}

/// The lock file of a port: of `/dev/ttyUSB0` it is `/run/lock/LCK..ttyUSB0`.
fn file_of(port: &Path) -> PathBuf {
    let port = port.canonicalize().unwrap_or_else(|_| port.to_owned());
    let name = port.strip_prefix("/dev").unwrap_or(&port);
    let name = name.to_string_lossy().trim_matches('/').replace('/', "_");
    Path::new(FOLDER).join(format!("LCK..{name}"))
}

/// The process that a lock file names, if it lives.
fn owner(file: &Path) -> Option<i32> {
    let mut options = OpenOptions::new();
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    options.read(true).custom_flags(flags.bits() as i32);
    let mut text = String::new();
    let opened = options.open(file).ok()?;
    opened.take(32).read_to_string(&mut text).ok()?;
    let process: i32 = text.trim().parse().ok()?;
    match test_kill_process(Pid::from_raw(process)?) {
        Ok(()) | Err(rustix::io::Errno::PERM) => Some(process),
        Err(_) => None,
    }
}

/// Who has a port, as far as that is known.
pub fn holder(port: &Path) -> String {
    let file = file_of(port);
    match owner(&file) {
        Some(process) => format!("process {process} (lock file {})", file.display()),
        None => "another process".to_owned(),
    }
}

/// Writes the lock file, in the place of one whose process has ended.
fn write(file: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o644);
    let mut new = match options.open(file) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            std::fs::remove_file(file)?;
            options.open(file)?
        }
        other => other?,
    };
    writeln!(new, "{:>10}", std::process::id())
}

impl PortLock {
    /// Takes a port, which `device` has open.
    ///
    /// # Errors
    /// Who has it: [`holder`].
    pub fn take(port: &Path, device: &File) -> Result<Self, String> {
        match device.try_lock() {
            Err(TryLockError::WouldBlock) => return Err(holder(port)),
            // A file system without locks: the lock file decides.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        let file = file_of(port);
        if owner(&file).is_some() {
            return Err(holder(port));
        }
        // What cannot be set is left to the other locks.
        let _ = termios::ioctl_tiocexcl(device);
        let file = write(&file).is_ok().then_some(file);
        Ok(Self { file })
    }

    /// Gives a port back.
    pub fn release(&mut self, device: &File) {
        let _ = termios::ioctl_tiocnxcl(device);
        if let Some(file) = self.file.take() {
            let _ = std::fs::remove_file(file);
        }
    }
}
