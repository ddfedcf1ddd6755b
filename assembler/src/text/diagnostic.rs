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

/// All errors of a source file, in the order of the text. Its `Display` shows each
/// with `file:line:column`, the line, a caret and the hint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostics {
    /// Name of the file.
    pub file: String,
    /// The errors; at least one.
    pub list: Vec<Diagnostic>,
    lines: Vec<String>,
}

impl Diagnostics {
    pub(crate) fn new(file: &str, source: &str, mut list: Vec<Diagnostic>) -> Self {
        list.sort_by_key(|d| d.span);
        list.dedup();
        let all: Vec<&str> = source.split('\n').collect();
        let line = |d: &Diagnostic| all.get(d.span.line.saturating_sub(1) as usize);
        let lines = list
            .iter()
            .map(|d| line(d).map_or(String::new(), |l| l.trim_end_matches('\r').to_owned()))
            .collect();
        Diagnostics {
            file: file.to_owned(),
            list,
            lines,
        }
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (diagnostic, line) in self.list.iter().zip(&self.lines) {
            let Span {
                line: number,
                column,
                width,
            } = diagnostic.span;
            let before = column.saturating_sub(1) as usize;
            // Tabs before the caret stay tabs, so that it stands below its text.
            let indent: String = line
                .chars()
                .chain(std::iter::repeat(' '))
                .take(before)
                .map(|c| if c == '\t' { '\t' } else { ' ' })
                .collect();
            let gutter = " ".repeat(number.to_string().len());
            writeln!(
                f,
                "{}:{number}:{column}: error: {}",
                self.file, diagnostic.message
            )?;
            writeln!(f, " {number} | {line}")?;
            writeln!(
                f,
                " {gutter} | {indent}{}",
                "^".repeat(width.max(1) as usize)
            )?;
            if let Some(hint) = &diagnostic.hint {
                writeln!(f, " {gutter} = {hint}")?;
            }
        }
        let n = self.list.len();
        write!(f, "{n} error{}", if n == 1 { "" } else { "s" })
    }
}

impl std::error::Error for Diagnostics {}
