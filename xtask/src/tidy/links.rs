//! Links between pages, and to files and headings.

use super::markdown;
use super::tree::{Problem, Tree, resolve};

/// Links that lead nowhere. Those to other sites are not followed.
pub fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, page) in tree.with("md") {
        for (line, target) in markdown::links(page) {
            if let Some(what) = dead(tree, path, &target) {
                problems.push(Problem::new(path, line, what));
            }
        }
    }
    problems
}

fn dead(tree: &Tree, from: &str, target: &str) -> Option<String> {
    if target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let path = match file {
        "" => from.to_owned(),
        _ => match resolve(from, file) {
            Some(path) => path,
            None => return Some(format!("the link {target} leaves the repository")),
        },
    };
    if !tree.has(&path) {
        return Some(format!(
            "the link {target} leads nowhere: there is no {path}"
        ));
    }
    let page = tree.text(&path).filter(|_| path.ends_with(".md"))?;
    let anchors = markdown::anchors(page);
    if anchor.is_empty() || anchors.iter().any(|other| other == anchor) {
        return None;
    }
    Some(format!(
        "the link {target} names no heading of {path}: those are {}",
        anchors.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dead_links_and_anchors_are_found() {
        let page = "# Here\n[a](b.md) [b](../README.md#top) [c](#here) [d](https://x.example/y#z) [e](../src)\n\
                    [f](c.md)\n[g](b.md#other)\n[h](#there)\n[i](../../x.md)\n";
        let files = [
            ("docs/a.md", page),
            ("docs/b.md", "# B\n"),
            ("README.md", "# Top\n"),
        ];
        let tree = Tree::of(&[&files[..], &[("src/lib.rs", "")]].concat());
        let lines: Vec<usize> = check(&tree).iter().map(|problem| problem.line).collect();
        assert_eq!(lines, [3, 4, 5, 6]);
    }
}
