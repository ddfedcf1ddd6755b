//! Widths of prose and lengths of files.

use super::markdown::{self, Kind};
use super::tree::{Problem, Tree};

/// Columns of a line of prose on a page.
const COLUMNS: usize = 100;
/// Lines of a source file.
const LINES: usize = 500;
/// Lines of a function between its braces, without comments and empty lines.
const FUNCTION: usize = 100;

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

/// Functions of more than [`FUNCTION`] lines, outside the hardware. (Clippy's `too_many_lines` would want an exception in each
/// file of the hardware, whose blocks are one function by rust-hdl's rules.) The end of a function is the brace below the
/// beginning of its first line, since all sources are formatted. One whose line above is `// A list.` may be longer.
pub fn functions(tree: &Tree) -> Vec<Problem> {
    let sources = tree
        .with("rs")
        .filter(|(path, _)| !path.starts_with("hdl/"));
    let mut problems = Vec::new();
    for (path, source) in sources {
        let lines: Vec<&str> = source.lines().collect();
        for (start, line) in lines
            .iter()
            .enumerate()
            .filter(|(_, line)| begins_function(line))
        {
            let indent = line.len() - line.trim_start().len();
            let end = format!("{}}}", &line[..indent]);
            let list = start > 0 && lines[start - 1].trim() == "// A list.";
            let lines = lines[start..].iter().take_while(|line| **line != end);
            let body = lines.skip_while(|line| !line.ends_with('{')).skip(1);
            let body =
                body.filter(|line| !line.trim().is_empty() && !line.trim().starts_with("//"));
            let length = body.count();
            // `{}` and declarations without a body end in their own lines.
            if !line.ends_with(['}', ';']) && length > FUNCTION && !list {
                let what =
                    format!("a function of {length} lines: divide it, {FUNCTION} are the limit");
                problems.push(Problem::new(path, start + 1, what));
            }
        }
    }
    problems
}

fn begins_function(line: &str) -> bool {
    let words = line.trim_start().split(' ');
    let mut words = words.skip_while(|word| {
        word.starts_with("pub") || ["const", "async", "unsafe", "extern", "\"C\""].contains(word)
    });
    words.next() == Some("fn")
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

    #[test]
    fn long_functions_are_found() {
        let body = |lines: usize| "        x();\n".repeat(lines);
        let function = |name: &str, lines| {
            format!(
                "    pub(super) fn {name}(\n    ) {{\n{}    }}\n",
                body(lines)
            )
        };
        let text = format!(
            "impl A {{\n{}\n{}}}\n// A list.\nfn c() {{\n{}}}\nfn d() {{}}\nmod e {{\n{}}}\n",
            function("a", 100),
            function("b", 101).replace("x();\n    }", "x();\n\n        // Why.\n    }"),
            body(200),
            body(200)
        );
        let tree = Tree::of(&[("a.rs", &text), ("hdl/b.rs", &text)]);
        let found: Vec<_> = functions(&tree)
            .into_iter()
            .map(|p| (p.path, p.line))
            .collect();
        assert_eq!(found, [("a.rs".to_owned(), 106)]);
    }
}
