//! Errors of a source file with their places.

use std::fmt;

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
    /// What to do about it, where that is known.
    pub hint: Option<String>,
}

impl Diagnostic {
    pub(crate) fn new(span: Span, message: impl Into<String>) -> Self {
        Diagnostic {
            span,
            message: message.into(),
            hint: None,
        }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(crate) fn maybe_hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint.or(self.hint);
        self
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
        Excerpt {
            text: format!("{head}{}{tail}", shown.iter().collect::<String>()),
            indent,
            width: (span.width.max(1) as usize).min(room),
        }
    }
}

/// All errors of a source file, in the order of the text. Its `Display` shows each
/// with `file:line:column`, the line (of a long one what is around the error), a caret and the
/// hint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostics {
    /// Name of the file.
    pub file: String,
    /// The errors; at least one.
    pub list: Vec<Diagnostic>,
    excerpts: Vec<Excerpt>,
}

impl Diagnostics {
    pub(crate) fn new(file: &str, source: &str, mut list: Vec<Diagnostic>) -> Self {
        list.sort_by_key(|d| d.span);
        list.dedup();
        let all: Vec<&str> = source.split('\n').collect();
        // The errors are in order, so that each line is taken apart once.
        let (mut number, mut line) = (0, Vec::new());
        let mut excerpts = Vec::with_capacity(list.len());
        for diagnostic in &list {
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
        write!(f, "{n} error{}", if n == 1 { "" } else { "s" })
    }
}

impl std::error::Error for Diagnostics {}
