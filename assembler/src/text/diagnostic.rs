//! Errors of a source file with their places.

use std::fmt;

use super::suggest::Vocabulary;
use spikevec_visible::{stand_in, visible};

/// Errors that are shown; of the others it is said how many there are.
const SHOWN_ERRORS: usize = 20;

/// A place in a source file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Characters.
    pub width: u32,
}

impl Span {
    /// The bytes `range` of `source`, where they begin in a line; up to the end of it.
    pub fn of(source: &str, range: std::ops::Range<usize>) -> Self {
        let before = source.get(..range.start).unwrap_or(source);
        let line = before.rfind('\n').map_or(0, |end| end + 1);
        let count = |text: Option<&str>| text.map_or(0, |text| text.chars().count()) as u32;
        let text = source.get(range.clone()).unwrap_or("");
        Span {
            line: 1 + before.bytes().filter(|b| *b == b'\n').count() as u32,
            column: 1 + count(before.get(line..)),
            width: count(text.split(['\n', '\r']).next()).max(1),
        }
    }

    /// From the start of this span to the end of `other`, where both are on one line.
    pub(crate) fn to(self, other: Span) -> Span {
        if other.line != self.line || other.column < self.column {
            return self;
        }
        Span {
            width: other.column + other.width - self.column,
            ..self
        }
    }
}

/// One error of a source file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Where.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do about it, where that is known. What a name may have been meant for is only looked for
    /// in errors that are shown.
    pub hint: Option<String>,
    /// A name that is not known, and what it may stand for.
    pub(crate) unknown: Option<(String, Vocabulary)>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Diagnostic {
            span,
            message: visible(&message.into()).into_owned(),
            hint: None,
            unknown: None,
        }
    }

    /// The same error with what to do about it.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(visible(&hint.into()).into_owned());
        self
    }

    /// An error about a name of `kind` that is not known.
    pub(crate) fn unknown(mut self, name: &str, kind: Vocabulary) -> Self {
        self.unknown = Some((name.to_owned(), kind));
        self
    }

    /// The same error, with what to do about it where that is known.
    pub fn maybe_hint(self, hint: Option<String>) -> Self {
        match hint {
            Some(hint) => self.hint(hint),
            None => self,
        }
    }
}

/// Characters of a line that are shown; of a longer one those around the error.
const SHOWN: usize = 120;

/// Characters shown before the error in a line that is too long.
const BEFORE: usize = 40;

/// What is shown of the line of an error.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Excerpt {
    text: String,
    /// Blanks before the caret.
    indent: String,
    /// Carets.
    width: usize,
}

impl Excerpt {
    fn new(line: &[char], span: Span) -> Self {
        let column = span.column.saturating_sub(1) as usize;
        let start = if line.len() <= SHOWN {
            0
        } else {
            column.saturating_sub(BEFORE).min(line.len())
        };
        let end = line.len().min(start + SHOWN);
        let shown = line.get(start..end).unwrap_or_default();
        let cut = |cut: bool| if cut { "..." } else { "" };
        let (head, tail) = (cut(start > 0), cut(end < line.len()));
        // Tabs before the caret stay tabs, so that it stands below its text.
        let before = head.chars().chain(shown.iter().copied());
        let indent = before
            .chain(std::iter::repeat(' '))
            .take(head.len() + column - start.min(column))
            .map(|c| if c == '\t' { '\t' } else { ' ' })
            .collect();
        let room = end.saturating_sub(column).max(1);
        // One character each, so that the caret stays below its text.
        let shown: String = shown.iter().map(|c| stand_in(*c)).collect();
        Excerpt {
            text: format!("{head}{shown}{tail}"),
            indent,
            width: (span.width.max(1) as usize).min(room),
        }
    }
}

/// All errors of a source file, in the order of the text. Its `Display` shows the first 20
/// with `file:line:column`, the line (of a long one what is around the error), a caret and the
/// hint, and says how many more there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostics {
    /// Name of the file.
    pub file: String,
    /// The errors; at least one.
    pub list: Vec<Diagnostic>,
    /// Of the first of them.
    excerpts: Vec<Excerpt>,
}

impl Diagnostics {
    /// The errors of the text `source`, which came from `file`.
    pub fn of(file: &str, source: &str, list: Vec<Diagnostic>) -> Self {
        Diagnostics::new(file, source, list, |_, _| None)
    }

    /// Those of `source`; `hint` looks for what an unknown name may have been meant for.
    pub(crate) fn new(
        file: &str,
        source: &str,
        mut list: Vec<Diagnostic>,
        hint: impl Fn(&str, Vocabulary) -> Option<String>,
    ) -> Self {
        list.sort_by_key(|d| d.span);
        list.dedup();
        for diagnostic in list.iter_mut().take(SHOWN_ERRORS) {
            if let Some((name, kind)) = &diagnostic.unknown
                && diagnostic.hint.is_none()
            {
                let hint = hint(name, *kind);
                diagnostic.hint = hint.map(|hint| visible(&hint).into_owned());
            }
        }
        let all: Vec<&str> = source.split('\n').collect();
        // The errors are in order, so that each line is taken apart once.
        let (mut number, mut line) = (0, Vec::new());
        let mut excerpts = Vec::with_capacity(SHOWN_ERRORS);
        for diagnostic in list.iter().take(SHOWN_ERRORS) {
            if diagnostic.span.line != number {
                number = diagnostic.span.line;
                let text = all.get(number.saturating_sub(1) as usize);
                line = text.map_or_else(Vec::new, |text| {
                    text.trim_end_matches('\r').chars().collect()
                });
            }
            excerpts.push(Excerpt::new(&line, diagnostic.span));
        }
        Diagnostics {
            file: file.to_owned(),
            list,
            excerpts,
        }
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (diagnostic, excerpt) in self.list.iter().zip(&self.excerpts) {
            let Span {
                line: number,
                column,
                ..
            } = diagnostic.span;
            let gutter = " ".repeat(number.to_string().len());
            writeln!(
                f,
                "{}:{number}:{column}: error: {}",
                self.file, diagnostic.message
            )?;
            writeln!(f, " {number} | {}", excerpt.text)?;
            let carets = "^".repeat(excerpt.width);
            writeln!(f, " {gutter} | {}{carets}", excerpt.indent)?;
            if let Some(hint) = &diagnostic.hint {
                writeln!(f, " {gutter} = {hint}")?;
            }
        }
        let n = self.list.len();
        match n.saturating_sub(SHOWN_ERRORS) {
            0 => write!(f, "{n} error{}", if n == 1 { "" } else { "s" }),
            more => write!(f, "{n} errors: {more} more than are shown"),
        }
    }
}

impl std::error::Error for Diagnostics {}
