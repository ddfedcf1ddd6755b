//! Expressions of `update` as Verilog whose value does not depend on its context.
//!
//! Every operand is parenthesised as Rust reads it, every literal has the width of
//! what it meets, and casts are concatenations and slices. A cast or slice of
//! anything but a signal is refused: Verilog would compute it in another width.

use std::collections::{BTreeMap, BTreeSet};

use rust_hdl::core::ast::{VerilogExpression as Ast, VerilogLiteral, VerilogOp, VerilogOpUnary};

use super::error::EmitError;
use super::names::{Nets, flat};

/// Verilog text and what is known of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Expression {
    pub text: String,
    /// Width in bits, where it does not come from the context.
    pub width: Option<usize>,
    /// Names of the nets that it reads.
    pub reads: BTreeSet<String>,
    /// The value of a constant.
    pub constant: Option<u128>,
    /// The net and the lowest bit, where it is a net or a fixed part of one.
    part: Option<(String, usize, usize)>,
    /// True where no parentheses are needed around it.
    atomic: bool,
    /// True for a product, whose width Verilog takes from what it is assigned to.
    product: bool,
}

impl Expression {
    /// The text as an operand.
    fn operand(&self) -> String {
        if self.atomic {
            self.text.clone()
        } else {
            format!("({})", self.text)
        }
    }

    /// True for a net, a fixed part of one, or a constant: what a port can be tied to.
    pub(super) fn is_wire(&self) -> bool {
        self.part.is_some() || self.constant.is_some()
    }

    /// The text for a port: without the cast, for a port has a sign of its own and Yosys accepts
    /// no cast there.
    pub(super) fn connection(&self) -> &str {
        let inner = self.text.strip_prefix("$unsigned(");
        inner
            .and_then(|text| text.strip_suffix(')'))
            .unwrap_or(&self.text)
    }
}

/// What the names in a module mean.
pub(super) struct Scope<'a> {
    pub module: &'a str,
    pub nets: &'a Nets,
    pub variants: &'a BTreeMap<String, (usize, usize)>,
    /// Loop variables and their values, innermost last.
    pub loops: Vec<(String, usize)>,
}

/// A sized constant.
pub(super) fn constant(value: u128, width: Option<usize>) -> Expression {
    let text = match width {
        None => value.to_string(),
        Some(width) if value < 10 => format!("{width}'d{value}"),
        Some(width) => format!("{width}'h{value:x}"),
    };
    Expression {
        text,
        width,
        constant: Some(value),
        atomic: true,
        ..Default::default()
    }
}

fn literal(value: &VerilogLiteral) -> Option<u128> {
    let text = format!("{value:x}");
    u128::from_str_radix(text.split_once("'h")?.1, 16).ok()
}

impl Scope<'_> {
    fn unsupported(&self, construct: &str, remedy: &'static str) -> EmitError {
        EmitError::Unsupported {
            module: self.module.to_owned(),
            construct: construct.to_owned(),
            remedy,
        }
    }

    fn unknown(&self, name: &str) -> EmitError {
        EmitError::UnknownName {
            module: self.module.to_owned(),
            name: name.to_owned(),
        }
    }

    /// True for a whole net that is declared as signed.
    fn is_signed_net(&self, ast: &Ast) -> bool {
        let Ast::Signal(written) = ast else {
            return false;
        };
        let raw = self.raw(written).unwrap_or_default();
        self.nets.by_raw.get(&raw).is_some_and(|net| net.signed)
    }

    /// The value of an array index: sums and products of numbers and loop variables.
    fn index(&self, text: &str) -> Option<usize> {
        let text = text.trim();
        let inner = text.strip_prefix('(').and_then(|t| t.strip_suffix(')'));
        if let Some(inner) = inner {
            return self.index(inner);
        }
        if let Some((a, b)) = text.rsplit_once('+') {
            return self.index(a)?.checked_add(self.index(b)?);
        }
        if let Some((a, b)) = text.rsplit_once('-') {
            return self.index(a)?.checked_sub(self.index(b)?);
        }
        if let Some((a, b)) = text.rsplit_once('%') {
            return self.index(a)?.checked_rem(self.index(b)?);
        }
        if let Some((a, b)) = text.rsplit_once('*') {
            return self.index(a)?.checked_mul(self.index(b)?);
        }
        text.parse().ok().or_else(|| self.loop_value(text))
    }

    fn loop_value(&self, name: &str) -> Option<usize> {
        let found = self
            .loops
            .iter()
            .rev()
            .find(|(variable, _)| variable == name);
        found.map(|(_, value)| *value)
    }

    /// rust-hdl's name of a signal: `lane[i]$a$next` becomes `lane$3$a`.
    pub(super) fn raw(&self, written: &str) -> Result<String, EmitError> {
        let mut rest = written.trim_start_matches('.');
        let mut out = String::new();
        while let Some((before, after)) = rest.split_once('[') {
            let (inside, after) = after.split_once(']').ok_or_else(|| self.unknown(written))?;
            let index = self.index(inside).ok_or_else(|| self.unknown(written))?;
            out.push_str(before);
            out.push_str(&format!("${index}"));
            rest = after;
        }
        out.push_str(rest);
        let out = out.replace("::", "$").replace('.', "$");
        Ok(out.strip_suffix("$next").unwrap_or(&out).to_owned())
    }

    fn signal(&self, written: &str, hint: Option<usize>) -> Result<Expression, EmitError> {
        if let Some(value) = self.loop_value(written) {
            return Ok(constant(value as u128, hint));
        }
        let raw = self.raw(written)?;
        if let Some(net) = self.nets.by_raw.get(&raw) {
            return Ok(Expression {
                text: net.name.clone(),
                width: Some(net.width),
                reads: BTreeSet::from([net.name.clone()]),
                constant: None,
                part: Some((net.name.clone(), 0, net.width)),
                atomic: true,
                product: false,
            });
        }
        let variant = self.variants.get(&raw).ok_or_else(|| self.unknown(&raw))?;
        Ok(Expression {
            text: flat(&raw),
            width: Some(variant.0),
            reads: BTreeSet::from([flat(&raw)]),
            atomic: true,
            ..Default::default()
        })
    }

    fn slice(&self, base: &Ast, width: usize, offset: &Ast) -> Result<Expression, EmitError> {
        let base = self.expression(base, None)?;
        let offset = self.expression(offset, None)?;
        let Some((net, low, net_width)) = base.part.clone() else {
            return Err(self.unsupported(
                "a slice or bit of an expression",
                "assign the expression to a Local signal first",
            ));
        };
        let mut reads = base.reads;
        let (text, part) = match offset.constant {
            Some(offset) => {
                let low = low + offset as usize;
                let text = match width {
                    _ if low + width > net_width => {
                        return Err(self.unsupported(
                            &format!("bits {}..{low} of `{net}`", low + width),
                            "slice within the signal's width",
                        ));
                    }
                    _ if width == net_width => net.clone(),
                    1 => format!("{net}[{low}]"),
                    _ => format!("{net}[{}:{low}]", low + width - 1),
                };
                (text, Some((net, low, net_width)))
            }
            None if low == 0 => {
                let text = match width {
                    1 => format!("{net}[{}]", offset.text),
                    _ => format!("{net}[{} +: {width}]", offset.operand()),
                };
                (text, None)
            }
            None => {
                return Err(self.unsupported(
                    "a slice of a slice at a variable offset",
                    "assign the inner slice to a Local signal first",
                ));
            }
        };
        reads.extend(offset.reads);
        Ok(Expression {
            text,
            width: Some(width),
            reads,
            constant: None,
            part,
            atomic: true,
            product: false,
        })
    }

    /// `bit_cast` and `bits`: zero-extended or cut to `width` bits.
    fn cast(&self, inner: &Ast, width: usize) -> Result<Expression, EmitError> {
        let inner = self.expression(inner, Some(width))?;
        if let Some(value) = inner.constant {
            return Ok(constant(value, Some(width)));
        }
        let (Some((net, low, net_width)), Some(old)) = (inner.part.clone(), inner.width) else {
            return Err(self.unsupported(
                "a cast of an expression",
                "assign the expression to a Local signal first",
            ));
        };
        let (text, part) = match width {
            _ if width == old => return Ok(inner),
            _ if width > old => (format!("{{{}'d0, {}}}", width - old, inner.text), None),
            1 => (format!("{net}[{low}]"), Some((net, low, net_width))),
            _ => (
                format!("{net}[{}:{low}]", low + width - 1),
                Some((net, low, net_width)),
            ),
        };
        Ok(Expression {
            text,
            width: Some(width),
            part,
            ..inner
        })
    }

    fn binary(
        &self,
        left: &Ast,
        op: &VerilogOp,
        right: &Ast,
        hint: Option<usize>,
    ) -> Result<Expression, EmitError> {
        use VerilogOp::*;
        let (symbol, compares) = match op {
            Add => ("+", false),
            Sub => ("-", false),
            Mul => ("*", false),
            BitXor => ("^", false),
            BitAnd => ("&", false),
            BitOr => ("|", false),
            Shl => ("<<", false),
            Shr => (">>", false),
            LogicalAnd => ("&&", true),
            LogicalOr => ("||", true),
            Eq => ("==", true),
            Ne => ("!=", true),
            Lt => ("<", true),
            Le => ("<=", true),
            Ge => (">=", true),
            Gt => (">", true),
        };
        let hint = if compares { None } else { hint };
        let mut a = self.expression(left, hint)?;
        let mut b = self.expression(right, None)?;
        if matches!(op, Shl | Shr) {
            // The amount's width does not matter, so it needs no size.
        } else if let (Some(_), Some(width)) = (a.constant, b.width) {
            a = self.expression(left, Some(width))?;
        } else if b.constant.is_some() {
            b = self.expression(right, a.width.or(hint))?;
        }
        if a.product || b.product {
            return Err(self.unsupported(
                "a product inside an expression",
                "assign the product to a Local signal first",
            ));
        }
        if let (Some(x), Some(y)) = (a.constant, b.constant) {
            let value = match op {
                Add => x.checked_add(y),
                Sub => x.checked_sub(y),
                Mul => x.checked_mul(y),
                _ => None,
            };
            if let Some(value) = value {
                return Ok(constant(value, hint));
            }
        }
        let width = match op {
            _ if compares => Some(1),
            Shl | Shr => a.width,
            Mul => a.width.zip(b.width).map(|(x, y)| x + y),
            _ => a.width.or(b.width),
        };
        let text = format!("{} {symbol} {}", a.operand(), b.operand());
        let mut reads = a.reads;
        reads.extend(b.reads);
        Ok(Expression {
            text,
            width,
            reads,
            product: matches!(op, Mul),
            ..Default::default()
        })
    }

    /// Translates an expression. `hint` is the width of its context, for literals.
    pub(super) fn expression(
        &self,
        ast: &Ast,
        hint: Option<usize>,
    ) -> Result<Expression, EmitError> {
        match ast {
            Ast::Signal(name) => self.signal(name, hint),
            Ast::Literal(value) => {
                let value = literal(value).ok_or_else(|| {
                    self.unsupported("a literal above 128 bits", "use a Constant signal")
                })?;
                Ok(constant(value, hint))
            }
            Ast::Paren(inner) => self.expression(inner, hint),
            Ast::Cast(inner, width) => self.cast(inner, *width),
            Ast::Slice(base, width, offset) => self.slice(base, *width, offset),
            Ast::Index(base, offset) => self.slice(base, 1, offset),
            Ast::Binary(left, op, right) => self.binary(left, op, right, hint),
            Ast::Unary(op, inner) => {
                let (symbol, reduces) = match op {
                    VerilogOpUnary::Not => ("~", false),
                    VerilogOpUnary::Neg => ("-", false),
                    VerilogOpUnary::All => ("&", true),
                    VerilogOpUnary::Any => ("|", true),
                    VerilogOpUnary::Xor => ("^", true),
                };
                let inner = self.expression(inner, if reduces { None } else { hint })?;
                if inner.product || (reduces && inner.width.is_none()) {
                    return Err(self.unsupported(
                        "a product or a signed cast under an operator",
                        "assign it to a Local signal first",
                    ));
                }
                let text = format!("{symbol}{}", inner.operand());
                let width = if reduces { Some(1) } else { inner.width };
                let reads = inner.reads;
                Ok(Expression {
                    text,
                    width,
                    reads,
                    ..Default::default()
                })
            }
            Ast::Signed(inner) => {
                let signed = self.is_signed_net(inner);
                let inner = self.expression(inner, None)?;
                if !inner.atomic {
                    return Err(self.unsupported(
                        "a signed cast of an expression",
                        "assign the expression to a Local signal first",
                    ));
                }
                // The width is left open: in a wider context the sign is extended.
                Ok(Expression {
                    text: match signed {
                        true => inner.text,
                        false => format!("$signed({})", inner.text),
                    },
                    width: None,
                    reads: inner.reads,
                    atomic: true,
                    ..Default::default()
                })
            }
            Ast::Unsigned(inner) => {
                let inner = self.expression(inner, None)?;
                if inner.part.is_none() {
                    return Err(self.unsupported(
                        "an unsigned cast of an expression",
                        "assign the expression to a Local signal first",
                    ));
                }
                Ok(Expression {
                    text: format!("$unsigned({})", inner.text),
                    ..inner
                })
            }
            Ast::IndexReplace(..) => {
                Err(self.unsupported("`replace_bit`", "assign each bit to a port of a Pack"))
            }
        }
    }
}
