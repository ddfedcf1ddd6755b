//! The command line: one file a verb in `commands`, what they print in `report`.
//!
//! Nothing here computes: reading, compiling, running and evaluating are those of the library `spikevec`.

mod arguments;
mod commands;
mod files;
mod neuron;
mod reading;
mod report;
mod terminal;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use commands::{asm, compile, completions, disasm, inspect, reading as reading_verb, run};
#[cfg(feature = "hardware")]
use commands::{flash, hdl, synth};

const EXAMPLES: &str = "\
Examples:
  A trained network on its test data, from the root of the repository:
    spikevec run examples/digits/digits.nir --input examples/digits/test_x.npy --labels examples/digits/test_y.npy
  The same in two steps, with a look at the program:
    spikevec compile examples/digits/digits.nir -o digits.elf --disasm digits.s
    spikevec run digits.elf --input examples/digits/test_x.npy
  What is in a model or a program:
    spikevec inspect examples/digits/digits.nir

`spikevec help VERB` tells more of each verb.";

/// Compiles trained spiking neural networks for the Spikevec core, runs them
/// bit-exactly in the simulator, and looks inside.
#[derive(Debug, Parser)]
#[command(name = "spikevec", version, after_help = EXAMPLES)]
pub struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Run(Box<run::Arguments>),
    Compile(Box<compile::Arguments>),
    Asm(asm::Arguments),
    Disasm(disasm::Arguments),
    Inspect(Box<inspect::Arguments>),
    Reading(Box<reading_verb::Arguments>),
    #[cfg(feature = "hardware")]
    Hdl(hdl::Arguments),
    #[cfg(feature = "hardware")]
    Synth(synth::Arguments),
    #[cfg(feature = "hardware")]
    Flash(flash::Arguments),
    Completions(completions::Arguments),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().verb {
        Verb::Run(arguments) => run::run(&arguments),
        Verb::Compile(arguments) => compile::run(&arguments),
        Verb::Asm(arguments) => asm::run(&arguments),
        Verb::Disasm(arguments) => disasm::run(&arguments),
        Verb::Inspect(arguments) => inspect::run(&arguments),
        Verb::Reading(arguments) => reading_verb::run(&arguments),
        #[cfg(feature = "hardware")]
        Verb::Hdl(arguments) => hdl::run(&arguments),
        #[cfg(feature = "hardware")]
        Verb::Synth(arguments) => synth::run(&arguments),
        #[cfg(feature = "hardware")]
        Verb::Flash(arguments) => flash::run(&arguments),
        Verb::Completions(arguments) => completions::run(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            terminal::error(&error);
            ExitCode::FAILURE
        }
    }
}
