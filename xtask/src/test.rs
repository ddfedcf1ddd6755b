//! `cargo xtask test`: every check of the project, in one command.

use std::io::Write;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::output::{View, number};
use crate::{docs, licences, process, tools};

/// All steps together, with some minutes left of the hour and a half that they may take.
const LIMIT: Duration = Duration::from_secs(85 * 60);

/// Arguments of `cargo xtask test`.
#[derive(clap::Args)]
pub struct Options {
    /// Install nothing; tests whose tools are missing are skipped
    #[arg(long)]
    no_install: bool,
    /// As --no-install, and cargo does not use the network either
    #[arg(long)]
    offline: bool,
}

enum Outcome {
    Passed(String),
    Failed(String),
    Skipped(String),
}

struct Run {
    start: Instant,
    offline: bool,
    steps: Vec<(&'static str, Duration, Outcome)>,
}

impl Run {
    /// Does a step and keeps how it ended.
    fn step(&mut self, name: &'static str, work: impl FnOnce(&Self) -> Result<Outcome>) {
        println!("\n=== {name}");
        let start = Instant::now();
        let outcome = work(self).unwrap_or_else(|error| Outcome::Failed(format!("{error:#}")));
        let took = start.elapsed();
        println!("=== {}", line(name, took, &outcome));
        let _ = std::io::stdout().flush();
        self.steps.push((name, took, outcome));
    }

    fn left(&self) -> Duration {
        LIMIT.saturating_sub(self.start.elapsed())
    }

    fn cargo(&self, arguments: &[&str]) -> Command {
        println!("cargo {}", arguments.join(" "));
        let mut command = crate::cargo();
        command.args(arguments);
        if self.offline {
            command.env("CARGO_NET_OFFLINE", "true");
        }
        command
    }

    /// A step that is one run of cargo, skipped where cargo lacks the subcommand.
    fn cargo_step(&mut self, name: &'static str, arguments: &[&str], variables: &[(&str, &str)]) {
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

/// Runs all steps, also after one has failed.
pub fn run(options: &Options) -> Result<ExitCode> {
    let mut run = Run {
        start: Instant::now(),
        offline: options.offline,
        steps: Vec::new(),
    };
    let mut python = None;
    run.step("tools", |_| {
        let found = tools::prepare(!options.no_install && !options.offline);
        python = found.python;
        if found.missing.is_empty() {
            return Ok(Outcome::Passed(String::new()));
        }
        let list = found.missing.join("\n    ");
        Ok(Outcome::Skipped(format!(
            "tests that need these skip:\n    {list}"
        )))
    });
    run.cargo_step("fmt", &["fmt", "--all", "--", "--check"], &[]);
    let clippy = ["clippy", "--workspace", "--all-targets"];
    run.cargo_step(
        "clippy",
        &[&clippy[..], &["--", "-D", "warnings"]].concat(),
        &[],
    );
    run.step("docs", |_| Ok(Outcome::Passed(docs::check()?)));
    let flags = [("RUSTDOCFLAGS", "-D warnings")];
    run.cargo_step("rustdoc", &["doc", "--workspace", "--no-deps"], &flags);
    run.step("licences", |run| {
        Ok(Outcome::Passed(licences::check(run.offline)?))
    });
    let mut view = View::default();
    run.step("test", |run| {
        let arguments = ["test", "--workspace", "--no-fail-fast"];
        let mut command = run.cargo(&[&arguments[..], &["--", "--show-output"]].concat());
        if let Some(python) = &python {
            command.env("SPIKEVEC_PYTHON", python);
        }
        let path = crate::target().join("test.log");
        let file = std::fs::File::create(&path)
            .with_context(|| format!("cannot write {}", path.display()))?;
        let mut log = std::io::BufWriter::new(file);
        let result = process::run_lines(&mut command, run.left(), |line| {
            let _ = writeln!(log, "{line}");
            if view.line(line) {
                println!("{line}");
            }
        });
        println!("(all that the tests printed: {})", path.display());
        result.map(|()| Outcome::Passed(String::new()))
    });
    Ok(summarise(&run, &view))
}

fn summarise(run: &Run, view: &View) -> ExitCode {
    println!("\n=== summary");
    for (name, took, outcome) in &run.steps {
        println!("{}", line(name, *took, outcome));
    }
    print!("{view}");
    let count = |wanted: fn(&Outcome) -> bool| run.steps.iter().filter(|s| wanted(&s.2)).count();
    let failed = count(|outcome| matches!(outcome, Outcome::Failed(_)));
    let skipped = count(|outcome| matches!(outcome, Outcome::Skipped(_)));
    let seconds = run.start.elapsed().as_secs();
    let unchecked = format!(
        "skipped: {}, {}; ignored: {}",
        number(skipped, "step"),
        number(view.skips(), "test"),
        number(view.ignored, "test")
    );
    let verdict = match (failed, skipped + view.skips() + view.ignored) {
        (0, 0) => "all passed, nothing skipped".to_owned(),
        (0, _) => format!("passed, but {unchecked}"),
        _ => format!("FAILED: {}; {unchecked}", number(failed, "step")),
    };
    println!("{verdict} ({} min {} s)", seconds / 60, seconds % 60);
    if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
