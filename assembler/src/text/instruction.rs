//! Instructions from text: operands by the table's operand kinds.

use spikevec_isa::csr::{CSRS, Csr};
use spikevec_isa::registers::{parse_v, parse_x};
use spikevec_isa::{Instruction, Op, Operand};

use super::cursor::Cursor;
use super::diagnostic::{Diagnostic, Span};
use super::expr::{self, Context, Expr};
use super::lexer::Kind;
use super::pseudo::{self, CONSTANTS};
use super::suggest::{self, Vocabulary};

/// An instruction whose immediates are still expressions.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Template {
    pub base: Instruction,
    /// Operands with a value, in the order of the text.
    pub values: Vec<(Operand, Expr, Span)>,
    pub span: Span,
}

/// What a line of instructions asks for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Request {
    One(Template),
    /// `li` and `la`: the value into a register.
    Constant {
        rd: u8,
        value: Expr,
        span: Span,
    },
}

/// Parses the operands of `mnemonic`; the cursor is behind it.
pub(crate) fn parse(
    mnemonic: &str,
    span: Span,
    cursor: &mut Cursor,
    context: &Context,
) -> Result<Request, Diagnostic> {
    let name = mnemonic.to_ascii_lowercase();
    if CONSTANTS.contains(&name.as_str()) {
        let mut rd = Instruction::new(Op::Addi);
        register(Operand::XRd, cursor, &mut rd)?;
        cursor.expect(",")?;
        let start = cursor.span();
        let value = expr::parse(cursor, context)?;
        let span = start.to(cursor.previous());
        cursor.finish()?;
        return Ok(Request::Constant {
            rd: rd.rd,
            value,
            span,
        });
    }
    let real = Op::from_mnemonic(&name).map(|op| (Instruction::new(op), op.spec().operands));
    let others = pseudo::named(&name).map(|row| {
        let mut base = Instruction::new(row.op);
        (base.rd, base.rs1, base.imm) = (row.rd, row.rs1, row.imm);
        (base, row.operands)
    });
    // Of several spellings the error of the one that came furthest says most.
    let mut best: Option<(usize, Diagnostic)> = None;
    let mut forms = 0;
    for (base, operands) in real.into_iter().chain(others) {
        let mut attempt = *cursor;
        match operands_of(base, operands, &mut attempt, context) {
            Ok(values) => {
                *cursor = attempt;
                let (base, values) = values;
                return Ok(Request::One(Template { base, values, span }));
            }
            Err(error) => {
                forms += 1;
                let far = attempt.progress();
                if best.as_ref().is_none_or(|(best, _)| far > *best) {
                    let hint = error.hint.clone();
                    let error = error.hint(usage(&name, operands)).maybe_hint(hint);
                    best = Some((far, error));
                }
            }
        }
    }
    match best {
        Some((_, mut error)) => {
            let form = error.hint.as_ref().is_some_and(|h| h.starts_with("form: "));
            if forms > 1 && form {
                let all: Vec<String> = forms_of(&name);
                error.hint = Some(format!("forms: {}", all.join("; ")));
            }
            Err(error)
        }
        None => Err(unknown(mnemonic, span)),
    }
}

fn usage(name: &str, operands: &[Operand]) -> String {
    let list: Vec<&str> = operands.iter().map(|operand| operand.syntax()).collect();
    format!("form: {name} {}", list.join(", "))
        .trim_end()
        .to_owned()
}

fn forms_of(name: &str) -> Vec<String> {
    let real = Op::from_mnemonic(name).map(|op| op.spec().operands);
    let others = pseudo::named(name).map(|row| row.operands);
    let text = |operands| usage(name, operands).replacen("form: ", "", 1);
    real.into_iter().chain(others).map(text).collect()
}

fn unknown(mnemonic: &str, span: Span) -> Diagnostic {
    Diagnostic::new(span, format!("there is no instruction {mnemonic}"))
        .unknown(mnemonic, Vocabulary::Instructions)
}

type Operands = (Instruction, Vec<(Operand, Expr, Span)>);

fn operands_of(
    mut base: Instruction,
    operands: &[Operand],
    cursor: &mut Cursor,
    context: &Context,
) -> Result<Operands, Diagnostic> {
    let mut values = Vec::new();
    for (k, operand) in operands.iter().enumerate() {
        if k > 0 {
            cursor.expect(",")?;
        }
        let start = cursor.span();
        let value = match operand {
            Operand::XRd
            | Operand::XRs1
            | Operand::XRs2
            | Operand::VRd
            | Operand::VRs1
            | Operand::VRs2 => {
                register(*operand, cursor, &mut base)?;
                None
            }
            Operand::Load | Operand::Store | Operand::LaneLoad | Operand::LaneStore => {
                Some(memory(*operand, cursor, context, &mut base)?)
            }
            Operand::FenceSets => {
                let before = fence_set(cursor)?;
                cursor.expect(",")?;
                base.imm = i32::from(before << 4 | fence_set(cursor)?);
                None
            }
            Operand::Csr => match csr(cursor)? {
                Some(csr) => Some(Expr::Number(i64::from(csr.address()))),
                None => Some(expr::parse(cursor, context)?),
            },
            Operand::Imm12
            | Operand::Shamt5
            | Operand::Imm20
            | Operand::VImm16
            | Operand::Branch
            | Operand::Jump
            | Operand::Zimm5
            | Operand::Shift7
            | Operand::ShiftI
            | Operand::Lane => Some(expr::parse(cursor, context)?),
        };
        if let Some(value) = value {
            values.push((*operand, value, start.to(cursor.previous())));
        }
    }
    cursor.finish()?;
    Ok((base, values))
}

/// Reads a register into the field that `operand` stands for.
fn register(
    operand: Operand,
    cursor: &mut Cursor,
    out: &mut Instruction,
) -> Result<(), Diagnostic> {
    let vector = matches!(operand, Operand::VRd | Operand::VRs1 | Operand::VRs2);
    let wanted = if vector {
        "a vector register"
    } else {
        "a scalar register"
    };
    let span = cursor.span();
    let Some(Kind::Ident(name)) = cursor.peek() else {
        return Err(cursor.unexpected(wanted));
    };
    let lower = name.to_ascii_lowercase();
    let (own, other) = if vector {
        (parse_v(&lower), parse_x(&lower))
    } else {
        (parse_x(&lower), parse_v(&lower))
    };
    let Some(number) = own else {
        let message = match other {
            Some(_) => format!("{name} is of the other register file: {wanted} is needed"),
            None => format!("{name} is not {wanted}"),
        };
        let kind = match vector {
            true => Vocabulary::VRegisters,
            false => Vocabulary::XRegisters,
        };
        return Err(Diagnostic::new(span, message).unknown(name, kind));
    };
    cursor.advance();
    match operand {
        Operand::XRd | Operand::VRd => out.rd = number,
        Operand::XRs2 | Operand::VRs2 => out.rs2 = number,
        _ => out.rs1 = number,
    }
    Ok(())
}

/// `offset(base)` or `(base)`.
fn memory(
    operand: Operand,
    cursor: &mut Cursor,
    context: &Context,
    out: &mut Instruction,
) -> Result<Expr, Diagnostic> {
    let lanes = matches!(operand, Operand::LaneLoad | Operand::LaneStore);
    let bare = match (cursor.peek(), cursor.ahead(1)) {
        (Some(Kind::Punct("(")), Some(Kind::Ident(name))) => {
            parse_x(name).or(parse_v(name)).is_some()
        }
        _ => false,
    };
    let offset = if bare {
        Expr::Number(0)
    } else {
        expr::parse(cursor, context)?
    };
    cursor.expect("(")?;
    let base = if lanes { Operand::VRs1 } else { Operand::XRs1 };
    register(base, cursor, out)?;
    cursor.expect(")")?;
    Ok(offset)
}

/// A CSR by name; `None` where an address stands.
fn csr(cursor: &mut Cursor) -> Result<Option<Csr>, Diagnostic> {
    let Some(Kind::Ident(name)) = cursor.peek() else {
        return Ok(None);
    };
    if let Some(csr) = Csr::from_name(&name.to_ascii_lowercase()) {
        cursor.advance();
        return Ok(Some(csr));
    }
    match suggest::hint(name, CSRS.iter().map(|row| row.2)) {
        Some(hint) => {
            Err(Diagnostic::new(cursor.span(), format!("there is no CSR {name}")).hint(hint))
        }
        // It may be a symbol for the address of one.
        None => Ok(None),
    }
}

/// One set of `fence`: letters of `iorw` in that order, or 0.
fn fence_set(cursor: &mut Cursor) -> Result<u8, Diagnostic> {
    let wanted = "a set of `iorw`, or 0";
    let letters = match cursor.peek() {
        Some(Kind::Number(0)) => "",
        Some(Kind::Ident(letters)) => letters,
        _ => return Err(cursor.unexpected(wanted)),
    };
    let mut bits = 0u8;
    for letter in letters.chars() {
        let bit = "wroi".find(letter).map(|k| 1u8 << k);
        match bit {
            // In order, so each letter's bit is below all that came before.
            Some(bit) if bits == 0 || bit < (bits & bits.wrapping_neg()) => bits |= bit,
            _ => return Err(cursor.unexpected(wanted)),
        }
    }
    cursor.advance();
    Ok(bits)
}
