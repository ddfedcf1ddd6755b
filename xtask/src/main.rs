//! Project chores.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

mod bench;
mod docs;
mod fuzz;
mod interop;
mod output;
mod process;
mod soak;
mod steps;
mod test;
mod tidy;
mod tools;
mod verify;

/// Chores of the Spikevec workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Check everything: format, lints, generated pages, documentation, tidiness, tests
    ///
    /// On Debian the programs and Python packages that tests compare against are installed
    /// first (as root or through `sudo -n`; the Python ones under target/test-venv). What
    /// cannot be installed is named, and the tests that need it are counted as skipped.
    Test(test::Options),
    /// Check pages, comments and dependencies: links, paths, printed output, spelling, licences, the manual
    ///
    /// What other programs check is left out where they are missing: cargo compiles three of them into
    /// target/tidy-tools (about five minutes, once), one comes from PyPI (xtask/requirements-tidy.txt).
    Tidy(tidy::Options),
    /// Check further: proofs, what synthesis makes of the hardware, what other frameworks do
    ///
    /// Yosys and SymbiYosys come from PyPI into target/verify-venv (xtask/requirements-verify.txt),
    /// z3 from Debian (as root or through `sudo -n`). What cannot be installed is named, and the
    /// run has failed. `interop` makes the networks of other frameworks again, and installs those under target/interop
    /// (8 GB); a framework that cannot be installed is skipped.
    Verify(verify::Options),
    /// Run random programs on the core in lockstep with the simulator, by default 100 million instructions
    Soak(soak::Options),
    /// Run the fuzz targets in turn, for some minutes each: needs cargo-fuzz and the nightly toolchain
    Fuzz(fuzz::Options),
    /// Run the benchmarks and print their figures beside those of other systems
    Bench(bench::Options),
    /// Write the generated pages (docs/isa.md)
    Docs {
        /// Write nothing; fail where a page is not what would be written
        #[arg(long)]
        check: bool,
    },
}

/// The folder of the workspace.
fn workspace() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    folder.parent().map_or(folder.clone(), PathBuf::from)
}

/// The folder that cargo builds in.
fn target() -> PathBuf {
    let folder = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    workspace().join(folder)
}

/// The `cargo` that runs this program, or else the one on the path.
fn cargo() -> std::process::Command {
    let name = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = std::process::Command::new(name);
    command.current_dir(workspace());
    command
}

fn main() -> Result<ExitCode> {
    match Arguments::parse().chore {
        Chore::Test(options) => return test::run(&options),
        Chore::Tidy(options) => return tidy::run(&options),
        Chore::Verify(options) => return verify::run(&options),
        Chore::Soak(options) => soak::run(&options)?,
        Chore::Fuzz(options) => return fuzz::run(&options),
        Chore::Bench(options) => bench::run(&options)?,
        Chore::Docs { check: true } => println!("{}", docs::check()?),
        Chore::Docs { check: false } => docs::write()?,
    }
    Ok(ExitCode::SUCCESS)
}
