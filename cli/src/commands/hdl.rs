//! `spikevec hdl`: the core as Verilog.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use spikevec_hdl::core::Config;
use spikevec_hdl::leaf::Style;

use crate::arguments::choice;
use crate::files::{self, Plan};

const EXAMPLES: &str = "\
Examples:
  The core with 32 lanes in hardware:
    spikevec hdl --config base -o core.v
  One with 8 lanes and memories for a small FPGA, to look at:
    spikevec hdl --config small | less
  One between AXI4-Lite and AXI4, for an UltraScale+ device (docs/axi.md):
    spikevec hdl --for axi --vector-memory ultra -o spikevec_axi.v";

/// What stands around the core.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Surroundings {
    /// Nothing: the host port, the burst port of DMA and the retirement port
    Core,
    /// AXI4-Lite for the host and AXI4 for DMA
    Axi,
}

/// What vector memory is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum VectorMemory {
    /// Block RAM
    Block,
    /// UltraRAM, which UltraScale+ devices have
    Ultra,
}

/// Write the core as Verilog
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Configuration: base has 32 lanes in hardware, half 16, small 8, tiny 4
    #[arg(long, value_name = "NAME", default_value = "base", value_parser = choice(&Config::NAMES, Config::named))]
    config: Config,
    /// What stands around the core
    #[arg(long = "for", value_name = "USE", default_value = "core")]
    surroundings: Surroundings,
    /// What vector memory is made of
    #[arg(long, value_name = "KIND", default_value = "block")]
    vector_memory: VectorMemory,
    /// Where the Verilog goes [default: standard output]
    #[arg(long, short, value_name = "FILE.v")]
    output: Option<PathBuf>,
}

/// Runs the verb.
pub fn run(arguments: &Arguments) -> Result<()> {
    Plan::default()
        .writes(files::not_standard_output(&arguments.output))
        .check()?;
    let config = Config {
        vector_style: match arguments.vector_memory {
            VectorMemory::Block => Style::Block,
            VectorMemory::Ultra => Style::Ultra,
        },
        ..arguments.config.clone()
    };
    let design = match arguments.surroundings {
        Surroundings::Core => config.design(),
        Surroundings::Axi => config.axi_design(),
    };
    let design = design.with_context(|| format!("core {} cannot be written", config.name))?;
    let path = arguments.output.as_deref().unwrap_or(Path::new("-"));
    files::write_text(path, &design.verilog)
}
