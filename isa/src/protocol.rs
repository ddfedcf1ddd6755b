//! What a host and a core on a serial line must agree on; docs/protocol.md has the rest.

/// The version of docs/protocol.md that hosts and systems speak.
pub const PROTOCOL_VERSION: u32 = 1;

/// `SPKV` in the bytes of a word.
pub const MAGIC: u32 = u32::from_le_bytes(*b"SPKV");

/// The most words in a payload.
pub const PAYLOAD_WORDS: u32 = 255;

/// The line of a system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// Frequency of its clock in Hz.
    pub clock_hz: u32,
    /// Bits a second on its line.
    pub baud: u32,
    /// Clocks of a bit.
    pub divisor: u16,
}
