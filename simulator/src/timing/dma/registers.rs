//! The registers of a channel.

use spikevec_isa::VECTOR_BYTES;
use spikevec_isa::dma::{Register, status as dma_status};

/// What a start begins.
pub(super) struct Transfer {
    pub source: u32,
    pub destination: u32,
    pub vectors: u32,
}

#[derive(Debug, Clone)]
pub(super) struct Registers {
    source: u32,
    destination: u32,
    count: u32,
    status: u32,
    source_bytes: u32,
    destination_bytes: u32,
}

impl Registers {
    pub fn new(source_bytes: u32, destination_bytes: u32) -> Self {
        Registers {
            source: 0,
            destination: 0,
            count: 0,
            status: dma_status::IDLE,
            source_bytes,
            destination_bytes,
        }
    }

    pub fn is_idle(&self) -> bool {
        self.status & dma_status::IDLE != 0
    }

    pub fn read(&self, register: Register) -> u32 {
        match register {
            Register::Source => self.source,
            Register::Destination => self.destination,
            Register::Count => self.count,
            Register::Control => 0,
            Register::Status => self.status,
        }
    }

    /// Changes what an end of transfer leaves, and keeps the note of a start while busy.
    fn become_idle(&mut self, outcome: u32) {
        let kept = self.status & dma_status::INTERNAL_ERROR;
        self.status = dma_status::IDLE | outcome | kept;
    }

    /// The end of a clock: `over` of a transfer that is over (and whether it failed), then `write`.
    /// Gives the transfer that begins. All three see the registers as they were in the clock.
    pub fn clock(
        &mut self,
        over: Option<bool>,
        write: Option<(Register, u32)>,
    ) -> Option<Transfer> {
        let was_idle = self.is_idle();
        let mut begins = None;
        if self.status & dma_status::STARTING != 0 {
            begins = self.check();
        } else if self.status & dma_status::TRANSFERRING != 0
            && let Some(failed) = over
        {
            self.become_idle(if failed {
                dma_status::SLAVE_ERROR
            } else {
                dma_status::DONE
            });
        }
        match write {
            Some((Register::Source, value)) => self.source = value,
            Some((Register::Destination, value)) => self.destination = value,
            Some((Register::Count, value)) => self.count = value,
            Some((Register::Control, value)) if value & 1 == 1 => {
                if was_idle {
                    self.status = dma_status::STARTING;
                } else {
                    self.status |= dma_status::INTERNAL_ERROR;
                }
            }
            Some((Register::Control | Register::Status, _)) | None => {}
        }
        begins
    }

    fn check(&mut self) -> Option<Transfer> {
        let fits = |start: u32, size| u64::from(start) + u64::from(self.count) <= u64::from(size);
        let aligned = (self.source | self.destination | self.count).is_multiple_of(VECTOR_BYTES);
        let good = aligned
            && fits(self.source, self.source_bytes)
            && fits(self.destination, self.destination_bytes);
        if !good {
            self.become_idle(dma_status::DECODE_ERROR);
            return None;
        }
        if self.count == 0 {
            self.become_idle(dma_status::DONE);
            return None;
        }
        let kept = self.status & dma_status::INTERNAL_ERROR;
        self.status = dma_status::TRANSFERRING | kept;
        Some(Transfer {
            source: self.source,
            destination: self.destination,
            vectors: self.count / VECTOR_BYTES,
        })
    }
}
