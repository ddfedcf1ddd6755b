//! The arrows between crates: the table of `docs/architecture.md` against what cargo says.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::markdown;
use super::tree::Problem;

pub const PAGE: &str = "docs/architecture.md";
/// The comment above the table.
const MARK: &str = "crates";

/// A crate of the workspace. Crates go by their folders.
#[derive(Debug, Default, PartialEq)]
pub struct Crate {
    pub package: String,
    pub depends: BTreeSet<String>,
    /// What only its tests, benches and examples need.
    pub tests: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    manifest_path: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    kind: Option<String>,
    path: Option<String>,
}

/// The crates of the workspace by folder.
pub fn workspace() -> Result<BTreeMap<String, Crate>> {
    let arguments = [
        "metadata",
        "--format-version",
        "1",
        "--no-deps",
        "--offline",
    ];
    let output = crate::cargo().args(arguments).output();
    let output = output.context("cannot start cargo metadata")?;
    if !output.status.success() {
        bail!(
            "cargo metadata: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    let metadata: Metadata = serde_json::from_slice(&output.stdout).context("cargo metadata")?;
    let root = crate::workspace();
    let folder = |path: &str| -> Option<String> {
        let path = std::path::Path::new(path).strip_prefix(&root).ok()?;
        Some(path.to_str()?.replace('\\', "/"))
    };
    let mut crates = BTreeMap::new();
    for package in metadata.packages {
        let manifest = folder(&package.manifest_path).context("a package outside the workspace")?;
        let own = manifest.trim_end_matches("/Cargo.toml").to_owned();
        let mut found = Crate {
            package: package.name,
            ..Crate::default()
        };
        for dependency in package.dependencies {
            // A crate may name itself, for the features of its own tests.
            let path = dependency.path.as_deref().and_then(folder);
            if let Some(path) = path.filter(|path| *path != own) {
                match dependency.kind.as_deref() {
                    Some("dev") => found.tests.insert(path),
                    _ => found.depends.insert(path),
                };
            }
        }
        found.tests = &found.tests - &found.depends;
        crates.insert(own, found);
    }
    Ok(crates)
}

/// Where the table differs from the workspace, or draws an arrow upwards.
pub fn check(page: &str, crates: &BTreeMap<String, Crate>) -> Vec<Problem> {
    let rows = rows(page);
    if rows.is_empty() {
        let what = format!("has no table of crates below a line <!-- {MARK} -->");
        return vec![Problem::new(PAGE, 0, what)];
    }
    let mut problems = Vec::new();
    let mut above = BTreeSet::new();
    for (line, folder, drawn) in &rows {
        let mut problem = |what: String| problems.push(Problem::new(PAGE, *line, what));
        above.insert(folder.clone());
        let Some(real) = crates.get(folder) else {
            problem(format!("there is no crate in {folder}/"));
            continue;
        };
        if drawn.package != real.package {
            problem(format!("the crate in {folder}/ is called {}", real.package));
        }
        let all = [
            (&drawn.depends, &real.depends, "depends on"),
            (&drawn.tests, &real.tests, "needs in tests only"),
        ];
        for (drawn, real, what) in all {
            for missing in real - drawn {
                problem(format!(
                    "{folder} {what} {missing}, and the table does not say so"
                ));
            }
            for extra in drawn - real {
                problem(format!(
                    "the table says that {folder} {what} {extra}: Cargo.toml does not"
                ));
            }
            for up in real & &above {
                problem(format!("{folder} {what} {up}, which stands above it"));
            }
        }
    }
    for folder in crates.keys().filter(|folder| !above.contains(*folder)) {
        problems.push(Problem::new(
            PAGE,
            rows[0].0,
            format!("the table of crates lacks {folder}"),
        ));
    }
    problems
}

/// Line, folder and cells of each row: folder, package, what it depends on, what its tests need beside.
fn rows(page: &str) -> Vec<(usize, String, Crate)> {
    let lines = markdown::lines(page).into_iter();
    let lines = lines
        .skip_while(|line| markdown::comment(line.text) != Some(MARK))
        .skip(1);
    let table = lines.skip_while(|line| line.kind == markdown::Kind::Blank);
    let table = table
        .take_while(|line| line.kind == markdown::Kind::Table)
        .skip(2);
    let names = |cell: Option<&str>| -> Vec<String> {
        let names = cell
            .unwrap_or_default()
            .split(',')
            .map(|name| name.trim().trim_matches('`'));
        let names = names
            .map(|name| name.trim_end_matches('/'))
            .filter(|name| !name.is_empty());
        names.map(str::to_owned).collect()
    };
    let row = |line: markdown::Line| {
        let mut cells = line.text.trim().trim_matches('|').split('|');
        let folder = names(cells.next()).pop()?;
        let package = names(cells.next()).pop().unwrap_or_default();
        let depends = names(cells.next()).into_iter().collect();
        let tests = names(cells.next()).into_iter().collect();
        Some((
            line.number,
            folder,
            Crate {
                package,
                depends,
                tests,
            },
        ))
    };
    table.filter_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crates(list: &[(&str, &[&str], &[&str])]) -> BTreeMap<String, Crate> {
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let row = |(folder, depends, tests): &(&str, &[&str], &[&str])| {
            let package = format!("spikevec-{folder}");
            (
                (*folder).to_owned(),
                Crate {
                    package,
                    depends: set(depends),
                    tests: set(tests),
                },
            )
        };
        list.iter().map(row).collect()
    }

    const TABLE: &str = "# A\n<!-- crates -->\n| folder | crate | depends on | in tests |\n| --- | --- | --- | --- |\n\
        | `cli/` | `spikevec-cli` | `run`, `isa` | |\n| `run/` | `spikevec-run` | `isa` | `asm` |\n\
        | `asm/` | `spikevec-asm` | `isa` | |\n| `isa/` | `spikevec-isa` | | |\n\nText\n";

    #[test]
    fn a_true_table_has_no_problem() {
        let real = [
            ("cli", &["run", "isa"][..], &[][..]),
            ("run", &["isa"], &["asm"]),
            ("asm", &["isa"], &[]),
            ("isa", &[], &[]),
        ];
        assert_eq!(check(TABLE, &crates(&real)), []);
    }

    #[test]
    fn arrows_that_are_missing_invented_or_go_up_are_found() {
        let real = [
            ("cli", &["run"][..], &[][..]),
            ("run", &["isa", "asm"], &[]),
            ("isa", &["asm"], &[]),
            ("asm", &["isa"], &[]),
            ("new", &[], &[]),
        ];
        let found: Vec<String> = check(TABLE, &crates(&real))
            .iter()
            .map(Problem::to_string)
            .collect();
        let expected = [
            ":5: the table says that cli depends on isa: Cargo.toml does not",
            ":6: run depends on asm, and the table does not say so",
            ":6: the table says that run needs in tests only asm: Cargo.toml does not",
            ":8: isa depends on asm, and the table does not say so",
            ":8: isa depends on asm, which stands above it",
            ":5: the table of crates lacks new",
        ];
        assert_eq!(found, expected.map(|line| format!("{PAGE}{line}")));
        assert_eq!(check("# No table\n", &crates(&real)).len(), 1);
    }
}
