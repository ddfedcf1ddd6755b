//! Image to text.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use spikevec_isa::registers::{parse_v, parse_x};
use spikevec_isa::{Instruction, LANES, Memory, Operand, VECTOR_BYTES};

use crate::elf::{DATA_SECTIONS, section_name};
use crate::image::{Image, Segment, Symbol};
use crate::text::lexer::is_plain_name;

/// The image as text that [`crate::assemble`] turns into the same image: code,
/// contents and symbols (in another order), the manifest apart.
///
/// Illegal words become `.word`, branch targets labels. A second symbol of the same
/// name, or one whose name no source can hold, becomes a comment.
pub fn disassemble(image: &Image) -> String {
    let mut names = Names::new(image);
    let mut out = String::new();
    text(image, &mut names, &mut out);
    for (memory, section) in DATA_SECTIONS {
        let segments = image.segments.iter().filter(|s| s.memory == memory);
        let mut segments = segments.filter(|s| !s.bytes.is_empty()).peekable();
        if segments.peek().is_some() {
            let _ = writeln!(out, "\n.section {section}");
        }
        for segment in segments {
            data(segment, &mut names, &mut out);
        }
    }
    names.rest(&mut out);
    out
}

/// Address, word and text of each instruction, one a line, for people: branch
/// targets as addresses, symbols of instruction memory on lines of their own.
pub fn listing(code: &[u32], symbols: &[Symbol]) -> String {
    let mut labels: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    for symbol in symbols {
        if symbol.memory == Some(Memory::Instruction) {
            labels.entry(symbol.value).or_default().push(&symbol.name);
        }
    }
    let mut out = String::new();
    for (index, word) in code.iter().enumerate() {
        let address = 4 * index as u32;
        for name in labels.get(&address).into_iter().flatten() {
            let _ = writeln!(out, "{}:", quoted(name));
        }
        let line = match Instruction::decode(*word) {
            Ok(instruction) => match target(&instruction, address) {
                Some(to) => {
                    let name = labels.get(&to).and_then(|names| names.first());
                    let name = name.map_or(String::new(), |n| format!(" <{n}>"));
                    with_target(&instruction, &format!("{to:#x}{name}"))
                }
                None => instruction.to_string(),
            },
            Err(_) => "illegal".to_owned(),
        };
        let _ = writeln!(out, "{address:6x}:  {word:08x}  {line}");
    }
    out
}

/// Address that a branch or a jump goes to.
pub(crate) fn target(instruction: &Instruction, address: u32) -> Option<u32> {
    let spec = instruction.op.spec();
    let relative = spec.has(Operand::Branch) || spec.has(Operand::Jump);
    relative.then(|| address.wrapping_add_signed(instruction.imm))
}

/// The text of a branch or jump with `name` for its distance.
fn with_target(instruction: &Instruction, name: &str) -> String {
    let text = instruction.to_string();
    match text.strip_suffix(&format!(".{:+}", instruction.imm)) {
        Some(start) => format!("{start}{name}"),
        None => text,
    }
}

/// `name` as a source can hold it: in quotes where it must be.
fn quoted(name: &str) -> String {
    if is_plain_name(name) && parse_x(name).or(parse_v(name)).is_none() {
        return name.to_owned();
    }
    let mut out = String::from("\"");
    for c in name.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_ascii_control() => {
                let _ = write!(out, "\\x{:02x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out + "\""
}

/// The symbols that are still to be written.
struct Names<'a> {
    by_place: BTreeMap<(Option<Memory>, u32), Vec<&'a Symbol>>,
    unwritable: Vec<&'a Symbol>,
    all: BTreeSet<&'a str>,
}

impl<'a> Names<'a> {
    fn new(image: &'a Image) -> Self {
        let mut names = Names {
            by_place: BTreeMap::new(),
            unwritable: Vec::new(),
            all: BTreeSet::new(),
        };
        for symbol in &image.symbols {
            let name = symbol.name.as_str();
            let held = !name.is_empty() && !name.contains('\0') && !name.starts_with('\u{1}');
            if !held || !names.all.insert(name) {
                names.unwritable.push(symbol);
                continue;
            }
            let place = (symbol.memory, symbol.value);
            names.by_place.entry(place).or_default().push(symbol);
        }
        names
    }

    /// Symbols that can stand as labels at a place. Names with `.L` cannot: as
    /// labels they would stay inside the file.
    fn labels(&self, memory: Memory, address: u32) -> impl Iterator<Item = &'a Symbol> + use<'a> {
        let here = self.by_place.get(&(Some(memory), address));
        let here = here.cloned().unwrap_or_default();
        here.into_iter().filter(|s| !s.name.starts_with(".L"))
    }

    /// Writes the labels of a place.
    fn write(&mut self, memory: Memory, address: u32, out: &mut String) {
        for symbol in self.labels(memory, address) {
            let name = quoted(&symbol.name);
            let _ = writeln!(out, "{name}:");
            if symbol.size > 0 {
                let _ = writeln!(out, "    .size {name}, {}", symbol.size);
            }
        }
        if let Some(here) = self.by_place.get_mut(&(Some(memory), address)) {
            here.retain(|s| s.name.starts_with(".L"));
        }
    }

    /// Writes everything that was no label.
    fn rest(self, out: &mut String) {
        let mut first = true;
        for symbol in self.by_place.into_values().flatten() {
            if std::mem::take(&mut first) {
                out.push('\n');
            }
            let name = quoted(&symbol.name);
            let memory = symbol.memory.map_or(".abs", section_name);
            let memory = memory.trim_start_matches('.');
            let _ = write!(out, ".symbol {name}, {memory}, {:#x}", symbol.value);
            if symbol.size > 0 {
                let _ = write!(out, ", {}", symbol.size);
            }
            out.push('\n');
        }
        for symbol in self.unwritable {
            let memory = symbol.memory.map_or(".abs", section_name);
            let _ = writeln!(
                out,
                "# no symbol: {:?} in {memory} at {:#x}",
                symbol.name, symbol.value
            );
        }
    }
}

fn text(image: &Image, names: &mut Names, out: &mut String) {
    let end = 4 * image.code.len() as u32;
    let decoded: Vec<_> = image
        .code
        .iter()
        .enumerate()
        .map(|(k, word)| (4 * k as u32, *word, Instruction::decode(*word).ok()))
        .collect();
    let inside = |to: &u32| *to <= end && to.is_multiple_of(4);
    // Targets that no symbol names get names of their own.
    let mut made: BTreeMap<u32, String> = BTreeMap::new();
    for (address, _, instruction) in &decoded {
        let to = instruction
            .and_then(|i| target(&i, *address))
            .filter(inside);
        if let Some(to) = to {
            let known = names.labels(Memory::Instruction, to).next();
            made.entry(to).or_insert_with(|| match known {
                Some(symbol) => quoted(&symbol.name),
                None => {
                    let mut name = format!(".L{to:x}");
                    while names.all.contains(name.as_str()) {
                        name.push('_');
                    }
                    name
                }
            });
        }
    }
    let _ = writeln!(out, ".text");
    let mut place = |address: u32, out: &mut String| {
        let named = names.labels(Memory::Instruction, address).next().is_some();
        names.write(Memory::Instruction, address, out);
        if let Some(name) = made.get(&address).filter(|_| !named) {
            let _ = writeln!(out, "{name}:");
        }
    };
    for (address, word, instruction) in &decoded {
        place(*address, out);
        let line = match instruction {
            None => format!(".word {word:#010x}"),
            Some(i) => match target(i, *address).and_then(|to| made.get(&to)) {
                Some(name) => with_target(i, name),
                None => i.to_string(),
            },
        };
        let _ = writeln!(out, "    {line}");
    }
    place(end, out);
}

/// The contents of a segment, cut where symbols are.
fn data(segment: &Segment, names: &mut Names, out: &mut String) {
    let memory = segment.memory;
    let start = segment.address;
    let end = start.saturating_add(segment.bytes.len() as u32);
    let _ = writeln!(out, "    .org {start:#x}");
    let places = (Some(memory), start)..=(Some(memory), end);
    let mut cuts: Vec<u32> = names
        .by_place
        .range(places)
        .map(|((_, at), _)| *at)
        .collect();
    cuts.push(end);
    let mut at = start;
    for cut in cuts {
        let part = (at - start) as usize..(cut - start) as usize;
        bytes(memory, at, segment.bytes.get(part).unwrap_or(&[]), out);
        names.write(memory, cut, out);
        at = cut;
    }
}

fn bytes(memory: Memory, mut address: u32, mut bytes: &[u8], out: &mut String) {
    while !bytes.is_empty() {
        let zeros = bytes.iter().take_while(|b| **b == 0).count().min(1 << 20);
        let vector = bytes.get(..VECTOR_BYTES as usize);
        let aligned = address.is_multiple_of(VECTOR_BYTES);
        let taken = if zeros >= 16 {
            let _ = writeln!(out, "    .zero {zeros}");
            zeros
        } else if let Some(vector) = vector.filter(|_| memory == Memory::Vector && aligned) {
            let _ = writeln!(out, "    .vec {}", vector_values(vector));
            vector.len()
        } else {
            let halves = matches!(memory, Memory::Vector | Memory::LaneLocal);
            let (width, name) = match (halves, address % 4, bytes.len()) {
                (false, 0, 4..) => (4, ".word"),
                (true, 0 | 2, 2..) => (2, ".half"),
                _ => (1, ".byte"),
            };
            // At most to the next line's boundary, so that the rest is aligned again.
            let room = if width == 1 {
                4 - address as usize % 4
            } else {
                16
            };
            let count = (bytes.len() / width).min(room / width);
            let values: Vec<String> = bytes
                .chunks_exact(width)
                .take(count)
                .map(|c| number(c, width, halves))
                .collect();
            let _ = writeln!(out, "    {name} {}", values.join(", "));
            count * width
        };
        address += taken as u32;
        bytes = bytes.get(taken..).unwrap_or(&[]);
    }
}

fn number(bytes: &[u8], width: usize, signed: bool) -> String {
    let value = bytes.iter().rev().fold(0u32, |v, b| v << 8 | u32::from(*b));
    match (width, signed) {
        (2, true) => (value as i16).to_string(),
        (4, _) => format!("{value:#010x}"),
        _ => value.to_string(),
    }
}

/// 32 values, equal ones at the end as one `*x`.
fn vector_values(bytes: &[u8]) -> String {
    let mut values: Vec<String> = bytes.chunks_exact(2).map(|c| number(c, 2, true)).collect();
    debug_assert_eq!(values.len(), LANES);
    if let Some(last) = values.last().cloned() {
        let equal = values.iter().rev().take_while(|v| **v == last).count();
        if equal > 1 {
            values.truncate(values.len() - equal);
            values.push(format!("*{last}"));
        }
    }
    values.join(", ")
}
