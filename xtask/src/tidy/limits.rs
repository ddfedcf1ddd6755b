//! Rows of docs/limits.md: each says which test holds it.

use super::tree::{Problem, Tree};

/// The page.
const PAGE: &str = "docs/limits.md";

/// Columns of its table; the last one is the test.
const COLUMNS: usize = 5;

/// Rows without a test. That the file is there is looked at as for every path.
pub fn check(tree: &Tree) -> Vec<Problem> {
    let page = tree.text(PAGE).unwrap_or_default();
    let rows = page.lines().enumerate().filter(|(_, line)| {
        let rule = line.starts_with("| ---");
        line.starts_with("| ") && !rule && !line.starts_with("| what |")
    });
    let untested = rows.filter(|(_, line)| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let named = |cell: &&str| cell.starts_with('`') && cell.contains(".rs");
        cells.len() != COLUMNS || !cells.last().is_some_and(named)
    });
    let what = "a limit without its test: name the test's file in the last column";
    untested
        .map(|(index, _)| Problem::new(PAGE, index + 1, what))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_names_its_test() {
        let head = "| what | limit | raised by | where | test |\n| --- | --- | --- | --- | --- |\n";
        let rows = "| a | 1 | | `a.rs` | `b.rs` |\n| a | 1 | | `a.rs` | |\n| a | 1 |\n";
        let tree = Tree::of(&[(PAGE, &format!("{head}{rows}"))]);
        let lines: Vec<usize> = check(&tree).iter().map(|problem| problem.line).collect();
        assert_eq!(lines, [4, 5]);
    }
}
