//! An external memory in Rust for the burst port of a Verilated design.

use std::ops::Range;

use spikevec_isa::{LANES, VECTOR_BYTES};

/// A word at the port; of a core with `P` lanes the first `P` halfwords count.
pub type ExternalWord = [u16; LANES];

/// How fast external memory is. Clocks are the core's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExternalTiming {
    /// Clocks from the one that takes a burst to the one in which its first word can move. 0 is
    /// as 1.
    pub latency: u32,
    /// Clocks from one word to the next one, at least. 0 is as 1.
    pub clocks_per_word: u32,
}

/// What the design drives in a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ExternalInputs {
    /// `external_request`.
    pub request: bool,
    /// `external_write`.
    pub write: bool,
    /// `external_address`.
    pub address: u32,
    /// `external_vectors`.
    pub vectors: u32,
    /// `external_read_ready`.
    pub read_ready: bool,
    /// `external_write_valid`.
    pub write_valid: bool,
    /// `external_write_data`.
    pub data: ExternalWord,
}

/// What the memory drives in a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ExternalOutputs {
    /// `external_accept`.
    pub accept: bool,
    /// `external_read_valid`.
    pub read_valid: bool,
    /// `external_write_ready`.
    pub write_ready: bool,
    /// `external_done`.
    pub done: bool,
    /// `external_error`.
    pub error: bool,
    /// `external_read_data`; zero without `read_valid`.
    pub data: ExternalWord,
}

#[derive(Debug, Clone)]
struct Burst {
    write: bool,
    address: u64,
    words: u32,
    /// Clocks before the next word.
    wait: u32,
}

/// A memory of bytes behind a burst port. docs/dma.md says in which clock it does what.
#[derive(Debug, Clone)]
pub struct ExternalMemory {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Its speed.
    pub timing: ExternalTiming,
    /// Byte addresses that answer with an error, besides those outside `bytes`.
    pub bad: Range<u32>,
    lanes: usize,
    burst: Option<Burst>,
}

impl ExternalMemory {
    /// A memory of zeros at a port of `lanes` halfwords, 1 to 32.
    pub fn new(bytes: usize, timing: ExternalTiming, lanes: usize) -> Self {
        Self {
            bytes: vec![0; bytes],
            timing,
            bad: 0..0,
            lanes: lanes.clamp(1, LANES),
            burst: None,
        }
    }

    /// True where no burst is under way: without a request a clock then changes nothing.
    pub fn is_idle(&self) -> bool {
        self.burst.is_none()
    }

    fn range(&self, burst: &Burst) -> Option<Range<usize>> {
        let start = usize::try_from(burst.address).ok()?;
        let end = start + 2 * self.lanes;
        let bad =
            u64::from(self.bad.start) <= burst.address && burst.address < u64::from(self.bad.end);
        (end <= self.bytes.len() && !bad).then_some(start..end)
    }

    /// What it drives in this clock: its registers alone decide.
    pub fn outputs(&self) -> ExternalOutputs {
        let mut out = ExternalOutputs::default();
        let Some(burst) = &self.burst else {
            out.accept = true;
            return out;
        };
        if burst.words == 0 {
            out.done = true;
        } else if burst.wait == 0 {
            match self.range(burst) {
                None => {
                    out.done = true;
                    out.error = true;
                }
                Some(_) if burst.write => out.write_ready = true,
                Some(range) => {
                    out.read_valid = true;
                    for (to, pair) in out.data.iter_mut().zip(self.bytes[range].chunks_exact(2)) {
                        *to = u16::from_le_bytes([pair[0], pair[1]]);
                    }
                }
            }
        }
        out
    }

    /// Ends the clock in which the design has driven `inputs`.
    pub fn clock(&mut self, inputs: &ExternalInputs) {
        let outputs = self.outputs();
        if outputs.done {
            self.burst = None;
            return;
        }
        let Some(mut burst) = self.burst.take() else {
            self.burst = inputs.request.then(|| Burst {
                write: inputs.write,
                address: inputs.address.into(),
                words: inputs.vectors * (VECTOR_BYTES / 2) / self.lanes as u32,
                wait: self.timing.latency.saturating_sub(1),
            });
            return;
        };
        let read = outputs.read_valid && inputs.read_ready;
        let written = outputs.write_ready && inputs.write_valid;
        if written && let Some(range) = self.range(&burst) {
            for (pair, from) in self.bytes[range].chunks_exact_mut(2).zip(inputs.data) {
                pair.copy_from_slice(&from.to_le_bytes());
            }
        }
        if read || written {
            burst.address += 2 * self.lanes as u64;
            burst.words -= 1;
            burst.wait = self.timing.clocks_per_word.saturating_sub(1);
        } else {
            burst.wait = burst.wait.saturating_sub(1);
        }
        self.burst = Some(burst);
    }
}
