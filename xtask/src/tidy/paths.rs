//! Paths that pages and comments name.

use super::markdown;
use super::tree::{Problem, Tree};

/// Extensions by which a word is a file's name.
const EXTENSIONS: &[&str] = &["rs", "md", "toml", "py", "tcl", "lpf", "cst", "xdc", "sby"];

/// Names that no file of the repository has, and why they are named.
const ABSENT: &[(&str, &str)] = &[
    ("report.md", "what `spikevec synth` writes"),
    ("failed-NAME", "a folder that a failed build leaves"),
];

/// Where a word stands.
#[derive(Clone, Copy)]
enum Place {
    /// Between backquotes on a page: folders count too.
    Page,
    /// In a comment of a source file.
    Comment,
}

/// Paths that name no file or folder of the repository. A path may be given from the root or from any folder in
/// between: `emit/mod.rs` is found in `compiler/src`.
pub fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, page) in tree.with("md") {
        let prose = markdown::lines(page).into_iter();
        for line in prose.filter(|line| line.kind != markdown::Kind::Code) {
            for word in markdown::code(line.text) {
                problems.extend(
                    absent(tree, word, Place::Page)
                        .map(|what| Problem::new(path, line.number, what)),
                );
            }
        }
    }
    for (path, source) in tree.with("rs") {
        for (index, line) in source.lines().enumerate() {
            let Some((_, comment)) = line
                .split_once("//")
                .filter(|(code, _)| code.trim().is_empty())
            else {
                continue;
            };
            for word in comment.split(|c: char| c.is_whitespace() || "`()[]\",;".contains(c)) {
                problems.extend(
                    absent(tree, word, Place::Comment)
                        .map(|what| Problem::new(path, index + 1, what)),
                );
            }
        }
    }
    problems
}

/// What is wrong with a word that looks like a path and is none.
fn absent(tree: &Tree, word: &str, place: Place) -> Option<String> {
    let word = word.trim_end_matches(['.', ':', '\'']);
    let is_file = word.rsplit_once('.').is_some_and(|(stem, extension)| {
        !stem.is_empty() && !stem.ends_with('/') && EXTENSIONS.contains(&extension)
    });
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
    // Capitals stand for a name that the reader puts in; `..` leaves the repository.
    let upper = |part: &str| part.len() > 1 && part.chars().all(|c| c.is_ascii_uppercase());
    let open = word.split(['/', '.', '-']).any(upper);
    if !word.chars().all(plain) || word.starts_with(['/', '.', '-']) || word.contains("//") || open
    {
        return None;
    }
    let slashes = word.contains('/');
    let top = word.split('/').next().unwrap_or_default();
    let counts = match place {
        Place::Page => is_file || (slashes && (tree.has(top) || word.ends_with('/'))),
        Place::Comment => is_file && slashes,
    };
    let built = top == "target";
    let known = ABSENT
        .iter()
        .any(|(name, _)| *name == word.trim_end_matches('/'));
    if !counts || built || known || tree.has_somewhere(word) {
        return None;
    }
    Some(format!("names {word}, and there is no such file or folder"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_do_not_exist_are_found() {
        let page = "`a/src/b.rs`, `b.rs`, `src/`, `a/src`, `target/x.rs`, `NAME.md`, `docs/NAME.md`, `v1/v2`\n\
                    `a/src/c.rs`\n`c.rs`\n`a/sources`\n`gone/`\n```\n`a/code.rs`\n```\n";
        let source = "//! As a/src/b.rs and `docs/a.md`.\n//! See docs/gone.md.\nlet x = 1; // a/not.rs\n// `src/c.rs`\n";
        let tree = Tree::of(&[("docs/a.md", page), ("a/src/b.rs", source)]);
        let found = check(&tree);
        let found: Vec<_> = found
            .iter()
            .map(|problem| (problem.path.as_str(), problem.line))
            .collect();
        let page = [2, 3, 4, 5].map(|line| ("docs/a.md", line));
        assert_eq!(
            found,
            [&page[..], &[("a/src/b.rs", 2), ("a/src/b.rs", 4)]].concat()
        );
    }
}
