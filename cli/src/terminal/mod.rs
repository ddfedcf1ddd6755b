//! Standard output and standard error.

#[cfg(feature = "hardware")]
mod steps;

use std::collections::BTreeSet;
use std::fmt;
use std::io::{self, ErrorKind, Write};
use std::sync::{Mutex, PoisonError};

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use spikevec::assembler::visible_lines;
use spikevec::{Progress, Stage, Warning};

#[cfg(feature = "hardware")]
pub use steps::Steps;

/// Writes `text` to standard output. A reader that has gone (`| head`) wants no
/// more, which is no error.
///
/// Whatever a terminal would obey in it is escaped: names and messages come from files.
pub fn print(text: &str) -> anyhow::Result<()> {
    let text = visible_lines(text);
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome.context("cannot write to standard output"),
    }
}

/// Prints a text on standard error, escaped as in [`print`]. That it cannot be written cannot be said
/// anywhere.
fn complain(text: fmt::Arguments<'_>) {
    let text = text.to_string();
    let _ = writeln!(io::stderr().lock(), "{}", visible_lines(&text));
}

/// One message: lines after its first are set in, so that no name that has an end of line in it
/// begins another message.
fn message(text: &str) -> String {
    let mut lines = text.lines();
    let mut out = lines.next().unwrap_or("").to_owned();
    for line in lines {
        let set_in = line.is_empty() || line.starts_with(' ');
        out.push_str(if set_in { "\n" } else { "\n  " });
        out.push_str(line);
    }
    out
}

/// Warnings that have been printed, each once.
#[derive(Debug, Default)]
pub struct Warnings {
    list: Vec<Warning>,
    seen: BTreeSet<String>,
}

impl Warnings {
    /// Prints a warning, unless it has been printed before.
    pub fn warn(&mut self, warning: Warning) {
        let text = warning.to_string();
        if !self.seen.contains(&text) {
            complain(format_args!("warning: {}", message(&text)));
            self.seen.insert(text);
            self.list.push(warning);
        }
    }

    /// Prints all that have not been printed before.
    pub fn warn_all(&mut self, warnings: impl IntoIterator<Item = Warning>) {
        warnings.into_iter().for_each(|warning| self.warn(warning));
    }

    /// All warnings so far.
    pub fn into_list(self) -> Vec<Warning> {
        self.list
    }
}

/// Prints an error and what caused it.
pub fn error(error: &anyhow::Error) {
    // Diagnostics of a source file say `error:` themselves, each at its place.
    if let Some(spikevec::Error::Assembly(diagnostics)) = error.downcast_ref() {
        return complain(format_args!("{diagnostics}"));
    }
    complain(format_args!("{}", message(&describe(error))));
}

/// The error and its causes. Messages of the libraries often end with their cause's
/// text; such a cause is not told a second time.
fn describe(error: &anyhow::Error) -> String {
    let first = error.to_string();
    let mut text = format!("error: {first}");
    let mut told = first;
    for cause in error.chain().skip(1) {
        let cause = cause.to_string();
        if !told.contains(&cause) {
            text.push_str(&format!("\n  caused by: {cause}"));
            told = cause;
        }
    }
    text
}

/// Progress of a run on standard error, where that is a terminal.
#[derive(Debug, Default)]
pub struct Bar(Mutex<Option<(Stage, ProgressBar)>>);

impl Bar {
    /// Shows how far it is: a new bar for every stage.
    pub fn show(&self, progress: Progress) {
        let mut shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match shown.as_ref() {
            // Threads may tell of it out of order.
            Some((stage, bar)) if *stage == progress.stage => {
                bar.set_position(bar.position().max(progress.done as u64));
            }
            other => {
                if let Some((_, bar)) = other {
                    bar.finish_and_clear();
                }
                let bar = bar(progress);
                *shown = Some((progress.stage, bar));
            }
        }
    }

    /// Takes it away.
    pub fn finish(self) {
        let shown = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, bar)) = shown {
            bar.finish_and_clear();
        }
    }
}

fn bar(progress: Progress) -> ProgressBar {
    let bar = ProgressBar::new(progress.samples as u64);
    let template = "{prefix:>15} [{bar:40}] {pos}/{len} samples, {eta} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_prefix(match progress.stage {
        Stage::Program => "simulating",
        Stage::Reference => "float reference",
    });
    bar.set_position(progress.done as u64);
    bar
}

/// Says what is waited for, with the time so far, until it is cleared.
pub fn wait(what: &str) -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
        bar.set_style(style);
    }
    bar.set_message(what.to_owned());
    bar.enable_steady_tick(std::time::Duration::from_millis(200));
    bar
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::anyhow;

    #[test]
    fn a_message_has_one_beginning() {
        assert_eq!(
            message("no node a\n\nerror: b\n  caused by: c"),
            "no node a\n\n  error: b\n  caused by: c"
        );
    }

    #[test]
    fn a_cause_is_told_once() {
        let error = anyhow!("no such file").context("cannot read x: no such file");
        assert_eq!(describe(&error), "error: cannot read x: no such file");
        let error = anyhow!("no such file").context("cannot read x");
        assert_eq!(
            describe(&error),
            "error: cannot read x\n  caused by: no such file"
        );
    }
}
