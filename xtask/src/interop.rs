//! `cargo xtask verify interop`: the networks of `tests/interop` made again by their frameworks.
//!
//! Each framework has an environment of its own, since they want different versions of what they
//! share. All but one need Torch, of which there is one copy that theirs see.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::steps::{Outcome, Run};
use crate::{process, tools};

const FOLDER: &str = "tests/interop";

/// The environment that the others see.
const TORCH: &str = "torch";

/// A framework, and whether it needs Torch.
const FRAMEWORKS: [(&str, bool); 6] = [
    ("snntorch", true),
    ("norse", true),
    ("sinabs", true),
    ("rockpool", true),
    ("spikingjelly", true),
    ("spyx", false),
];

/// Makes all networks and compares them with the committed ones. A framework that cannot be
/// installed is skipped, and named.
pub fn run(run: &Run, install: bool) -> Result<Outcome> {
    let (mut same, mut other, mut missing) = (Vec::new(), Vec::new(), Vec::new());
    let torch = environment(TORCH, None, install);
    let torch = torch.map_err(|error| missing.push(format!("{TORCH}: {error:#}")));
    for (name, needs_torch) in FRAMEWORKS {
        let base = match (needs_torch, &torch) {
            (true, Err(())) => {
                missing.push(format!("{name}: it needs Torch"));
                continue;
            }
            (true, Ok(torch)) => Some(torch.as_path()),
            (false, _) => None,
        };
        println!("{name}");
        match environment(name, base, install) {
            Err(error) => missing.push(format!("{name}: {error:#}")),
            Ok(venv) => match compare(run, name, &venv) {
                Ok(()) => same.push(name),
                Err(error) => other.push(format!("{name}: {error:#}")),
            },
        }
    }
    let same = match same.is_empty() {
        true => "none made again".to_owned(),
        false => format!("made again, the same: {}", same.join(", ")),
    };
    let told = |all: &[String]| all.join("\n    ");
    Ok(match (other.is_empty(), missing.is_empty()) {
        (true, true) => Outcome::Passed(same),
        (true, false) => Outcome::Skipped(format!("{same}; not tried:\n    {}", told(&missing))),
        (false, _) => {
            other.extend(missing);
            Outcome::Failed(format!("{same}; not the same:\n    {}", told(&other)))
        }
    })
}

/// Runs a framework's script, and the comparison.
fn compare(run: &Run, name: &str, venv: &Path) -> Result<()> {
    let made = crate::target().join("interop/made").join(name);
    if made.exists() {
        std::fs::remove_dir_all(&made)
            .with_context(|| format!("cannot remove {}", made.display()))?;
    }
    let script = format!("{FOLDER}/make_{name}.py");
    process::run(python(venv).arg(&script).arg(&made), run.left())
        .with_context(|| format!("{script} failed"))?;
    let committed = format!("{FOLDER}/data/{name}");
    let script = format!("{FOLDER}/compare.py");
    process::run(
        python(venv).args([&script, &committed]).arg(&made),
        run.left(),
    )
    .with_context(|| format!("{committed} and {} differ", made.display()))
}

fn python(venv: &Path) -> Command {
    let mut command = Command::new(venv.join("bin/python"));
    command.current_dir(crate::workspace());
    // Nothing is left beside the scripts.
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

/// The environment of a framework, made where it is not there; it sees the packages of `base`.
fn environment(name: &str, base: Option<&Path>, install: bool) -> Result<PathBuf> {
    let file = format!("{FOLDER}/requirements/{name}.txt");
    let lines = tools::pinned(&file)?;
    let folder = format!("interop/{name}");
    let venv = crate::target().join(&folder);
    if tools::has(&venv, &lines) {
        return Ok(venv);
    }
    if !install {
        bail!("Python packages of {file}: run without --no-install and --offline");
    }
    tools::create_venv(&folder, base, &["--requirement", &file])?;
    if !tools::has(&venv, &lines) {
        bail!("pip has installed other versions than {file} names; remove target/{folder}");
    }
    Ok(venv)
}
