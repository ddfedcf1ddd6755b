//! Named steps with progress, and a summary at the end.

use std::fmt::Display;
use std::io::Write;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::output::number;
use crate::{process, tools};

/// How a step ended.
pub enum Outcome {
    Passed(String),
    Failed(String),
    Skipped(String),
}

/// A run of steps.
pub struct Run {
    start: Instant,
    limit: Duration,
    offline: bool,
    steps: Vec<(&'static str, Duration, Outcome)>,
}

impl Run {
    /// A run that takes `limit` at most, without the network if `offline`.
    pub fn new(limit: Duration, offline: bool) -> Self {
        Self {
            start: Instant::now(),
            limit,
            offline,
            steps: Vec::new(),
        }
    }

    /// Whether the network is left alone.
    pub fn offline(&self) -> bool {
        self.offline
    }

    /// Does a step and keeps how it ended; an error is a failure.
    pub fn step(&mut self, name: &'static str, work: impl FnOnce(&Self) -> Result<Outcome>) {
        println!("\n=== {name}");
        let start = Instant::now();
        let outcome = work(self).unwrap_or_else(|error| Outcome::Failed(format!("{error:#}")));
        let took = start.elapsed();
        println!("=== {}", line(name, took, &outcome));
        let _ = std::io::stdout().flush();
        self.steps.push((name, took, outcome));
    }

    /// What is left of the limit.
    pub fn left(&self) -> Duration {
        self.limit.saturating_sub(self.start.elapsed())
    }

    /// Cargo with these arguments, which are printed.
    pub fn cargo(&self, arguments: &[&str]) -> Command {
        println!("cargo {}", arguments.join(" "));
        let mut command = crate::cargo();
        command.args(arguments);
        if self.offline {
            command.env("CARGO_NET_OFFLINE", "true");
        }
        command
    }

    /// A step that is one run of cargo, skipped where cargo lacks the subcommand.
    pub fn cargo_step(
        &mut self,
        name: &'static str,
        arguments: &[&str],
        variables: &[(&str, &str)],
    ) {
        self.step(name, |run| {
            let subcommand = arguments.first().copied().unwrap_or_default();
            if !tools::can_run(subcommand) {
                let reason = format!("cargo {subcommand} is missing");
                return Ok(Outcome::Skipped(reason));
            }
            let mut command = run.cargo(arguments);
            command.envs(variables.iter().copied());
            process::run(&mut command, run.left())?;
            Ok(Outcome::Passed(String::new()))
        });
    }

    /// Prints how each step ended, `details`, and the verdict. `unchecked` are parts of steps that were skipped, by
    /// what they are called.
    pub fn summarise(&self, details: impl Display, unchecked: &[(usize, &str)]) -> ExitCode {
        println!("\n=== summary");
        for (name, took, outcome) in &self.steps {
            println!("{}", line(name, *took, outcome));
        }
        print!("{details}");
        let count = |wanted: fn(&Outcome) -> bool| {
            let steps = self.steps.iter();
            steps.filter(|step| wanted(&step.2)).count()
        };
        let failed = count(|outcome| matches!(outcome, Outcome::Failed(_)));
        let skipped = count(|outcome| matches!(outcome, Outcome::Skipped(_)));
        let seconds = self.start.elapsed().as_secs();
        let mut left_out = format!("skipped: {}", number(skipped, "step"));
        for (count, what) in unchecked {
            left_out.push_str(&format!(", {}", number(*count, what)));
        }
        let total = skipped + unchecked.iter().map(|part| part.0).sum::<usize>();
        let verdict = match (failed, total) {
            (0, 0) => "all passed, nothing skipped".to_owned(),
            (0, _) => format!("passed, but {left_out}"),
            _ => format!("FAILED: {}; {left_out}", number(failed, "step")),
        };
        println!("{verdict} ({} min {} s)", seconds / 60, seconds % 60);
        match failed {
            0 => ExitCode::SUCCESS,
            _ => ExitCode::FAILURE,
        }
    }
}

fn line(name: &str, took: Duration, outcome: &Outcome) -> String {
    let (word, note) = match outcome {
        Outcome::Passed(note) => ("passed", note),
        Outcome::Failed(note) => ("FAILED", note),
        Outcome::Skipped(note) => ("SKIPPED", note),
    };
    let separator = if note.is_empty() { "" } else { ": " };
    format!(
        "{name:<9} {:>7.1} s  {word}{separator}{note}",
        took.as_secs_f64()
    )
}
