//! What the tests compare against and Rust does not bring: found, installed, or named
//! with the command that installs it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::process;

/// Programs, or files by their whole path, and the Debian package of each.
pub type Programs = [(&'static str, &'static str)];

const PROGRAMS: &Programs = &[
    ("qemu-riscv32", "qemu-user"),
    ("riscv64-unknown-elf-as", "binutils-riscv64-unknown-elf"),
    ("riscv64-unknown-elf-ld", "binutils-riscv64-unknown-elf"),
    ("llvm-mc", "llvm"),
    ("readelf", "binutils"),
    ("python3", "python3"),
    ("verilator", "verilator"),
    ("g++", "g++"),
    // What waveforms are written with.
    ("/usr/include/zlib.h", "zlib1g-dev"),
];

/// From PyPI, into a virtual environment.
const PYTHON_PACKAGES: &[&str] = &["nir==1.0.8", "numpy", "h5py"];
const PYTHON_CHECK: &str = "import h5py, numpy, nir; from importlib.metadata import version; \
     raise SystemExit(version('nir') != '1.0.8')";

/// Cargo's subcommands and the component of the toolchain that brings each.
const COMPONENTS: &[(&str, &str)] = &[("fmt", "rustfmt"), ("clippy", "clippy")];

/// What is there after [`prepare`].
pub struct Tools {
    /// The interpreter with the packages, if there is one.
    pub python: Option<PathBuf>,
    /// What is missing, why, and the remedy.
    pub missing: Vec<String>,
}

/// Looks for everything and, if `install`, installs what is missing.
pub fn prepare(install: bool) -> Tools {
    let mut missing = Vec::new();
    components(install, &mut missing);
    programs(PROGRAMS, install, || venv().is_some(), &mut missing);
    let python = python(install)
        .map_err(|error| missing.push(format!("{error:#}")))
        .ok();
    Tools { python, missing }
}

/// Whether cargo has this subcommand: its own ones always.
pub fn can_run(name: &str) -> bool {
    COMPONENTS.iter().all(|(subcommand, _)| *subcommand != name)
        || process::succeeds(crate::cargo().args([name, "--version"]))
}

fn components(install: bool, missing: &mut Vec<String>) {
    for (subcommand, component) in COMPONENTS {
        if can_run(subcommand) {
            continue;
        }
        let mut rustup = Command::new("rustup");
        rustup.args(["component", "add", component]);
        let result = install.then(|| process::run(&mut rustup, Duration::from_secs(300)));
        if !matches!(result, Some(Ok(()))) {
            missing.push(format!(
                "cargo {subcommand}: `rustup component add {component}`{}",
                failure(result)
            ));
        }
    }
}

fn failure(result: Option<Result<()>>) -> String {
    match result {
        Some(Err(error)) => format!(" failed ({error:#})"),
        _ => String::new(),
    }
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// The programs that are missing, and the packages that bring them.
fn absent(all: &Programs, has_venv: bool) -> (Vec<&'static str>, Vec<&'static str>) {
    let rows = all.iter().filter(|(program, _)| !on_path(program));
    let (programs, mut packages): (Vec<_>, Vec<_>) = rows.copied().unzip();
    // Debian's python3 comes without what `-m venv` needs.
    if !has_venv && !process::succeeds(isolated("python3").args(["-c", "import ensurepip"])) {
        packages.push("python3-venv");
    }
    packages.dedup();
    (programs, packages)
}

/// Looks for programs, and for what makes a virtual environment unless there is one; installs what is missing if
/// `install`, and adds what then still is to `missing`.
pub fn programs(
    all: &Programs,
    install: bool,
    has_venv: impl Fn() -> bool,
    missing: &mut Vec<String>,
) {
    let (_, packages) = absent(all, has_venv());
    if packages.is_empty() {
        return;
    }
    let command = format!(
        "apt-get install --no-install-recommends {}",
        packages.join(" ")
    );
    let result = match (install && on_path("apt-get")).then(privilege) {
        None => None,
        Some(None) => {
            println!("not root, and no sudo without a password; run as root: {command}");
            None
        }
        Some(Some(prefix)) => Some(apt(prefix, &packages)),
    };
    let (programs, packages) = absent(all, has_venv());
    if !packages.is_empty() {
        let names = if programs.is_empty() {
            "python3-venv".to_owned()
        } else {
            programs.join(", ")
        };
        missing.push(format!("{names}: `{command}`{}", failure(result)));
    }
}

/// What goes before a command to run it as root; none if there is no way.
fn privilege() -> Option<&'static [&'static str]> {
    let id = Command::new("id").arg("-u").output().ok()?;
    if id.stdout.trim_ascii() == b"0" {
        return Some(&[]);
    }
    let sudo = &["sudo", "-n"];
    let allowed = on_path("sudo") && process::succeeds(Command::new("sudo").args(["-n", "true"]));
    allowed.then_some(sudo)
}

fn apt(prefix: &[&str], packages: &[&str]) -> Result<()> {
    let run = |seconds: u32, arguments: &[&str]| {
        // `timeout` runs as the same user as apt-get, so that it may end it.
        let limit = seconds.to_string();
        let line = ["env", "DEBIAN_FRONTEND=noninteractive", "timeout"];
        let line = prefix.iter().chain(&line).chain(&["-k", "10"]);
        let mut line = line.copied().chain([limit.as_str(), "apt-get"]);
        let mut command = Command::new(line.next().unwrap_or("env"));
        command
            .args(line)
            .args(["-o", "Acquire::http::Timeout=30"])
            .args(["-o", "Acquire::https::Timeout=30"])
            .args(["-o", "Acquire::Retries=1"])
            .args(["-o", "DPkg::Lock::Timeout=60"])
            .arg("--quiet=2")
            .args(arguments);
        process::run(&mut command, Duration::from_secs(u64::from(seconds) + 20))
    };
    // Where the lists cannot be fetched, older ones may do.
    if let Err(error) = run(180, &["update"]) {
        println!("apt-get update failed: {error:#}");
    }
    let mut arguments = vec!["install", "--no-install-recommends", "--yes"];
    arguments.extend(packages);
    run(900, &arguments)
}

/// Python without anything of the current folder, of the user's packages or of `PYTHON*` variables.
pub fn isolated(python: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(python);
    command.arg("-I");
    command
}

/// The interpreter of the virtual environment, if it has all packages.
fn venv() -> Option<PathBuf> {
    let python = crate::target().join("test-venv/bin/python");
    process::succeeds(isolated(&python).args(["-c", PYTHON_CHECK])).then_some(python)
}

fn python(install: bool) -> Result<PathBuf> {
    let packages = PYTHON_PACKAGES.join(" ");
    if let Some(python) = std::env::var_os("SPIKEVEC_PYTHON").map(PathBuf::from) {
        let found = process::succeeds(isolated(&python).args(["-c", "import nir"]));
        return found.then_some(python.clone()).with_context(|| {
            format!(
                "{} (from SPIKEVEC_PYTHON) cannot import nir: `{} -m pip install {packages}`",
                python.display(),
                python.display()
            )
        });
    }
    if let Some(python) = venv() {
        return Ok(python);
    }
    if !install {
        let python = PathBuf::from("python3");
        return process::succeeds(isolated(&python).args(["-c", PYTHON_CHECK]))
            .then_some(python)
            .with_context(|| format!("Python packages {packages}: run without --no-install"));
    }
    create_venv("test-venv", None, PYTHON_PACKAGES)?;
    venv().context("Python packages: installed, but python cannot import them")
}

/// Makes the virtual environment `target/name` anew with what pip is asked to install. It sees the packages of the
/// environment `base`, so that pip does not install them again.
pub fn create_venv(name: &str, base: Option<&Path>, packages: &[&str]) -> Result<()> {
    let folder = crate::target().join(name);
    let mut create = isolated("python3");
    create.args(["-m", "venv", "--clear"]).arg(&folder);
    process::run(&mut create, Duration::from_secs(120))
        .with_context(|| format!("Python packages: `python3 -m venv target/{name}` failed"))?;
    if let Some(base) = base {
        let path = site_packages(&folder)?.join("base.pth");
        std::fs::write(&path, format!("{}\n", site_packages(base)?.display()))
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    let mut pip = isolated(folder.join("bin/python"));
    pip.current_dir(crate::workspace())
        .args(["-m", "pip", "install", "--quiet", "--no-input"])
        .args(["--disable-pip-version-check", "--timeout", "30"])
        .args(["--retries", "2"])
        .args(packages);
    process::run(&mut pip, Duration::from_secs(900)).with_context(|| {
        let packages = packages.join(" ");
        format!(
            "Python packages: `pip install {packages}` failed; it needs Python 3.9 or later and a network that reaches \
             the package index (behind a mirror: PIP_INDEX_URL)"
        )
    })
}

/// Where a virtual environment keeps its packages.
fn site_packages(venv: &Path) -> Result<PathBuf> {
    let mut ask = isolated(venv.join("bin/python"));
    let output = ask
        .args(["-c", "import site; print(site.getsitepackages()[0])"])
        .output();
    let output = output.with_context(|| format!("cannot run the Python of {}", venv.display()))?;
    Ok(PathBuf::from(
        String::from_utf8_lossy(&output.stdout).trim(),
    ))
}

/// Whether a virtual environment holds these versions.
pub fn has(venv: &Path, requirements: &[(String, String)]) -> bool {
    let mut check = String::from("from importlib.metadata import version\n");
    for (name, wanted) in requirements {
        check.push_str(&format!("assert version('{name}') == '{wanted}'\n"));
    }
    process::succeeds(isolated(venv.join("bin/python")).args(["-c", &check]))
}

/// Names and versions in a file of requirements for pip.
pub fn pinned(file: &str) -> Result<Vec<(String, String)>> {
    let text = std::fs::read_to_string(crate::workspace().join(file))
        .with_context(|| format!("cannot read {file}"))?;
    let lines = text
        .lines()
        .map(|line| line.trim().trim_end_matches('\\').trim_end());
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with(['#', '-']));
    lines
        .map(|line| {
            let (name, version) = line
                .split_once("==")
                .with_context(|| format!("{file}: `{line}` is not NAME==VERSION"))?;
            Ok((name.to_owned(), version.to_owned()))
        })
        .collect()
}
