//! `spikevec inspect`: what is in a model or a program.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use spikevec_compiler::quantise::{QuantisedNetwork, quantise};
use spikevec_compiler::{CompileError, compile_network};

use crate::arguments::{CompileFlags, DataFlags, Prepared};
use crate::files::{self, Contents};
use crate::report::{fidelity, program};
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
    #[arg(long, value_name = "N")]
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
    let model = match files::load(path)? {
        Contents::Program(image) => {
            arguments.compile.refuse_for_program(path)?;
            if arguments.stage.is_some() || arguments.seed.is_some() {
                bail!(
                    "--stage and --seed: {} is a program that is compiled already. Leave them out, or give the model instead",
                    path.display()
                );
            }
            return terminal::print(&program::text(path, &image));
        }
        Contents::Model(model) => model,
    };
    let mut warnings = Warnings::default();
    let (flags, data) = (&arguments.compile, &arguments.data);
    let prepared = Prepared::new(
        path,
        &model,
        flags,
        data,
        arguments.seed,
        None,
        &mut warnings,
    )?;
    show(path, prepared, arguments.stage, &mut warnings)
}

fn show(
    path: &Path,
    prepared: Prepared,
    stage: Option<Stage>,
    warnings: &mut Warnings,
) -> Result<()> {
    let wanted = |which: Stage| stage.is_none_or(|stage| stage == which);
    let Prepared {
        network,
        options,
        calibration,
        ..
    } = prepared;
    if wanted(Stage::Graph) {
        terminal::print(&network.to_string())?;
    }
    let quantised = |network: &QuantisedNetwork| {
        terminal::print(&format!("\n{network}\n{}", fidelity::text(network)))
    };
    let cannot = || format!("{} cannot be compiled", path.display());
    match stage {
        Some(Stage::Graph) => return Ok(()),
        Some(Stage::Quantised) => {
            let network = quantise(&network, &calibration, &options).with_context(cannot)?;
            return quantised(&network);
        }
        Some(Stage::Placed) | None => {}
    }
    match compile_network(network.clone(), &calibration, &options) {
        Ok(compiled) => {
            if wanted(Stage::Quantised) {
                quantised(&compiled.placed.network)?;
            }
            terminal::print(&format!("\n{}", compiled.placed))
        }
        // The graph is of use without the rest.
        Err(error @ CompileError::MissingDt { .. }) if stage.is_none() => {
            warnings.warn(format!("formats and memory map are left out: {error}"));
            Ok(())
        }
        Err(error) => {
            // What does not fit a machine may have formats all the same.
            if stage.is_none()
                && let Ok(network) = quantise(&network, &calibration, &options)
            {
                quantised(&network)?;
            }
            Err(error).with_context(cannot)
        }
    }
}
