//! `cargo xtask fuzz`: the fuzz targets of `fuzz/`, one after the other, with cargo-fuzz.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::output::number;
use crate::process;

const REMEDY: &str = "`rustup toolchain install nightly --profile minimal` and `cargo install cargo-fuzz --locked` bring what is missing";

/// For the build of all targets, and beyond the time of each.
const BUILD_LIMIT: Duration = Duration::from_secs(60 * 60);
const GRACE: Duration = Duration::from_secs(120);

/// What libFuzzer is told: findings are inputs that take more memory (MiB) or time (s), too.
const LIMITS: [&str; 3] = ["-rss_limit_mb=2048", "-timeout=10", "-print_final_stats=1"];

/// Of all that is fuzzed the own code is safe Rust, and most of its dependencies: without the
/// address sanitizer there are two to three times the executions.
const BUILD: [&str; 4] = ["--sanitizer", "none", "--codegen-units", "16"];

/// Arguments of `cargo xtask fuzz`.
#[derive(clap::Args)]
pub struct Options {
    /// Minutes for each target
    minutes: u32,
    /// Only this target (all are run without a name)
    target: Option<String>,
}

/// What a target came to.
#[derive(Debug, Default, PartialEq)]
struct Outcome {
    executions: u64,
    /// Edges of the program that were seen.
    coverage: u64,
    /// Where the input is that a finding was made with.
    finding: Option<String>,
}

/// Runs the targets, also after one has found something.
pub fn run(options: &Options) -> Result<ExitCode> {
    if !process::succeeds(&mut cargo_fuzz(&["--version"])) {
        bail!("cargo-fuzz with the nightly toolchain is needed: {REMEDY}");
    }
    let all = targets()?;
    let targets: Vec<&String> = match &options.target {
        None => all.iter().collect(),
        Some(wanted) => all.iter().filter(|name| *name == wanted).collect(),
    };
    if targets.is_empty() {
        bail!("no target is called so; there are {}", all.join(", "));
    }
    let mut build = cargo_fuzz(&["build"]);
    build.args(BUILD).args(places());
    process::run(&mut build, BUILD_LIMIT).context("the fuzz targets do not build")?;
    let mut findings = 0;
    let mut lines = Vec::new();
    for name in targets {
        let begin = Instant::now();
        let outcome = fuzz(name, options.minutes)?;
        let line = summary(name, begin.elapsed(), &outcome);
        println!("{line}");
        findings += usize::from(outcome.finding.is_some());
        lines.push(line);
    }
    println!("\n{}", lines.join("\n"));
    println!("{}", number(findings, "finding"));
    Ok(match findings {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}

/// Names of the targets, in the order of the manifest.
fn targets() -> Result<Vec<String>> {
    let manifest = std::fs::read_to_string(crate::workspace().join("fuzz/Cargo.toml"));
    let manifest = manifest.context("cannot read fuzz/Cargo.toml")?;
    let mut lines = manifest.lines();
    let mut names = Vec::new();
    while lines.any(|line| line == "[[bin]]") {
        let name = lines.next().and_then(|line| line.strip_prefix("name = "));
        let name = name.context("fuzz/Cargo.toml has a binary without a name")?;
        names.push(name.trim_matches('"').to_owned());
    }
    Ok(names)
}

/// `cargo fuzz` of nightly, whatever cargo runs this program.
fn cargo_fuzz(arguments: &[&str]) -> Command {
    let mut command = Command::new("rustup");
    command.current_dir(crate::workspace());
    command.args(["run", "nightly", "cargo", "fuzz"]);
    command.args(arguments);
    for variable in ["CARGO", "RUSTC", "RUSTUP_TOOLCHAIN", "CARGO_TARGET_DIR"] {
        command.env_remove(variable);
    }
    command
}

/// Where the targets are and where they are built.
fn places() -> [String; 4] {
    let target = folder().to_string_lossy().into_owned();
    let words = ["--fuzz-dir", "fuzz", "--target-dir"];
    let [fuzz_dir, fuzz, target_dir] = words.map(str::to_owned);
    [fuzz_dir, fuzz, target_dir, target]
}

fn folder() -> PathBuf {
    crate::target().join("fuzz")
}

/// One target. What grows of its inputs is kept for the next run.
fn fuzz(name: &str, minutes: u32) -> Result<Outcome> {
    let grown = folder().join("inputs").join(name);
    std::fs::create_dir_all(&grown).with_context(|| format!("cannot make {}", grown.display()))?;
    let path = folder().join(format!("{name}.log"));
    let log = std::fs::File::create(&path);
    let log = log.with_context(|| format!("cannot write {}", path.display()))?;
    let mut log = std::io::BufWriter::new(log);
    println!(
        "\n=== {name}: {} (log: {})",
        number(minutes as usize, "minute"),
        path.display()
    );
    let seconds = u64::from(minutes) * 60;
    let mut command = cargo_fuzz(&["run"]);
    command.args(BUILD).args(places()).arg(name);
    command.arg(&grown).arg(format!("fuzz/seeds/{name}"));
    command.arg("--").args(LIMITS);
    command.arg(format!("-max_total_time={seconds}"));
    let dictionary = format!("fuzz/dictionaries/{name}.dict");
    if crate::workspace().join(&dictionary).is_file() {
        command.arg(format!("-dict={dictionary}"));
    }
    let mut outcome = Outcome::default();
    let limit = Duration::from_secs(seconds) + GRACE;
    let ended = process::run_lines(&mut command, limit, |line| {
        let _ = writeln!(log, "{line}");
        outcome.line(line);
    });
    match (ended, &outcome.finding) {
        (Err(error), None) => {
            let why = format!("{name} has ended without a finding: see {}", path.display());
            Err(error.context(why))
        }
        _ => Ok(outcome),
    }
}

impl Outcome {
    /// Takes a line of what libFuzzer prints.
    fn line(&mut self, line: &str) {
        if let Some((_, rest)) = line.split_once(" cov: ") {
            let word = rest.split_whitespace().next();
            self.coverage = word.and_then(|word| word.parse().ok()).unwrap_or(0);
        }
        // `#1234 NEW cov: ...`, of which the last may be from before the end.
        let begun = line.strip_prefix('#').and_then(|rest| {
            let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
            digits.parse().ok()
        });
        let stated = line.strip_prefix("stat::number_of_executed_units:");
        let stated = stated.and_then(|rest| rest.trim().parse().ok());
        if let Some(count) = stated.or(begun) {
            self.executions = self.executions.max(count);
        }
        if let Some((_, place)) = line.split_once("Test unit written to ") {
            self.finding = Some(place.trim().to_owned());
        }
    }
}

fn summary(name: &str, took: Duration, outcome: &Outcome) -> String {
    let minutes = took.as_secs_f64() / 60.0;
    let finding = match &outcome.finding {
        None => "no finding".to_owned(),
        Some(place) => format!("FOUND {place}"),
    };
    format!(
        "{name:<9} {minutes:>6.1} min {:>12} executions {:>6} edges  {finding}",
        outcome.executions, outcome.coverage
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_libfuzzer_prints_is_counted() {
        let mut outcome = Outcome::default();
        for line in [
            "INFO: Seed: 1",
            "#2\tINITED cov: 120 ft: 121 corp: 1/1b exec/s: 0 rss: 27Mb",
            "#65536\tpulse  cov: 1321 ft: 3000 corp: 400/9kb exec/s: 900 rss: 60Mb",
            "Done 70000 runs in 61 second(s)",
            "stat::number_of_executed_units: 70000",
        ] {
            outcome.line(line);
        }
        let expected = Outcome {
            executions: 70000,
            coverage: 1321,
            finding: None,
        };
        assert_eq!(outcome, expected);
        outcome.line("artifact_prefix='fuzz/artifacts/nir/'; Test unit written to fuzz/artifacts/nir/crash-0a");
        assert_eq!(
            outcome.finding.as_deref(),
            Some("fuzz/artifacts/nir/crash-0a")
        );
        let line = summary("nir", Duration::from_secs(90), &outcome);
        assert_eq!(
            line,
            "nir          1.5 min        70000 executions   1321 edges  FOUND fuzz/artifacts/nir/crash-0a"
        );
    }

    #[test]
    fn all_targets_are_named() {
        let names = targets().unwrap();
        assert!(names.contains(&"nir".to_owned()), "{names:?}");
        for name in names {
            let source = format!("fuzz/fuzz_targets/{name}.rs");
            assert!(crate::workspace().join(&source).is_file(), "{source}");
        }
    }
}
