//! Directives.

use spikevec_isa::{LANES, Memory, VECTOR_BYTES};

use super::cursor::Cursor;
use super::data::MAX_RUN;
use super::diagnostic::{Diagnostic as Error, Span};
use super::emit::MAX_CODE;
use super::expr::Expr;
use super::lexer::Kind;
use super::suggest::Vocabulary;
use super::symbols::{Meaning, Place};
use super::{Item, Reader};
use crate::elf::{physical_window, section_memory};

/// Every directive, for hints.
pub(super) const NAMES: [&str; 34] = [
    ".text",
    ".scalar",
    ".vector",
    ".lanelocal",
    ".external",
    ".section",
    ".org",
    ".align",
    ".p2align",
    ".balign",
    ".word",
    ".half",
    ".byte",
    ".vec",
    ".ascii",
    ".asciz",
    ".string",
    ".zero",
    ".space",
    ".skip",
    ".fill",
    ".equ",
    ".set",
    ".size",
    ".symbol",
    ".globl",
    ".global",
    ".type",
    ".file",
    ".4byte",
    ".2byte",
    ".short",
    ".long",
    ".hword",
];

/// Names of other assemblers that have another place here.
const ELSEWHERE: [(&str, &str); 6] = [
    (
        ".data",
        "data goes to .scalar, .vector, .lanelocal or .external",
    ),
    (
        ".rodata",
        "data goes to .scalar, .vector, .lanelocal or .external",
    ),
    (
        ".bss",
        "memory that nothing writes is zero: use .org to name places in it",
    ),
    (".dword", "there are no 64-bit words: write two .word"),
    (
        ".macro",
        "there are no macros: generate the text, or use the Builder",
    ),
    (".rept", "use .fill for repeated data"),
];

impl Reader {
    pub(super) fn directive(
        &mut self,
        name: &str,
        span: Span,
        cursor: &mut Cursor,
    ) -> Result<(), Error> {
        match name {
            ".section" => {
                let place = cursor.span();
                let name = cursor.name("the name of a section")?;
                let memory = section_memory(name).ok_or_else(|| {
                    Error::new(place, format!("there is no section {name}"))
                        .hint("sections: .text, .scalar, .vector, .lanelocal, .external")
                })?;
                // Flags and type, which GNU's assembler wants here, say nothing new.
                self.section = memory;
                return Ok(());
            }
            ".text" | ".scalar" | ".vector" | ".lanelocal" | ".external" => {
                self.section = section_memory(name).unwrap_or(self.section);
            }
            ".globl" | ".global" | ".type" | ".file" => return Ok(()),
            ".org" => self.org(cursor)?,
            ".align" | ".p2align" => {
                let power = self.constant(cursor, 0, 16)?;
                self.align(1 << power, span)?;
            }
            ".balign" => {
                let place = cursor.span();
                let bytes = self.constant(cursor, 1, 1 << 16)? as u32;
                if !bytes.is_power_of_two() {
                    let message = format!("an alignment is a power of two, not {bytes}");
                    return Err(Error::new(place, message));
                }
                self.align(bytes, span)?;
            }
            ".word" | ".4byte" | ".long" => self.values(4, cursor, span)?,
            ".half" | ".2byte" | ".short" | ".hword" => self.values(2, cursor, span)?,
            ".byte" => self.values(1, cursor, span)?,
            ".vec" => self.vectors(cursor, span)?,
            ".ascii" => self.strings(cursor, span, false)?,
            ".asciz" | ".string" => self.strings(cursor, span, true)?,
            ".zero" | ".space" | ".skip" => {
                let n = self.constant(cursor, 0, MAX_RUN)?;
                self.bytes(&vec![0; n as usize], span)?;
            }
            ".fill" => self.fill(cursor, span)?,
            ".equ" | ".set" => {
                let place = cursor.span();
                let symbol = self.new_name(cursor)?;
                cursor.expect(",")?;
                return self.assign(&symbol, place, name == ".set", cursor);
            }
            ".size" => {
                let name = cursor.symbol()?.to_owned();
                cursor.expect(",")?;
                let (value, place) = self.expression(cursor)?;
                self.sizes.push((name, value, place));
            }
            ".symbol" => self.symbol(cursor)?,
            _ => return Err(unknown(name, span)),
        }
        cursor.finish()
    }

    /// `.org address`, within the section.
    fn org(&mut self, cursor: &mut Cursor) -> Result<(), Error> {
        let start = cursor.span();
        if self.section == Memory::Instruction {
            let address = self.constant(cursor, 0, i64::from(MAX_CODE))? as u32;
            let span = start.to(cursor.previous());
            if !address.is_multiple_of(4) {
                let message = format!("{address:#x} is not the address of a word");
                return Err(Error::new(span, message));
            }
            self.items.push(Item::Org(address, span));
        } else {
            let limit = physical_window(self.section).1;
            let address = self.constant(cursor, 0, i64::from(limit))? as u32;
            self.data.seek(self.section, address);
        }
        Ok(())
    }

    fn align(&mut self, bytes: u32, span: Span) -> Result<(), Error> {
        if self.section == Memory::Instruction {
            self.items.push(Item::Align(bytes.max(4)));
            return Ok(());
        }
        let at = self.data.address(self.section);
        let gap = at.next_multiple_of(bytes) - at;
        self.bytes(&vec![0; gap as usize], span)
    }

    /// Writes bytes, into a data memory or as whole words of instruction memory.
    fn bytes(&mut self, bytes: &[u8], span: Span) -> Result<(), Error> {
        if self.section != Memory::Instruction {
            return self.data.write(self.section, bytes, span).map(|_| ());
        }
        let zero = bytes.iter().all(|b| *b == 0);
        if !zero || !bytes.len().is_multiple_of(4) || bytes.len() > MAX_CODE as usize {
            return Err(in_text(span));
        }
        let words = bytes.chunks_exact(4);
        self.items
            .extend(words.map(|_| Item::Word(Expr::Number(0), span)));
        Ok(())
    }

    fn values(&mut self, width: usize, cursor: &mut Cursor, span: Span) -> Result<(), Error> {
        if self.section == Memory::Instruction && width != 4 {
            return Err(in_text(span));
        }
        loop {
            let (value, place) = self.expression(cursor)?;
            if self.section == Memory::Instruction {
                self.items.push(Item::Word(value, place));
            } else {
                self.data.write_value(self.section, width, value, place)?;
            }
            if !cursor.eat(",") {
                return Ok(());
            }
        }
    }

    /// `.vec a, b, ...` with 32 values, or fewer and `*x` for the rest.
    fn vectors(&mut self, cursor: &mut Cursor, span: Span) -> Result<(), Error> {
        if self.section == Memory::Instruction {
            return Err(in_text(span));
        }
        let at = self.data.address(self.section);
        if !at.is_multiple_of(VECTOR_BYTES) && self.section != Memory::LaneLocal {
            let message =
                format!("a vector begins at a multiple of {VECTOR_BYTES}, not at {at:#x}");
            return Err(Error::new(span, message).hint("write .balign 64 before"));
        }
        let mut values = Vec::new();
        let mut rest = None;
        loop {
            let fill = cursor.eat("*");
            let value = self.expression(cursor)?;
            if fill {
                rest = Some(value);
                break;
            }
            values.push(value);
            if !cursor.eat(",") {
                break;
            }
        }
        let count = values.len();
        match rest {
            Some(fill) if count < LANES => values.resize(LANES, fill),
            _ if count == LANES && rest.is_none() => {}
            _ => {
                let message = format!("a vector has {LANES} values, and here are {count}");
                return Err(Error::new(span, message)
                    .hint("`*x` as the last one stands for the rest: .vec 1, 2, *0"));
            }
        }
        for (value, place) in values {
            self.data.write_value(self.section, 2, value, place)?;
        }
        Ok(())
    }

    fn strings(&mut self, cursor: &mut Cursor, span: Span, ended: bool) -> Result<(), Error> {
        if self.section == Memory::Instruction {
            return Err(in_text(span));
        }
        loop {
            let Some(Kind::Str(bytes)) = cursor.peek() else {
                return Err(cursor.unexpected("a string"));
            };
            let mut bytes = bytes.clone();
            bytes.extend(ended.then_some(0));
            self.bytes(&bytes, span)?;
            cursor.advance();
            if !cursor.eat(",") {
                return Ok(());
            }
        }
    }

    /// `.fill repeat[, size[, value]]`.
    fn fill(&mut self, cursor: &mut Cursor, span: Span) -> Result<(), Error> {
        let repeat = self.constant(cursor, 0, MAX_RUN / 4)?;
        let mut size = 1;
        let mut value = 0;
        if cursor.eat(",") {
            size = self.constant(cursor, 1, 4)? as usize;
            if cursor.eat(",") {
                value = self.constant(cursor, i64::from(i32::MIN), i64::from(u32::MAX))?;
            }
        }
        let bits = 8 * size as u32;
        if value < -(1i64 << (bits - 1)) || value >= 1i64 << bits {
            let message = format!("{value} does not fit in {size} bytes");
            return Err(Error::new(span, message));
        }
        if self.section == Memory::Instruction {
            if size != 4 || repeat > i64::from(MAX_CODE / 4) {
                return Err(in_text(span));
            }
            let words = (0..repeat).map(|_| Item::Word(Expr::Number(value), span));
            self.items.extend(words);
            return Ok(());
        }
        let bytes = value.to_le_bytes();
        self.bytes(&bytes[..size].repeat(repeat as usize), span)
    }

    /// `.symbol name, memory, address[, size]`: a named address without contents.
    fn symbol(&mut self, cursor: &mut Cursor) -> Result<(), Error> {
        let place = cursor.span();
        let name = self.new_name(cursor)?;
        cursor.expect(",")?;
        let at = cursor.span();
        let section = cursor.name("a memory")?;
        let memory = match section.trim_start_matches('.') {
            "abs" => None,
            other => Some(section_memory(&format!(".{other}")).ok_or_else(|| {
                Error::new(at, format!("there is no memory {section}")).hint(
                    "memories: text, scalar, vector, lanelocal, external; abs for a plain value",
                )
            })?),
        };
        cursor.expect(",")?;
        let max = i64::from(u32::MAX);
        let value = self.constant(cursor, 0, max)?;
        let size = if cursor.eat(",") {
            self.constant(cursor, 0, max)? as u32
        } else {
            0
        };
        let meaning = Meaning::Place(Place::Number(value));
        self.symbols.define(&name, meaning, place, false)?;
        if let Some(definition) = self.symbols.get_mut(&name) {
            definition.explicit = Some(memory);
            definition.size = size;
        }
        Ok(())
    }
}

fn in_text(span: Span) -> Error {
    Error::new(
        span,
        "instruction memory holds whole words that no load can read",
    )
    .hint("data goes to .scalar, .vector, .lanelocal or .external")
}

fn unknown(name: &str, span: Span) -> Error {
    let elsewhere = ELSEWHERE.iter().find(|(other, _)| *other == name);
    Error::new(span, format!("there is no directive {name}"))
        .maybe_hint(elsewhere.map(|(_, hint)| (*hint).to_owned()))
        .unknown(name, Vocabulary::Directives)
}
