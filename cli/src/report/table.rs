//! Columns of text.

use std::fmt::Write;

/// Rows as aligned columns, two spaces apart. `right` says which columns hold numbers.
pub fn table(rows: &[Vec<String>], right: &[bool]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |k: usize| {
        rows.iter()
            .filter_map(|row| row.get(k))
            .map(|cell| cell.chars().count())
            .max()
    };
    let widths: Vec<usize> = (0..columns).map(|k| width(k).unwrap_or(0)).collect();
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for ((cell, width), k) in row.iter().zip(&widths).zip(0..) {
            let gap = if k == 0 { "" } else { "  " };
            // Writing to a String cannot fail.
            let _ = if right.get(k) == Some(&true) {
                write!(line, "{gap}{cell:>width$}")
            } else {
                write!(line, "{gap}{cell:<width$}")
            };
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}

/// A fraction in per cent, `-` where it is unknown.
pub fn percent(fraction: Option<f64>, digits: usize) -> String {
    fraction.map_or_else(
        || "-".to_owned(),
        |fraction| format!("{:.digits$} %", 100.0 * fraction),
    )
}

/// A number, `-` where it is unknown.
pub fn number(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.digits$}"))
}

/// A number of things: `1 sample`, `2 samples`.
pub fn counted(count: u64, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

/// A number in full, with an exponent where that would be mostly zeros.
pub fn plain(value: f64) -> String {
    if value == 0.0 || (1e-6..1e9).contains(&value.abs()) {
        value.to_string()
    } else {
        format!("{value:e}")
    }
}

/// A large number with a prefix: `12.3 M`.
pub fn short(value: f64) -> String {
    match value {
        v if v >= 1e9 => format!("{:.2} G", v / 1e9),
        v if v >= 1e6 => format!("{:.1} M", v / 1e6),
        v if v >= 1e3 => format!("{:.1} k", v / 1e3),
        v => format!("{v:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let rows = [
            vec!["a".to_owned(), "10".to_owned()],
            vec!["bcd".to_owned(), "2".to_owned()],
        ];
        assert_eq!(table(&rows, &[false, true]), "a    10\nbcd   2\n");
        assert_eq!(percent(Some(0.98765), 2), "98.77 %");
        assert_eq!(short(12_345_678.0), "12.3 M");
        assert_eq!(number(None, 2), "-");
        assert_eq!(counted(1, "sample"), "1 sample");
        assert_eq!(counted(0, "step"), "0 steps");
        assert_eq!(plain(1e-300), "1e-300");
        assert_eq!(plain(1e-4), "0.0001");
        assert_eq!(plain(2.5e10), "2.5e10");
    }
}
