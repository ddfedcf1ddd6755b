//! External memory with a latency and a rate.

use std::ops::Range;

use spikevec_isa::VECTOR_BYTES;

use super::port::{Answer, ByteMemory, ExternalPort, Pins};

/// How fast external memory is, and how it is used. Clocks are the core's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExternalTiming {
    /// Clocks from the one that takes a burst to the one in which its first word can move. 0 is as 1.
    pub latency: u32,
    /// Clocks from one word to the next one, at least. 0 is as 1.
    pub clocks_per_word: u32,
    /// Vectors in a burst, 1 to 255.
    pub burst_vectors: u32,
}

impl Default for ExternalTiming {
    /// 32 clocks to the first word, then a word a clock; 16 vectors (1 KiB) a burst.
    fn default() -> Self {
        ExternalTiming {
            latency: 32,
            clocks_per_word: 1,
            burst_vectors: 16,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Free,
    /// Words move, the next one at `next`.
    Open {
        write: bool,
    },
    /// The burst ends in this clock.
    Done,
}

/// The state of an external memory, without its bytes.
#[derive(Debug, Clone)]
pub struct ExternalMemory {
    timing: ExternalTiming,
    word_bytes: u32,
    state: State,
    /// Clocks before the next word can move.
    wait: u32,
    /// Byte address of the next word.
    next: u32,
    /// Words that are left.
    left: u32,
    /// Bytes that answer with an error.
    bad: Range<u32>,
}

impl ExternalMemory {
    /// An idle memory behind a port of words of `lanes` halfwords.
    pub fn new(timing: ExternalTiming, lanes: u32) -> Self {
        ExternalMemory {
            timing,
            word_bytes: 2 * lanes,
            state: State::Free,
            wait: 0,
            next: 0,
            left: 0,
            bad: 0..0,
        }
    }

    /// Lets a range of byte addresses answer with an error, as all addresses outside the memory do.
    pub fn set_bad(&mut self, range: Range<u32>) {
        self.bad = range;
    }

    /// The port of this memory, with its bytes.
    pub fn port<'a, M: ByteMemory>(&'a mut self, bytes: &'a mut M) -> MemoryPort<'a, M> {
        MemoryPort {
            memory: self,
            bytes,
        }
    }
}

/// An [`ExternalMemory`] with its bytes.
#[derive(Debug)]
pub struct MemoryPort<'a, M> {
    memory: &'a mut ExternalMemory,
    bytes: &'a mut M,
}

impl<M: ByteMemory> MemoryPort<'_, M> {
    fn is_bad(&self) -> bool {
        let end = self.memory.next as usize + self.memory.word_bytes as usize;
        self.memory.bad.contains(&self.memory.next) || end > self.bytes.size()
    }
}

impl<M: ByteMemory> ExternalPort for MemoryPort<'_, M> {
    fn answer(&self) -> Answer {
        let mut answer = Answer::default();
        match self.memory.state {
            State::Free => answer.accept = true,
            State::Open { .. } if self.memory.wait > 0 => {}
            State::Open { .. } if self.is_bad() => (answer.done, answer.error) = (true, true),
            State::Open { write: true } => answer.write_ready = true,
            State::Open { write: false } => answer.read_valid = true,
            State::Done => answer.done = true,
        }
        answer
    }

    fn read_word(&self, word: &mut [u8]) {
        self.bytes.read(self.memory.next as usize, word);
    }

    fn clock(&mut self, pins: &Pins, word: &[u8]) {
        let answer = self.answer();
        let memory = &mut *self.memory;
        if answer.accept && pins.request {
            memory.state = State::Open {
                write: pins.burst.write,
            };
            memory.wait = memory.timing.latency.max(1) - 1;
            memory.next = pins.burst.address;
            memory.left = pins.burst.vectors * (VECTOR_BYTES / memory.word_bytes);
            return;
        }
        let written = answer.write_ready && pins.write_valid;
        if written {
            self.bytes.write(memory.next as usize, word);
        }
        if written || answer.read_valid && pins.read_ready {
            memory.next += memory.word_bytes;
            memory.left -= 1;
            memory.wait = memory.timing.clocks_per_word.max(1) - 1;
            if memory.left == 0 {
                memory.state = State::Done;
            }
        } else {
            memory.wait = memory.wait.saturating_sub(1);
        }
        if answer.done {
            memory.state = State::Free;
        }
    }
}
