//! Text to tokens.

use std::ops::Range;

use nom::branch::alt;
use nom::bytes::complete::{tag, take_till, take_while, take_while1};
use nom::character::complete::{digit1, one_of, satisfy};
use nom::combinator::{opt, recognize, value};
use nom::multi::many0;
use nom::sequence::pair;
use nom::{IResult, Parser};

use super::syntax::At;

/// What a token is.
#[derive(Debug, Clone, PartialEq)]
pub enum Token {
    /// A name or a keyword.
    Name(String),
    /// A number that is finite and not negative.
    Number(f64),
    /// An operator, a bracket or a separator.
    Sign(&'static str),
}

/// Longer ones first.
const SIGNS: [&str; 19] = [
    "<=", ">=", "==", "!=", "+", "-", "*", "/", "^", "<", ">", "(", ")", "{", "}", ",", ":", "=",
    ";",
];

fn blank(input: &str) -> IResult<&str, ()> {
    let comment = recognize(pair(tag("#"), take_till(|c| c == '\n')));
    let space = take_while1(|c: char| c.is_ascii_whitespace());
    value((), many0(alt((comment, space)))).parse(input)
}

fn name(input: &str) -> IResult<&str, Token> {
    let first = satisfy(|c| c.is_ascii_alphabetic() || c == '_');
    let others = take_while(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let (rest, text) = recognize(pair(first, others)).parse(input)?;
    Ok((rest, Token::Name(text.to_owned())))
}

fn number(input: &str) -> IResult<&str, Token> {
    let fraction = recognize(pair(tag("."), opt(digit1)));
    let whole = recognize(pair(digit1, opt(fraction)));
    let part = recognize(pair(tag("."), digit1));
    let exponent = recognize((one_of("eE"), opt(one_of("+-")), digit1));
    let (rest, text) = recognize(pair(alt((whole, part)), opt(exponent))).parse(input)?;
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok((rest, Token::Number(number))),
        _ => Err(nom::Err::Error(nom::error::Error::new(
            input,
            nom::error::ErrorKind::Float,
        ))),
    }
}

fn sign(input: &str) -> IResult<&str, Token> {
    let found = SIGNS.iter().find(|sign| input.starts_with(**sign));
    let sign = found.copied().unwrap_or(SIGNS[0]);
    value(Token::Sign(sign), tag(sign)).parse(input)
}

/// A place in the text that is no token.
pub struct NoToken {
    /// Where.
    pub range: Range<usize>,
}

/// The tokens of `source`, and what is none.
pub fn tokens(source: &str) -> (Vec<At<Token>>, Vec<NoToken>) {
    let mut found = Vec::new();
    let mut wrong = Vec::new();
    let mut rest = source;
    let place = |rest: &str| source.len() - rest.len();
    loop {
        if let Ok((after, ())) = blank(rest) {
            rest = after;
        }
        if rest.is_empty() {
            break;
        }
        let start = place(rest);
        match alt((name, number, sign)).parse(rest) {
            Ok((after, token)) => {
                found.push(At::new(token, start..place(after)));
                rest = after;
            }
            Err(_) => {
                // A run of what has no meaning is one error.
                let ends = |c: char| c.is_ascii_alphanumeric() || c.is_ascii_whitespace();
                let end = rest.find(|c| ends(c) || SIGNS.iter().any(|s| s.starts_with(c)));
                let first = rest.chars().next().map_or(1, char::len_utf8);
                let end = end.unwrap_or(rest.len()).max(first);
                // A number that is too large begins with a digit.
                let digits = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c)));
                let end = if rest.starts_with(|c: char| c.is_ascii_digit()) {
                    digits.unwrap_or(rest.len())
                } else {
                    end
                };
                rest = rest.get(end..).unwrap_or("");
                wrong.push(NoToken {
                    range: start..start + end,
                });
            }
        }
    }
    (found, wrong)
}
