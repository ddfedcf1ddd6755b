//! A printed trace.

use std::fmt::Write as _;
use std::io::{self, Write};

use spikevec_isa::registers::{vector_name, x_name};
use spikevec_isa::{Class, Instruction, LANES, Memory, Op, VECTOR_BYTES, Vector};

use super::{Observer, Retired};
use crate::state::State;

/// Writes a line per retired instruction: pc, text, and the values it wrote. In timed
/// runs the clock in which its first beat left the stage A comes first.
///
/// Scalars are hexadecimal, vectors 32 decimal lanes (one number where all are
/// equal), stores the memory, address and value.
#[derive(Debug)]
pub struct Tracer<W: Write> {
    out: W,
    line: String,
    failed: Option<io::Error>,
}

impl<W: Write> Tracer<W> {
    /// A tracer that writes to `out`, which should be buffered.
    pub fn new(out: W) -> Self {
        Tracer {
            out,
            line: String::new(),
            failed: None,
        }
    }

    /// Flushes and gives `out` back.
    ///
    /// # Errors
    /// The first error of writing; lines after it are lost.
    pub fn finish(mut self) -> io::Result<W> {
        match self.failed {
            Some(error) => Err(error),
            None => {
                self.out.flush()?;
                Ok(self.out)
            }
        }
    }
}

impl<W: Write> Observer for Tracer<W> {
    fn retired(&mut self, state: &State, retired: &Retired) {
        if self.failed.is_some() {
            return;
        }
        self.line.clear();
        // Writing to a String cannot fail.
        let _ = describe(&mut self.line, state, retired);
        if let Err(error) = self.out.write_all(self.line.as_bytes()) {
            self.failed = Some(error);
        }
    }
}

fn describe(line: &mut String, m: &State, retired: &Retired) -> std::fmt::Result {
    let (pc, i) = (retired.pc, &retired.instruction);
    if retired.issue.is_some() {
        write!(line, "{:>10}  ", m.clocks())?;
    }
    write!(line, "{pc:08x}  {:<32}", i.to_string())?;
    if let Some(register) = i.scalar_write() {
        let value = m.x[usize::from(register & 31)];
        write!(line, "  {} = {value:#x}", x_name(register))?;
    }
    if let Some(register) = i.vector_write() {
        write!(line, "  {} = ", vector_name(register))?;
        lanes(line, &m.v[usize::from(register & 31)])?;
    }
    let spec = i.op.spec();
    if spec.steps_rng || spec.class == Class::GeneratorLoad {
        let [s0, s1] = m.rng.to_vectors();
        line.push_str("  s0 = ");
        lanes(line, &s0)?;
        line.push_str("  s1 = ");
        lanes(line, &s1)?;
    }
    stored(line, m, i)?;
    let text = line.trim_end().len();
    line.truncate(text);
    line.push('\n');
    Ok(())
}

/// What a store wrote. A store changes no register, so that its operands are still there.
fn stored(line: &mut String, m: &State, i: &Instruction) -> std::fmt::Result {
    let value = m.x[usize::from(i.rs2 & 31)];
    let address = m.x[usize::from(i.rs1 & 31)].wrapping_add(i.imm as u32);
    match i.op {
        Op::Sb => write!(
            line,
            "  {}[{address:#x}] = {:#x}",
            Memory::Scalar,
            value & 0xff
        ),
        Op::Sh => write!(
            line,
            "  {}[{address:#x}] = {:#x}",
            Memory::Scalar,
            value & 0xffff
        ),
        Op::Sw => write!(line, "  {}[{address:#x}] = {value:#x}", Memory::Scalar),
        Op::Vstorev => {
            write!(
                line,
                "  {}[{address:#x}..+{VECTOR_BYTES}] = ",
                Memory::Vector
            )?;
            lanes(line, &m.v[usize::from(i.rs2 & 31)])
        }
        Op::Vstorel => {
            let base = &m.v[usize::from(i.rs1 & 31)];
            let value = &m.v[usize::from(i.rs2 & 31)];
            write!(line, "  {}:", Memory::LaneLocal)?;
            for lane in (0..LANES).filter(|&lane| base[lane] >= 0) {
                let address = i32::from(base[lane]) + i.imm;
                write!(line, " {lane}[{address:#x}]={}", value[lane])?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn lanes(line: &mut String, vector: &Vector) -> std::fmt::Result {
    if vector.iter().all(|lane| *lane == vector[0]) {
        return write!(line, "[{} x{LANES}]", vector[0]);
    }
    for (k, lane) in vector.iter().enumerate() {
        write!(line, "{}{lane}", if k == 0 { "[" } else { " " })?;
    }
    line.push(']');
    Ok(())
}
