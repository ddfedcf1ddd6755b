//! Tokens to a tree.

use std::ops::Range;

use spikevec_assembler::{Diagnostic, Span, did_you_mean};

use super::syntax::{Action, At, Declaration, Name, Tree};
use super::token::{Token, tokens};
use crate::format::Format;

/// Words that name nothing.
pub const KEYWORDS: [&str; 15] = [
    "neuron",
    "synapse",
    "parameter",
    "constant",
    "input",
    "state",
    "around",
    "membrane",
    "let",
    "if",
    "else",
    "and",
    "or",
    "not",
    "on",
];

/// Brackets, signs and branches within each other at most: what is deeper is refused before it
/// fills the stack.
const DEPTH: usize = 100;

/// An error, and that what follows it in the same place makes no sense.
pub(super) struct Lost;

pub(super) type Parsed<T> = Result<T, Lost>;

/// The tree of `source`, and its errors.
pub fn parse(source: &str) -> (Tree, Vec<Diagnostic>) {
    let (tokens, wrong) = tokens(source);
    let errors = wrong.into_iter().map(|wrong| {
        let text = source.get(wrong.range.clone()).unwrap_or("");
        let span = Span::of(source, wrong.range);
        Diagnostic::new(span, format!("`{text}` has no meaning here"))
    });
    let mut parser = Parser {
        source,
        errors: errors.collect(),
        tokens,
        at: 0,
        depth: 0,
        limit: 0,
    };
    let tree = parser.model();
    (tree, parser.errors)
}

/// Tokens that are read, and the errors so far.
pub(super) struct Parser<'a> {
    source: &'a str,
    tokens: Vec<At<Token>>,
    pub(super) at: usize,
    depth: usize,
    /// The first token beyond what an expression may have.
    pub(super) limit: usize,
    errors: Vec<Diagnostic>,
}

impl Parser<'_> {
    pub(super) fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|token| &token.is)
    }

    /// The bytes of the next token, or the end of the text.
    pub(super) fn here(&self) -> Range<usize> {
        let end = self.tokens.last().map_or(0, |token| token.range.end);
        let here = self.tokens.get(self.at);
        here.map_or(end..end, |token| token.range.clone())
    }

    /// From `start` to the end of the last token that was taken.
    pub(super) fn since(&self, start: usize) -> Range<usize> {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        start..last.map_or(start, |token| token.range.end)
    }

    pub(super) fn error(
        &mut self,
        range: Range<usize>,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        let span = Span::of(self.source, range);
        let at = self.errors.len();
        self.errors.push(Diagnostic::new(span, message));
        &mut self.errors[at]
    }

    /// An error that names what was found instead of `wanted`.
    pub(super) fn wanted(&mut self, wanted: &str) -> Lost {
        let found = self.here();
        let text = self.source.get(found.clone()).unwrap_or("");
        let message = if text.is_empty() {
            format!("the text ends where {wanted} is wanted")
        } else {
            format!("`{text}` stands where {wanted} is wanted")
        };
        self.error(found, message);
        Lost
    }

    pub(super) fn sign(&mut self, sign: &str) -> bool {
        let there = matches!(self.peek(), Some(Token::Sign(found)) if *found == sign);
        self.at += usize::from(there);
        there
    }

    pub(super) fn expect(&mut self, sign: &'static str) -> Parsed<()> {
        if self.sign(sign) {
            return Ok(());
        }
        Err(self.wanted(&format!("`{sign}`")))
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Token::Name(found)) if found == word)
    }

    pub(super) fn word(&mut self, word: &str) -> bool {
        let there = self.is_word(word);
        self.at += usize::from(there);
        there
    }

    pub(super) fn name(&mut self, what: &str) -> Parsed<Name> {
        let range = self.here();
        match self.peek() {
            Some(Token::Name(name)) if !KEYWORDS.contains(&name.as_str()) => {
                let name = name.clone();
                self.at += 1;
                Ok(At::new(name, range))
            }
            Some(Token::Name(name)) => {
                let message = format!("`{name}` is a word of the language and can be no name");
                self.error(range, message);
                self.at += 1;
                Err(Lost)
            }
            _ => Err(self.wanted(what)),
        }
    }

    /// To the next token that begins a line, so that what follows is read again.
    fn recover(&mut self, from: usize) {
        self.at = self.at.max(from);
        while let Some(token) = self.tokens.get(self.at) {
            let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
            let end = before.map_or(0, |before| before.range.end);
            let between = self.source.get(end..token.range.start).unwrap_or("");
            if between.contains('\n') {
                break;
            }
            self.at += 1;
        }
    }

    fn model(&mut self) -> Tree {
        let mut tree = Tree::default();
        if self.word("synapse") {
            let range = self.since(0);
            self.error(range, "models of synapses cannot be written yet")
                .hint = Some("a model of neurons begins with `neuron NAME`".to_owned());
            return tree;
        }
        if self.word("neuron") {
            match self.name("the model's name") {
                Ok(name) => tree.name = name.is,
                Err(Lost) => self.recover(self.at),
            }
        } else {
            self.wanted("`neuron NAME`, the first line of a model");
        }
        while self.at < self.tokens.len() {
            let start = self.at;
            if self.sign(";") {
                continue;
            }
            if self.item(&mut tree).is_err() {
                self.recover(start + 1);
            }
        }
        tree
    }

    fn item(&mut self, tree: &mut Tree) -> Parsed<()> {
        if self.word("parameter") {
            let declaration = self.declaration("a parameter's name", true)?;
            tree.parameters.push(declaration);
        } else if self.word("constant") {
            let declaration = self.declaration("a constant's name", true)?;
            tree.constants.push(declaration);
        } else if self.word("state") {
            let declaration = self.declaration("a state variable's name", false)?;
            tree.states.push(declaration);
        } else if self.word("input") {
            tree.inputs.push(self.name("an input's name")?);
        } else if self.word("membrane") {
            let name = self.name("a state variable's name")?;
            if tree.membrane.is_some() {
                self.error(name.range.clone(), "the model has two membranes: keep one");
            }
            tree.membrane = Some(name);
        } else if self.is_word("on") {
            let range = self.here();
            self.error(
                range,
                "`on` is kept for what a synapse does at a spike, which cannot be written yet",
            );
            return Err(Lost);
        } else {
            tree.actions.push(self.action()?);
        }
        Ok(())
    }

    fn declaration(&mut self, what: &str, fixed: bool) -> Parsed<Declaration> {
        let name = self.name(what)?;
        let at = self.here();
        let format = self.format()?;
        if fixed && format.is_some() {
            let message = "only state variables and `let` have a format";
            self.error(at, message);
        }
        let around = if !fixed && self.word("around") {
            Some(self.name("a parameter's or constant's name")?)
        } else {
            None
        };
        let value = if self.sign("=") {
            Some(self.whole_expression()?)
        } else {
            None
        };
        Ok(Declaration {
            name,
            format,
            around,
            value,
        })
    }

    /// `: q7.8`, where it stands.
    fn format(&mut self) -> Parsed<Option<Format>> {
        if !self.sign(":") {
            return Ok(None);
        }
        // `q7.8` is a name and a number: a name ends before the dot.
        let start = self.here().start;
        let text = self.source.get(start..).unwrap_or("");
        let ends = |c: char| !(c.is_ascii_alphanumeric() || ".-".contains(c));
        let text = text.get(..text.find(ends).unwrap_or(text.len()));
        let text = text.unwrap_or("").to_owned();
        let end = start + text.len();
        while self
            .tokens
            .get(self.at)
            .is_some_and(|t| t.range.start < end)
        {
            self.at += 1;
        }
        match text.parse::<Format>() {
            Ok(format) => Ok(Some(format)),
            Err(error) => {
                self.error(start..end.max(start + 1), error.to_string());
                Err(Lost)
            }
        }
    }

    fn action(&mut self) -> Parsed<At<Action>> {
        let start = self.here().start;
        let action = if self.word("if") {
            self.branches()?
        } else {
            let local = self.word("let");
            let name = self.name(if local { "a name" } else { "a statement" })?;
            if !local && name.is == "spike" && self.sign("(") {
                self.expect(")")?;
                Action::Spike
            } else {
                let format = if local { self.format()? } else { None };
                if !self.sign("=") {
                    let words = KEYWORDS.iter().copied().chain(["spike"]);
                    let hint = did_you_mean(&name.is, words);
                    let lost = self.wanted(&format!("`=` behind `{}`", name.is));
                    if let Some(last) = self.errors.last_mut() {
                        last.hint = hint;
                    }
                    return Err(lost);
                }
                Action::Assign {
                    name,
                    local,
                    format,
                    value: self.whole_expression()?,
                }
            }
        };
        Ok(At::new(action, self.since(start)))
    }

    fn branches(&mut self) -> Parsed<Action> {
        let when = self.whole_expression()?;
        let then = self.block()?;
        let otherwise = if !self.word("else") {
            Vec::new()
        } else if self.is_word("if") {
            self.deeper(|parser| Ok(vec![parser.action()?]))?
        } else {
            self.block()?
        };
        Ok(Action::If {
            when,
            then,
            otherwise,
        })
    }

    fn block(&mut self) -> Parsed<Vec<At<Action>>> {
        self.expect("{")?;
        self.deeper(|parser| {
            let mut actions = Vec::new();
            loop {
                if parser.sign("}") {
                    return Ok(actions);
                }
                if parser.sign(";") {
                    continue;
                }
                if parser.peek().is_none() {
                    return Err(parser.wanted("`}`"));
                }
                let start = parser.at;
                match parser.action() {
                    Ok(action) => actions.push(action),
                    Err(Lost) => parser.recover(start + 1),
                }
            }
        })
    }

    /// What `read` reads, a bracket or block deeper.
    pub(super) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth == DEPTH {
            let range = self.here();
            self.error(
                range,
                format!("more than {DEPTH} brackets or blocks within each other"),
            );
            self.at = self.tokens.len();
            return Err(Lost);
        }
        self.depth += 1;
        let found = read(self);
        self.depth -= 1;
        found
    }
}
