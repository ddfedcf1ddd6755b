//! Random changes of one place in the Verilog.
//!
//! The rule: of all lines that are statements (an assignment or an `if`), outside of
//! declarations and initial values, every place is collected at which an operator can be
//! swapped, a sized constant be one more or less, or the condition of an `if` be inverted.
//! A seed picks a module, then a place in it: otherwise the widest modules had them all.

use spikevec_design::Design;

use crate::programs::Seed;

/// An operator and the one that takes its place.
const OPERATORS: [(&str, &str); 12] = [
    (" & ", " | "),
    (" | ", " & "),
    (" ^ ", " | "),
    (" == ", " != "),
    (" != ", " == "),
    (" < ", " <= "),
    (" >= ", " > "),
    (" + ", " - "),
    (" - ", " + "),
    (" << ", " >> "),
    (" >> ", " << "),
    ("(~", "("),
];

/// One changed place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mutation {
    /// Module.
    pub module: String,
    /// The line as it was.
    pub line: String,
    /// Column of the change in it.
    pub column: usize,
    /// Text that was there.
    pub from: String,
    /// Text that is there now.
    pub to: String,
}

impl std::fmt::Display for Mutation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (from, to) = (self.from.trim(), self.to.trim());
        let (module, line, column) = (&self.module, &self.line, self.column);
        write!(f, "{module}: `{line}`: `{from}` to `{to}` at {column}")
    }
}

/// A place: offset in the text, what is there, and what is to be.
struct Place<'a> {
    module: &'a str,
    start: usize,
    line: &'a str,
    column: usize,
    from: String,
    to: String,
}

/// Sized constants of a line (`3'd5`, `15'h7f`): column, text, and the two next to it.
fn constants(line: &str) -> Vec<(usize, String, [String; 2])> {
    let mut found = Vec::new();
    for (quote, _) in line.match_indices('\'') {
        let digits = |c: char| c.is_ascii_digit();
        let start = line[..quote].trim_end_matches(digits).len();
        let (width, rest) = (line[start..quote].parse::<u32>(), &line[quote + 1..]);
        let radix = match rest.chars().next() {
            Some('d') => 10,
            Some('h') => 16,
            _ => continue,
        };
        let value = &rest[1..];
        let end = value
            .find(|c: char| !c.is_digit(radix))
            .unwrap_or(value.len());
        let number = u64::from_str_radix(&value[..end], radix);
        let (Ok(width @ 1..=64), Ok(number)) = (width, number) else {
            continue;
        };
        let mask = u64::MAX >> (64 - width);
        let text = line[start..quote + 2 + end].to_owned();
        let near = [number.wrapping_add(1), number.wrapping_sub(1)];
        let near = near.map(|n| format!("{width}'h{:x}", n & mask));
        found.push((start, text, near));
    }
    found
}

fn is_statement(text: &str) -> bool {
    let apart = [
        "//",
        "initial",
        "reg ",
        "wire ",
        "localparam",
        "input ",
        "output ",
        ".",
    ];
    if apart.iter().any(|start| text.starts_with(start)) {
        return false;
    }
    text.contains(" = ") || text.contains(" <= ") || text.contains("if (")
}

fn places(design: &Design) -> Vec<Place<'_>> {
    let mut places = Vec::new();
    let (mut start, mut module) = (0, "");
    for line in design.verilog.split_inclusive('\n') {
        let text = line.trim_start();
        if let Some(rest) = text.strip_prefix("module ") {
            module = rest.split([' ', '(']).next().unwrap_or("");
        }
        if is_statement(text) {
            // A comment behind the statement is none.
            let code = line.split("//").next().unwrap_or(line);
            let mut place = |column, from: &str, to: &str| {
                let (from, to) = (from.to_owned(), to.to_owned());
                let line = line.trim_end();
                places.push(Place {
                    module,
                    start,
                    line,
                    column,
                    from,
                    to,
                });
            };
            for (from, to) in OPERATORS {
                for (column, _) in code.match_indices(from) {
                    place(column, from, to);
                }
            }
            for (column, from, near) in constants(code) {
                near.iter().for_each(|to| place(column, &from, to));
            }
            let condition = code.find("if (").zip(code.rfind(") begin"));
            if let Some((open, close)) = condition {
                let from = &code[open..close];
                place(open, from, &format!("if (!({})", &from[4..]));
            }
        }
        start += line.len();
    }
    places
}

/// The design with the change that `seed` picks; `None` for a text without places.
pub fn mutate(design: &Design, seed: u64) -> Option<(Design, Mutation)> {
    let mut random = Seed::new(seed);
    let mut places = places(design);
    let mut modules: Vec<_> = places.iter().map(|place| place.module).collect();
    modules.dedup();
    if modules.is_empty() {
        return None;
    }
    let module = random.pick(&modules);
    places.retain(|place| place.module == module);
    let place = &places[random.below(places.len() as u32) as usize];
    let at = place.start + place.column;
    let mut changed = design.clone();
    let range = at..at + place.from.len();
    changed.verilog.replace_range(range, &place.to);
    let line = place.line.trim_start();
    let mutation = Mutation {
        module: module.to_owned(),
        line: line.to_owned(),
        column: place.column - (place.line.len() - line.len()),
        from: place.from.clone(),
        to: place.to.clone(),
    };
    Some((changed, mutation))
}

/// Mutations that nothing can see, and why. They are redrawn: the next seed takes their place.
/// Keyed by the text of [`Mutation`], so that another design has others.
pub const EQUIVALENT: &[(&str, &str)] = &[
    (
        "dma_channel: `done_next = 1'd0;`: `1'd0` to `1'h1` at 12",
        "the clock after a start writes the bit again, and no CSR instruction is in A by then",
    ),
    (
        "dma_channel_2: `done_next = 1'd0;`: `1'd0` to `1'h1` at 12",
        "as in dma_channel",
    ),
    (
        "register_word: `assign wide = {3'd0, register};`: `3'd0` to `3'h1` at 15",
        "the bit lands above the address of the register file, which ignores it",
    ),
    (
        "vector_unit: `lane_misaligned = 1'd0;`: `1'd0` to `1'h1` at 18",
        "it is looked at only when some group has a bad address, and that group overrides it",
    ),
];
