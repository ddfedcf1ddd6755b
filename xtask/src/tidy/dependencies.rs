//! How many packages of others there are, and which only rust-hdl brings: `Cargo.lock` against the
//! page that tells.

use std::collections::{BTreeMap, BTreeSet};

use super::tree::{Problem, Tree};

const LOCK: &str = "Cargo.lock";
const PAGE: &str = "docs/security.md";
/// What brings most.
const LARGEST: &str = "rust-hdl";

/// A package of the lock file.
#[derive(Default)]
struct Package<'a> {
    name: &'a str,
    /// From a registry, not of this repository.
    foreign: bool,
    /// Name, and version where there are several.
    dependencies: Vec<&'a str>,
}

/// The page says what the lock file has.
pub fn check(tree: &Tree) -> Vec<Problem> {
    let (Some(lock), Some(page)) = (tree.text(LOCK), tree.text(PAGE)) else {
        return Vec::new();
    };
    let sentence = sentence(lock);
    let words: Vec<&str> = page.split_whitespace().collect();
    match words.join(" ").contains(&sentence) {
        true => Vec::new(),
        false => vec![Problem::new(PAGE, 0, format!("does not say: {sentence}"))],
    }
}

/// What the page has to say.
fn sentence(lock: &str) -> String {
    let packages = packages(lock);
    let all = reached(&packages, None);
    let without = reached(&packages, Some(LARGEST));
    let foreign = |ids: &BTreeSet<&str>| {
        let foreign = ids.iter().filter(|id| packages[**id].foreign);
        foreign.count()
    };
    let only = all.difference(&without).map(|id| packages[*id].name);
    let only: Vec<String> = only.map(|name| format!("`{name}`")).collect();
    format!(
        "`Cargo.lock` has {} packages of others. {} of them are there for {LARGEST} alone: {}.",
        foreign(&all),
        only.len(),
        only.join(", ")
    )
}

/// Packages by `name version`.
fn packages(lock: &str) -> BTreeMap<String, Package<'_>> {
    let mut packages = BTreeMap::new();
    for part in lock.split("[[package]]").skip(1) {
        let value = |key: &str| {
            let lines = part.lines();
            let mut values = lines.filter_map(|line| line.strip_prefix(key)?.strip_prefix(" = "));
            values.next().map(|value| value.trim_matches('"'))
        };
        let list = part.lines().filter_map(|line| line.strip_prefix(" \""));
        let (name, version) = (value("name").unwrap_or(""), value("version").unwrap_or(""));
        let package = Package {
            name,
            foreign: value("source").is_some(),
            dependencies: list.filter_map(|line| line.strip_suffix("\",")).collect(),
        };
        packages.insert(format!("{name} {version}"), package);
    }
    packages
}

/// Packages that those of this repository need, without what only `left_out` needs, and without that.
fn reached<'a>(
    packages: &'a BTreeMap<String, Package<'_>>,
    left_out: Option<&str>,
) -> BTreeSet<&'a str> {
    let own = packages.iter().filter(|(_, package)| !package.foreign);
    let mut open: Vec<&str> = own.map(|(id, _)| id.as_str()).collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        let package = &packages[id];
        if Some(package.name) == left_out || !seen.insert(id) {
            continue;
        }
        for wanted in &package.dependencies {
            let named = |(id, other): &(&'a String, &Package<'_>)| {
                *wanted == other.name || *wanted == id.as_str()
            };
            open.extend(packages.iter().filter(named).map(|(id, _)| id.as_str()));
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "\
version = 4

[[package]]
name = \"a\"
version = \"1.0.0\"
source = \"registry\"

[[package]]
name = \"a\"
version = \"2.0.0\"
source = \"registry\"

[[package]]
name = \"own\"
version = \"0.1.0\"
dependencies = [
 \"a 2.0.0\",
 \"rust-hdl\",
]

[[package]]
name = \"rust-hdl\"
version = \"0.46.0\"
source = \"registry\"
dependencies = [
 \"a 1.0.0\",
 \"a 2.0.0\",
]
";

    #[test]
    fn a_page_with_other_numbers_is_found() {
        let right = "`Cargo.lock` has 3 packages of others. 2 of them\nare there for rust-hdl alone: `a`, `rust-hdl`.";
        let problems = |page: &str| check(&Tree::of(&[(LOCK, SMALL), (PAGE, page)])).len();
        assert_eq!(problems(right), 0);
        assert_eq!(problems(&right.replace('3', "4")), 1);
        assert_eq!(problems(&right.replace("`a`, ", "")), 1);
    }
}
