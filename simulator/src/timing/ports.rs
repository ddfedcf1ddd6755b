//! The ports of vector memory, which DMA and the core share, and what has not been
//! written yet while DMA looks on.
//!
//! The engine runs behind: it is brought up to the clock of whatever depends on it. That
//! is sound since the core's use of the ports in a clock is known once an instruction
//! of a later clock enters A, and vectors stored are kept back until their clock.

use std::ops::Range;

use spikevec_isa::csr::Csr;
use spikevec_isa::{LANES, Vector};

use super::Timing;
use super::dma::{Dma, PortsBusy};
use crate::state::{Failure, Memories, VectorMemory};

/// Clocks from the first beat of VSTOREV leaving A to its being written.
const WRITE: u64 = 2;

/// A vector that is stored, beat by beat.
#[derive(Debug, Clone)]
struct Store {
    address: u32,
    value: Vector,
    /// The clocks at whose end its beats are written.
    clocks: Range<u64>,
}

/// The engine, and the core's use of the ports. Clocks are the machine's.
#[derive(Debug, Clone)]
pub(crate) struct Ports {
    dma: Dma,
    beats: u64,
    lanes: usize,
    /// The first clock that the engine has not done.
    clock: u64,
    /// Clocks in which the last load has the read port.
    read: Range<u64>,
    stores: Vec<Store>,
    /// What the last load has read.
    loaded: Vector,
    /// The engine does something, or a store is kept back.
    moving: bool,
}

impl Ports {
    pub fn new(timing: Timing, vector_bytes: usize, external_bytes: usize) -> Self {
        let bytes = |size: usize| u32::try_from(size).unwrap_or(u32::MAX);
        let (vector, external) = (bytes(vector_bytes), bytes(external_bytes));
        Ports {
            dma: Dma::new(vector, external, timing.lanes(), timing.external()),
            beats: u64::from(timing.beats()),
            lanes: timing.lanes() as usize,
            clock: 0,
            read: 0..0,
            stores: Vec::new(),
            loaded: [0; LANES],
            moving: false,
        }
    }

    /// True where an access must come here: the engine does something, or a store is kept back.
    #[inline(always)]
    pub fn is_moving(&self) -> bool {
        self.moving
    }

    fn look(&mut self) {
        self.moving = !self.dma.is_idle() || !self.stores.is_empty();
    }

    /// Does the clocks before `until`.
    fn advance(&mut self, memories: &mut Memories, until: u64) {
        while self.moving && self.clock < until {
            let clock = self.clock;
            let busy = PortsBusy {
                read: self.read.contains(&clock),
                write: self.stores.iter().any(|s| s.clocks.contains(&clock)),
            };
            self.dma
                .clock(busy, &mut memories.vector, &mut memories.external);
            self.write_beats(clock, &mut memories.vector);
            self.clock += 1;
            self.look();
        }
        self.clock = until;
    }

    /// Writes what is stored at the end of `clock`.
    fn write_beats(&mut self, clock: u64, vector: &mut VectorMemory) {
        for store in self.stores.iter().filter(|s| s.clocks.contains(&clock)) {
            let beat = (clock - store.clocks.start) as usize;
            let mut now = vector.load(store.address).copied().unwrap_or(store.value);
            let lanes = self.lanes * beat..self.lanes * (beat + 1);
            if let (Some(to), Some(from)) = (now.get_mut(lanes.clone()), store.value.get(lanes)) {
                to.copy_from_slice(from);
            }
            // The store has been checked when it was executed.
            let _ = vector.store(store.address, &now);
        }
        self.stores.retain(|store| store.clocks.end > clock + 1);
    }

    /// The vector at `address`, as a load reads it whose beats leave A in the clocks from `h` on.
    #[cold]
    pub fn load(
        &mut self,
        memories: &mut Memories,
        address: u32,
        h: u64,
    ) -> Result<&Vector, Failure> {
        self.advance(memories, h);
        self.read = h..h + self.beats;
        for beat in 0..self.beats {
            self.advance(memories, h + beat);
            let first = beat as usize * self.lanes;
            let lanes = first..first + self.lanes;
            let mut now = memories.vector.load(address)?;
            // Stores ahead of it that have not been written yet hand their beat over.
            let pending = |store: &&Store| store.address == address && store.clocks.start >= h;
            if let Some(store) = self.stores.iter().rfind(pending) {
                now = &store.value;
            }
            self.loaded[lanes.clone()].copy_from_slice(&now[lanes]);
        }
        Ok(&self.loaded)
    }

    /// A store whose first beat leaves A in the clock `h`. It is kept back until its beats are written.
    #[cold]
    pub fn store(
        &mut self,
        memories: &mut Memories,
        address: u32,
        value: &Vector,
        h: u64,
    ) -> Result<(), Failure> {
        memories.vector.load(address)?;
        self.advance(memories, h);
        let first = h + WRITE;
        self.stores.push(Store {
            address,
            value: *value,
            clocks: first..first + self.beats,
        });
        self.moving = true;
        Ok(())
    }

    /// Value of a DMA CSR in the clock `h`.
    pub fn read(&mut self, memories: &mut Memories, csr: Csr, h: u64) -> Option<u32> {
        self.advance(memories, h);
        self.dma.read(csr)
    }

    /// Writes a DMA CSR in the clock `h`.
    pub fn write(&mut self, memories: &mut Memories, csr: Csr, value: u32, h: u64) -> bool {
        self.advance(memories, h);
        let written = self.dma.write(csr, value);
        self.look();
        written
    }

    /// Lets everything come to its end, in clocks that nobody counts.
    pub fn finish(&mut self, memories: &mut Memories) {
        while self.moving {
            self.advance(memories, self.clock + 1);
        }
        self.read = 0..0;
    }
}
