//! Reading the tokens of one statement.

use super::diagnostic::{Diagnostic, Span};
use super::lexer::{Kind, Token};

/// A position among the tokens of one statement.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cursor<'a> {
    tokens: &'a [Token],
    at: usize,
    end: Span,
}

impl<'a> Cursor<'a> {
    /// At the first of `tokens`, which follow a token at `before`.
    pub fn new(tokens: &'a [Token], before: Span) -> Self {
        let last = tokens.last().map_or(before, |token| token.span);
        let end = Span {
            line: last.line,
            column: last.column + last.width,
            width: 1,
        };
        Cursor { tokens, at: 0, end }
    }

    pub fn peek(&self) -> Option<&'a Kind> {
        self.ahead(0)
    }

    pub fn ahead(&self, n: usize) -> Option<&'a Kind> {
        self.tokens.get(self.at + n).map(|token| &token.kind)
    }

    /// Place of the next token, or just behind the last one.
    pub fn span(&self) -> Span {
        self.tokens
            .get(self.at)
            .map_or(self.end, |token| token.span)
    }

    /// Place of the token before.
    pub fn previous(&self) -> Span {
        let token = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        token.map_or(self.end, |token| token.span)
    }

    pub fn advance(&mut self) {
        self.at += 1;
    }

    pub fn is_done(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// Number of tokens read: how far a parse came.
    pub fn progress(&self) -> usize {
        self.at
    }

    /// Takes `punct` if it is next.
    pub fn eat(&mut self, punct: &str) -> bool {
        let found = matches!(self.peek(), Some(Kind::Punct(p)) if *p == punct);
        if found {
            self.at += 1;
        }
        found
    }

    /// Takes `punct`, or says that it is missing.
    pub fn expect(&mut self, punct: &str) -> Result<(), Diagnostic> {
        if self.eat(punct) {
            return Ok(());
        }
        Err(self.unexpected(&format!("`{punct}`")))
    }

    /// An error at the next token, where `wanted` should be.
    pub fn unexpected(&self, wanted: &str) -> Diagnostic {
        let found = match self.peek() {
            None => "the line ends".to_owned(),
            Some(kind) => format!("found {}", describe(kind)),
        };
        Diagnostic::new(self.span(), format!("expected {wanted}, but {found}"))
    }

    /// Takes a name, or says that `wanted` is missing.
    pub fn name(&mut self, wanted: &str) -> Result<&'a str, Diagnostic> {
        match self.peek() {
            Some(Kind::Ident(name)) => {
                self.at += 1;
                Ok(name)
            }
            _ => Err(self.unexpected(wanted)),
        }
    }

    /// Takes a symbol's name, with or without quotes.
    pub fn symbol(&mut self) -> Result<&'a str, Diagnostic> {
        let name = match self.peek() {
            Some(Kind::Ident(name)) if name != "." => Some(name.as_str()),
            Some(Kind::Str(bytes)) => std::str::from_utf8(bytes).ok(),
            _ => None,
        };
        if name.is_some() {
            self.at += 1;
        }
        name.ok_or_else(|| self.unexpected("the name of a symbol"))
    }

    /// Fails unless every token was read.
    pub fn finish(&self) -> Result<(), Diagnostic> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.unexpected("the end of the line")),
        }
    }
}

fn describe(kind: &Kind) -> String {
    match kind {
        Kind::Ident(name) => format!("`{name}`"),
        Kind::Str(_) => "a string".to_owned(),
        Kind::Number(n) => format!("the number {n}"),
        Kind::LocalRef { number, forward } => {
            format!("`{number}{}`", if *forward { 'f' } else { 'b' })
        }
        Kind::Fixed { .. } => "a fixed-point literal".to_owned(),
        Kind::Function(name) => format!("`{name}`"),
        Kind::Punct(p) => format!("`{p}`"),
        Kind::End => "the end of the line".to_owned(),
    }
}
