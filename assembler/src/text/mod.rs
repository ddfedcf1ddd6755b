//! The text assembler: GNU-style source to an image. `docs/assembler.md` is its manual.

mod cursor;
mod data;
mod diagnostic;
mod directives;
mod emit;
mod expr;
mod instruction;
pub(crate) mod lexer;
mod pseudo;
mod suggest;
mod symbols;

use std::collections::BTreeSet;

use spikevec_isa::{Memory, Operand};

use crate::image::Image;
use cursor::Cursor;
use data::Data;
use diagnostic::Diagnostic as Error;
use expr::{Context, Expr};
use instruction::{Request, Template};
use lexer::{Kind, Token};
use symbols::{Meaning, Place, Symbols};

pub use diagnostic::{Diagnostic, Diagnostics, Span};
pub use suggest::hint as did_you_mean;

/// A part of instruction memory.
#[derive(Debug)]
enum Item {
    Instruction(Template),
    /// `li` in its short or in its long form.
    Constant {
        rd: u8,
        value: Expr,
        words: u32,
        span: Span,
    },
    Word(Expr, Span),
    Align(u32),
    Org(u32, Span),
    /// Stands for a line with an error, so that what follows keeps its place.
    Broken,
}

impl Item {
    /// The target of a conditional branch, which may have to grow.
    fn branch_target(&self) -> Option<&Expr> {
        match self {
            Item::Instruction(template) => template
                .values
                .iter()
                .find(|(operand, _, _)| *operand == Operand::Branch)
                .map(|(_, value, _)| value),
            _ => None,
        }
    }
}

/// The state of reading a file.
struct Reader {
    symbols: Symbols,
    items: Vec<Item>,
    data: Data,
    section: Memory,
    /// `.size` lines: they may stand before their symbol.
    sizes: Vec<(String, Expr, Span)>,
    errors: Vec<Error>,
}

/// Assembles `source`; `file` is its name in messages.
///
/// Takes time in proportion to the text's length, whatever is in it.
///
/// # Errors
/// All errors of the file.
pub fn assemble(source: &str, file: &str) -> Result<Image, Diagnostics> {
    let (tokens, lexical) = lexer::tokens(source);
    let bad_lines: BTreeSet<u32> = lexical.iter().map(|e| e.span.line).collect();
    let mut reader = Reader {
        symbols: Symbols::default(),
        items: Vec::new(),
        data: Data::default(),
        section: Memory::Instruction,
        sizes: Vec::new(),
        errors: Vec::new(),
    };
    for statement in tokens.split(|token| token.kind == Kind::End) {
        reader.statement(statement);
    }
    let (image, mut errors) = emit::image(&mut reader);
    // What a line lacks because a part of it is no token is no second error.
    errors.retain(|error| !bad_lines.contains(&error.span.line));
    errors.extend(lexical);
    if errors.is_empty() {
        Ok(image)
    } else {
        let hint = |name: &str, kind| suggest::guess(name, kind, &reader.symbols);
        Err(Diagnostics::new(file, source, errors, hint))
    }
}

impl Reader {
    fn here(&self) -> Place {
        match self.section {
            Memory::Instruction => Place::Text(self.items.len()),
            memory => Place::Data(memory, self.data.address(memory)),
        }
    }

    fn statement(&mut self, tokens: &[Token]) {
        let Some(first) = tokens.first() else { return };
        let mut cursor = Cursor::new(tokens, first.span);
        while matches!(cursor.ahead(1), Some(Kind::Punct(":"))) {
            if let Err(error) = self.label(&mut cursor) {
                self.errors.push(error);
                return;
            }
        }
        if cursor.is_done() {
            return;
        }
        let items = self.items.len();
        if let Err(error) = self.body(&mut cursor) {
            self.errors.push(error);
            if self.section == Memory::Instruction && self.items.len() == items {
                self.items.push(Item::Broken);
            }
        }
    }

    fn label(&mut self, cursor: &mut Cursor) -> Result<(), Error> {
        let span = cursor.span();
        let place = self.here();
        if let Some(Kind::Number(number)) = cursor.peek() {
            let number = u32::try_from(*number)
                .map_err(|_| Error::new(span, "a numeric label is at most 4294967295"))?;
            self.symbols.define_local(number, place, span)?;
            cursor.advance();
        } else {
            let name = self.new_name(cursor)?;
            let meaning = Meaning::Place(place);
            self.symbols.define(&name, meaning, span, false)?;
        }
        cursor.expect(":")
    }

    /// The name of a symbol to be defined.
    fn new_name(&self, cursor: &mut Cursor) -> Result<String, Error> {
        let span = cursor.span();
        let plain = matches!(cursor.peek(), Some(Kind::Ident(_)));
        let name = cursor.symbol()?;
        let x = spikevec_isa::registers::parse_x(name);
        if plain && x.or(spikevec_isa::registers::parse_v(name)).is_some() {
            return Err(Error::new(span, format!("{name} is a register"))
                .hint(format!("a symbol of that name is written \"{name}\"")));
        }
        if symbols::is_internal(name) || name.contains('\0') || name.is_empty() {
            return Err(Error::new(
                span,
                "a symbol's name is not empty and has no byte 0 or 1",
            ));
        }
        Ok(name.to_owned())
    }

    fn body(&mut self, cursor: &mut Cursor) -> Result<(), Error> {
        let span = cursor.span();
        if matches!(cursor.ahead(1), Some(Kind::Punct("="))) {
            let name = self.new_name(cursor)?;
            cursor.advance();
            return self.assign(&name, span, true, cursor);
        }
        let name = cursor.name("an instruction, a directive or a label")?;
        if name.starts_with('.') {
            return self.directive(name, span, cursor);
        }
        if self.section != Memory::Instruction {
            let message = format!(
                "{name}: instructions belong in .text, and this is {}",
                self.section
            );
            return Err(Error::new(span, message));
        }
        let context = Context {
            symbols: &self.symbols,
            here: self.here(),
        };
        let item = match instruction::parse(name, span, cursor, &context)? {
            Request::One(template) => Item::Instruction(template),
            Request::Constant { rd, value, span } => {
                // One instruction only where the value is known now: its length
                // must not depend on what comes later.
                let now = self.symbols.value(&value, None, span).ok();
                let short = now
                    .and_then(symbols::word)
                    .map(|value| crate::build::li(rd, value).count() as u32);
                Item::Constant {
                    rd,
                    value,
                    words: short.unwrap_or(2),
                    span,
                }
            }
        };
        self.items.push(item);
        Ok(())
    }

    /// `.equ`, `.set` and `name = value`.
    fn assign(
        &mut self,
        name: &str,
        span: Span,
        movable: bool,
        cursor: &mut Cursor,
    ) -> Result<(), Error> {
        let value = self.expression(cursor)?;
        cursor.finish()?;
        match self.symbols.value(&value.0, None, value.1) {
            Ok(number) => {
                let meaning = Meaning::Place(Place::Number(number));
                self.symbols.define(name, meaning, span, movable)
            }
            Err(_) => {
                let meaning = Meaning::Later(value.0);
                self.symbols.define(name, meaning, span, false)
            }
        }
    }

    fn expression(&self, cursor: &mut Cursor) -> Result<(Expr, Span), Error> {
        let context = Context {
            symbols: &self.symbols,
            here: self.here(),
        };
        let start = cursor.span();
        let value = expr::parse(cursor, &context)?;
        Ok((value, start.to(cursor.previous())))
    }

    /// An expression whose value is needed at once, within bounds.
    fn constant(&self, cursor: &mut Cursor, min: i64, max: i64) -> Result<i64, Error> {
        let (value, span) = self.expression(cursor)?;
        let value = self
            .symbols
            .value(&value, None, span)
            .map_err(|e| Error { ..e }.hint("define what this needs above this line"))?;
        if value < min || value > max {
            let message = format!("{value} is out of range {min} to {max}");
            return Err(Error::new(span, message));
        }
        Ok(value)
    }
}
