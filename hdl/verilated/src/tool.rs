//! Programs of others: found in a folder that has a name, and started with a clean environment.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What every program gets of this process's environment, besides the path.
const KEPT: [&str; 9] = [
    "HOME",
    "XDG_CACHE_HOME",
    "TMPDIR",
    "LOCALAPPDATA",
    "USERPROFILE",
    "SYSTEMROOT",
    "TEMP",
    "TMP",
    "PATHEXT",
];

/// The folders of the path; relative ones, such as the current folder, are left out.
fn folders() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path);
    folders.filter(|folder| folder.is_absolute()).collect()
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

/// Where `program` is: a name is looked for in the absolute folders of the path, and never in the current one; what
/// has a folder in it is that file.
///
/// # Errors
/// [`io::ErrorKind::NotFound`].
pub fn find(program: impl AsRef<OsStr>) -> io::Result<PathBuf> {
    let program = Path::new(program.as_ref());
    if program.components().count() > 1 {
        return std::path::absolute(program);
    }
    let suffixed = |folder: PathBuf| {
        let mut name = program.as_os_str().to_owned();
        name.push(std::env::consts::EXE_SUFFIX);
        [folder.join(program), folder.join(name)]
    };
    let mut files = folders().into_iter().flat_map(suffixed);
    files
        .find(|file| is_program(file))
        .ok_or_else(|| io::ErrorKind::NotFound.into())
}

/// A command that runs `program`, see [`find`]. Its environment has the path without relative folders, the user's
/// folders, messages in English, and what of `more` is set; a name of `more` that ends in `*` is any that begins so.
///
/// # Errors
/// [`io::ErrorKind::NotFound`].
pub fn command(program: impl AsRef<OsStr>, more: &[&str]) -> io::Result<Command> {
    let mut command = Command::new(find(program)?);
    command.env_clear().env("LC_ALL", "C");
    let path = std::env::join_paths(folders()).map_err(io::Error::other)?;
    command.env("PATH", path);
    let wanted = |name: &OsString| {
        let name = name.to_string_lossy();
        KEPT.iter()
            .chain(more)
            .any(|kept| match kept.strip_suffix('*') {
                Some(begin) => name.starts_with(begin),
                None => name == *kept,
            })
    };
    command.envs(std::env::vars_os().filter(|(name, _)| wanted(name)));
    Ok(command)
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn programs_have_a_folder_and_a_clean_environment() {
        let sh = find("sh").unwrap();
        assert!(sh.is_absolute() && is_program(&sh));
        let missing = find("no-such-program-of-ours").unwrap_err();
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
        // Cargo sets variables of its own, which no program of others needs.
        assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some());
        let output = command("env", &["CARGO_PKG_*"]).unwrap().output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(
            text.contains("PATH=/") && text.contains("CARGO_PKG_NAME="),
            "{text}"
        );
        assert!(!text.contains("CARGO_MANIFEST_DIR"), "{text}");
        for line in text.lines() {
            let (name, _) = line.split_once('=').unwrap_or((line, ""));
            let known = KEPT.contains(&name)
                || ["PATH", "LC_ALL"].contains(&name)
                || name.starts_with("CARGO_PKG_");
            assert!(known, "{line}");
        }
    }

    #[test]
    fn the_current_folder_is_not_looked_at() {
        assert!(folders().iter().all(|folder| folder.is_absolute()));
    }
}
