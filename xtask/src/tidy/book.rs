//! The list of the manual's pages.

use super::markdown;
use super::tree::{Problem, Tree, resolve};

const SUMMARY: &str = "docs/SUMMARY.md";

/// Pages that the list does not have: mdBook leaves them out without a word.
pub fn check(tree: &Tree) -> Vec<Problem> {
    let links = markdown::links(tree.text(SUMMARY).unwrap_or_default()).into_iter();
    let listed: Vec<String> = links
        .filter_map(|(_, target)| resolve(SUMMARY, &target))
        .collect();
    let pages = tree.with("md").map(|(path, _)| path);
    let pages = pages.filter(|path| path.starts_with("docs/") && *path != SUMMARY);
    let missing = pages.filter(|path| !listed.iter().any(|other| other == path));
    missing
        .map(|path| Problem::new(path, 0, format!("{SUMMARY} does not list this page")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_that_are_not_listed_are_found() {
        let list = ("docs/SUMMARY.md", "- [A](a.md)\n- [B](log/b.md)\n");
        let pages = [
            ("docs/a.md", ""),
            ("docs/log/b.md", ""),
            ("docs/c.md", ""),
            ("README.md", ""),
        ];
        let tree = Tree::of(&[&[list], &pages[..]].concat());
        let paths: Vec<String> = check(&tree)
            .into_iter()
            .map(|problem| problem.path)
            .collect();
        assert_eq!(paths, ["docs/c.md"]);
    }
}
