//! DMA between external and vector memory, where nobody times it: a transfer is complete when it
//! has started.

use std::ops::Range;

use spikevec_isa::VECTOR_BYTES;
use spikevec_isa::csr::Csr;
use spikevec_isa::dma::{self, Register, status as dma_status};

use super::{Bytes, VectorMemory};

/// One direction's registers.
#[derive(Debug, Clone)]
struct Channel {
    source: u32,
    destination: u32,
    count: u32,
    status: u32,
}

impl Default for Channel {
    fn default() -> Self {
        Channel {
            source: 0,
            destination: 0,
            count: 0,
            status: dma_status::IDLE,
        }
    }
}

impl Channel {
    /// Starts, and so completes, a transfer between memories of these sizes.
    /// `copy` moves the bytes and is not called where the ranges are wrong.
    fn start(
        &mut self,
        source_size: usize,
        destination_size: usize,
        copy: impl FnOnce(Range<usize>, Range<usize>) -> bool,
    ) {
        let source = range(self.source, self.count, source_size);
        let destination = range(self.destination, self.count, destination_size);
        let copied = match (source, destination) {
            (Some(from), Some(to)) => copy(from, to),
            _ => false,
        };
        self.status = dma_status::IDLE
            | if copied {
                dma_status::DONE
            } else {
                dma_status::DECODE_ERROR
            };
    }
}

/// Both directions, by the number of their channel. A channel is never busy when a program looks at it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Dma([Channel; 2]);

/// The range `[address, address + count)` in bytes, if it is aligned and lies in a memory of `size` bytes.
fn range(address: u32, count: u32, size: usize) -> Option<Range<usize>> {
    let aligned = address.is_multiple_of(VECTOR_BYTES) && count.is_multiple_of(VECTOR_BYTES);
    let (start, count) = (address as usize, count as usize);
    let end = start.checked_add(count)?;
    (aligned && end <= size).then_some(start..end)
}

/// Moves a range of whole vectors, one after the other.
fn move_lines(
    from: Range<usize>,
    to: Range<usize>,
    read: impl Fn(usize, &mut [u8]) -> bool,
    mut write: impl FnMut(usize, &[u8]) -> bool,
) -> bool {
    let mut line = [0; VECTOR_BYTES as usize];
    let places = from.zip(to).step_by(line.len());
    let mut moved = true;
    for (from, to) in places {
        moved &= read(from, &mut line) && write(to, &line);
    }
    moved
}

impl Dma {
    /// Value of a DMA CSR, `None` for a CSR that is none. The control registers
    /// hold nothing and read 0.
    pub fn read(&self, csr: Csr) -> Option<u32> {
        let (channel, register) = csr.dma()?;
        let channel = &self.0[channel as usize];
        Some(match register {
            Register::Source => channel.source,
            Register::Destination => channel.destination,
            Register::Count => channel.count,
            Register::Control => 0,
            Register::Status => channel.status,
        })
    }

    /// Writes a DMA CSR; `false` for a CSR that is none or is read only. Bit 0 of
    /// a control register starts the transfer. A start clears the error bits of
    /// the transfer before.
    pub fn write(
        &mut self,
        csr: Csr,
        value: u32,
        vector: &mut VectorMemory,
        external: &mut Bytes,
    ) -> bool {
        let Some((which, register)) = csr.dma() else {
            return false;
        };
        let channel = &mut self.0[which as usize];
        match register {
            Register::Source => channel.source = value,
            Register::Destination => channel.destination = value,
            Register::Count => channel.count = value,
            Register::Control if value & 1 == 0 => {}
            Register::Control => match which {
                dma::Channel::ToVector => {
                    channel.start(external.len(), vector.len(), |from, to| {
                        move_lines(
                            from,
                            to,
                            |at, line| external.read(at, line),
                            |at, line| vector.write(at, line),
                        )
                    });
                }
                dma::Channel::ToExternal => {
                    channel.start(vector.len(), external.len(), |from, to| {
                        move_lines(
                            from,
                            to,
                            |at, line| vector.read(at, line),
                            |at, line| external.write(at, line),
                        )
                    });
                }
            },
            Register::Status => return false,
        }
        true
    }
}
