//! `spikevec inspect`: what is in a model or a program.

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use spikevec::compiler::CompileError;
use spikevec::compiler::quantise::QuantisedNetwork;
use spikevec::report::fidelity;
use spikevec::{CompileOptions, Error, Network, Opened, Warning, open};

use crate::arguments::{CompileFlags, DataFlags};
use crate::report::{self, program};
use crate::terminal::{self, Warnings};

const EXAMPLES: &str = "\
Examples:
  Graph, formats and memory map of a model:
    spikevec inspect model.nir
  The graph only, which needs no time step:
    spikevec inspect model.nir --stage graph
  Formats and operations, as they are with other options:
    spikevec inspect model.nir --stage quantised --rounding stochastic --dt 1e-3
  Manifest, symbols and contents of a program:
    spikevec inspect model.elf";

/// Show what is in a model (graph, formats, memory map) or a program (manifest, symbols, contents)
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// A NIR model or a program
    #[arg(value_name = "MODEL|PROGRAM")]
    file: PathBuf,
    /// Only this stage of a model [default: all of them]
    #[arg(long, value_enum, value_name = "STAGE")]
    stage: Option<Stage>,
    /// Seed of calibration spikes where no data is given [default: 1]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    seed: Option<u64>,
    #[command(flatten)]
    compile: CompileFlags,
    #[command(flatten)]
    data: DataFlags,
}

/// A stage of the compiler.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Stage {
    /// Populations and projections
    Graph,
    /// Number formats and operations
    Quantised,
    /// Addresses and registers
    Placed,
}

/// Runs the verb.
pub fn run(arguments: &Arguments) -> Result<()> {
    let path = &arguments.file;
    let model = match open(path)? {
        Opened::Program(program) => {
            arguments.compile.refuse_for_program(path)?;
            if arguments.stage.is_some() || arguments.seed.is_some() {
                bail!(
                    "--stage and --seed: {} is a program that is compiled already. Leave them out, or give the model instead",
                    path.display()
                );
            }
            Warnings::default().warn_all(program.warnings().to_vec());
            return terminal::print(&program::text(&program));
        }
        Opened::Model(model) => model,
    };
    let mut warnings = Warnings::default();
    let (flags, data) = (&arguments.compile, &arguments.data);
    if flags.calibration_file().is_none() {
        data.refuse_without_data()?;
    }
    let network = arguments.compile.neurons.network(&model, &mut warnings)?;
    let options = flags.options(&network, data, arguments.seed, None)?;
    show(network, &options, arguments.stage, &mut warnings)
}

fn show(
    network: Network,
    options: &CompileOptions,
    stage: Option<Stage>,
    warnings: &mut Warnings,
) -> Result<()> {
    let wanted = |which: Stage| stage.is_none_or(|stage| stage == which);
    if wanted(Stage::Graph) {
        terminal::print(&network.graph().to_string())?;
    }
    let quantised = |network: &QuantisedNetwork| {
        let cost = report::fidelity::text(fidelity(network));
        terminal::print(&format!(
            "\nreading: {}\n{network}\n{cost}",
            network.reading
        ))
    };
    match stage {
        Some(Stage::Graph) => return Ok(()),
        Some(Stage::Quantised) => return quantised(&network.quantise(options)?),
        Some(Stage::Placed) | None => {}
    }
    let program = match network.clone().compile(options) {
        Ok(program) => program,
        Err(Error::Compile { source, .. })
            if stage.is_none() && matches!(*source, CompileError::MissingDt { .. }) =>
        {
            // The graph is of use without the rest.
            let text = format!("formats and memory map are left out: {source}");
            warnings.warn(Warning::Other(text));
            return Ok(());
        }
        Err(error) => {
            // What does not fit a machine may have formats all the same.
            if stage.is_none()
                && let Ok(network) = network.quantise(options)
            {
                quantised(&network)?;
            }
            return Err(error.into());
        }
    };
    let Some(compiled) = program.compiled() else {
        return Ok(());
    };
    if wanted(Stage::Quantised) {
        quantised(&compiled.placed.network)?;
    }
    terminal::print(&format!("\n{}", compiled.placed))
}
