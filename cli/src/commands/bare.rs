//! `spikevec run` of a program without a manifest: registers and memories by flags.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use spikevec::assembler::elf::section_memory;
use spikevec::isa::registers::{parse_x, vector_name, x_name};
use spikevec::isa::{Memory, Target};
use spikevec::runtime::read_whole;
use spikevec::{BareOptions, BareRun, Contents, MachineOptions, MemoryRange, Program, Warning};

use crate::report::table::{counted, table};
use crate::terminal::{self, Warnings};

/// What a program without a manifest begins with, and what is printed when it has stopped.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Programs without a manifest")]
pub struct BareFlags {
    /// Value of a scalar register, for instance `a0=7` or `x5=-0x10`; may be repeated
    #[arg(long, value_name = "REGISTER=VALUE", value_parser = setting)]
    set: Vec<(u8, u32)>,
    /// Bytes of a file as contents of a memory (scalar, vector, lanelocal, external), for instance
    /// `vector:0x100=weights.bin`; may be repeated
    #[arg(long, value_name = "MEMORY:ADDRESS=FILE", value_parser = load)]
    load: Vec<Load>,
    /// Print a part of a memory, for instance `scalar:0x0..0x40`; may be repeated
    #[arg(long, value_name = "MEMORY:FROM..TO", value_parser = range)]
    print_memory: Vec<MemoryRange>,
}

/// A file for a memory.
#[derive(Debug, Clone)]
struct Load {
    memory: Memory,
    address: u32,
    file: PathBuf,
}

impl BareFlags {
    /// The flag that was given, where one was.
    pub fn given(&self) -> Option<&'static str> {
        let all = [
            ("--set", self.set.is_empty()),
            ("--load", self.load.is_empty()),
            ("--print-memory", self.print_memory.is_empty()),
        ];
        let mut given = all.into_iter().filter(|(_, absent)| !absent);
        given.next().map(|(flag, _)| flag)
    }

    /// Files that are read.
    pub fn files(&self) -> impl Iterator<Item = &PathBuf> {
        self.load.iter().map(|load| &load.file)
    }

    /// Runs `program`, and prints how it stopped and what it left.
    ///
    /// # Errors
    /// Besides a machine that fails, a stop elsewhere than at `ecall`, when all is printed.
    pub fn run(
        &self,
        program: &Program,
        machine: &MachineOptions,
        budget: Option<u64>,
        target: Option<&Target>,
        json: bool,
    ) -> Result<()> {
        let contents = |load: &Load| -> Result<Contents> {
            let name = load.file.display();
            let bytes = read_whole(&load.file);
            Ok(Contents {
                memory: load.memory,
                address: load.address,
                bytes: bytes.with_context(|| format!("cannot read {name}"))?,
            })
        };
        let options = BareOptions {
            registers: self.set.clone(),
            contents: self.load.iter().map(contents).collect::<Result<_>>()?,
            ranges: self.print_memory.clone(),
            budget,
            target: target.cloned(),
        };
        let name = program.name();
        let run = program.run_bare(machine, &options);
        let run = run.with_context(|| format!("{name} cannot be run"))?;
        if run.rng_used_unseeded {
            let text = "the program drew random numbers from generators that were not seeded: they only gave zeros";
            Warnings::default().warn(Warning::Other(text.to_owned()));
        }
        let text = match json {
            true => format!("{}\n", serde_json::to_string_pretty(&run)?),
            false => text(&run),
        };
        terminal::print(&text)?;
        match run.stop {
            None => Ok(()),
            Some(stop) => Err(anyhow!(stop).context(format!("{name} was stopped"))),
        }
    }
}

/// What a program has left, for people.
fn text(run: &BareRun) -> String {
    let ended = if run.stop.is_none() {
        "ended"
    } else {
        "was stopped"
    };
    let clocks = run.clocks.map_or_else(String::new, |clocks| {
        format!(", {}", counted(clocks, "clock"))
    });
    let instructions = counted(run.instructions, "instruction");
    let mut out = format!("{} {ended} after {instructions}{clocks}\n", run.program);
    if let Some(registers) = &run.registers {
        let rows = (0u8..).zip(&registers.x).filter(|(_, value)| **value != 0);
        let rows: Vec<Vec<String>> = rows
            .map(|(k, value)| {
                let signed = *value as i32;
                let x = format!("  x{k}");
                vec![
                    x,
                    x_name(k).to_owned(),
                    format!("{value:#010x}"),
                    signed.to_string(),
                ]
            })
            .collect();
        out += &listed("registers", &rows, &[false, false, false, true]);
        let zero = |v: &[i16]| v.iter().all(|lane| *lane == 0);
        let rows = (0u8..).zip(&registers.v).filter(|(_, v)| !zero(*v));
        let rows: Vec<Vec<String>> = rows
            .map(|(k, v)| {
                let lanes: Vec<String> = v.iter().map(i16::to_string).collect();
                vec![format!("  {}", vector_name(k)), lanes.join(" ")]
            })
            .collect();
        out += &listed("vector registers", &rows, &[]);
    }
    for part in &run.memories {
        // Words, or lanes as numbers.
        let lanes = matches!(part.memory, Memory::Vector | Memory::LaneLocal);
        let _ = writeln!(out, "{}:", part.memory);
        for (line, bytes) in (0u64..).zip(part.bytes.chunks(32)) {
            let _ = write!(out, "  {:#08x} ", u64::from(part.address) + 32 * line);
            for unit in bytes.chunks(if lanes { 2 } else { 4 }) {
                let word = unit
                    .iter()
                    .rev()
                    .fold(0u32, |all, b| all << 8 | u32::from(*b));
                let _ = match lanes {
                    true => write!(out, " {}", word as u16 as i16),
                    false => write!(out, " {word:08x}"),
                };
            }
            out.push('\n');
        }
    }
    out
}

fn listed(title: &str, rows: &[Vec<String>], right: &[bool]) -> String {
    match rows {
        [] => format!("{title}: all 0\n"),
        _ => format!("{title} that are not 0:\n{}", table(rows, right)),
    }
}

/// A number, decimal or hexadecimal, that may be negative.
fn number(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let value = match digits.strip_prefix("0x").or(digits.strip_prefix("0X")) {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => digits.parse().ok()?,
    };
    Some(if negative {
        -i64::from(value)
    } else {
        value.into()
    })
}

fn address(text: &str) -> Result<u32, String> {
    let value = number(text).and_then(|value| u32::try_from(value).ok());
    value.ok_or_else(|| format!("{text:?} is no address of up to 32 bits, for instance 0x100"))
}

fn memory(text: &str) -> Result<Memory, String> {
    section_memory(&format!(".{text}")).ok_or_else(|| {
        format!("there is no memory {text:?}: scalar, vector, lanelocal, external or text")
    })
}

fn setting(text: &str) -> Result<(u8, u32), String> {
    let form = "write REGISTER=VALUE, for instance a0=7";
    let (name, value) = text.split_once('=').ok_or(form)?;
    let register = parse_x(name).ok_or_else(|| format!("there is no scalar register {name:?}"))?;
    if register == 0 {
        return Err("x0 is always 0".to_owned());
    }
    let value = number(value).filter(|value| *value >= i64::from(i32::MIN));
    let value = value.ok_or("a value has 32 bits: -0x80000000 to 0xffffffff")?;
    Ok((register, value as u32))
}

fn load(text: &str) -> Result<Load, String> {
    let form = "write MEMORY:ADDRESS=FILE, for instance vector:0x100=weights.bin";
    let (place, file) = text.split_once('=').ok_or(form)?;
    let (name, start) = place.split_once(':').ok_or(form)?;
    let (memory, address) = (memory(name)?, address(start)?);
    if memory == Memory::Instruction {
        return Err("the program's instructions come from its file".to_owned());
    }
    let file = PathBuf::from(file);
    Ok(Load {
        memory,
        address,
        file,
    })
}

fn range(text: &str) -> Result<MemoryRange, String> {
    let form = "write MEMORY:FROM..TO, for instance scalar:0x0..0x40";
    let (name, place) = text.split_once(':').ok_or(form)?;
    let (start, end) = place.split_once("..").ok_or(form)?;
    let memory = memory(name)?;
    let (start, end) = (address(start)?, address(end)?);
    let unit = match memory {
        Memory::Vector | Memory::LaneLocal => 2,
        _ => 4,
    };
    if start >= end || !start.is_multiple_of(unit) || !end.is_multiple_of(unit) {
        return Err(format!(
            "a range goes upward between multiples of {unit} bytes"
        ));
    }
    Ok(MemoryRange { memory, start, end })
}

/// Refuses what only data for a manifest's buffers can have.
pub fn refuse(program: &Program, given: &[(&'static str, bool)]) -> Result<()> {
    match given.iter().find(|(_, given)| *given) {
        None => Ok(()),
        Some((flag, _)) => bail!(
            "{flag}: {} has no manifest, so that it is not known what it reads and writes. Give registers and memories \
             with --set, --load and --print-memory, or make a program with `spikevec compile`",
            program.name()
        ),
    }
}

/// Refuses flags of this file for what is fed with data.
pub fn refuse_for_manifest(flags: &BareFlags, path: &Path) -> Result<()> {
    match flags.given() {
        None => Ok(()),
        Some(flag) => bail!(
            "{flag}: {} is fed with --input, as its manifest says. The flag is for programs of `spikevec asm`, which have none",
            path.display()
        ),
    }
}
