//! What a machine says of itself.

use spikevec_isa::StopCode;
use spikevec_isa::protocol::{MAGIC, PROTOCOL_VERSION};
use spikevec_isa::target::BASE_EXTENSIONS;
use spikevec_isa::{LANES, Memory, Target};

use super::error::LinkError;
use super::frame::MAX_WORDS;
use super::request;

/// Words of the answer to a query.
const DESCRIPTION: usize = 12;

/// Words of the answer to a status request.
const STATUS: usize = 8;

/// The slowest clock of a machine in kHz; what a link goes by until the machine has said what it is.
pub(crate) const SLOWEST_KHZ: u32 = 1000;

/// The fastest clock that is believed, in kHz.
const FASTEST_KHZ: u32 = 2_000_000;

/// The most bytes of a memory that are believed: more than the largest FPGA has on its chip.
const MOST_MEMORY: u32 = 256 << 20;

/// The least bytes of instruction memory: what the program that resets the machine needs.
const LEAST_CODE: u32 = 512;

/// The configuration of a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// Lanes in hardware.
    pub lanes: u32,
    /// Its memories, under the name `board`.
    pub target: Target,
    /// Frequency of its clock in kHz.
    pub clock_khz: u32,
    /// Bits a second on its line.
    pub rate: u32,
    /// Feature bits: 0 is set where DMA reaches an external memory.
    pub features: u32,
    /// The most words in a payload.
    pub payload_words: u32,
}

fn shape<const N: usize>(kind: u8, words: &[u32]) -> Result<&[u32; N], LinkError> {
    words.try_into().map_err(|_| LinkError::Shape {
        kind,
        found: words.len(),
        expected: N,
    })
}

/// Checks a figure that a machine has told.
pub(crate) fn in_range(
    what: &'static str,
    found: u64,
    least: u64,
    most: u64,
) -> Result<(), LinkError> {
    if (least..=most).contains(&found) {
        return Ok(());
    }
    Err(LinkError::Impossible {
        what,
        found,
        least,
        most,
    })
}

impl Description {
    /// From the words of an answer.
    ///
    /// # Errors
    /// Another kind of machine, or another version of the protocol; its first two words stay what they are. Lanes, sizes
    /// or rates that no machine has.
    pub fn from_words(words: &[u32]) -> Result<Self, LinkError> {
        match words {
            [MAGIC, PROTOCOL_VERSION, ..] => {}
            [MAGIC, machine, ..] => {
                return Err(LinkError::Version {
                    machine: *machine,
                    host: PROTOCOL_VERSION,
                });
            }
            _ => {
                let magic = words.first().copied().unwrap_or(0);
                return Err(LinkError::Stranger { magic });
            }
        }
        let words: &[u32; DESCRIPTION] = shape(request::QUERY, words)?;
        let &[
            _,
            _,
            lanes,
            instruction_bytes,
            scalar_bytes,
            vector_bytes,
            lane_local_bytes,
            external_bytes,
            clock_khz,
            rate,
            features,
            payload_words,
        ] = words;
        let target = Target {
            name: "board".to_owned(),
            instruction_bytes,
            scalar_bytes,
            vector_bytes,
            lane_local_bytes,
            external_bytes,
            extensions: BASE_EXTENSIONS.to_vec(),
            lanes,
            ..Target::base()
        };
        target.check()?;
        let bounds = [
            (
                "that its instruction memory has bytes:",
                instruction_bytes,
                LEAST_CODE,
                MOST_MEMORY,
            ),
            (
                "that its scalar memory has bytes:",
                scalar_bytes,
                0,
                MOST_MEMORY,
            ),
            (
                "that its vector memory has bytes:",
                vector_bytes,
                0,
                MOST_MEMORY,
            ),
            (
                "that its clock in kHz is",
                clock_khz,
                SLOWEST_KHZ,
                FASTEST_KHZ,
            ),
            // A bit has four clocks at least.
            (
                "that its bits a second are",
                rate,
                1,
                clock_khz.saturating_mul(250),
            ),
            (
                "that a payload has words:",
                payload_words,
                2,
                MAX_WORDS as u32,
            ),
        ];
        for (what, found, least, most) in bounds {
            in_range(what, found.into(), least.into(), most.into())?;
        }
        Ok(Self {
            lanes,
            target,
            clock_khz,
            rate,
            features,
            payload_words,
        })
    }

    /// Bytes of a memory that the link reaches; of lane-local memory, all lanes'.
    pub fn size(&self, memory: Memory) -> u64 {
        match memory {
            Memory::External => 0,
            Memory::LaneLocal => u64::from(self.target.lane_local_bytes) * LANES as u64,
            other => u64::from(self.target.bytes(other)),
        }
    }
}

/// The state of a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    /// The core runs.
    pub running: bool,
    /// A transfer is under way.
    pub dma_busy: bool,
    /// Why it stopped last.
    pub cause: StopCode,
    /// Where.
    pub stop_pc: u32,
    /// Clocks of the last run, or of the one that is under way.
    pub clocks: u64,
    /// Instructions that have retired in it; the one that stops it does not.
    pub retired: u64,
    /// Number of the last run.
    pub runs: u32,
    /// Frames that the machine has found damaged since it was configured.
    pub dropped: u32,
}

impl Status {
    /// From the words of an answer.
    ///
    /// # Errors
    /// Another number of words.
    pub fn from_words(words: &[u32]) -> Result<Self, LinkError> {
        let words: &[u32; STATUS] = shape(request::STATUS, words)?;
        let wide = |at: usize| u64::from(words[at]) | u64::from(words[at + 1]) << 32;
        Ok(Self {
            running: words[0] & 1 != 0,
            dma_busy: words[0] & 2 != 0,
            cause: StopCode::from_number(words[0] >> 8),
            stop_pc: words[1],
            clocks: wide(2),
            retired: wide(4),
            runs: words[6],
            dropped: words[7],
        })
    }
}
