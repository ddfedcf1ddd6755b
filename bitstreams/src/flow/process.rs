//! A tool's run: its lines go to a log and to whoever listens.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

/// How a run has ended.
pub(super) struct Ran {
    /// What the program returned.
    pub status: ExitStatus,
    /// Its lines that say `ERROR`, or the last ones where none does.
    pub complaints: Vec<String>,
}

/// Complaints that are kept.
const KEPT: usize = 6;

/// Runs a program; both its output streams go to the file `log` and, line by line, to `line`.
pub(super) fn run(
    command: &mut Command,
    log: &Path,
    mut line: impl FnMut(&str),
) -> io::Result<Ran> {
    let mut file = File::create(log)?;
    let (reader, writer) = io::pipe()?;
    command
        .stdin(Stdio::null())
        .stdout(writer.try_clone()?)
        .stderr(writer);
    let mut child = command.spawn()?;
    // The command holds ends of the pipe for writing, which would keep it open.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut reader = BufReader::new(reader);
    let (mut bytes, mut errors, mut last) = (Vec::new(), Vec::new(), Vec::new());
    while reader.read_until(b'\n', &mut bytes)? > 0 {
        file.write_all(&bytes)?;
        let text = String::from_utf8_lossy(&bytes).trim_end().to_owned();
        bytes.clear();
        line(&text);
        if text.contains("ERROR") && errors.len() < KEPT {
            errors.push(text.clone());
        }
        if !text.is_empty() {
            last.push(text);
        }
        if last.len() > KEPT {
            last.remove(0);
        }
    }
    let status = child.wait()?;
    let complaints = if errors.is_empty() { last } else { errors };
    Ok(Ran { status, complaints })
}
