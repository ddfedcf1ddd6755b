//! `spikevec hdl`: the core as Verilog.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use spikevec_hdl::core::Config;

use crate::arguments::choice;
use crate::files::{self, Plan};

const EXAMPLES: &str = "\
Examples:
  The core with 32 lanes in hardware:
    spikevec hdl --config base -o core.v
  One with 8 lanes and memories for a small FPGA, to look at:
    spikevec hdl --config small | less";

/// Write the core as Verilog
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Configuration: base has 32 lanes in hardware, half 16, small 8, tiny 4
    #[arg(long, value_name = "NAME", default_value = "base", value_parser = choice(&Config::NAMES, Config::named))]
    config: Config,
    /// Where the Verilog goes [default: standard output]
    #[arg(long, short, value_name = "FILE.v")]
    output: Option<PathBuf>,
}

/// Runs the verb.
pub fn run(arguments: &Arguments) -> Result<()> {
    Plan::default()
        .writes(files::not_standard_output(&arguments.output))
        .check()?;
    let config = &arguments.config;
    let design = config
        .design()
        .with_context(|| format!("core {} cannot be written", config.name))?;
    let path = arguments.output.as_deref().unwrap_or(Path::new("-"));
    files::write_text(path, &design.verilog)
}
