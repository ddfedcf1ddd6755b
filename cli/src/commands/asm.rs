//! `spikevec asm`: text to a program.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use spikevec::Program;
use spikevec::runtime::read_whole;

use crate::files::{self, Plan};
use crate::terminal;

const EXAMPLES: &str = "\
Examples:
  spikevec asm program.s -o program.elf
  spikevec disasm program.elf --listing

docs/assembler.md is the manual of the text, docs/isa.md that of the instructions.";

/// Assemble text to a program
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The text
    #[arg(value_name = "INPUT.s")]
    input: PathBuf,
    /// Where the program goes
    #[arg(long, short, value_name = "OUT.elf")]
    output: PathBuf,
}

/// Runs the verb.
pub fn run(arguments: &Arguments) -> Result<()> {
    let name = arguments.input.display().to_string();
    let plan = Plan::default().reads([&arguments.input]);
    plan.writes([&arguments.output]).check()?;
    let bytes = read_whole(&arguments.input).with_context(|| format!("cannot read {name}"))?;
    let source = String::from_utf8(bytes).with_context(|| {
        format!("{name} is no assembly text: it is not UTF-8. A program is turned to text with `spikevec disasm`")
    })?;
    let program = Program::assemble(&source, &name)?;
    files::write_all(&[(&arguments.output, &program.to_bytes()?)])?;
    let memory = program.memory();
    let mut text = format!(
        "{}: {} instructions, {} bytes of scalar and {} of vector memory",
        arguments.output.display(),
        program.image().code.len(),
        memory.scalar_bytes,
        memory.vector_bytes
    );
    if memory.lane_local_bytes > 0 {
        text += &format!(
            ", {} of lane-local memory in each lane",
            memory.lane_local_bytes
        );
    }
    if memory.external_bytes > 0 {
        text += &format!(", {} of external memory", memory.external_bytes);
    }
    terminal::print(&format!("{text}\n"))
}
