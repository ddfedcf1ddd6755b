//! `cargo xtask verify`: what takes too long, or needs too many tools, for `cargo xtask test`.
//!
//! A step is a test target of its own that cargo does not run otherwise (`test = false`).

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::steps::{Outcome, Run};
use crate::{interop, process, tools};

/// All steps together.
const LIMIT: Duration = Duration::from_secs(4 * 60 * 60);
const VENV: &str = "verify-venv";
/// Those of `spikevec synth`, so that all figures are of the same tools.
const REQUIREMENTS: &str = "bitstreams/requirements.txt";
const PROGRAMS: &tools::Programs = &[("z3", "z3"), ("python3", "python3")];

/// A test target, and how it is run.
struct Step {
    name: &'static str,
    package: &'static str,
    target: &'static str,
    /// For the test program itself.
    arguments: &'static [&'static str],
    environment: &'static [(&'static str, &'static str)],
}

const fn step(name: &'static str, package: &'static str, target: &'static str) -> Step {
    Step {
        name,
        package,
        target,
        arguments: &["--include-ignored"],
        environment: &[],
    }
}

const STEPS: &[Step] = &[
    step("formal", "spikevec-hdl", "formal"),
    Step {
        // `cargo xtask test` has base and small.
        arguments: &["core::"],
        environment: &[("SPIKEVEC_CONFIGS", "half,tiny")],
        ..step("lockstep", "spikevec-tests", "lockstep")
    },
    step("conformance", "spikevec-tests", "conformance_core"),
    step("sabotage", "spikevec-tests", "sabotage"),
    step("synthesis", "spikevec-hdl", "synthesis"),
    step("bitstreams", "spikevec-bitstreams", "rebuild"),
];

/// The step that is no test target: it compares with frameworks in Python.
const INTEROP: &str = "interop";

/// Arguments of `cargo xtask verify`.
#[derive(clap::Args)]
pub struct Options {
    /// Only these steps (all are run without a name): formal, lockstep, conformance, sabotage, synthesis, bitstreams, interop
    steps: Vec<String>,
    /// Install nothing; what is missing is named
    #[arg(long)]
    no_install: bool,
    /// As --no-install, and cargo does not use the network either
    #[arg(long)]
    offline: bool,
}

/// Runs the steps, also after one has failed.
pub fn run(options: &Options) -> Result<ExitCode> {
    let names = STEPS.iter().map(|step| step.name);
    let names: Vec<&str> = names.chain([INTEROP]).collect();
    let wanted = |name| options.steps.is_empty() || options.steps.iter().any(|step| step == name);
    let install = !options.no_install && !options.offline;
    for step in &options.steps {
        if !names.contains(&step.as_str()) {
            bail!("no step is called {step}; there are {}", names.join(", "));
        }
    }
    let mut run = Run::new(LIMIT, options.offline);
    let mut programs = None;
    if STEPS.iter().any(|step| wanted(step.name)) {
        run.step("tools", |_| {
            programs = Some(prepare(install)?);
            Ok(Outcome::Passed(String::new()))
        });
    }
    for step in STEPS.iter().filter(|step| wanted(step.name)) {
        run.step(step.name, |run| {
            let Some(programs) = &programs else {
                return Ok(Outcome::Skipped("its tools are missing".to_owned()));
            };
            let arguments = ["test", "--package", step.package, "--test", step.target];
            let options = ["--", "--test-threads=1", "--nocapture"];
            let arguments = [&arguments[..], &options, step.arguments].concat();
            let mut command = run.cargo(&arguments);
            command.envs(step.environment.iter().copied());
            command.env("SPIKEVEC_TOOLS", venv());
            let path = std::env::var_os("PATH").unwrap_or_default();
            let folders = [programs.clone()];
            let folders = folders.into_iter().chain(std::env::split_paths(&path));
            command.env("PATH", std::env::join_paths(folders)?);
            process::run(&mut command, run.left())?;
            Ok(Outcome::Passed(String::new()))
        });
    }
    if wanted(INTEROP) {
        run.step(INTEROP, |run| interop::run(run, install));
    }
    Ok(run.summarise("", &[]))
}

/// Makes sure of all tools; gives the folder of those from PyPI.
fn prepare(install: bool) -> Result<PathBuf> {
    let lines = tools::pinned(REQUIREMENTS)?;
    let mut missing = Vec::new();
    tools::programs(
        PROGRAMS,
        install,
        || tools::has(&venv(), &lines),
        &mut missing,
    );
    if !tools::has(&venv(), &lines) {
        let made = match install {
            true => tools::create_venv(VENV, None, &["--requirement", REQUIREMENTS]),
            false => Err(anyhow::anyhow!(
                "Python packages of {REQUIREMENTS}: run without --no-install and --offline"
            )),
        };
        match made {
            Ok(()) if tools::has(&venv(), &lines) => {}
            Ok(()) => missing.push(format!(
                "Python packages: pip has installed other versions than {REQUIREMENTS} names; remove target/{VENV}"
            )),
            Err(error) => missing.push(format!("{error:#}")),
        }
    }
    if !missing.is_empty() {
        bail!("missing:\n    {}", missing.join("\n    "));
    }
    Ok(venv().join("bin"))
}

fn venv() -> PathBuf {
    crate::target().join(VENV)
}
