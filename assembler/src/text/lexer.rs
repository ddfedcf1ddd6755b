//! Text to tokens.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_till, take_until, take_while, take_while_m_n, take_while1};
use nom::character::complete::{anychar, char, satisfy};
use nom::combinator::{opt, peek, recognize, value};
use nom::error::{ErrorKind, ParseError};
use nom::multi::many0;
use nom::sequence::pair;
use nom::{IResult, Parser};
use nom_locate::LocatedSpan;

use super::diagnostic::{Diagnostic, Span};

/// What a token is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    /// A name: mnemonic, directive, register, symbol; also the location `.`.
    Ident(String),
    /// A string, escapes resolved.
    Str(Vec<u8>),
    /// A number or a character.
    Number(i64),
    /// `1f` or `1b`.
    LocalRef { number: u32, forward: bool },
    /// `q8.7(0.25)`.
    Fixed {
        integer: u32,
        fraction: u32,
        value: f64,
    },
    /// `%hi` or `%lo` before a bracket.
    Function(&'static str),
    /// An operator or a separator within a statement.
    Punct(&'static str),
    /// End of a statement.
    End,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    pub kind: Kind,
    pub span: Span,
}

type Input<'a> = LocatedSpan<&'a str>;

#[derive(Debug)]
struct LexError {
    message: String,
}

impl<'a> ParseError<Input<'a>> for LexError {
    fn from_error_kind(_: Input<'a>, _: ErrorKind) -> Self {
        LexError {
            message: String::new(),
        }
    }

    fn append(_: Input<'a>, _: ErrorKind, other: Self) -> Self {
        other
    }
}

type Lexed<'a, T> = IResult<Input<'a>, T, LexError>;

fn fail<'a, T>(message: impl Into<String>) -> Lexed<'a, T> {
    Err(nom::Err::Failure(LexError {
        message: message.into(),
    }))
}

/// Blanks and comments; a newline is a token of its own.
fn blank(input: Input) -> Lexed<()> {
    let line = |start| recognize(pair(tag(start), take_till(|c| c == '\n')));
    let block = |i| {
        let (rest, _) = tag("/*").parse(i)?;
        match take_until::<_, _, LexError>("*/").parse(rest) {
            Ok((rest, _)) => tag("*/").parse(rest),
            Err(_) => fail("this comment is not closed: `*/` is missing"),
        }
    };
    let space = take_while1(|c| c == ' ' || c == '\t' || c == '\r');
    value((), many0(alt((space, line("#"), line("//"), block)))).parse(input)
}

fn is_name_start(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '_' | '.' | '$')
}

fn is_name(c: char) -> bool {
    is_name_start(c) || c.is_ascii_digit()
}

/// True where `name` can stand without quotes.
pub(crate) fn is_plain_name(name: &str) -> bool {
    name != "." && name.starts_with(is_name_start) && name.chars().all(is_name)
}

fn name(input: Input) -> Lexed<Kind> {
    let (rest, text) = recognize(pair(satisfy(is_name_start), take_while(is_name))).parse(input)?;
    if let Some((integer, fraction)) = fixed_format(text.fragment())
        && rest.fragment().starts_with('(')
    {
        return fixed(rest, integer, fraction);
    }
    Ok((rest, Kind::Ident(text.fragment().to_string())))
}

/// The two numbers of `q8.7`.
fn fixed_format(text: &str) -> Option<(u32, u32)> {
    let (integer, fraction) = text.strip_prefix('q')?.split_once('.')?;
    let digits = |s: &str| (1..=3).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
    if !digits(integer) || !digits(fraction) {
        return None;
    }
    Some((integer.parse().ok()?, fraction.parse().ok()?))
}

fn fixed(input: Input, integer: u32, fraction: u32) -> Lexed<Kind> {
    let (rest, _) = char('(').parse(input)?;
    // No decimal number is longer; without a limit a line of open brackets is read once for each.
    let (rest, text) = take_while_m_n(0, 64, |c| c != ')' && c != '\n').parse(rest)?;
    let (rest, closed) = opt(char(')')).parse(rest)?;
    let text = text.fragment().trim();
    if closed.is_none() {
        return fail("a fixed-point literal is written q8.7(0.25): `)` is missing");
    }
    let numeric = text
        .bytes()
        .all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    let Some(value) = text
        .parse::<f64>()
        .ok()
        .filter(|v| numeric && v.is_finite())
    else {
        return fail(format!("{text:?} is not a decimal number"));
    };
    let kind = Kind::Fixed {
        integer,
        fraction,
        value,
    };
    Ok((rest, kind))
}

fn number(input: Input) -> Lexed<Kind> {
    let (rest, _) = peek(satisfy(|c| c.is_ascii_digit())).parse(input)?;
    let (rest, text) = take_while1(|c: char| c.is_ascii_alphanumeric() || c == '_').parse(rest)?;
    let text = *text.fragment();
    let lower = text.to_ascii_lowercase();
    let radix = |digits: &str, radix| i64::from_str_radix(digits, radix).ok();
    let value = if let Some(digits) = lower.strip_prefix("0x") {
        radix(digits, 16)
    } else if let Some(digits) = lower.strip_prefix("0b").filter(|d| !d.is_empty()) {
        radix(digits, 2)
    } else if let Some(digits) = lower.strip_prefix("0o") {
        radix(digits, 8)
    } else if let Some(label) = text.strip_suffix(['f', 'b']) {
        let Ok(number) = label.parse() else {
            return fail(format!(
                "{text} is neither a number nor a reference to a local label"
            ));
        };
        let forward = text.ends_with('f');
        return Ok((rest, Kind::LocalRef { number, forward }));
    } else if lower.len() > 1 && lower.starts_with('0') {
        radix(&lower, 8)
    } else {
        radix(&lower, 10)
    };
    match value {
        Some(value) => Ok((rest, Kind::Number(value))),
        None if lower.starts_with('0')
            && lower.len() > 1
            && lower.bytes().all(|b| b.is_ascii_digit()) =>
        {
            fail(format!(
                "{text} is no octal number, which a leading 0 makes it"
            ))
        }
        None => fail(format!("{text} is not a number of up to 63 bits")),
    }
}

/// One character of a string or character literal, escapes resolved to a byte.
fn character(input: Input) -> Lexed<Vec<u8>> {
    let (rest, c) = anychar(input)?;
    if c != '\\' {
        return Ok((rest, c.to_string().into_bytes()));
    }
    let (rest, escape) = anychar(rest)?;
    let byte = match escape {
        'n' => b'\n',
        't' => b'\t',
        'r' => b'\r',
        '0' => 0,
        '\\' | '"' | '\'' => escape as u8,
        'x' => {
            let hex = rest.fragment().get(..2).unwrap_or("");
            let Ok(byte) = u8::from_str_radix(hex, 16) else {
                return fail("\\x needs two hexadecimal digits");
            };
            let (rest, _) = pair(anychar, anychar).parse(rest)?;
            return Ok((rest, vec![byte]));
        }
        other => {
            return fail(format!(
                "the escape \\{other} is unknown: \\n \\t \\r \\0 \\\\ \\\" \\' \\xhh"
            ));
        }
    };
    Ok((rest, vec![byte]))
}

fn quoted(input: Input) -> Lexed<Kind> {
    let (mut rest, _) = char('"').parse(input)?;
    let mut bytes = Vec::new();
    loop {
        match rest.fragment().chars().next() {
            None | Some('\n') => return fail("this string is not closed: `\"` is missing"),
            Some('"') => {
                let (rest, _) = anychar(rest)?;
                return Ok((rest, Kind::Str(bytes)));
            }
            Some(_) => {
                let (after, more) = character(rest)?;
                bytes.extend(more);
                rest = after;
            }
        }
    }
}

fn letter(input: Input) -> Lexed<Kind> {
    let (rest, _) = char('\'').parse(input)?;
    if rest.fragment().starts_with(['\'', '\n']) {
        return fail("a character is written 'a'");
    }
    let (rest, bytes) = character(rest)?;
    let (rest, closed) = opt(char('\'')).parse(rest)?;
    match (bytes.as_slice(), closed) {
        ([byte], Some(_)) => Ok((rest, Kind::Number(i64::from(*byte)))),
        _ => fail("a character is one byte between quotes, as in 'a'"),
    }
}

/// Operators; longer ones first.
const PUNCTUATION: [&str; 26] = [
    "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "+", "-", "*", "/", "%", "&", "|", "^", "~",
    "!", "<", ">", "(", ")", ",", ":", "=", "@",
];

fn punctuation(input: Input) -> Lexed<Kind> {
    for (text, name) in [("%hi(", "%hi"), ("%lo(", "%lo")] {
        if input.fragment().starts_with(text) {
            let (rest, _) = tag(name).parse(input)?;
            return Ok((rest, Kind::Function(name)));
        }
    }
    match PUNCTUATION
        .iter()
        .find(|p| input.fragment().starts_with(**p))
    {
        Some(p) => value(Kind::Punct(p), tag(*p)).parse(input),
        None => Err(nom::Err::Error(LexError::from_error_kind(
            input,
            ErrorKind::Tag,
        ))),
    }
}

fn end(input: Input) -> Lexed<Kind> {
    value(Kind::End, alt((char('\n'), char(';')))).parse(input)
}

/// Columns of ever later places: counted on from the last one, since counting from
/// the start of a line for each token is quadratic on long lines.
struct Columns<'a> {
    source: &'a str,
    offset: usize,
    column: u32,
}

impl<'a> Columns<'a> {
    /// The span from `from`, not before the last one asked for, to `to`.
    fn span(&mut self, from: Input<'a>, to: Input<'a>) -> Span {
        let (start, end) = (from.location_offset(), to.location_offset());
        for c in self.source.get(self.offset..start).unwrap_or("").chars() {
            self.column = if c == '\n' { 1 } else { self.column + 1 };
        }
        self.offset = start;
        let text = self.source.get(start..end).unwrap_or("");
        Span {
            line: from.location_line(),
            column: self.column,
            width: text.lines().next().map_or(1, |l| l.chars().count()) as u32,
        }
    }
}

/// Reports the next `count` characters, which are there, and steps over them.
fn skip<'a>(
    from: Input<'a>,
    count: usize,
    message: String,
    columns: &mut Columns<'a>,
    errors: &mut Vec<Diagnostic>,
) -> Input<'a> {
    let after: Lexed<Input> = nom::bytes::complete::take(count).parse(from);
    let after = after.map_or(Input::new(""), |(after, _)| after);
    errors.push(Diagnostic::new(columns.span(from, after), message));
    after
}

/// Characters of what is no token at the start of `text`: to the end of the number, of the
/// string (of the line, where it is not closed), or of the item of a list. At least one. Nothing
/// beyond them is looked at, so that a long line is read once.
fn item_length(text: &str) -> usize {
    let end = match text.chars().next() {
        Some('"') => string_end(text),
        Some(c) if c.is_ascii_digit() => {
            let ends = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
            text.find(ends).unwrap_or(text.len())
        }
        _ => text.find([',', ';', '#', '\n']).unwrap_or(text.len()),
    };
    let item = text.get(..end).unwrap_or(text).trim_end();
    item.chars().count().max(1)
}

/// Where the string at the start of `text` ends: behind its closing quote, or with the line.
fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '\n' => return at,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The tokens of `source`. What is no token is reported and left out.
pub(crate) fn tokens(source: &str) -> (Vec<Token>, Vec<Diagnostic>) {
    let mut found = Vec::new();
    let mut errors = Vec::new();
    let mut rest = Input::new(source);
    let mut columns = Columns {
        source,
        offset: 0,
        column: 1,
    };
    loop {
        match blank(rest) {
            Ok((after, ())) => rest = after,
            Err(nom::Err::Failure(error) | nom::Err::Error(error)) => {
                // Only an open comment fails here: the rest of the file is in it. The
                // error's place is where the comment begins.
                let start = rest.fragment().find("/*").unwrap_or(0);
                let at: Lexed<Input> = nom::bytes::complete::take(
                    rest.fragment()
                        .get(..start)
                        .map_or(0, |t| t.chars().count()),
                )
                .parse(rest);
                let at = at.map_or(rest, |(at, _)| at);
                let mut place = columns.span(at, at);
                place.width = 2;
                errors.push(Diagnostic::new(place, error.message));
                break;
            }
            Err(nom::Err::Incomplete(_)) => break,
        }
        if rest.fragment().is_empty() {
            break;
        }
        match alt((end, name, number, quoted, letter, punctuation)).parse(rest) {
            Ok((after, kind)) => {
                let span = columns.span(rest, after);
                found.push(Token { kind, span });
                rest = after;
            }
            Err(nom::Err::Failure(error)) => {
                let width = item_length(rest.fragment());
                rest = skip(rest, width, error.message, &mut columns, &mut errors);
            }
            Err(_) => {
                let c = rest.fragment().chars().next().unwrap_or(' ');
                // A run of one character, of zeros say, is one error.
                let run = rest.fragment().chars().take_while(|other| *other == c);
                let run = run.count().max(1);
                let message = match run {
                    1 => format!("{c:?} has no meaning here"),
                    _ => format!("{c:?}, {run} times, has no meaning here"),
                };
                rest = skip(rest, run, message, &mut columns, &mut errors);
            }
        }
    }
    (found, errors)
}
