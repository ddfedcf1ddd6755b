//! A bitstream into a board, by openFPGALoader.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

use spikevec_verilated::tool;

use crate::board::Board;

const PROGRAM: &str = "openFPGALoader";

/// A call of openFPGALoader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loader {
    /// What openFPGALoader calls the board.
    board: String,
    bitstream: PathBuf,
    keep: bool,
}

/// A bitstream that has not been loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoaderError {
    /// No program.
    #[error(
        "{PROGRAM} is missing: install it with `apt-get install openfpgaloader` (Debian, Ubuntu), or see \
         https://trabucayre.github.io/openFPGALoader"
    )]
    Missing,
    /// No bitstream.
    #[error(
        "{path} is no file: make it with `spikevec synth --board {board}`, or name one with --bitstream",
        path = path.display()
    )]
    Bitstream {
        /// The file.
        path: PathBuf,
        /// The board.
        board: &'static str,
    },
    /// It cannot be started.
    #[error("{PROGRAM} cannot be started: {0}")]
    Start(std::io::Error),
    /// It has failed.
    #[error(
        "{PROGRAM} ended with {status}: is the board connected, and may you use its USB device? Its own messages are above"
    )]
    Failed {
        /// How.
        status: ExitStatus,
    },
}

impl Loader {
    /// Loads `bitstream` into `board`: into the FPGA, where it stays until power is lost, or with `keep` into the board's
    /// flash.
    ///
    /// # Errors
    /// No such file.
    pub fn new(board: &Board, bitstream: &Path, keep: bool) -> Result<Self, LoaderError> {
        if !bitstream.is_file() {
            return Err(LoaderError::Bitstream {
                path: bitstream.to_owned(),
                board: board.name,
            });
        }
        Ok(Self {
            board: board.file.loader.board.clone(),
            bitstream: bitstream.to_owned(),
            keep,
        })
    }

    fn command(&self) -> std::io::Result<Command> {
        let mut command = tool::command(PROGRAM, &[])?;
        command.args(["--board", &self.board]);
        if self.keep {
            command.arg("--write-flash");
        }
        command.arg(&self.bitstream);
        Ok(command)
    }

    /// Runs openFPGALoader, which writes to this process's standard output and error.
    ///
    /// # Errors
    /// A missing program, or one that fails.
    pub fn run(&self) -> Result<(), LoaderError> {
        let status = self.command().and_then(|mut command| command.status());
        let status = status.map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => LoaderError::Missing,
            _ => LoaderError::Start(error),
        })?;
        match status.success() {
            true => Ok(()),
            false => Err(LoaderError::Failed { status }),
        }
    }
}
