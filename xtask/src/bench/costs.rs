//! What `run` and `compile` cost on this host: speeds by flag, compile times by size.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::parse;

/// Hidden neurons of the generated networks, which have 700 inputs, 20 outputs and full recurrence.
const SIZES: &[usize] = &[64, 128, 256, 512, 1024, 2048];
const EXAMPLE: &str = "compile_cost";

/// The run of the README, which is what its figures are of.
const RUN: &[&str] = &[
    "run",
    "examples/digits/digits.nir",
    "--input",
    "examples/digits/test_x.npy",
    "--no-float",
    "--json",
];
/// Of so many runs the fastest is taken.
const RUNS: usize = 3;

#[derive(Deserialize)]
struct Report {
    instructions_per_second: f64,
}

/// Measures and prints both tables.
pub fn print() -> Result<()> {
    println!(
        "\nspeed of the simulator, million instructions a second on this host (spikevec {})",
        RUN[..4].join(" ")
    );
    for flags in [
        &[][..],
        &["--untimed"],
        &["--config", "tiny"],
        &["--rounding", "stochastic"],
    ] {
        println!(
            "    {:<24} {:>7.1}",
            format!("run {}", flags.join(" ")),
            speed(flags)? / 1e6
        );
    }
    println!(
        "\ncompiling 700-N-20, recurrent, random weights (cargo run --release -p spikevec-tests --example {EXAMPLE} N)"
    );
    print!("{}", heading());
    for neurons in SIZES {
        print!("{}", row(*neurons, &measure(*neurons)?));
    }
    Ok(())
}

fn speed(flags: &[&str]) -> Result<f64> {
    let mut best = 0.0_f64;
    for _ in 0..RUNS {
        let mut command = crate::cargo();
        command.args([
            "run",
            "--quiet",
            "--release",
            "--package",
            "spikevec-cli",
            "--",
        ]);
        let output = output(command.args(RUN).args(flags))?;
        let report: Report = serde_json::from_str(&output).context("the report of spikevec run")?;
        best = best.max(report.instructions_per_second);
    }
    Ok(best)
}

fn measure(neurons: usize) -> Result<String> {
    let mut command = crate::cargo();
    command.args([
        "run",
        "--quiet",
        "--release",
        "--package",
        "spikevec-tests",
        "--example",
    ]);
    output(command.arg(EXAMPLE).arg("--").arg(neurons.to_string()))
}

fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start cargo")?;
    if !output.status.success() {
        bail!("{command:?} failed");
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn heading() -> String {
    format!(
        "    {:>7} {:>9} {:>12} {:>12} {:>11}\n",
        "neurons", "seconds", "graph MiB", "peak MiB", "code bytes"
    )
}

/// A row of what the example printed; `-` for what it did not say.
fn row(neurons: usize, printed: &str) -> String {
    let figures: Vec<(&str, f64)> = printed.lines().filter_map(parse).collect();
    let figure = |key: &str, digits: usize| {
        let found = figures.iter().find(|figure| figure.0 == key);
        found.map_or("-".to_owned(), |figure| format!("{:.digits$}", figure.1))
    };
    let (seconds, code) = (figure("seconds", 2), figure("code_bytes", 0));
    let (graph, peak) = (figure("graph_mib", 0), figure("peak_mib", 0));
    format!("    {neurons:>7} {seconds:>9} {graph:>12} {peak:>12} {code:>11}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_below_their_heading() {
        let printed = "seconds 0.25\ncode_bytes 1888\ngraph_mib 12\npeak_mib 80\n";
        let line = row(64, printed);
        assert_eq!(line.len(), heading().len());
        let words: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(words, ["64", "0.25", "12", "80", "1888"]);
        assert_eq!(row(64, "seconds 0.25\n").matches('-').count(), 3);
    }
}
