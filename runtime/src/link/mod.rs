//! The host's side of a link to a machine: docs/protocol.md.
//!
//! | type | what |
//! | --- | --- |
//! | [`Frame`], [`Scanner`] | what goes over the line, and how it is found there |
//! | [`Line`] | a stream of bytes with a clock: [`SerialLine`] (a device file), [`SystemPipe`] (a Verilated system) |
//! | [`Link`] | requests over a line, repeated until they are answered |
//! | [`LinkBackend`](crate::LinkBackend) | a [`Backend`](crate::Backend) at the other end |
//!
//! [`SystemPipe`]: spikevec_verilated::pipe::SystemPipe

mod client;
mod error;
mod facts;
mod frame;
mod limit;
mod line;
#[cfg(unix)]
mod lock;
#[cfg(unix)]
mod serial;
#[cfg(unix)]
mod terminal;

pub use client::{Link, LinkOptions, LinkStatistics};
pub use error::LinkError;
pub(crate) use facts::in_range;
pub use facts::{Description, Status};
pub use frame::{Frame, FrameError, MARKER, MAX_WORDS, Scanner};
pub(crate) use limit::Work;
pub use line::Line;
#[cfg(unix)]
pub use serial::SerialLine;
#[cfg(unix)]
pub use terminal::{PseudoTerminal, serve};

/// Requests, by their number on the line.
pub mod request {
    /// Answered with its own payload.
    pub const PING: u8 = 1;
    /// What the machine is.
    pub const QUERY: u8 = 2;
    /// What it does.
    pub const STATUS: u8 = 3;
    /// Reads words.
    pub const READ: u8 = 4;
    /// Writes words.
    pub const WRITE: u8 = 5;
    /// Writes one word many times.
    pub const FILL: u8 = 6;
    /// Starts a run of a given number.
    pub const START: u8 = 7;
    /// Stops a run.
    pub const ABORT: u8 = 8;
    /// Set in answers.
    pub const ANSWER: u8 = 0x80;
}

/// How a request went, by the number in the answer.
pub mod code {
    /// It was done.
    pub const DONE: u8 = 0;
    /// There is no such request.
    pub const UNKNOWN: u8 = 1;
    /// Its payload has the wrong length, or asks for no words or too many.
    pub const LENGTH: u8 = 2;
    /// The host port refused an address.
    pub const REFUSED: u8 = 3;
    /// A run's number is neither the last one's nor the next.
    pub const RUN_NUMBER: u8 = 4;
    /// The core runs, or DMA does.
    pub const BUSY: u8 = 5;
}
