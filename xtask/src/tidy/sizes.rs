//! Widths of prose and lengths of files.

use super::markdown::{self, Kind};
use super::tree::{Problem, Tree};

/// Columns of a line of prose on a page.
const COLUMNS: usize = 100;
/// Lines of a source file. Functions are clippy's business: `too_many_lines`, with the limit in clippy.toml.
const LINES: usize = 500;

/// Lines of prose on pages that are wider than [`COLUMNS`]. Code, tables, headings and elements of HTML may be wider, and a
/// line whose only long word (a link, say) cannot be broken. Reports of boards are written by the command line.
pub fn widths(tree: &Tree) -> Vec<Problem> {
    let pages = tree
        .with("md")
        .filter(|(path, _)| !path.ends_with("/report.md"));
    let mut problems = Vec::new();
    for (path, page) in pages {
        for line in markdown::lines(page)
            .iter()
            .filter(|line| line.kind == Kind::Prose)
        {
            let width = line.text.chars().count();
            let longest = line.text.split(' ').map(|word| word.chars().count()).max();
            if width > COLUMNS && longest.unwrap_or(0) < COLUMNS - 10 {
                let what = format!("{width} columns of prose: break the line at {COLUMNS}");
                problems.push(Problem::new(path, line.number, what));
            }
        }
    }
    problems
}

/// Source files of more than [`LINES`] lines, outside the hardware.
pub fn lengths(tree: &Tree) -> Vec<Problem> {
    let sources = tree.with("rs").chain(tree.with("py"));
    let sources = sources.filter(|(path, _)| !path.starts_with("hdl/"));
    let long = sources.map(|(path, text)| (path, text.lines().count()));
    long.filter(|(_, lines)| *lines > LINES)
        .map(|(path, lines)| {
            Problem::new(
                path,
                0,
                format!("{lines} lines: divide it, {LINES} are the limit"),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_prose_is_found() {
        let wide = "word ".repeat(21);
        let link = format!("[a](https://x.example/{})", "y".repeat(100));
        let page =
            format!("{wide}\n| {wide} |\n```\n{wide}\n```\n# {wide}\n{link}\nshort\n- {wide}\n");
        let tree = Tree::of(&[("docs/a.md", &page), ("bitstreams/b/report.md", &page)]);
        let lines: Vec<usize> = widths(&tree).iter().map(|problem| problem.line).collect();
        assert_eq!(lines, [1, 9]);
    }

    #[test]
    fn long_files_are_found() {
        let (long, fits) = ("\n".repeat(501), "\n".repeat(500));
        let tree = Tree::of(&[
            ("a.rs", &long),
            ("b.rs", &fits),
            ("hdl/c.rs", &long),
            ("d.txt", &long),
        ]);
        let paths: Vec<String> = lengths(&tree)
            .into_iter()
            .map(|problem| problem.path)
            .collect();
        assert_eq!(paths, ["a.rs"]);
    }
}
