//! A serial port of the operating system.

use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;
use rustix::termios::{self, OptionalActions, QueueSelector};

use super::error::LinkError;
use super::limit::bytes_take;
use super::line::Line;
use super::lock::{PortLock, holder};

/// How long a port may take to send what it was given, besides twice the bytes' own time.
const SEND: Duration = Duration::from_secs(2);

/// A device file (`/dev/ttyUSB0`), or one end of a pseudo-terminal. No other program has it at the same time.
#[derive(Debug)]
pub struct SerialLine {
    file: File,
    rate: u32,
    lock: PortLock,
    opened: Instant,
}

impl Drop for SerialLine {
    fn drop(&mut self) {
        self.lock.release(&self.file);
    }
}

/// Eight bits, no parity, one stop bit, and nothing interpreted.
pub(super) fn raw(file: &File, rate: u32) -> io::Result<()> {
    let mut settings = termios::tcgetattr(file)?;
    settings.make_raw();
    settings.control_modes |= termios::ControlModes::CLOCAL | termios::ControlModes::CREAD;
    settings.control_modes &= !(termios::ControlModes::CSTOPB | termios::ControlModes::CRTSCTS);
    settings.set_speed(rate)?;
    termios::tcsetattr(file, OptionalActions::Now, &settings)?;
    Ok(termios::tcflush(file, QueueSelector::IOFlush)?)
}

/// Waits until the file has one of `flags`; false if it has not after `patience`.
pub(super) fn wait(file: &File, flags: PollFlags, patience: Duration) -> io::Result<bool> {
    let mut polled = [PollFd::from_borrowed_fd(file.as_fd(), flags)];
    let time = Timespec {
        tv_sec: i64::try_from(patience.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: patience.subsec_nanos().into(),
    };
    match poll(&mut polled, Some(&time)) {
        Ok(count) => Ok(count > 0),
        // A signal: as if nothing had come yet.
        Err(rustix::io::Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

impl SerialLine {
    /// Opens a port at `rate` bits a second, which may be any that the port can.
    ///
    /// # Errors
    /// [`LinkError::Open`], [`LinkError::InUse`].
    pub fn open(path: &Path, rate: u32) -> Result<Self, LinkError> {
        let error = |source| LinkError::Open {
            path: path.to_owned(),
            rate,
            source,
        };
        let flags = (OFlags::NOCTTY | OFlags::NONBLOCK).bits();
        let mut options = OpenOptions::new();
        options.read(true).write(true).custom_flags(flags as i32);
        let in_use = |by| LinkError::InUse {
            path: path.to_owned(),
            by,
        };
        let file = options.open(path).map_err(|source| match source.kind() {
            io::ErrorKind::ResourceBusy => in_use(holder(path)),
            _ => error(source),
        })?;
        if !file.is_terminal() {
            return Err(error(rustix::io::Errno::NOTTY.into()));
        }
        // Before anything is changed: the port may be another's.
        let lock = PortLock::take(path, &file).map_err(in_use)?;
        let line = Self {
            file,
            rate,
            lock,
            opened: Instant::now(),
        };
        raw(&line.file, rate).map_err(error)?;
        Ok(line)
    }
}

impl Line for SerialLine {
    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut rest = bytes;
        let ends = Instant::now() + SEND + 2 * bytes_take(bytes.len() as u64, self.rate);
        while !rest.is_empty() {
            match self.file.write(rest) {
                Ok(count) => rest = rest.get(count..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    let left = ends.saturating_duration_since(Instant::now());
                    if left.is_zero() || !wait(&self.file, PollFlags::OUT, left)? {
                        let why = "the port does not send what it is given";
                        return Err(io::Error::new(io::ErrorKind::TimedOut, why));
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn receive(&mut self, out: &mut [u8], patience: Duration) -> io::Result<usize> {
        if !wait(&self.file, PollFlags::IN, patience)? {
            return Ok(0);
        }
        match self.file.read(out) {
            // The end of a file that is no file: the port has gone.
            Ok(0) if !out.is_empty() => Err(io::ErrorKind::UnexpectedEof.into()),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(0),
            other => other,
        }
    }

    fn rate(&self) -> u32 {
        self.rate
    }

    fn elapsed(&self) -> Duration {
        self.opened.elapsed()
    }
}
