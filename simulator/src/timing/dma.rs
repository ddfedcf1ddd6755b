//! DMA by the clock. docs/dma.md is the specification; the hardware is `spikevec_hdl::dma`, and
//! both are compared pin by pin.
//!
//! [`Dma`] is what a simulated core has: the engine and its external memory. In a clock `h` of the
//! core: read registers ([`Dma::read`]), note at most one write ([`Dma::write`]), then end the clock
//! with [`Dma::clock`]. While [`Dma::is_idle`] holds, clocks may be left out.

mod engine;
mod external;
mod port;
mod registers;
mod words;

use spikevec_isa::csr::Csr;

pub use engine::{DmaEngine, PortsBusy};
pub use external::{ExternalMemory, ExternalTiming};
pub use port::{Answer, Burst, ByteMemory, ExternalPort, Pins};
pub use spikevec_isa::dma::{Channel, Register};

/// What an engine is built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DmaParameters {
    /// Bytes of vector memory.
    pub vector_bytes: u32,
    /// Bytes of external memory.
    pub external_bytes: u32,
    /// Vectors in a burst, at least one; the last burst of a transfer may be shorter.
    pub burst_vectors: u32,
    /// Lanes in hardware, 4, 8, 16 or 32: halfwords in a word of vector memory.
    pub lanes: u32,
}

/// An engine with its external memory.
#[derive(Debug, Clone)]
pub struct Dma {
    engine: DmaEngine,
    external: ExternalMemory,
}

impl Dma {
    /// Both, idle. `lanes` is the number of lanes in hardware.
    pub fn new(vector_bytes: u32, external_bytes: u32, lanes: u32, timing: ExternalTiming) -> Self {
        Dma {
            engine: DmaEngine::new(&DmaParameters {
                vector_bytes,
                external_bytes,
                burst_vectors: timing.burst_vectors,
                lanes,
            }),
            external: ExternalMemory::new(timing, lanes),
        }
    }

    /// True where no clock changes anything until a register is written.
    pub fn is_idle(&self) -> bool {
        self.engine.is_idle()
    }

    /// Value of a DMA CSR in this clock, `None` for a CSR that is none.
    pub fn read(&self, csr: Csr) -> Option<u32> {
        let (channel, register) = csr.dma()?;
        Some(self.engine.read(channel, register))
    }

    /// Writes a DMA CSR in this clock; the next one reads it. `false` for a CSR that is none or is
    /// read only. A second write in the same clock replaces the first.
    pub fn write(&mut self, csr: Csr, value: u32) -> bool {
        match csr.dma() {
            Some((_, Register::Status)) | None => false,
            Some((channel, register)) => {
                self.engine.write(channel, register, value);
                true
            }
        }
    }

    /// Does one clock. `busy` says which ports of vector memory the core has in it.
    #[inline]
    pub fn clock(
        &mut self,
        busy: PortsBusy,
        vector: &mut impl ByteMemory,
        external: &mut impl ByteMemory,
    ) {
        if !self.is_idle() {
            let mut port = self.external.port(external);
            self.engine.clock(busy, vector, &mut port);
        }
    }
}

#[cfg(test)]
mod tests;
