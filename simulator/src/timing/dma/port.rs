//! The burst port between an engine and external memory, and what memories are to both.

use spikevec_isa::VECTOR_BYTES;

use crate::state::{Bytes, VectorMemory};

/// A word of up to 32 halfwords, little endian. Of a narrower core the rest is unused.
pub(super) type Word = [u8; VECTOR_BYTES as usize];

/// A memory of bytes.
pub trait ByteMemory {
    /// Size in bytes.
    fn size(&self) -> usize;

    /// Copies the bytes from `start` on to `out`; `false`, and nothing, where they are not there.
    fn read(&self, start: usize, out: &mut [u8]) -> bool;

    /// Copies bytes in from `start` on; `false`, and nothing, where they do not fit.
    fn write(&mut self, start: usize, bytes: &[u8]) -> bool;
}

impl ByteMemory for VectorMemory {
    fn size(&self) -> usize {
        self.len()
    }

    fn read(&self, start: usize, out: &mut [u8]) -> bool {
        VectorMemory::read(self, start, out)
    }

    fn write(&mut self, start: usize, bytes: &[u8]) -> bool {
        VectorMemory::write(self, start, bytes)
    }
}

impl ByteMemory for [u8] {
    fn size(&self) -> usize {
        self.len()
    }

    fn read(&self, start: usize, out: &mut [u8]) -> bool {
        let end = start.saturating_add(out.len());
        let found = self.get(start..end);
        found.is_some_and(|bytes| {
            out.copy_from_slice(bytes);
            true
        })
    }

    fn write(&mut self, start: usize, bytes: &[u8]) -> bool {
        let end = start.saturating_add(bytes.len());
        let found = self.get_mut(start..end);
        found.is_some_and(|place| {
            place.copy_from_slice(bytes);
            true
        })
    }
}

impl ByteMemory for Vec<u8> {
    fn size(&self) -> usize {
        self.len()
    }

    fn read(&self, start: usize, out: &mut [u8]) -> bool {
        self.as_slice().read(start, out)
    }

    fn write(&mut self, start: usize, bytes: &[u8]) -> bool {
        self.as_mut_slice().write(start, bytes)
    }
}

impl ByteMemory for Bytes {
    fn size(&self) -> usize {
        self.len()
    }

    fn read(&self, start: usize, out: &mut [u8]) -> bool {
        Bytes::read(self, start, out)
    }

    fn write(&mut self, start: usize, bytes: &[u8]) -> bool {
        Bytes::write(self, start, bytes)
    }
}

/// What a requested burst is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Burst {
    /// To external memory.
    pub write: bool,
    /// First byte in external memory, a multiple of 64.
    pub address: u32,
    /// Vectors, at least one.
    pub vectors: u32,
}

/// What the engine drives in a clock, from its registers alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pins {
    /// A burst is wanted.
    pub request: bool,
    /// Which; meaningful with `request`.
    pub burst: Burst,
    /// The engine takes a word.
    pub read_ready: bool,
    /// The engine has a word.
    pub write_valid: bool,
}

/// What external memory drives in a clock, from its registers alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Answer {
    /// A requested burst is taken.
    pub accept: bool,
    /// There is a word for the engine.
    pub read_valid: bool,
    /// A word of the engine is taken.
    pub write_ready: bool,
    /// The burst ends.
    pub done: bool,
    /// With `done`: it has failed.
    pub error: bool,
}

/// External memory as an engine sees it.
pub trait ExternalPort {
    /// What it drives in this clock.
    fn answer(&self) -> Answer;

    /// The word that goes with `read_valid`, of as many bytes as `word` has.
    fn read_word(&self, word: &mut [u8]);

    /// Ends the clock, in which the engine has driven `pins`, and `word` with `write_valid`.
    fn clock(&mut self, pins: &Pins, word: &[u8]);
}
