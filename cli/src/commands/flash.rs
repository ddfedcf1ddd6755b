//! `spikevec flash`: a bitstream into a board.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use spikevec_bitstreams::{Board, Loader};

use crate::arguments::choice;

const EXAMPLES: &str = "\
Examples:
  What `spikevec synth --board colorlight-i5` has made, until power is lost:
    spikevec flash --board colorlight-i5
  Another file, into the board's flash:
    spikevec flash --board ulx3s-85f --bitstream build/ulx3s-85f.bit --keep

Needs openFPGALoader: apt-get install openfpgaloader.";

/// Load a bitstream into a board with openFPGALoader
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Board
    #[arg(long, value_name = "NAME", value_parser = choice(&Board::NAMES, |name| Board::named(name).ok()))]
    board: Board,
    /// The bitstream [default: NAME/NAME.bit (or .fs), where `spikevec synth` leaves it]
    #[arg(long, value_name = "FILE")]
    bitstream: Option<PathBuf>,
    /// Write it into the board's flash, so that it is there after power has been off
    #[arg(long)]
    keep: bool,
}

/// Runs the verb.
pub fn run(arguments: &Arguments) -> Result<()> {
    let board = &arguments.board;
    let usual = Path::new(board.name).join(board.bitstream());
    let bitstream = arguments.bitstream.as_deref().unwrap_or(&usual);
    Ok(Loader::new(board, bitstream, arguments.keep)?.run()?)
}
