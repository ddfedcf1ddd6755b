//! `spikevec completions`: a script for a shell.

use anyhow::Result;
use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::{Cli, terminal};

const EXAMPLES: &str = "\
Examples:
  spikevec completions bash > ~/.local/share/bash-completion/completions/spikevec
  spikevec completions zsh > ~/.zfunc/_spikevec
  spikevec completions fish > ~/.config/fish/completions/spikevec.fish";

/// Print a script that completes this program's verbs and flags in a shell
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The shell
    shell: Shell,
}

/// Runs the verb.
pub fn run(arguments: &Arguments) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(
        arguments.shell,
        &mut Cli::command(),
        "spikevec",
        &mut script,
    );
    terminal::print(&String::from_utf8_lossy(&script))
}
