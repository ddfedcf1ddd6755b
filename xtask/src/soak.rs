//! `cargo xtask soak`: random programs on the core in lockstep with the simulator, for hours.

use std::time::Duration;

use anyhow::{Result, bail};

use crate::process;

const LIMIT: Duration = Duration::from_secs(24 * 60 * 60);

/// Arguments of `cargo xtask soak`.
#[derive(clap::Args)]
pub struct Options {
    /// Instructions to retire, over all configurations together
    #[arg(long, default_value_t = 100_000_000)]
    instructions: u64,
    /// Configurations of the core
    #[arg(long, value_delimiter = ',', default_values = ["base", "half", "small", "tiny"])]
    configs: Vec<String>,
    /// Seed of the first random program; the others have the seeds behind it
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

/// Runs the programs; the configurations one after the other.
pub fn run(options: &Options) -> Result<()> {
    let Some(each) = options
        .instructions
        .checked_div(options.configs.len() as u64)
    else {
        bail!("name a configuration");
    };
    println!(
        "{each} instructions on each of {}, from seed {} on",
        options.configs.join(", "),
        options.seed
    );
    let mut command = crate::cargo();
    command.args(["test", "--package", "spikevec-tests", "--test", "lockstep"]);
    command.args(["--", "--nocapture", "core::random"]);
    command.env("SPIKEVEC_CONFIGS", options.configs.join(","));
    command.env("SPIKEVEC_INSTRUCTIONS", each.to_string());
    command.env("SPIKEVEC_FIRST_SEED", options.seed.to_string());
    process::run(&mut command, LIMIT)
}
