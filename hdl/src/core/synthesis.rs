//! The core as a device gets it: without the retirement port.

use rust_hdl::prelude::*;

use super::{Config, Core};
use crate::comment;

/// A [`Core`] whose retirement outputs are left open, so that synthesis removes them with all that only they need.
///
/// Ports are those of the host and of external memory, as [`Core`]'s of the same names. The systems on boards hold
/// this block, and figures of area and timing are its.
#[derive(LogicBlock)]
pub struct CoreTop<
    const GROUPS: usize,
    const EACH: usize,
    const LANES: usize,
    const WIDE: usize,
    const PLACES: usize,
> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Starts the core at address zero, if it is stopped.
    pub host_start: Signal<In, Bit>,
    /// Stops it.
    pub host_stop: Signal<In, Bit>,
    /// Reads a word; see [`Host`].
    pub host_read: Signal<In, Bit>,
    /// Writes a word.
    pub host_write: Signal<In, Bit>,
    /// Of instruction (0), scalar (1), vector (2) or lane-local (3) memory.
    pub host_memory: Signal<In, Bits<3>>,
    /// Byte address.
    pub host_address: Signal<In, Bits<32>>,
    /// What to write.
    pub host_data: Signal<In, Bits<32>>,
    /// A request is taken at this edge.
    pub host_ready: Signal<Out, Bit>,
    /// The request is done.
    pub host_valid: Signal<Out, Bit>,
    /// It was refused.
    pub host_error: Signal<Out, Bit>,
    /// What was read.
    pub host_value: Signal<Out, Bits<32>>,
    /// The core runs.
    pub running: Signal<Out, Bit>,
    /// A transfer is under way.
    pub dma_busy: Signal<Out, Bit>,
    /// Why the core stopped last: [`super::cause`].
    pub cause: Signal<Out, Bits<4>>,
    /// Where.
    pub stop_pc: Signal<Out, Bits<32>>,
    /// Clocks of the run.
    pub clocks: Signal<Out, Bits<64>>,
    /// DMA wants a burst; see docs/dma.md.
    pub external_request: Signal<Out, Bit>,
    /// The burst goes to external memory.
    pub external_write: Signal<Out, Bit>,
    /// Its first byte.
    pub external_address: Signal<Out, Bits<32>>,
    /// Its vectors of 64 bytes.
    pub external_vectors: Signal<Out, Bits<8>>,
    /// The burst is taken.
    pub external_accept: Signal<In, Bit>,
    /// There is a word for DMA.
    pub external_read_valid: Signal<In, Bit>,
    /// The word.
    pub external_read_data: [Signal<In, Bits<16>>; LANES],
    /// DMA takes a word.
    pub external_read_ready: Signal<Out, Bit>,
    /// There is a word for external memory.
    pub external_write_valid: Signal<Out, Bit>,
    /// The word.
    pub external_write_data: [Signal<Out, Bits<16>>; LANES],
    /// External memory takes a word.
    pub external_write_ready: Signal<In, Bit>,
    /// The burst ends.
    pub external_done: Signal<In, Bit>,
    /// It has failed.
    pub external_error: Signal<In, Bit>,
    core: Core<GROUPS, EACH, LANES, WIDE, PLACES>,
}

impl<
    const GROUPS: usize,
    const EACH: usize,
    const LANES: usize,
    const WIDE: usize,
    const PLACES: usize,
> CoreTop<GROUPS, EACH, LANES, WIDE, PLACES>
{
    /// The core of a configuration with `LANES` lanes.
    pub fn new(config: &Config) -> Self {
        Self {
            clock: Signal::default(),
            host_start: Signal::default(),
            host_stop: Signal::default(),
            host_read: Signal::default(),
            host_write: Signal::default(),
            host_memory: Signal::default(),
            host_address: Signal::default(),
            host_data: Signal::default(),
            host_ready: Signal::default(),
            host_valid: Signal::default(),
            host_error: Signal::default(),
            host_value: Signal::default(),
            running: Signal::default(),
            dma_busy: Signal::default(),
            cause: Signal::default(),
            stop_pc: Signal::default(),
            clocks: Signal::default(),
            external_request: Signal::default(),
            external_write: Signal::default(),
            external_address: Signal::default(),
            external_vectors: Signal::default(),
            external_accept: Signal::default(),
            external_read_valid: Signal::default(),
            external_read_data: std::array::from_fn(|_| Signal::default()),
            external_read_ready: Signal::default(),
            external_write_valid: Signal::default(),
            external_write_data: std::array::from_fn(|_| Signal::default()),
            external_write_ready: Signal::default(),
            external_done: Signal::default(),
            external_error: Signal::default(),
            core: Core::new(config),
        }
    }
}

impl<
    const GROUPS: usize,
    const EACH: usize,
    const LANES: usize,
    const WIDE: usize,
    const PLACES: usize,
> Logic for CoreTop<GROUPS, EACH, LANES, WIDE, PLACES>
{
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module core_top: the core without its retirement port");
        self.core.clock.next = self.clock.val();
        self.core.host_start.next = self.host_start.val();
        self.core.host_stop.next = self.host_stop.val();
        self.core.host_read.next = self.host_read.val();
        self.core.host_write.next = self.host_write.val();
        self.core.host_memory.next = self.host_memory.val();
        self.core.host_address.next = self.host_address.val();
        self.core.host_data.next = self.host_data.val();
        self.host_ready.next = self.core.host_ready.val();
        self.host_valid.next = self.core.host_valid.val();
        self.host_error.next = self.core.host_error.val();
        self.host_value.next = self.core.host_value.val();
        self.running.next = self.core.running.val();
        self.dma_busy.next = self.core.dma_busy.val();
        self.cause.next = self.core.cause.val();
        self.stop_pc.next = self.core.stop_pc.val();
        self.clocks.next = self.core.clocks.val();
        self.external_request.next = self.core.external_request.val();
        self.external_write.next = self.core.external_write.val();
        self.external_address.next = self.core.external_address.val();
        self.external_vectors.next = self.core.external_vectors.val();
        self.core.external_accept.next = self.external_accept.val();
        self.core.external_read_valid.next = self.external_read_valid.val();
        self.external_read_ready.next = self.core.external_read_ready.val();
        self.external_write_valid.next = self.core.external_write_valid.val();
        self.core.external_write_ready.next = self.external_write_ready.val();
        self.core.external_done.next = self.external_done.val();
        self.core.external_error.next = self.external_error.val();
        for i in 0..LANES {
            self.core.external_read_data[i].next = self.external_read_data[i].val();
            self.external_write_data[i].next = self.core.external_write_data[i].val();
        }
    }
}
