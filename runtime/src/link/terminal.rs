//! A simulated system behind a port of the operating system.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use rustix::event::PollFlags;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use super::line::Line;
use super::serial::{raw, wait};

/// A thread that clocks a system and passes its bytes through a pseudo-terminal, whose path is opened like a board's.
///
/// The system's clock runs while there are bytes for it and for four seconds of its own time after that; then it stands still
/// until there are bytes again. It runs slower than a board's, so that a host should have a patience of about two
/// seconds.
#[derive(Debug)]
pub struct PseudoTerminal {
    path: PathBuf,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

/// The system's time between two looks at the host.
const SLICE: Duration = Duration::from_millis(1);

/// Slices without a byte after which the system's clock stands still: a host that waits for a run looks more often.
const IDLE: u32 = 4000;

/// Opens a pseudo-terminal with `system` at its other end.
///
/// # Errors
/// The operating system has none.
pub fn serve(system: impl Line + Send + 'static) -> io::Result<PseudoTerminal> {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
    grantpt(&master)?;
    unlockpt(&master)?;
    let name = ptsname(&master, Vec::new())?;
    let path = PathBuf::from(name.to_string_lossy().into_owned());
    let master = File::from(master);
    // Kept open, so that the terminal outlives hosts that come and go.
    let held = File::options().read(true).write(true).open(&path)?;
    raw(&held, 115_200)?;
    let stop = Arc::new(AtomicBool::new(false));
    let (ended, mut system) = (Arc::clone(&stop), system);
    let thread = std::thread::spawn(move || {
        let _held = held;
        pump(master, &mut system, &ended)
    });
    Ok(PseudoTerminal {
        path,
        stop,
        thread: Some(thread),
    })
}

fn pump(mut master: File, system: &mut dyn Line, stop: &AtomicBool) -> io::Result<()> {
    let mut bytes = [0; 1024];
    let mut idle = IDLE;
    while !stop.load(Ordering::Relaxed) {
        let patience = if idle < IDLE {
            Duration::ZERO
        } else {
            20 * SLICE
        };
        if wait(&master, PollFlags::IN, patience)? {
            let count = master.read(&mut bytes)?;
            system.send(&bytes[..count])?;
            idle = 0;
        }
        if idle < IDLE {
            let count = system.receive(&mut bytes, SLICE)?;
            master.write_all(&bytes[..count])?;
            idle = if count == 0 { idle + 1 } else { 0 };
        }
    }
    Ok(())
}

impl PseudoTerminal {
    /// The path to open.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for PseudoTerminal {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // Its error is the host's silence, which the host has seen.
            let _ = thread.join();
        }
    }
}
