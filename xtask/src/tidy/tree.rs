//! The files that a check looks at: those of the repository, or a few made up by a test.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

/// Paths from the repository's root, with `/`, and what is in the files; none where that is not text.
pub struct Tree {
    files: BTreeMap<String, Option<String>>,
}

/// Something that a check found, and where.
#[derive(Debug, PartialEq)]
pub struct Problem {
    pub path: String,
    /// From 1; 0 for the file as a whole.
    pub line: usize,
    pub what: String,
}

impl Problem {
    pub fn new(path: &str, line: usize, what: impl Into<String>) -> Self {
        let (path, what) = (path.to_owned(), what.into());
        Self { path, line, what }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.path)?;
        if self.line > 0 {
            write!(f, "{}:", self.line)?;
        }
        write!(f, " {}", self.what)
    }
}

impl Tree {
    /// All files that git knows or would take, as they are now.
    pub fn read(root: &Path) -> Result<Self> {
        let mut git = Command::new("git");
        git.current_dir(root)
            .args(["ls-files", "-z", "--cached", "--others"]);
        let output = git.arg("--exclude-standard").output();
        let output = output.context("cannot start git, which names the files to look at")?;
        if !output.status.success() {
            let why = String::from_utf8_lossy(&output.stderr);
            bail!("git ls-files: {}", why.trim());
        }
        let mut files = BTreeMap::new();
        for path in String::from_utf8(output.stdout)?.split_terminator('\0') {
            // A file that was removed and not committed yet is still listed.
            if let Ok(bytes) = std::fs::read(root.join(path)) {
                files.insert(path.to_owned(), String::from_utf8(bytes).ok());
            }
        }
        Ok(Self { files })
    }

    /// A tree that a test made up.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        let files = files.iter();
        let files = files.map(|(path, text)| ((*path).to_owned(), Some((*text).to_owned())));
        Self {
            files: files.collect(),
        }
    }

    /// Path and text of all files that are text.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        let files = self.files.iter();
        files.filter_map(|(path, text)| Some((path.as_str(), text.as_deref()?)))
    }

    /// Path and text of all files whose name ends in `.extension`.
    pub fn with<'a>(&'a self, extension: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let named = move |path: &str| Path::new(path).extension().is_some_and(|e| e == extension);
        self.texts().filter(move |(path, _)| named(path))
    }

    /// The text of a file.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path)?.as_deref()
    }

    /// Whether there is such a file or folder.
    pub fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        path.is_empty() || self.paths().any(|other| begins(other, path))
    }

    /// Whether some folder has such a file or folder below it: `emit/mod.rs` is in `compiler/src`.
    pub fn has_somewhere(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        self.paths().any(|other| {
            let starts = std::iter::once(0).chain(other.match_indices('/').map(|(at, _)| at + 1));
            starts.into_iter().any(|at| begins(&other[at..], path))
        })
    }

    fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }
}

/// Whether `path` is `start` or below it.
fn begins(path: &str, start: &str) -> bool {
    let rest = path.strip_prefix(start);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// `path` with `.` and `..` resolved, as seen from the file `from`; none where it leaves the tree.
pub fn resolve(from: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_folders_are_found() {
        let tree = Tree::of(&[("a/src/b/c.rs", ""), ("docs/x.md", "")]);
        for yes in ["a", "a/src/", "a/src/b/c.rs", "docs/x.md"] {
            assert!(tree.has(yes), "{yes}");
        }
        for no in ["a/sr", "b", "c.rs", "docs/x"] {
            assert!(!tree.has(no), "{no}");
        }
        for yes in ["b/c.rs", "c.rs", "src/b", "src/b/"] {
            assert!(tree.has_somewhere(yes), "{yes}");
        }
        assert!(!tree.has_somewhere("rc/b"));
    }

    #[test]
    fn paths_are_resolved_from_a_file() {
        assert_eq!(
            resolve("docs/a.md", "../b/./c.md").as_deref(),
            Some("b/c.md")
        );
        assert_eq!(resolve("docs/a.md", "b.md").as_deref(), Some("docs/b.md"));
        assert_eq!(resolve("a.md", "../b.md"), None);
    }
}
