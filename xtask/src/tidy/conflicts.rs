//! Conflict markers of a merge that was committed half done.

use super::tree::{Problem, Tree};

/// Lines that begin with a marker and a space. The line of `=` alone may be the underline of a heading and counts
/// only between two of the others, which are found anyway.
pub fn check(tree: &Tree) -> Vec<Problem> {
    let markers = ["<", ">", "|"].map(|sign| sign.repeat(7) + " ");
    let mut problems = Vec::new();
    for (path, text) in tree.texts() {
        for (index, line) in text.lines().enumerate() {
            if markers
                .iter()
                .any(|marker| line.starts_with(marker.as_str()))
            {
                let what = "a conflict marker: choose a side, and remove it";
                problems.push(Problem::new(path, index + 1, what));
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_are_found_in_any_text() {
        let sides =
            ["<<<<<<< HEAD", "=======", ">>>>>>> 4e853fa (Add)"].map(|line| format!("{line}\n"));
        let page = format!("# Page\n{}one\n{}two\n{}", sides[0], sides[1], sides[2]);
        let tree = Tree::of(&[
            ("a.md", &page),
            ("b.txt", "Heading\n=======\n x <<<<<<< y\n"),
        ]);
        let lines: Vec<usize> = check(&tree).iter().map(|problem| problem.line).collect();
        assert_eq!(lines, [2, 6]);
    }
}
