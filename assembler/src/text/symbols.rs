//! Symbols and the values of expressions.

use std::cell::Cell;
use std::collections::HashMap;

use spikevec_isa::Memory;

use super::diagnostic::{Diagnostic, Span};
use super::expr::Expr;
use super::suggest::Vocabulary;
use crate::build;

/// Steps that one evaluation may take: nested `.equ`s can double the work at each level.
const MAX_STEPS: u32 = 2000;
/// Symbols that may be defined in terms of each other in a chain.
const MAX_DEPTH: u32 = 16;

/// Where a label is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Before the item of this index in instruction memory.
    Text(usize),
    /// At an address of a data memory.
    Data(Memory, u32),
    /// No place at all: a number.
    Number(i64),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Meaning {
    Place(Place),
    /// An `.equ` of things that were not known at its line.
    Later(Expr),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Definition {
    pub meaning: Meaning,
    pub span: Span,
    /// May be defined again: `.set`.
    pub movable: bool,
    /// The memory and the address that `.symbol` gives.
    pub explicit: Option<Option<Memory>>,
    /// From `.size`.
    pub size: u32,
    /// The value of what was not known at its line, once it is.
    value: Cell<Option<i64>>,
}

/// All symbols of a file.
#[derive(Debug, Default)]
pub(crate) struct Symbols {
    map: HashMap<String, Definition>,
    /// Names in the order of their definitions.
    pub order: Vec<String>,
    /// How often each numeric label was defined so far.
    local: HashMap<u32, u32>,
    steps: Cell<u32>,
    /// Nothing changes any more: each value is computed once.
    settled: bool,
}

impl Symbols {
    /// Defines `name`.
    pub fn define(
        &mut self,
        name: &str,
        meaning: Meaning,
        span: Span,
        movable: bool,
    ) -> Result<(), Diagnostic> {
        if let Some(old) = self.map.get_mut(name) {
            if old.movable && movable {
                old.meaning = meaning;
                return Ok(());
            }
            let message = format!("{name} is defined twice: first in line {}", old.span.line);
            return Err(Diagnostic::new(span, message).hint("only .set may define a name again"));
        }
        self.order.push(name.to_owned());
        self.map.insert(
            name.to_owned(),
            Definition {
                meaning,
                span,
                movable,
                explicit: None,
                size: 0,
                value: Cell::new(None),
            },
        );
        Ok(())
    }

    /// The value that a `.set` gave `name` above: a later one must not change it here.
    pub fn current(&self, name: &str) -> Option<i64> {
        match self.map.get(name)? {
            Definition {
                meaning: Meaning::Place(Place::Number(value)),
                movable: true,
                ..
            } => Some(*value),
            _ => None,
        }
    }

    /// True where `expr` has something to do with an address in instruction memory.
    pub fn mentions_text(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Number(_) => false,
            Expr::Place(place) => matches!(place, Place::Text(_)),
            Expr::Symbol(name, _) => self.map.get(name).is_none_or(|d| {
                matches!(
                    d.meaning,
                    Meaning::Later(_) | Meaning::Place(Place::Text(_))
                ) || d.explicit == Some(Some(Memory::Instruction))
            }),
            Expr::Unary(_, inner) => self.mentions_text(inner),
            Expr::Binary(_, _, sides) => sides.iter().any(|side| self.mentions_text(side)),
        }
    }

    pub fn get(&self, name: &str) -> Option<&Definition> {
        self.map.get(name)
    }

    pub fn get_mut(&mut self, name: &str) -> Option<&mut Definition> {
        self.map.get_mut(name)
    }

    /// Defines the numeric label `number`.
    pub fn define_local(
        &mut self,
        number: u32,
        place: Place,
        span: Span,
    ) -> Result<(), Diagnostic> {
        let count = self.local.entry(number).or_default();
        *count += 1;
        let name = internal_name(number, *count);
        self.define(&name, Meaning::Place(place), span, false)
    }

    /// Internal name of `1b` or `1f`; `None` where there is no such label before.
    pub fn local_name(&self, number: u32, forward: bool) -> Option<String> {
        let count = self.local.get(&number).copied().unwrap_or(0);
        let count = if forward { count + 1 } else { count };
        (count > 0).then(|| internal_name(number, count))
    }

    /// Says that all symbols are defined, and that [`Symbols::value`] will be given the same
    /// addresses from now on.
    pub fn settle(&mut self) {
        self.settled = true;
    }

    /// The value of `expr`. `addresses` are those of the items of instruction
    /// memory; without them labels there have no value yet.
    pub fn value(
        &self,
        expr: &Expr,
        addresses: Option<&[u32]>,
        span: Span,
    ) -> Result<i64, Diagnostic> {
        self.steps.set(0);
        self.evaluate(expr, addresses, span, 0)
    }

    fn evaluate(
        &self,
        expr: &Expr,
        addresses: Option<&[u32]>,
        span: Span,
        depth: u32,
    ) -> Result<i64, Diagnostic> {
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > MAX_STEPS || depth > MAX_DEPTH {
            let message =
                "this value is defined in terms of itself, or by too long a chain of .equ";
            return Err(Diagnostic::new(span, message));
        }
        match expr {
            Expr::Number(n) => Ok(*n),
            Expr::Place(place) => place_value(*place, addresses, span),
            Expr::Symbol(name, span) => match self.map.get(name) {
                None => Err(self.undefined(name, *span)),
                Some(definition) => match &definition.meaning {
                    Meaning::Place(place) => place_value(*place, addresses, *span),
                    Meaning::Later(expr) => {
                        if let Some(value) = definition.value.get() {
                            return Ok(value);
                        }
                        let value = self.evaluate(expr, addresses, *span, depth + 1)?;
                        definition.value.set(self.settled.then_some(value));
                        Ok(value)
                    }
                },
            },
            Expr::Unary(op, inner) => {
                let x = self.evaluate(inner, addresses, span, depth)?;
                let result = match *op {
                    "-" => x.checked_neg(),
                    "~" => Some(!x),
                    "!" => Some(i64::from(x == 0)),
                    "%hi" => word(x).map(|x| i64::from(build::split(x).0)),
                    "%lo" => word(x).map(|x| i64::from(build::split(x).1)),
                    _ => Some(x),
                };
                result.ok_or_else(|| overflow(span))
            }
            Expr::Binary(op, at, sides) => {
                let a = self.evaluate(&sides[0], addresses, span, depth)?;
                let b = self.evaluate(&sides[1], addresses, span, depth)?;
                if matches!(*op, "/" | "%") && b == 0 {
                    return Err(Diagnostic::new(*at, "division by zero"));
                }
                binary(op, a, b).ok_or_else(|| overflow(*at))
            }
        }
    }

    fn undefined(&self, name: &str, span: Span) -> Diagnostic {
        if let Some((number, _)) = name
            .strip_prefix('\u{1}')
            .and_then(|n| n.split_once('\u{1}'))
        {
            let message = format!("there is no label {number}: after this line");
            return Diagnostic::new(span, message)
                .hint(format!("{number}b means the label {number}: before"));
        }
        Diagnostic::new(span, format!("{name} is not defined")).unknown(name, Vocabulary::Symbols)
    }

    /// Names of symbols, in the order of their definitions.
    pub fn visible(&self) -> impl Iterator<Item = &str> {
        let names = self.order.iter().map(String::as_str);
        names.filter(|name| !is_internal(name))
    }
}

/// The 32 bits of a value that is a signed or an unsigned word.
pub(crate) fn word(value: i64) -> Option<i32> {
    let signed = i32::try_from(value).ok();
    signed.or_else(|| u32::try_from(value).ok().map(|x| x as i32))
}

fn internal_name(number: u32, count: u32) -> String {
    format!("\u{1}{number}\u{1}{count}")
}

/// True for the name of a numeric label.
pub(crate) fn is_internal(name: &str) -> bool {
    name.starts_with('\u{1}')
}

fn place_value(place: Place, addresses: Option<&[u32]>, span: Span) -> Result<i64, Diagnostic> {
    match place {
        Place::Number(n) => Ok(n),
        Place::Data(_, address) => Ok(i64::from(address)),
        Place::Text(item) => match addresses.and_then(|a| a.get(item)) {
            Some(address) => Ok(i64::from(*address)),
            None => Err(Diagnostic::new(
                span,
                "this must be known at once, but it depends on an address in instruction memory",
            )),
        },
    }
}

fn overflow(span: Span) -> Diagnostic {
    Diagnostic::new(
        span,
        "the value does not fit: 64 bits, 32 for %hi and %lo, shifts of 0 to 63",
    )
}

fn binary(op: &str, a: i64, b: i64) -> Option<i64> {
    let shift = u32::try_from(b).ok().filter(|s| *s < 64);
    match op {
        "+" => a.checked_add(b),
        "-" => a.checked_sub(b),
        "*" => a.checked_mul(b),
        "/" => a.checked_div(b),
        "%" => a.checked_rem(b),
        "&" => Some(a & b),
        "|" => Some(a | b),
        "^" => Some(a ^ b),
        "<<" => shift.map(|s| a << s).filter(|r| r >> b == a),
        ">>" => shift.map(|s| a >> s),
        "==" => Some(i64::from(a == b)),
        "!=" => Some(i64::from(a != b)),
        "<" => Some(i64::from(a < b)),
        ">" => Some(i64::from(a > b)),
        "<=" => Some(i64::from(a <= b)),
        ">=" => Some(i64::from(a >= b)),
        "&&" => Some(i64::from(a != 0 && b != 0)),
        _ => Some(i64::from(a != 0 || b != 0)),
    }
}
