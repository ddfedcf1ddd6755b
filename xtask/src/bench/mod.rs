//! `cargo xtask bench`: the project's figures beside those of other systems.
//!
//! Figures come from two places: Criterion's benchmarks, under the benchmark's id (a rate
//! where it declares how many elements a round has), and example programs, which print
//! lines of a key and a number. To compare another figure, add a row to [`COMPARISONS`].

use std::collections::BTreeMap;
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

mod costs;

/// A figure of another system. Those of FeNN are its authors' own measurements: the cycles
/// and instructions on a Kria KV260 at 175 MHz, the speeds of its simulator (C++) on one
/// core of a machine like those that run this project's tests.
struct Comparison {
    /// Under which ours is measured.
    key: &'static str,
    unit: &'static str,
    /// Theirs, and of what.
    theirs: &'static str,
    /// What this project wants to reach.
    goal: &'static str,
}

const fn row(
    key: &'static str,
    unit: &'static str,
    theirs: &'static str,
    goal: &'static str,
) -> Comparison {
    Comparison {
        key,
        unit,
        theirs,
        goal,
    }
}

const SPEED: &str = "M instructions/s";
const MICROSECONDS: &str = "us";
const PER_STEP: &str = "instructions/step";
const CLOCKS_PER_STEP: &str = "clocks/step";

const COMPARISONS: &[Comparison] = &[
    row(
        "run/recurrent_700_256_20",
        SPEED,
        "FeNN's simulator: 76 to 80 on SHD, whose adaptive LIF neurons do more; ours counts neither clocks nor saturation here",
        "",
    ),
    row(
        "compile/spyx_shd",
        MICROSECONDS,
        "",
        "under 1000000 (a second)",
    ),
    row(
        "braille_noDelay_bias_zero.instructions_per_step",
        PER_STEP,
        "FeNN: 114 to 172",
        "110",
    ),
    row(
        "braille_noDelay_noBias_subtract.instructions_per_step",
        PER_STEP,
        "FeNN: 114 to 172",
        "110",
    ),
    row(
        "recurrent_700_256_20.instructions_per_step",
        PER_STEP,
        "FeNN: 1476 (SHD, adaptive LIF, 7.0 input and 1.0 hidden spikes a step)",
        "420 or fewer",
    ),
    row(
        "recurrent_700_256_20.clocks_per_step",
        CLOCKS_PER_STEP,
        "FeNN: 1890 (the same)",
        "",
    ),
];

/// Package and name of the example programs that print figures.
const EXAMPLES: &[(&str, &str)] = &[("spikevec-tests", "instructions")];

/// Arguments of `cargo xtask bench`.
#[derive(clap::Args)]
pub struct Options {
    /// Only the Criterion benchmarks whose id contains this, and no example programs
    filter: Option<String>,
    /// Only the speeds of `run` by flag, and compile times and memory by size of network
    #[arg(long, conflicts_with = "filter")]
    costs: bool,
}

struct Figure {
    value: f64,
    unit: &'static str,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// Measures and prints.
pub fn run(options: &Options) -> Result<()> {
    if options.costs {
        return costs::print();
    }
    let start = SystemTime::now();
    let targets = targets()?;
    for (package, name, _) in targets.iter().filter(|t| t.2 == "bench") {
        let mut command = crate::cargo();
        command.args(["bench", "--package", package, "--bench", name]);
        if let Some(filter) = &options.filter {
            command.args(["--", filter]);
        }
        if !command.status()?.success() {
            bail!("cargo bench --package {package} --bench {name} failed");
        }
    }
    let mut figures = BTreeMap::new();
    criterion(&crate::target().join("criterion"), start, &mut figures)?;
    if options.filter.is_none() {
        for (package, name) in EXAMPLES {
            let found = |t: &&(String, String, String)| {
                (t.0.as_str(), t.1.as_str(), t.2.as_str()) == (package, name, "example")
            };
            if targets.iter().any(|t| found(&t)) {
                example(package, name, &mut figures)?;
            }
        }
    }
    print!("{}", table(&figures, options.filter.is_none()));
    match options.filter {
        None => costs::print(),
        Some(_) => Ok(()),
    }
}

/// (package, name, kind) of every target of the workspace.
fn targets() -> Result<Vec<(String, String, String)>> {
    let output = crate::cargo()
        .args(["metadata", "--format-version", "1", "--no-deps"])
        .output()?;
    let metadata: Metadata = serde_json::from_slice(&output.stdout).context("cargo metadata")?;
    let mut targets = Vec::new();
    for package in metadata.packages {
        for target in package.targets {
            let kind = target.kind.join(" ");
            targets.push((package.name.clone(), target.name, kind));
        }
    }
    Ok(targets)
}

#[derive(Deserialize)]
struct Benchmark {
    full_id: String,
    throughput: Option<BTreeMap<String, f64>>,
}

#[derive(Deserialize)]
struct Estimates {
    median: Estimate,
}

#[derive(Deserialize)]
struct Estimate {
    point_estimate: f64,
}

/// Collects what Criterion has written below `folder` since `start`.
fn criterion(
    folder: &Path,
    start: SystemTime,
    figures: &mut BTreeMap<String, Figure>,
) -> Result<()> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Ok(());
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let estimates = path.join("estimates.json");
        if entry.file_name() != "new" {
            criterion(&path, start, figures)?;
        } else if estimates
            .metadata()
            .is_ok_and(|m| m.modified().is_ok_and(|time| time >= start))
        {
            let benchmark: Benchmark = json(&path.join("benchmark.json"))?;
            let nanoseconds = json::<Estimates>(&estimates)?.median.point_estimate;
            let elements = benchmark
                .throughput
                .and_then(|t| t.get("Elements").copied());
            let figure = match elements {
                Some(elements) => Figure {
                    value: elements / nanoseconds * 1e3,
                    unit: "M elements/s",
                },
                None => Figure {
                    value: nanoseconds / 1e3,
                    unit: "us",
                },
            };
            figures.insert(benchmark.full_id, figure);
        }
    }
    Ok(())
}

fn json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T> {
    let text = std::fs::read_to_string(path)?;
    serde_json::from_str(&text).with_context(|| path.display().to_string())
}

fn example(package: &str, name: &str, figures: &mut BTreeMap<String, Figure>) -> Result<()> {
    let mut command = crate::cargo();
    command.args(["run", "--release", "--package", package, "--example", name]);
    command.stderr(std::process::Stdio::inherit());
    let output = command.output()?;
    if !output.status.success() {
        bail!("the example {name} of {package} failed");
    }
    let before = figures.len();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        match parse(line) {
            None => println!("{line}"),
            Some((key, value)) => {
                figures.insert(key.to_owned(), Figure { value, unit: "" });
            }
        }
    }
    if figures.len() == before {
        bail!("the example {name} of {package} printed no line `<key> <number>`");
    }
    Ok(())
}

/// A line of exactly a key and a number.
fn parse(line: &str) -> Option<(&str, f64)> {
    let (key, value) = line.trim().split_once(' ')?;
    Some((key, value.trim().parse().ok()?))
}

/// One figure a paragraph: ours, then theirs. Rows of [`COMPARISONS`] that were not measured
/// are listed if `complete`.
fn table(figures: &BTreeMap<String, Figure>, complete: bool) -> String {
    let mut text = String::from("\nfigures beside those of other systems\n");
    let compared = |key: &str| COMPARISONS.iter().find(|row| row.key == key);
    let lone = figures.keys().filter(|key| compared(key).is_none());
    let rows = COMPARISONS.iter().map(|row| row.key);
    for key in rows.chain(lone.map(String::as_str)) {
        let comparison = compared(key);
        let ours = match figures.get(key) {
            Some(figure) => {
                let unit = comparison.map_or(figure.unit, |row| row.unit);
                format!("{:>9.1} {unit}", figure.value)
            }
            None if complete => "not measured".to_owned(),
            None => continue,
        };
        text += &format!("{key}\n    ours   {ours}\n");
        if let Some(row) = comparison {
            text += &format!("    theirs {}\n", row.theirs);
            if !row.goal.is_empty() {
                text += &format!("    goal   {}\n", row.goal);
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_examples() {
        assert_eq!(parse("a.b 12.5"), Some(("a.b", 12.5)));
        assert_eq!(parse("a.b twelve"), None);
        assert_eq!(parse("12"), None);
        assert_eq!(parse("three words 12"), None);
    }

    #[test]
    fn the_table_says_what_was_not_measured() {
        let figure = |value| Figure { value, unit: "us" };
        let figures = BTreeMap::from([
            ("run/recurrent_700_256_20".to_owned(), figure(500.0)),
            ("own".to_owned(), figure(1.25)),
        ]);
        let text = table(&figures, true);
        assert!(text.contains(
            "run/recurrent_700_256_20\n    ours       500.0 M instructions/s\n    theirs FeNN"
        ));
        assert!(text.contains("compile/spyx_shd\n    ours   not measured"));
        assert!(text.contains("own\n    ours         1.2 us\n"), "{text}");
        assert!(!table(&figures, false).contains("not measured"));
    }
}
