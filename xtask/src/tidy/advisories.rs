//! Advisories about dependencies, by cargo-deny: with the database as it is fetched, or, without a
//! network, with the one that an earlier run has stored.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Result;

use crate::output::number;
use crate::process;
use crate::steps::Outcome;

const FETCH_LIMIT: Duration = Duration::from_secs(120);
const LIMIT: Duration = Duration::from_secs(300);

const DAY: u64 = 24 * 60 * 60;
/// A database of more days is called stale.
const STALE: u64 = 30;

/// Where cargo-deny keeps databases.
pub fn folder() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let cargo = set("CARGO_HOME").or_else(|| Some(set("HOME")?.join(".cargo")));
    Some(cargo?.join("advisory-dbs"))
}

/// Checks the tree at `root` with the cargo-deny at `program`, whose databases are in `folder`.
pub fn check(program: &Path, root: &Path, folder: Option<&Path>, offline: bool) -> Result<Outcome> {
    let deny = |arguments: &[&str]| {
        let mut command = Command::new(program);
        command.current_dir(root).args(arguments);
        command
    };
    let fetched = !offline && process::run(&mut deny(&["fetch", "db"]), FETCH_LIMIT).is_ok();
    let Some(days) = folder.and_then(days) else {
        let why = "no database of advisories is stored, and none was fetched: `cargo deny fetch db` where github.com is \
                   reached";
        return Ok(Outcome::Skipped(why.to_owned()));
    };
    let mut command = deny(&["--offline", "check", "--hide-inclusion-graph", "advisories"]);
    process::run(&mut command, LIMIT)?;
    Ok(Outcome::Passed(say(fetched, days)))
}

fn say(fetched: bool, days: u64) -> String {
    let age = number(usize::try_from(days).unwrap_or(usize::MAX), "day");
    match fetched {
        true => "the database was fetched".to_owned(),
        false if days > STALE => {
            format!(
                "by a STALE database, {age} old: `cargo deny fetch db` where github.com is reached"
            )
        }
        false => format!("by the stored database, {age} old"),
    }
}

/// Days since the last change of the newest database in `folder`.
fn days(folder: &Path) -> Option<u64> {
    let entries = std::fs::read_dir(folder).ok()?.flatten();
    let changed = entries.filter_map(|entry| {
        let mut git = Command::new("git");
        git.arg("-C")
            .arg(entry.path())
            .args(["log", "-1", "--format=%ct"]);
        // Not the repository around a folder that is none.
        git.env("GIT_CEILING_DIRECTORIES", folder);
        let output = git.output().ok().filter(|output| output.status.success())?;
        String::from_utf8(output.stdout).ok()?.trim().parse().ok()
    });
    let changed: u64 = changed.max()?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs();
    Some(now.saturating_sub(changed) / DAY)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::programs::PROGRAMS;
    use super::*;

    #[test]
    fn an_old_database_is_called_so() {
        assert_eq!(say(true, 400), "the database was fetched");
        assert_eq!(say(false, 1), "by the stored database, 1 day old");
        assert!(say(false, 31).contains("STALE database, 31 days old"));
    }

    fn git(folder: &Path, arguments: &[&str]) {
        let mut command = Command::new("git");
        command
            .arg("-C")
            .arg(folder)
            .args(["-c", "user.name=x", "-c", "user.email=x@x"]);
        assert!(process::succeeds(command.args(arguments)), "{arguments:?}");
    }

    /// On this workspace's own lock file, with a database that has one advisory.
    #[test]
    fn an_advisory_is_found_and_a_missing_database_is_said() {
        let Some(program) = PROGRAMS
            .iter()
            .find(|p| p.step == "deny")
            .and_then(|p| p.find())
        else {
            println!("skipped: cargo-deny is missing: cargo xtask tidy installs it");
            return;
        };
        let root = std::env::temp_dir().join(format!("advisories-{}", std::process::id()));
        // The name that cargo-deny gives to the database of RustSec.
        let stored = root.join("dbs/advisory-db-3157b0e258782691");
        let folder = root.join("dbs");
        std::fs::create_dir_all(root.join("src")).unwrap();
        std::fs::write(root.join("src/lib.rs"), "").unwrap();
        let manifest = "[package]\nname = \"a\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\nthiserror = \"2\"\n";
        std::fs::write(root.join("Cargo.toml"), manifest).unwrap();
        std::fs::copy(
            crate::workspace().join("Cargo.lock"),
            root.join("Cargo.lock"),
        )
        .unwrap();
        let deny = format!(
            "[advisories]\ndb-path = \"{}\"\nmaximum-db-staleness = \"P3650D\"\n",
            folder.display()
        );
        std::fs::write(root.join("deny.toml"), deny).unwrap();
        let outcome = check(&program, &root, Some(&folder), true).unwrap();
        assert!(matches!(outcome, Outcome::Skipped(_)));
        let advisory = |package: &str| {
            let of = stored.join("crates").join(package);
            std::fs::create_dir_all(&of).unwrap();
            let text = format!(
                "```toml\n[advisory]\nid = \"RUSTSEC-2026-0001\"\npackage = \"{package}\"\ndate = \"2026-01-01\"\n\
                 [versions]\npatched = []\n```\n\n# Title\n\nText.\n"
            );
            std::fs::write(of.join("RUSTSEC-2026-0001.md"), text).unwrap();
            git(&stored, &["add", "--all"]);
            git(&stored, &["commit", "--quiet", "--message", "x"]);
        };
        std::fs::create_dir_all(&stored).unwrap();
        git(&stored, &["init", "--quiet", "--initial-branch", "main"]);
        advisory("no-such-package");
        // cargo-deny reads a database as it was fetched.
        std::fs::write(stored.join(".git/FETCH_HEAD"), "").unwrap();
        let outcome = check(&program, &root, Some(&folder), true);
        assert!(matches!(outcome, Ok(Outcome::Passed(note)) if note.contains("0 days old")));
        std::fs::remove_dir_all(stored.join("crates/no-such-package")).unwrap();
        advisory("thiserror");
        assert!(check(&program, &root, Some(&folder), true).is_err());
        std::fs::remove_dir_all(&root).unwrap();
    }
}
