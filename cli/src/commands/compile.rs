//! `spikevec compile`: a model to a program.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use spikevec::Model;
use spikevec::report::fidelity;

use crate::arguments::{CompileFlags, DataFlags};
use crate::files::{self, Plan};
use crate::report::{self, stages};
use crate::terminal::{self, Warnings};

const EXAMPLES: &str = "\
Examples:
  spikevec compile model.nir -o model.elf
  With formats chosen on data, and the program as text:
    spikevec compile model.nir -o model.elf --calibrate x.npy --disasm model.s
  With one format pinned, and everything that was decided:
    spikevec compile model.nir -o model.elf --format hidden.v=q6.9 --report
  With membranes of spiking outputs, for `run --readout max-v`:
    spikevec compile model.nir -o model.elf --record-membranes";

/// Compile a NIR model to a program
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The model
    #[arg(value_name = "MODEL.nir")]
    model: PathBuf,
    /// Where the program goes
    #[arg(long, short, value_name = "OUT.elf")]
    output: PathBuf,
    /// Write the program as text, too; `-` for standard output
    #[arg(long, value_name = "FILE")]
    disasm: Option<PathBuf>,
    /// Print every stage: the graph, formats and operations, addresses and registers
    #[arg(long)]
    report: bool,
    /// Seed of calibration spikes where no data is given, and of runs [default: 1]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    seed: Option<u64>,
    #[command(flatten)]
    compile: CompileFlags,
    #[command(flatten)]
    data: DataFlags,
}

/// Runs the verb.
pub fn run(arguments: &Arguments) -> Result<()> {
    let mut warnings = Warnings::default();
    let path = &arguments.model;
    Plan::default()
        .reads([path])
        .reads(arguments.compile.calibration_file())
        .writes([&arguments.output])
        .writes(files::not_standard_output(&arguments.disasm))
        .check()?;
    let model = Model::open(path)?;
    let (flags, data) = (&arguments.compile, &arguments.data);
    if flags.calibration_file().is_none() {
        data.refuse_without_data()?;
    }
    let network = arguments.compile.neurons.network(&model, &mut warnings)?;
    let options = flags.options(&network, data, arguments.seed, None)?;
    let program = network.compile(&options)?;
    warnings.warn_all(program.warnings().to_vec());
    let elf = program.to_bytes()?;
    let disassembly = match &arguments.disasm {
        Some(path) => Some((path, program.disassembly()?)),
        None => None,
    };
    let mut outputs = vec![(arguments.output.as_path(), elf.as_slice())];
    match &disassembly {
        // What comes from standard output is to be the program's text only.
        Some((path, text)) if path.as_path() == Path::new("-") => {
            files::write_all(&outputs)?;
            return terminal::print(text);
        }
        Some((path, text)) => outputs.push((path, text.as_bytes())),
        None => {}
    }
    files::write_all(&outputs)?;
    let mut text = String::new();
    if let Some(compiled) = program.compiled() {
        let (network, placed) = (&compiled.network, &compiled.placed);
        if arguments.report {
            let quantised = &placed.network;
            text.push_str(&format!("{network}\n{quantised}\n"));
            text.push_str(&report::fidelity::text(fidelity(quantised)));
            text.push_str(&format!("\n{placed}\n"));
        }
        let reading = &placed.network.reading;
        text.push_str(&format!(
            "{}:\nreading: {reading}\n",
            arguments.output.display()
        ));
        text.push_str(&stages::memory(compiled));
    }
    terminal::print(&text)
}
