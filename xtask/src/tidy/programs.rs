//! Checks that other programs do, and where those come from.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::{process, tools};

/// A program that checks something.
pub struct Program {
    /// Of the step in the summary.
    pub step: &'static str,
    name: &'static str,
    source: Source,
    /// Arguments of the check, run at the root of the tree.
    arguments: &'static [&'static str],
    /// Beside them where the network is left alone.
    offline: &'static [&'static str],
    /// The check has failed where the program says this, whatever its exit status.
    fails: &'static [&'static str],
}

enum Source {
    /// Compiled with cargo, once, into `target/tidy-tools`: version and features. Each brings a lock file.
    Cargo(&'static str, &'static [&'static str]),
    /// From PyPI, with the hashes of [`REQUIREMENTS`].
    Python,
}

/// All of them. Together they are compiled in about five minutes of two cores.
pub const PROGRAMS: &[Program] = &[
    Program {
        step: "typos",
        name: "typos",
        source: Source::Python,
        arguments: &["--format", "brief"],
        offline: &[],
        fails: &[],
    },
    Program {
        step: "deny",
        name: "cargo-deny",
        source: Source::Cargo("0.20.2", &["--no-default-features"]),
        // Not advisories, which need a database: they are a step of their own.
        arguments: &[
            "check",
            "--hide-inclusion-graph",
            "licenses",
            "bans",
            "sources",
        ],
        offline: &["--offline"],
        fails: &[],
    },
    Program {
        step: "machete",
        name: "cargo-machete",
        source: Source::Cargo("0.9.2", &[]),
        arguments: &[],
        offline: &[],
        fails: &[],
    },
    Program {
        step: "book",
        name: "mdbook",
        // Without its server and its search.
        source: Source::Cargo("0.5.4", &["--no-default-features"]),
        arguments: &["build", "docs"],
        offline: &[],
        fails: &["WARN", "ERROR"],
    },
];

const REQUIREMENTS: &str = "xtask/requirements-tidy.txt";
const VENV: &str = "tidy-venv";
const FOLDER: &str = "tidy-tools";

/// Compiled to be there soon, since they run for a second.
const PROFILE: &[(&str, &str)] = &[
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "false"),
];

/// For the compilation of all programs together.
const COMPILE_LIMIT: Duration = Duration::from_secs(25 * 60);
/// For one check.
const LIMIT: Duration = Duration::from_secs(300);

/// Installs what is missing for the steps that are wanted; gives why what still is.
pub fn install(wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let end = Instant::now() + COMPILE_LIMIT;
    let missing = PROGRAMS.iter().filter(|program| wanted(program.step));
    let missing = missing.filter(|program| program.find().is_none());
    let failed = missing.filter_map(|program| {
        let error = program
            .install(end.saturating_duration_since(Instant::now()))
            .err()?;
        Some(format!("{}: {error:#}", program.name))
    });
    let failed = failed.collect();
    let _ = std::fs::remove_dir_all(crate::target().join(FOLDER).join("build"));
    failed
}

impl Program {
    /// Where the program is, in its version.
    pub fn find(&self) -> Option<PathBuf> {
        let (folder, version) = match self.source {
            Source::Cargo(version, _) => (FOLDER, version.to_owned()),
            Source::Python => (VENV, tools::pinned(REQUIREMENTS).ok()?.pop()?.1),
        };
        let path = crate::target().join(folder).join("bin").join(self.name);
        let output = Command::new(&path).arg("--version").output().ok()?;
        // `mdbook v0.5.4`, `cargo-deny 0.20.2`, `0.9.2`
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let said = said.split_whitespace().last()?.trim_start_matches('v');
        (said == version).then_some(path)
    }

    fn install(&self, limit: Duration) -> Result<()> {
        let Source::Cargo(version, features) = self.source else {
            return tools::create_venv(
                VENV,
                None,
                &["--require-hashes", "--requirement", REQUIREMENTS],
            );
        };
        let folder = crate::target().join(FOLDER);
        let package = format!("{}@{version}", self.name);
        let mut cargo = crate::cargo();
        cargo
            .args(["install", "--quiet", "--locked", "--root"])
            .arg(&folder);
        cargo
            .arg(&package)
            .args(features)
            .envs(PROFILE.iter().copied());
        cargo.env("CARGO_TARGET_DIR", folder.join("build"));
        println!("cargo install {package}");
        process::run(&mut cargo, limit)
    }

    /// Runs the check on the tree at `root` with the program at `path`.
    pub fn check(&self, path: &Path, root: &Path, offline: bool) -> Result<()> {
        let mut command = Command::new(path);
        command.current_dir(root);
        if offline {
            command.args(self.offline);
        }
        command.args(self.arguments);
        let mut bad = None;
        let result = process::run_lines(&mut command, LIMIT, |line| {
            println!("{line}");
            if self.fails.iter().any(|word| line.contains(word)) {
                bad.get_or_insert_with(|| line.trim().to_owned());
            }
        });
        match (result, bad) {
            (Ok(()), Some(line)) => bail!("{line}"),
            (result, _) => result,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Whether the check passes on a tree of these files; none where the program is missing.
    fn passes(step: &str, files: &[(&str, &str)]) -> Option<bool> {
        let program = PROGRAMS
            .iter()
            .find(|program| program.step == step)
            .unwrap();
        let Some(path) = program.find() else {
            println!(
                "skipped: {} is missing: cargo xtask tidy installs it",
                program.name
            );
            return None;
        };
        let name = format!(
            "{step}-{}-{}",
            std::process::id(),
            files.iter().map(|f| f.1.len()).sum::<usize>()
        );
        let root = std::env::temp_dir().join(name);
        for (file, text) in files {
            let file = root.join(file);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        let result = program.check(&path, &root, true);
        std::fs::remove_dir_all(&root).unwrap();
        Some(result.is_ok())
    }

    fn holds(step: &str, good: &[(&str, &str)], bad: &[(&str, &str)]) {
        if let (Some(good), Some(bad)) = (passes(step, good), passes(step, bad)) {
            assert!(good, "{step} refuses what is right");
            assert!(!bad, "{step} does not find what is wrong");
        }
    }

    #[test]
    fn a_misspelt_word_is_found() {
        let page = format!("A {} error.\n", ["spel", "ing"].concat());
        holds(
            "typos",
            &[("a.md", "A spelling error.\n")],
            &[("a.md", &page)],
        );
    }

    const MANIFEST: &str = "[package]\nname = \"a\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";

    #[test]
    fn a_licence_that_is_not_allowed_is_found() {
        let deny = ("deny.toml", "[licenses]\nallow = [\"MIT\"]\n");
        let good = format!("{MANIFEST}license = \"MIT OR GPL-3.0-only\"\n");
        let bad = format!("{MANIFEST}license = \"GPL-3.0-only\"\n");
        let files = |manifest| [deny, ("src/lib.rs", ""), ("Cargo.toml", manifest)];
        holds("deny", &files(&good), &files(&bad));
    }

    #[test]
    fn a_dependency_that_nothing_uses_is_found() {
        let manifest = format!("{MANIFEST}[dependencies]\nserde = \"1\"\n");
        let files = |source| [("Cargo.toml", manifest.as_str()), ("src/lib.rs", source)];
        holds("machete", &files("use serde::Serialize;\n"), &files("\n"));
    }

    #[test]
    fn a_page_that_the_book_lacks_is_found() {
        let book = (
            "docs/book.toml",
            "[book]\nsrc = \".\"\n[build]\ncreate-missing = false\n",
        );
        let list = ("docs/SUMMARY.md", "# Book\n\n- [A](a.md)\n");
        let page = ("docs/a.md", "# A\n");
        holds("book", &[book, list, page], &[book, list]);
    }
}
