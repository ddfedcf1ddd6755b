//! What keeps a flow from its bitstream.

use std::io;
use std::path::PathBuf;

use spikevec_hdl::board::BoardError;

use super::tools::ToolsError;
use crate::board::{BoardFileError, ClockError};

/// A resource of which a design needs more than the device has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excess {
    /// What: `logic (LUT4)`, `block RAM`...
    pub resource: String,
    /// How many the design needs.
    pub needed: u64,
    /// How many there are.
    pub available: u64,
}

/// A bitstream that could not be made.
#[derive(Debug, thiserror::Error)]
pub enum FlowError {
    /// The board is not right.
    #[error(transparent)]
    Board(#[from] BoardFileError),
    /// Its clock cannot be made.
    #[error(transparent)]
    Clock(#[from] ClockError),
    /// Its top cannot be written.
    #[error(transparent)]
    Top(#[from] BoardError),
    /// Tools are missing.
    #[error(transparent)]
    Tools(#[from] ToolsError),
    /// No seeds.
    #[error("no seed for place and route: give one at least")]
    Seeds,
    /// A file of the work cannot be read or written.
    #[error("cannot {what} {}: {source}", path.display())]
    File {
        /// `read` or `write`.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A tool cannot be started.
    #[error("{tool} cannot be started: {source}")]
    Start {
        /// The tool.
        tool: &'static str,
        /// Why.
        source: io::Error,
    },
    /// A tool has failed.
    #[error("{tool} failed:\n  {}\nThe whole log is {}", complaints.join("\n  "), log.display())]
    Tool {
        /// The tool.
        tool: &'static str,
        /// Its last or worst lines.
        complaints: Vec<String>,
        /// Its log.
        log: PathBuf,
    },
    /// A tool has written something that cannot be read.
    #[error("{}, which {tool} has written, cannot be understood: {message}", path.display())]
    Form {
        /// The tool.
        tool: &'static str,
        /// The file.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// More than the device has.
    #[error(
        "the design does not fit the {part} of {board}: {}. Choose smaller memories or fewer lanes (`[core]` of \
         bitstreams/{board}/board.toml), or a board with a larger device",
        list(excess)
    )]
    DoesNotFit {
        /// The board.
        board: &'static str,
        /// The device.
        part: String,
        /// What it lacks.
        excess: Vec<Excess>,
    },
    /// Too slow.
    #[error(
        "the clock of {wanted:.2} MHz is missed: of {seeds} seeds the best reaches {best:.2} MHz, the median {median:.2}. \
         The slowest path is {path}. {}",
        faster(*advice)
    )]
    TooSlow {
        /// What was asked for, in MHz.
        wanted: f64,
        /// Seeds that were tried.
        seeds: usize,
        /// The best clock in MHz.
        best: f64,
        /// The median.
        median: f64,
        /// The critical path of the best seed.
        path: String,
        /// A clock in MHz that would be met, where the clock can be chosen.
        advice: Option<u32>,
    },
}

/// What to do about a missed clock.
fn faster(advice: Option<u32>) -> String {
    match advice {
        Some(mhz) => format!(
            "Ask for a slower clock (`--clock {mhz}`), try more seeds (`--seeds`), or build a core with fewer lanes"
        ),
        None => "Try more seeds (`--seeds`), or build a core with fewer lanes".to_owned(),
    }
}

fn list(excess: &[Excess]) -> String {
    let line = |e: &Excess| {
        let over = e.needed - e.available;
        format!(
            "{} {} of {}, {over} too many",
            e.needed, e.resource, e.available
        )
    };
    excess.iter().map(line).collect::<Vec<_>>().join("; ")
}
