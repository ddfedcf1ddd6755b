//! Verilator's coverage, summed by module: lines that ran and bits that toggled.
//!
//! A point counts as reached where it was in any instance of its module.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use spikevec_design::Design;

/// What a point counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A line, or a branch of one.
    Line,
    /// A bit that changed.
    Toggle,
}

/// One point of one module.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Point {
    /// Module.
    pub module: String,
    /// What it counts.
    pub kind: Kind,
    /// Line of the Verilog, from 1.
    pub line: usize,
    /// Column.
    pub column: usize,
    /// The signal's bit, or the branch.
    pub what: String,
}

/// Points with their counts, the sum over all instances and files.
#[derive(Debug, Clone, Default)]
pub struct BlockCoverage {
    points: BTreeMap<Point, u64>,
}

/// The value of a key in a point's text: keys stand behind byte 1, values behind byte 2.
fn field<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let mut fields = text.split('\u{1}').filter_map(|f| f.split_once('\u{2}'));
    fields.find(|f| f.0 == key).map(|f| f.1)
}

impl BlockCoverage {
    /// Adds the counts of a file that Verilator wrote. Lines that are no points are passed over.
    pub fn add(&mut self, text: &str) {
        for line in text.lines() {
            let Some((point, count)) = line
                .strip_prefix("C '")
                .and_then(|rest| rest.rsplit_once("' "))
            else {
                continue;
            };
            let number = |key| field(point, key).and_then(|text| text.parse().ok());
            let Some((page, module)) = field(point, "page").and_then(|page| page.split_once('/'))
            else {
                continue;
            };
            let point = Point {
                module: module.to_owned(),
                kind: if page == "v_toggle" {
                    Kind::Toggle
                } else {
                    Kind::Line
                },
                line: number("l").unwrap_or(0),
                column: number("n").unwrap_or(0),
                what: field(point, "o").unwrap_or("").to_owned(),
            };
            *self.points.entry(point).or_default() += count.parse().unwrap_or(0);
        }
    }

    /// Points of a module and kind: reached, and all.
    pub fn of(&self, module: &str, kind: Kind) -> (usize, usize) {
        let all = self
            .points
            .iter()
            .filter(|(point, _)| point.module == module && point.kind == kind);
        let reached = all.clone().filter(|(_, count)| **count > 0).count();
        (reached, all.count())
    }

    /// Points that were never reached.
    pub fn holes(&self, kind: Kind) -> impl Iterator<Item = &Point> {
        let holes = self.points.iter().filter(|(_, count)| **count == 0);
        holes
            .map(|pair| pair.0)
            .filter(move |point| point.kind == kind)
    }

    /// Number of points.
    pub fn len(&self) -> usize {
        self.points.len()
    }

    /// True without points.
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    /// The modules of a design in its order, as a Markdown table. Where lines and toggles are
    /// of two configurations, a module that the other one lacks shows none.
    pub fn table(&self, design: &Design) -> String {
        let mut text =
            "| block | lines | of | toggled bits | of |\n| --- | ---: | ---: | ---: | ---: |\n"
                .to_owned();
        let mut sums = [0; 4];
        for module in &design.modules {
            let (lines, toggles) = (self.of(module, Kind::Line), self.of(module, Kind::Toggle));
            let row = [lines.0, lines.1, toggles.0, toggles.1];
            if lines.1 + toggles.1 > 0 {
                let [a, b, c, d] = row;
                let _ = writeln!(text, "| `{module}` | {a} | {b} | {c} | {d} |");
            }
            sums.iter_mut().zip(row).for_each(|(sum, n)| *sum += n);
        }
        let [a, b, c, d] = sums;
        let _ = writeln!(text, "| all | {a} | {b} | {c} | {d} |");
        text
    }

    /// Every line of `design` that was never reached, with its text.
    pub fn lines_missed(&self, design: &Design) -> String {
        let source: Vec<_> = design.verilog.lines().collect();
        let mut text = String::new();
        for point in self.holes(Kind::Line) {
            let line = source.get(point.line.wrapping_sub(1));
            let line = line.map_or("", |line| line.trim());
            let (module, number, what) = (&point.module, point.line, &point.what);
            let _ = writeln!(text, "{module} {number} ({what}): {line}");
        }
        text
    }

    /// The bits of each signal that never toggled.
    pub fn bits_missed(&self) -> String {
        let mut signals: BTreeMap<(&str, &str), Vec<u32>> = BTreeMap::new();
        for point in self.holes(Kind::Toggle) {
            let (name, bit) = point.what.split_once('[').unwrap_or((&point.what, "0]"));
            let bit = bit.trim_end_matches(']').parse().unwrap_or(0);
            signals.entry((&point.module, name)).or_default().push(bit);
        }
        let mut text = String::new();
        for ((module, name), mut bits) in signals {
            bits.sort_unstable();
            bits.dedup();
            let _ = writeln!(text, "{module}.{name}: bits {}", ranges(&bits));
        }
        text
    }
}

/// Numbers in order as ranges: `0, 4-7`.
fn ranges(bits: &[u32]) -> String {
    let mut parts: Vec<(u32, u32)> = Vec::new();
    for bit in bits {
        match parts.last_mut() {
            Some((_, last)) if *last + 1 == *bit => *last = *bit,
            _ => parts.push((*bit, *bit)),
        }
    }
    let show = |(first, last): &(u32, u32)| match first == last {
        true => first.to_string(),
        false => format!("{first}-{last}"),
    };
    parts.iter().map(show).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_summed_over_instances() {
        let point = |hier: &str, count| {
            format!(
                "C '\u{1}f\u{2}design.v\u{1}l\u{2}7\u{1}n\u{2}5\u{1}t\u{2}toggle\u{1}page\u{2}v_toggle/lane\u{1}o\u{2}a[3]\u{1}h\u{2}TOP.core.{hier}' {count}\n"
            )
        };
        let mut coverage = BlockCoverage::default();
        coverage.add("# SystemC::Coverage-3\n");
        coverage.add(&(point("one", 0) + &point("two", 0)));
        assert_eq!(coverage.of("lane", Kind::Toggle), (0, 1));
        coverage.add(&point("two", 5));
        assert_eq!(coverage.of("lane", Kind::Toggle), (1, 1));
        assert_eq!(coverage.of("lane", Kind::Line), (0, 0));
        assert_eq!(ranges(&[1, 4, 5, 6, 9]), "1, 4-6, 9");
    }
}
