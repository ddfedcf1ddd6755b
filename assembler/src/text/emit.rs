//! From what was read to an image: layout, values, words.

use spikevec_isa::{Memory, Operand};

use super::diagnostic::{Diagnostic as Error, Span};
use super::instruction::Template;
use super::symbols::{self, Meaning, Place};
use super::{Item, Reader};
use crate::build;
use crate::builder::branch_words;
use crate::image::{Image, Symbol};
use crate::layout::{self, Layout, Slot};

/// Bytes that instruction memory can have at most: what a jump reaches.
pub(crate) const MAX_CODE: u32 = 1 << 20;

/// The image of the file, as far as it goes, and all errors.
pub(super) fn image(reader: &mut Reader) -> (Image, Vec<Error>) {
    let mut errors = std::mem::take(&mut reader.errors);
    let layout = place(reader);
    reader.symbols.settle();
    let mut image = Image::default();
    let end = layout.addresses.last().copied().unwrap_or(0);
    if end > MAX_CODE {
        let over = layout.addresses.iter().position(|a| *a > MAX_CODE);
        let span = over
            .and_then(|k| reader.items.get(k.saturating_sub(1)))
            .and_then(span_of);
        let span = span.unwrap_or(Span {
            line: 1,
            column: 1,
            width: 1,
        });
        let message =
            format!("the code takes {end} bytes: instruction memory has at most {MAX_CODE}");
        errors.push(Error::new(span, message));
    } else {
        for index in 0..reader.items.len() {
            match words(reader, &layout, index) {
                Ok(words) => image.code.extend(words),
                Err(error) => {
                    errors.push(error);
                    let next = layout.addresses[index + 1] as usize / 4;
                    image.code.resize(next, 0);
                }
            }
        }
    }
    for fix in std::mem::take(&mut reader.data.fixes) {
        let value = reader
            .symbols
            .value(&fix.value, Some(&layout.addresses), fix.span);
        let done = value.and_then(|value| reader.data.fill(&fix, value));
        errors.extend(done.err());
    }
    for (name, value, span) in std::mem::take(&mut reader.sizes) {
        let size = reader
            .symbols
            .value(&value, Some(&layout.addresses), span)
            .and_then(|v| {
                u32::try_from(v).map_err(|_| Error::new(span, format!("{v} is no size in bytes")))
            });
        match (size, reader.symbols.get_mut(&name)) {
            (Ok(size), Some(definition)) => definition.size = size,
            (Ok(_), None) => errors.push(Error::new(span, format!("{name} is not defined"))),
            (Err(error), _) => errors.push(error),
        }
    }
    for name in reader
        .symbols
        .order
        .iter()
        .filter(|n| !symbols::is_internal(n))
    {
        match export(reader, name, &layout) {
            Ok(symbol) => image.symbols.extend(symbol),
            Err(error) => errors.push(error),
        }
    }
    match std::mem::take(&mut reader.data).finish() {
        Ok(segments) => image.segments = segments,
        Err(more) => errors.extend(more),
    }
    // Overlaps are among the errors already, so that this fails only with them.
    let image = image.canonical().unwrap_or_default();
    (image, errors)
}

fn place(reader: &Reader) -> Layout {
    let slots: Vec<Slot> = reader
        .items
        .iter()
        .map(|item| match item {
            Item::Instruction(_) if item.branch_target().is_some() => Slot::Branch,
            Item::Instruction(_) | Item::Word(..) | Item::Broken => Slot::Words(1),
            Item::Constant { words, .. } => Slot::Words(*words),
            Item::Align(bytes) => Slot::Align(*bytes),
            Item::Org(address, _) => Slot::Org(*address),
        })
        .collect();
    layout::relax(&slots, |index, addresses| {
        let item = reader.items.get(index)?;
        let Item::Instruction(Template { span, .. }) = item else {
            return None;
        };
        let target = item.branch_target()?;
        reader.symbols.value(target, Some(addresses), *span).ok()
    })
}

fn span_of(item: &Item) -> Option<Span> {
    match item {
        Item::Instruction(template) => Some(template.span),
        Item::Constant { span, .. } | Item::Word(_, span) | Item::Org(_, span) => Some(*span),
        Item::Align(_) | Item::Broken => None,
    }
}

fn words(reader: &Reader, layout: &Layout, index: usize) -> Result<Vec<u32>, Error> {
    let (address, next) = (layout.addresses[index], layout.addresses[index + 1]);
    let gap = (next - address) as usize / 4;
    let value = |expr, span| reader.symbols.value(expr, Some(&layout.addresses), span);
    let encode = |instruction: spikevec_isa::Instruction, span| {
        let word = instruction.encode();
        word.map_err(|error| Error::new(span, error.to_string()))
    };
    match &reader.items[index] {
        Item::Broken => Ok(vec![0]),
        Item::Word(expr, span) => {
            let number = value(expr, *span)?;
            let word = symbols::word(number)
                .ok_or_else(|| Error::new(*span, format!("{number} does not fit in 32 bits")))?;
            Ok(vec![word as u32])
        }
        Item::Align(_) => {
            let nop = encode(build::nop(), SPAN_START)?;
            Ok(vec![nop; gap])
        }
        Item::Org(to, span) => {
            if *to < address {
                let message = format!("the code is at {address:#x} already, beyond {to:#x}");
                return Err(Error::new(*span, message).hint("code is placed upward only"));
            }
            Ok(vec![0; gap])
        }
        Item::Constant {
            rd,
            value: expr,
            words,
            span,
            ..
        } => {
            let number = value(expr, *span)?;
            let constant = symbols::word(number).ok_or_else(|| {
                Error::new(*span, format!("{number} does not fit in a 32-bit register"))
            })?;
            let (high, low) = build::split(constant);
            let long = [
                build::u(spikevec_isa::Op::Lui, *rd, high),
                build::i(spikevec_isa::Op::Addi, *rd, *rd, low),
            ];
            if *words == 2 {
                long.into_iter().map(|i| encode(i, *span)).collect()
            } else {
                build::li(*rd, constant).map(|i| encode(i, *span)).collect()
            }
        }
        Item::Instruction(template) => instruction(reader, template, layout, index),
    }
}

const SPAN_START: Span = Span {
    line: 1,
    column: 1,
    width: 1,
};

fn instruction(
    reader: &Reader,
    template: &Template,
    layout: &Layout,
    index: usize,
) -> Result<Vec<u32>, Error> {
    let mut out = template.base;
    let spec = out.op.spec();
    let address = i64::from(layout.addresses[index]);
    let long = layout.long[index];
    for (operand, expr, span) in &template.values {
        let value = reader.symbols.value(expr, Some(&layout.addresses), *span);
        let mut value = value.map_err(|error| match (operand, &error.unknown) {
            (Operand::Csr, Some((name, _))) => {
                let message = format!("there is no CSR {name}, and no symbol of that name");
                Error::new(error.span, message).hint("docs/isa.md lists the CSRs")
            }
            _ => error,
        })?;
        let relative = matches!(operand, Operand::Branch | Operand::Jump);
        if relative {
            if !reader.symbols.mentions_text(expr) {
                let message = format!("the target is the bare number {value}");
                return Err(Error::new(*span, message)
                    .hint(format!("write a label, or .+{value} for a distance")));
            }
            value -= address;
        }
        let Some(bounds) = operand.bounds() else {
            continue;
        };
        let (min, max) = (i64::from(bounds.min), i64::from(bounds.max));
        let fits = (min..=max).contains(&value) || (long && relative);
        if !fits || value % i64::from(bounds.align) != 0 {
            return Err(misfit(spec.mnemonic, *operand, value, *span, bounds.align));
        }
        if *operand == Operand::Zimm5 {
            out.rs1 = value as u8;
        } else {
            out.imm = value as i32;
        }
    }
    let words = if spec.has(Operand::Branch) {
        branch_words(out.op, out.rs1, out.rs2, out.imm, long)
    } else {
        out.encode().map(|word| vec![word])
    };
    words.map_err(|error| Error::new(template.span, error.to_string()))
}

fn misfit(mnemonic: &str, operand: Operand, value: i64, span: Span, align: i32) -> Error {
    let name = operand.name();
    let Some(bounds) = operand.bounds() else {
        return Error::new(span, format!("{name} {value} does not fit"));
    };
    if (i64::from(bounds.min)..=i64::from(bounds.max)).contains(&value) {
        let message = format!(
            "{mnemonic}: {name} at a distance of {value} bytes is not a multiple of {align}"
        );
        return Error::new(span, message);
    }
    let message = format!(
        "{mnemonic}: {name} {value} is out of range {} to {}",
        bounds.min, bounds.max
    );
    let hint = match operand {
        Operand::Imm12 | Operand::Load | Operand::Store => {
            Some("li puts any 32-bit value into a register; %hi and %lo split an address")
        }
        Operand::VImm16 if value < 1 << 16 && value > 0 => {
            Some("lanes are signed: subtract 65536 for the same bits")
        }
        _ => None,
    };
    Error::new(span, message).maybe_hint(hint.map(str::to_owned))
}

/// The symbol as a host sees it; `None` for one that stays inside the file.
fn export(reader: &Reader, name: &str, layout: &Layout) -> Result<Option<Symbol>, Error> {
    let Some(definition) = reader.symbols.get(name) else {
        return Ok(None);
    };
    let (memory, value) = match &definition.meaning {
        Meaning::Place(Place::Text(item)) => {
            let address = layout.addresses.get(*item).copied().unwrap_or(0);
            (Some(Memory::Instruction), i64::from(address))
        }
        Meaning::Place(Place::Data(memory, address)) => (Some(*memory), i64::from(*address)),
        Meaning::Place(Place::Number(value)) => (None, *value),
        Meaning::Later(expr) => {
            let addresses = Some(layout.addresses.as_slice());
            (
                None,
                reader.symbols.value(expr, addresses, definition.span)?,
            )
        }
    };
    // Names with this prefix are for the file itself, as with GNU's assembler.
    if name.starts_with(".L") && definition.explicit.is_none() {
        return Ok(None);
    }
    let value = symbols::word(value).ok_or_else(|| {
        Error::new(
            definition.span,
            format!("the value {value} of {name} does not fit in 32 bits"),
        )
    })?;
    Ok(Some(Symbol {
        name: name.to_owned(),
        memory: definition.explicit.unwrap_or(memory),
        value: value as u32,
        size: definition.size,
    }))
}
