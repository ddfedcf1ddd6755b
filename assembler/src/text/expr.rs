//! Expressions: C's operators and precedence over 64-bit integers.

use spikevec_isa::registers::{parse_v, parse_x};

use super::cursor::Cursor;
use super::diagnostic::{Diagnostic, Span};
use super::lexer::Kind;
use super::symbols::{Place, Symbols};

/// Operators and brackets of one expression; a bound on recursion.
const MAX_SIZE: usize = 128;

/// An expression whose symbols are not yet looked up.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expr {
    Number(i64),
    /// A symbol by name.
    Symbol(String, Span),
    /// The location `.` of the statement.
    Place(Place),
    Unary(&'static str, Box<Expr>),
    Binary(&'static str, Span, Box<[Expr; 2]>),
}

/// Binary operators with their precedence; C's table.
const BINARY: [(&str, u8); 18] = [
    ("||", 1),
    ("&&", 2),
    ("|", 3),
    ("^", 4),
    ("&", 5),
    ("==", 6),
    ("!=", 6),
    ("<", 7),
    (">", 7),
    ("<=", 7),
    (">=", 7),
    ("<<", 8),
    (">>", 8),
    ("+", 9),
    ("-", 9),
    ("*", 10),
    ("/", 10),
    ("%", 10),
];

/// What an expression needs to know of the statement that it is in.
pub(crate) struct Context<'a> {
    pub symbols: &'a Symbols,
    pub here: Place,
}

/// Parses one expression.
pub(crate) fn parse(cursor: &mut Cursor, context: &Context) -> Result<Expr, Diagnostic> {
    let mut parser = Parser { context, size: 0 };
    parser.binary(cursor, 1)
}

struct Parser<'a> {
    context: &'a Context<'a>,
    size: usize,
}

impl Parser<'_> {
    fn grow(&mut self, cursor: &Cursor) -> Result<(), Diagnostic> {
        self.size += 1;
        if self.size > MAX_SIZE {
            let message = format!("an expression has at most {MAX_SIZE} operators and brackets");
            return Err(
                Diagnostic::new(cursor.span(), message).hint("give parts of it names with .equ")
            );
        }
        Ok(())
    }

    fn binary(&mut self, cursor: &mut Cursor, lowest: u8) -> Result<Expr, Diagnostic> {
        let mut left = self.unary(cursor)?;
        while let Some(Kind::Punct(p)) = cursor.peek() {
            let Some((op, level)) = BINARY.iter().find(|(op, _)| op == p) else {
                break;
            };
            if *level < lowest {
                break;
            }
            self.grow(cursor)?;
            let span = cursor.span();
            cursor.advance();
            let right = self.binary(cursor, level + 1)?;
            left = Expr::Binary(op, span, Box::new([left, right]));
        }
        Ok(left)
    }

    fn unary(&mut self, cursor: &mut Cursor) -> Result<Expr, Diagnostic> {
        for op in ["-", "+", "~", "!"] {
            if cursor.eat(op) {
                self.grow(cursor)?;
                return Ok(Expr::Unary(op, Box::new(self.unary(cursor)?)));
            }
        }
        if let Some(Kind::Function(name)) = cursor.peek() {
            self.grow(cursor)?;
            cursor.advance();
            return Ok(Expr::Unary(name, Box::new(self.bracket(cursor)?)));
        }
        if matches!(cursor.peek(), Some(Kind::Punct("("))) {
            self.grow(cursor)?;
            return self.bracket(cursor);
        }
        self.primary(cursor)
    }

    fn bracket(&mut self, cursor: &mut Cursor) -> Result<Expr, Diagnostic> {
        cursor.expect("(")?;
        let inner = self.binary(cursor, 1)?;
        cursor.expect(")")?;
        Ok(inner)
    }

    fn primary(&mut self, cursor: &mut Cursor) -> Result<Expr, Diagnostic> {
        let span = cursor.span();
        let expr = match cursor.peek() {
            Some(Kind::Number(n)) => Expr::Number(*n),
            Some(Kind::Fixed {
                integer,
                fraction,
                value,
            }) => Expr::Number(fixed(*integer, *fraction, *value, span)?),
            Some(Kind::Ident(name)) if name == "." => Expr::Place(self.context.here),
            Some(Kind::Ident(name)) => {
                if parse_x(name).or(parse_v(name)).is_some() {
                    let message = format!("{name} is a register, and a value is expected here");
                    return Err(Diagnostic::new(span, message)
                        .hint(format!("a symbol of that name is written \"{name}\"")));
                }
                match self.context.symbols.current(name) {
                    Some(value) => Expr::Number(value),
                    None => Expr::Symbol(name.clone(), span),
                }
            }
            Some(Kind::Str(_)) => {
                return Ok(Expr::Symbol(cursor.symbol()?.to_owned(), span));
            }
            Some(Kind::LocalRef { number, forward }) => {
                let name = self.context.symbols.local_name(*number, *forward);
                let name = name.ok_or_else(|| {
                    Diagnostic::new(
                        span,
                        format!("there is no label {number}: before this line"),
                    )
                    .hint(format!("{number}f means the next label {number}:"))
                })?;
                Expr::Symbol(name, span)
            }
            _ => return Err(cursor.unexpected("a value")),
        };
        cursor.advance();
        Ok(expr)
    }
}

/// The integer of a fixed-point literal: the nearest, halves away from zero.
fn fixed(integer: u32, fraction: u32, value: f64, span: Span) -> Result<i64, Diagnostic> {
    let bits = integer + fraction;
    if bits > 31 {
        let message = format!(
            "q{integer}.{fraction} has {} bits with its sign: at most 32",
            bits + 1
        );
        return Err(Diagnostic::new(span, message));
    }
    // Exact: a power of two times a double, far from its limits.
    let scale = f64::from(1u32 << fraction);
    let scaled = (value * scale).round();
    let limit = f64::from(1u32 << bits);
    if scaled < -limit || scaled > limit - 1.0 {
        let (low, high) = (-limit / scale, (limit - 1.0) / scale);
        let message = format!("{value} is out of range of q{integer}.{fraction}: {low} to {high}");
        return Err(Diagnostic::new(span, message).hint("more integer bits make room"));
    }
    Ok(scaled as i64)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::lexer;
    use super::*;

    fn value(text: &str) -> Result<i64, String> {
        let (tokens, errors) = lexer::tokens(text);
        if let Some(error) = errors.first() {
            return Err(error.message.clone());
        }
        let symbols = Symbols::default();
        let here = Place::Number(0);
        let context = Context {
            symbols: &symbols,
            here,
        };
        let mut cursor = Cursor::new(&tokens, tokens[0].span);
        parse(&mut cursor, &context)
            .and_then(|e| cursor.finish().map(|()| e))
            .and_then(|e| symbols.value(&e, None, tokens[0].span))
            .map_err(|error| error.message)
    }

    #[test]
    fn operators_bind_as_in_c() {
        for (text, wanted) in [
            ("1 + 2 * 3", 7),
            ("(1 + 2) * 3", 9),
            ("10 - 4 - 3", 3),
            ("1 << 2 + 1", 8),
            ("6 & 3 == 3", 0),
            ("1 | 2 ^ 3 & 4", 3),
            ("7 % 4 * 2", 6),
            ("-7 / 2", -3),
            ("-7 >> 1", -4),
            ("~0 & 0xff", 255),
            ("!5 || 2 && 3", 1),
            ("- - 4", 4),
            ("3 > 2 != 0", 1),
            ("0b101 + 017 + 0o17 + 0xF", 50),
            ("'a' + '\\n'", 107),
            ("%hi(0x12345fff)", 0x12346),
            ("%lo(0x12345fff)", -1),
            ("q8.7(0.25)", 32),
            ("-q0.15(0.5) + q0.15(-1)", -49152),
            ("q3.4(0.03125)", 1),
            ("q3.4(-0.03125)", -1),
        ] {
            assert_eq!(value(text), Ok(wanted), "{text}");
        }
    }

    #[test]
    fn what_is_no_value_is_refused() {
        for text in [
            "q8.7(256)",
            "q8.7(-256.01)",
            "q16.16(1)",
            "q8.7(1e999)",
            "q8.7(nan)",
            "1 / 0",
            "1 % (2 - 2)",
            "1 << 64",
            "0x7fffffffffffffff + 1",
            "99999999999999999999",
            "09",
            "12x",
            "1 +",
            "(1",
            "a0",
            "v3",
            "unknown",
            "\"ab",
            "'ab'",
        ] {
            assert!(value(text).is_err(), "{text}");
        }
        assert!(value(&"(".repeat(100_000)).is_err());
        assert!(value(&"-".repeat(100_000)).is_err());
        assert!(value(&"1+".repeat(100_000)).is_err());
    }
}
