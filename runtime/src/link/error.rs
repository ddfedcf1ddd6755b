//! What can go wrong between a host and a machine.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use spikevec_isa::target::TargetError;
use spikevec_isa::{EncodeError, Memory};

use super::frame::FrameError;

/// A link that does not work, or a request that the machine does not do.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// A port that cannot be used.
    #[error(
        "{path} cannot be opened as a serial port at {rate} bit/s: {source}. Check its name, that no other program has it, and \
         that you may read and write it (on Linux often the group `dialout`)", path = path.display()
    )]
    Open {
        /// The port.
        path: PathBuf,
        /// Bits a second.
        rate: u32,
        /// Why.
        source: io::Error,
    },
    /// A port that another program has.
    #[error(
        "{path} is in use by {by}: a board runs one program at a time. End that one, or choose another port",
        path = path.display()
    )]
    InUse {
        /// The port.
        path: PathBuf,
        /// "process N", or "another process" where its number is not known.
        by: String,
    },
    /// The line broke.
    #[error("the line to the machine failed: {0}. Check the cable, and that the board has power")]
    Line(#[from] io::Error),
    /// Nothing comes back.
    #[error(
        "the machine has not answered {attempts} times in {seconds:.1} s: check that the board holds a Spikevec bitstream, that this is its \
         port, and that the bitstream was made for {rate} bit/s", seconds = time.as_secs_f64()
    )]
    NoAnswer {
        /// Times the request was sent.
        attempts: u32,
        /// Time on the line's clock.
        time: Duration,
        /// Bits a second.
        rate: u32,
    },
    /// Bytes come back that are no answer.
    #[error(
        "{bytes} bytes came back for {attempts} requests in {seconds:.1} s, but no good answer: the line is noisy, what is at it \
         is no Spikevec system, or the bitstream was made for another rate than {rate} bit/s", seconds = time.as_secs_f64()
    )]
    Noise {
        /// Times the request was sent.
        attempts: u32,
        /// Time on the line's clock.
        time: Duration,
        /// Bytes that came.
        bytes: u64,
        /// Bits a second.
        rate: u32,
    },
    /// Something else answers.
    #[error("what answers is not a Spikevec system (it says {magic:#010x}): choose another port")]
    Stranger {
        /// Its first word.
        magic: u32,
    },
    /// A machine of another time.
    #[error(
        "the machine speaks version {machine} of the protocol and this program version {host}: build the bitstream and \
         this program from the same sources"
    )]
    Version {
        /// The machine's.
        machine: u32,
        /// Ours.
        host: u32,
    },
    /// A machine whose memories make no sense.
    #[error(
        "the machine describes itself as what cannot be: {0}. Build its bitstream anew, or choose another port"
    )]
    Target(#[from] TargetError),
    /// A figure that no machine can have.
    #[error(
        "the machine says {what} {found}, which must be {least} to {most}: the line is bad, or what is at it is no Spikevec \
         system"
    )]
    Impossible {
        /// What it says.
        what: &'static str,
        /// The figure.
        found: u64,
        /// The least.
        least: u64,
        /// The most.
        most: u64,
    },
    /// Memory that holds something else.
    #[error(
        "{memory} does not hold what was written to it: {found:#04x} at {address:#x} instead of {expected:#04x}. Configure the \
         board anew; if that does not help, its bitstream does not meet its clock or its memory is damaged"
    )]
    Differs {
        /// The memory.
        memory: Memory,
        /// Byte address of the first byte that differs.
        address: u32,
        /// The byte there.
        found: u8,
        /// The byte that was written.
        expected: u8,
    },
    /// Work that takes too long.
    #[error(
        "{what} has not ended within {seconds:.1} s, more than twice what it takes: the line loses most of what is sent, or the \
         machine hangs. Check the cable, and configure the board anew", seconds = limit.as_secs_f64()
    )]
    Slow {
        /// What is being done.
        what: &'static str,
        /// The time that it may take on the line's clock.
        limit: Duration,
    },
    /// A run whose clocks do not advance.
    #[error(
        "the machine says that it is {what}, but its clocks have stood at {clocks} for {seconds:.1} s: configure the board anew",
        seconds = time.as_secs_f64()
    )]
    Still {
        /// "running", or what else it is said to do.
        what: &'static str,
        /// Where they stand.
        clocks: u64,
        /// How long.
        time: Duration,
    },
    /// An answer of the wrong shape.
    #[error(
        "the machine answered request {kind} with {found} words instead of {expected}: build the bitstream and this program \
         from the same sources"
    )]
    Shape {
        /// The request.
        kind: u8,
        /// Words that came.
        found: usize,
        /// Words that there should be.
        expected: usize,
    },
    /// A request that the machine does not know, or finds malformed.
    #[error(
        "the machine refused request {kind} with code {code}: build the bitstream and this program from the same sources"
    )]
    Refused {
        /// The request.
        kind: u8,
        /// Why.
        code: u8,
    },
    /// An address that the machine refuses.
    #[error("the machine refused an access at {address:#x} of {memory}")]
    Address {
        /// The memory.
        memory: Memory,
        /// Byte address.
        address: u32,
    },
    /// Memories belong to the program while it runs.
    #[error("the machine is running: abort the run, or wait for its end")]
    Busy,
    /// Another host has started runs.
    #[error(
        "the machine does not take run {run} for its next: it was configured anew, or another program uses the same port; \
         end that one and start again"
    )]
    RunNumber {
        /// The run's number.
        run: u32,
    },
    /// A range outside a memory.
    #[error(
        "{length} bytes at {address:#x} are outside {memory}, of which the machine has {size} bytes"
    )]
    Outside {
        /// The memory.
        memory: Memory,
        /// First byte.
        address: u32,
        /// Bytes.
        length: usize,
        /// Bytes that there are; of lane-local memory, all lanes'.
        size: u64,
    },
    /// The host port moves words.
    #[error("{address:#x} of {memory} is no multiple of 4")]
    Unaligned {
        /// The memory.
        memory: Memory,
        /// Byte address.
        address: u32,
    },
    /// Memory that cannot be reached.
    #[error(
        "the link does not reach external memory: compile the network for a target without it, or choose a board and \
         configuration with enough memory on the chip"
    )]
    External,
    /// A run that does not end.
    #[error(
        "the program has not ended after {instructions} instructions and {clocks} clocks (budget: {budget} instructions) and was \
         aborted at pc {pc:#x}: give it a larger budget if it is not caught in a loop"
    )]
    Budget {
        /// The budget.
        budget: u64,
        /// Where it was aborted.
        pc: u32,
        /// Instructions executed.
        instructions: u64,
        /// Clocks.
        clocks: u64,
    },
    /// A core that stays busy.
    #[error("the machine is still busy after it was stopped: configure the board anew")]
    Stuck,
    /// A run that stopped elsewhere.
    #[error(
        "the program did not reach its end: {cause} at pc {pc:#x}, after {instructions} instructions and {clocks} clocks. Run it \
         in the simulator with --trace to see how it gets there"
    )]
    Stopped {
        /// Why.
        cause: spikevec_isa::StopCode,
        /// Where.
        pc: u32,
        /// Instructions executed.
        instructions: u64,
        /// Clocks.
        clocks: u64,
    },
    /// A request that is too long: a mistake of this program.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// An instruction of the program that resets the machine: a mistake of this program.
    #[error("the program that resets the machine cannot be encoded: {0}")]
    Reset(#[from] EncodeError),
}
