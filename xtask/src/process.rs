//! Programs with a time limit, so that a network that does not answer or a test that
//! never ends becomes a message.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// Runs a program on the terminal; an error where it fails or takes longer than `limit`.
pub fn run(command: &mut Command, limit: Duration) -> Result<()> {
    let mut child = start(command)?;
    let end = Instant::now() + limit;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if Instant::now() > end {
            stop(&mut child);
            bail!("stopped after {} s without an end", limit.as_secs());
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    judge(status)
}

/// As [`run`], but the lines of both output streams go to `line`, in the order in which
/// they were written.
pub fn run_lines(command: &mut Command, limit: Duration, mut line: impl FnMut(&str)) -> Result<()> {
    let (reader, writer) = std::io::pipe()?;
    command.stdout(writer.try_clone()?).stderr(writer);
    let mut child = start(command)?;
    // The command holds ends of the pipe for writing, which would keep it open.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let (send, receive) = channel();
    std::thread::spawn(move || {
        let mut reader = BufReader::new(reader);
        let mut bytes = Vec::new();
        while reader.read_until(b'\n', &mut bytes).is_ok_and(|n| n > 0) {
            let text = String::from_utf8_lossy(&bytes);
            if send.send(text.trim_end_matches('\n').to_owned()).is_err() {
                break;
            }
            bytes.clear();
        }
    });
    let end = Instant::now() + limit;
    loop {
        match receive.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(text) => line(&text),
            Err(RecvTimeoutError::Disconnected) => return judge(child.wait()?),
            Err(RecvTimeoutError::Timeout) => {
                stop(&mut child);
                bail!("stopped after {} s without an end", limit.as_secs());
            }
        }
    }
}

/// Whether a program can be started with these arguments and ends well; silent.
pub fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null());
    run(command, Duration::from_secs(60)).is_ok()
}

fn start(command: &mut Command) -> Result<Child> {
    command
        .stdin(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot start {}", command.get_program().to_string_lossy()))
}

fn judge(status: ExitStatus) -> Result<()> {
    if !status.success() {
        bail!("{status}");
    }
    Ok(())
}

/// Ends a program and all that it started (on Linux; elsewhere the program alone).
fn stop(child: &mut Child) {
    let mut family = vec![child.id()];
    let parents = parents();
    let mut next = 0;
    while let Some(&parent) = family.get(next) {
        family.extend(parents.iter().filter(|p| p.1 == parent).map(|p| p.0));
        next += 1;
    }
    let ids: Vec<String> = family.iter().skip(1).map(u32::to_string).collect();
    let _ = child.kill();
    if !ids.is_empty() {
        let kill = format!("kill -KILL {} 2>/dev/null", ids.join(" "));
        let _ = Command::new("sh").args(["-c", &kill]).status();
    }
    let _ = child.wait();
}

/// (process, its parent) for every process, from `/proc`.
fn parents() -> Vec<(u32, u32)> {
    let Ok(folder) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    let entry = |entry: std::fs::DirEntry| {
        let id = entry.file_name().to_str()?.parse().ok()?;
        let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
        // "id (name, which may hold anything) state parent ..."
        let (_, rest) = stat.rsplit_once(')')?;
        Some((id, rest.split_whitespace().nth(1)?.parse().ok()?))
    };
    folder.flatten().filter_map(entry).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn lines_of_both_streams_keep_their_order() {
        let mut lines = Vec::new();
        let mut command = shell("echo one; echo two >&2; printf three; exit 3");
        let result = run_lines(&mut command, Duration::from_secs(60), |line| {
            lines.push(line.to_owned());
        });
        assert_eq!(lines, ["one", "two", "three"]);
        assert!(result.unwrap_err().to_string().contains('3'));
    }

    #[test]
    fn a_program_that_does_not_end_is_stopped_with_its_children() {
        let start = Instant::now();
        let mut lines = Vec::new();
        let mut command = shell("sleep 61 & echo $!; wait");
        let error = run_lines(&mut command, Duration::from_millis(500), |line| {
            lines.push(line.to_owned());
        })
        .unwrap_err();
        assert!(error.to_string().contains("stopped"), "{error}");
        assert!(run(&mut shell("sleep 62"), Duration::from_millis(100)).is_err());
        assert!(start.elapsed() < Duration::from_secs(30));
        if cfg!(target_os = "linux") {
            // Dead, though perhaps not yet collected by whoever inherits it.
            let stat = std::fs::read_to_string(format!("/proc/{}/stat", lines[0]));
            assert!(stat.is_err() || stat.unwrap().contains(") Z "));
        }
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = run(&mut Command::new("no-such-program"), Duration::ZERO).unwrap_err();
        assert_eq!(error.to_string(), "cannot start no-such-program");
    }
}
