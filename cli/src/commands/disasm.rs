//! `spikevec disasm`: a program to text.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use spikevec::Program;

use crate::files::{self, Plan};
use crate::terminal::Warnings;

const EXAMPLES: &str = "\
Examples:
  Text that assembles to the same program:
    spikevec disasm program.elf -o program.s
  Address, word and text of each instruction, to read:
    spikevec disasm program.elf --listing | less";

/// Disassemble a program
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The program
    #[arg(value_name = "PROGRAM.elf")]
    program: PathBuf,
    /// Where the text goes [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Addresses and words beside the instructions, without data; not text to assemble
    #[arg(long)]
    listing: bool,
}

/// Runs the verb.
pub fn run(arguments: &Arguments) -> Result<()> {
    let plan = Plan::default().reads([&arguments.program]);
    plan.writes(files::not_standard_output(&arguments.output))
        .check()?;
    let program = Program::open(&arguments.program)?;
    Warnings::default().warn_all(program.warnings().to_vec());
    let text = if arguments.listing {
        program.listing()
    } else {
        program.disassembly()?
    };
    files::write_text(arguments.output.as_deref().unwrap_or(Path::new("-")), &text)
}
