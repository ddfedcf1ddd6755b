//! What can go wrong between a host and a machine.

use std::io;
use std::path::PathBuf;

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
    /// The line broke.
    #[error("the line to the machine failed: {0}. Check the cable, and that the board has power")]
    Line(#[from] io::Error),
    /// Nothing comes back.
    #[error(
        "the machine has not answered {attempts} times: check that the board holds a Spikevec bitstream, that this is its \
         port, and that the bitstream was made for {rate} bit/s"
    )]
    NoAnswer {
        /// Times the request was sent.
        attempts: u32,
        /// Bits a second.
        rate: u32,
    },
    /// Bytes come back that are no answer.
    #[error(
        "{bytes} bytes came back for {attempts} requests, but no good answer: the line is noisy, or the bitstream was made for \
         another rate than {rate} bit/s"
    )]
    Noise {
        /// Times the request was sent.
        attempts: u32,
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
    #[error("the machine describes memories that cannot be: {0}. Build its bitstream anew")]
    Target(#[from] TargetError),
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
         aborted: give it a larger budget if it is not caught in a loop"
    )]
    Budget {
        /// The budget.
        budget: u64,
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
