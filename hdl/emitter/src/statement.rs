//! Statements of `update`: loops unrolled, names resolved.

use std::collections::BTreeSet;

use rust_hdl::core::ast::{
    VerilogBlock, VerilogBlockOrConditional as Otherwise, VerilogConditional,
    VerilogExpression as Ast, VerilogMatch, VerilogStatement as Source,
};

use super::error::EmitError;
use super::expression::{Expression, Scope, constant};

/// The text of a comment: rust-hdl leaves pieces of the macro around it.
pub(super) fn comment(source: &str) -> &str {
    let text = source.split_once('"').map_or(source, |(_, text)| text);
    text.trim_end_matches(['"', ')', ' '])
}

/// One statement.
#[derive(Debug, Clone)]
pub(super) enum Statement {
    /// The whole of a net, or `width` bits from `low`.
    Assign {
        target: String,
        part: Option<(usize, usize)>,
        value: Expression,
    },
    If {
        test: Expression,
        then: Vec<Statement>,
        otherwise: Vec<Statement>,
    },
    Case {
        test: Expression,
        arms: Vec<(Expression, Vec<Statement>)>,
        default: Vec<Statement>,
    },
    Comment(String),
}

impl Statement {
    /// Nets that the statement assigns, at any depth.
    pub(super) fn targets(&self) -> BTreeSet<String> {
        match self {
            Self::Assign { target, .. } => BTreeSet::from([target.clone()]),
            Self::Comment(_) => BTreeSet::new(),
            _ => self.inner().flat_map(Self::targets).collect(),
        }
    }

    /// Nets that the statement reads, at any depth.
    pub(super) fn reads(&self) -> BTreeSet<String> {
        let mut out: BTreeSet<_> = self.inner().flat_map(Self::reads).collect();
        match self {
            Self::Assign { value, .. } => out.extend(value.reads.clone()),
            Self::If { test, .. } => out.extend(test.reads.clone()),
            Self::Case { test, arms, .. } => {
                out.extend(test.reads.clone());
                out.extend(arms.iter().flat_map(|(label, _)| label.reads.clone()));
            }
            Self::Comment(_) => {}
        }
        out
    }

    fn inner(&self) -> Box<dyn Iterator<Item = &Statement> + '_> {
        match self {
            Self::If {
                then, otherwise, ..
            } => Box::new(then.iter().chain(otherwise)),
            Self::Case { arms, default, .. } => {
                Box::new(arms.iter().flat_map(|(_, body)| body).chain(default))
            }
            _ => Box::new(std::iter::empty()),
        }
    }

    /// Appends the statement as lines of an `always` block.
    pub(super) fn print(&self, indent: usize, out: &mut String) {
        let pad = "    ".repeat(indent);
        match self {
            Self::Comment(text) => out.push_str(&format!("{pad}// {text}\n")),
            Self::Assign {
                target,
                part,
                value,
            } => {
                let part = match part {
                    None => String::new(),
                    Some((low, 1)) => format!("[{low}]"),
                    Some((low, width)) => format!("[{}:{low}]", low + width - 1),
                };
                out.push_str(&format!("{pad}{target}{part} = {};\n", value.text));
            }
            Self::If { .. } => {
                out.push_str(&pad);
                self.print_if(indent, out);
            }
            Self::Case {
                test,
                arms,
                default,
            } => {
                out.push_str(&format!("{pad}case ({})\n", test.text));
                for (label, body) in arms {
                    out.push_str(&format!("{pad}    {}: begin\n", label.text));
                    body.iter().for_each(|s| s.print(indent + 2, out));
                    out.push_str(&format!("{pad}    end\n"));
                }
                out.push_str(&format!("{pad}    default: begin\n"));
                default.iter().for_each(|s| s.print(indent + 2, out));
                out.push_str(&format!("{pad}    end\n{pad}endcase\n"));
            }
        }
    }

    fn print_if(&self, indent: usize, out: &mut String) {
        let Self::If {
            test,
            then,
            otherwise,
        } = self
        else {
            return;
        };
        let pad = "    ".repeat(indent);
        out.push_str(&format!("if ({}) begin\n", test.text));
        then.iter().for_each(|s| s.print(indent + 1, out));
        match otherwise.as_slice() {
            [] => out.push_str(&format!("{pad}end\n")),
            [chained @ Self::If { .. }] => {
                out.push_str(&format!("{pad}end else "));
                chained.print_if(indent, out);
            }
            block => {
                out.push_str(&format!("{pad}end else begin\n"));
                block.iter().for_each(|s| s.print(indent + 1, out));
                out.push_str(&format!("{pad}end\n"));
            }
        }
    }
}

impl Scope<'_> {
    fn target(&self, ast: &Ast) -> Result<(String, usize), EmitError> {
        let Ast::Signal(written) = ast else {
            return Err(EmitError::UnknownName {
                module: self.module.to_owned(),
                name: format!("{ast:?}"),
            });
        };
        let raw = self.raw(written)?;
        let net = self.nets.by_raw.get(&raw);
        let net = net.ok_or_else(|| EmitError::UnknownName {
            module: self.module.to_owned(),
            name: raw,
        })?;
        Ok((net.name.clone(), net.width))
    }

    /// Translates a block.
    pub(super) fn block(&mut self, block: &VerilogBlock) -> Result<Vec<Statement>, EmitError> {
        let mut out = Vec::new();
        for statement in block {
            self.statement(statement, &mut out)?;
        }
        Ok(out)
    }

    fn statement(&mut self, source: &Source, out: &mut Vec<Statement>) -> Result<(), EmitError> {
        match source {
            Source::Comment(text) => out.push(Statement::Comment(comment(text).to_owned())),
            Source::Macro(block) => out.extend(self.block(block)?),
            Source::Assignment(target, value) => {
                let (target, width) = self.target(target)?;
                out.push(Statement::Assign {
                    value: self.expression(value, Some(width))?,
                    target,
                    part: None,
                });
            }
            Source::SliceAssignment {
                base,
                width,
                offset,
                replacement,
            } => {
                let (target, _) = self.target(base)?;
                let low = self.expression(offset, None)?.constant;
                let low = low.ok_or_else(|| EmitError::Unsupported {
                    module: self.module.to_owned(),
                    construct: format!("an assignment to a variable part of `{target}`"),
                    remedy: "assign to a fixed field",
                })?;
                out.push(Statement::Assign {
                    value: self.expression(replacement, Some(*width))?,
                    target,
                    part: Some((low as usize, *width)),
                });
            }
            Source::If(conditional) => out.push(self.conditional(conditional)?),
            Source::Match(m) => out.push(self.cases(m)?),
            Source::Loop(l) => {
                for value in l.from.as_usize()..l.to.as_usize() {
                    self.loops.push((l.index.clone(), value));
                    let body = self.block(&l.block);
                    self.loops.pop();
                    out.extend(body?);
                }
            }
            Source::Link(_) => {
                return Err(EmitError::Unsupported {
                    module: self.module.to_owned(),
                    construct: "`link` and `join`".to_owned(),
                    remedy: "assign each signal of the interface",
                });
            }
        }
        Ok(())
    }

    fn conditional(&mut self, source: &VerilogConditional) -> Result<Statement, EmitError> {
        let test = self.expression(&source.test, Some(1))?;
        let then = self.block(&source.then)?;
        let mut otherwise = Vec::new();
        match &source.otherwise {
            Otherwise::Block(block) => otherwise = self.block(block)?,
            Otherwise::Conditional(next) => self.statement(next, &mut otherwise)?,
            Otherwise::None => {}
        }
        Ok(Statement::If {
            test,
            then,
            otherwise,
        })
    }

    fn cases(&mut self, source: &VerilogMatch) -> Result<Statement, EmitError> {
        let test = self.expression(&source.test, None)?;
        let mut arms = Vec::new();
        let mut default = Vec::new();
        for case in &source.cases {
            let body = self.block(&case.block)?;
            if case.condition == "default" {
                default = body;
                continue;
            }
            let label = match case.condition.parse::<u128>() {
                Ok(value) => constant(value, test.width),
                Err(_) => self.expression(&Ast::Signal(case.condition.clone()), None)?,
            };
            arms.push((label, body));
        }
        Ok(Statement::Case {
            test,
            arms,
            default,
        })
    }
}
