//! The engine: both channels, the burst port and the ports of vector memory.

use rust_hdl::prelude::*;

use super::DmaParameters;
use crate::comment;

/// DMA between vector memory and external memory, both directions at once. docs/dma.md has its
/// timing.
///
/// Channel 0 is to_vector (the CSRs `mm2s_*`), channel 1 to_external (`s2mm_*`). A word of vector
/// memory has `P` halfwords.
#[derive(LogicBlock)]
pub struct DmaEngine<const P: usize> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Write `csr_data` to the selected register; the next clock reads it.
    pub csr_write: Signal<In, Bit>,
    /// Selected channel.
    pub csr_channel: Signal<In, Bit>,
    /// Selected register: 0 source, 1 destination, 2 count, 3 control, 4 status.
    pub csr_register: Signal<In, Bits<3>>,
    /// What to write.
    pub csr_data: Signal<In, Bits<32>>,
    /// The selected register, in the same clock.
    pub csr_value: Signal<Out, Bits<32>>,
    /// Wants to read a word of vector memory.
    pub memory_read: Signal<Out, Bit>,
    /// The word.
    pub memory_read_address: Signal<Out, Bits<20>>,
    /// It is read in this clock.
    pub memory_read_grant: Signal<In, Bit>,
    /// What was read in the clock before.
    pub memory_read_data: [Signal<In, Bits<16>>; P],
    /// Wants to write a word of vector memory.
    pub memory_write: Signal<Out, Bit>,
    /// The word.
    pub memory_write_address: Signal<Out, Bits<20>>,
    /// What to write.
    pub memory_write_data: [Signal<Out, Bits<16>>; P],
    /// It is written in this clock.
    pub memory_write_grant: Signal<In, Bit>,
    /// Wants a burst; this and what describes the burst stay until `external_accept`.
    pub external_request: Signal<Out, Bit>,
    /// The burst goes to external memory.
    pub external_write: Signal<Out, Bit>,
    /// First byte of the burst in external memory, a multiple of 64.
    pub external_address: Signal<Out, Bits<32>>,
    /// Vectors in the burst, at least one.
    pub external_vectors: Signal<Out, Bits<8>>,
    /// The burst is taken in this clock.
    pub external_accept: Signal<In, Bit>,
    /// There is a word for the engine; moves where `external_read_ready`.
    pub external_read_valid: Signal<In, Bit>,
    /// The word.
    pub external_read_data: [Signal<In, Bits<16>>; P],
    /// The engine takes a word.
    pub external_read_ready: Signal<Out, Bit>,
    /// There is a word for external memory; moves where `external_write_ready`.
    pub external_write_valid: Signal<Out, Bit>,
    /// The word.
    pub external_write_data: [Signal<Out, Bits<16>>; P],
    /// External memory takes a word.
    pub external_write_ready: Signal<In, Bit>,
    /// The burst ends in this clock.
    pub external_done: Signal<In, Bit>,
    /// With `external_done`: it has failed.
    pub external_error: Signal<In, Bit>,
    /// A channel is not idle.
    pub busy: Signal<Out, Bit>,
}

impl<const P: usize> DmaEngine<P> {
    /// An engine for these sizes. [`DmaParameters::check`] says which there are.
    pub fn new(_parameters: &DmaParameters) -> Self {
        let halfwords = || std::array::from_fn(|_| Signal::default());
        Self {
            clock: Signal::default(),
            csr_write: Signal::default(),
            csr_channel: Signal::default(),
            csr_register: Signal::default(),
            csr_data: Signal::default(),
            csr_value: Signal::default(),
            memory_read: Signal::default(),
            memory_read_address: Signal::default(),
            memory_read_grant: Signal::default(),
            memory_read_data: std::array::from_fn(|_| Signal::default()),
            memory_write: Signal::default(),
            memory_write_address: Signal::default(),
            memory_write_data: halfwords(),
            memory_write_grant: Signal::default(),
            external_request: Signal::default(),
            external_write: Signal::default(),
            external_address: Signal::default(),
            external_vectors: Signal::default(),
            external_accept: Signal::default(),
            external_read_valid: Signal::default(),
            external_read_data: std::array::from_fn(|_| Signal::default()),
            external_read_ready: Signal::default(),
            external_write_valid: Signal::default(),
            external_write_data: halfwords(),
            external_write_ready: Signal::default(),
            external_done: Signal::default(),
            external_error: Signal::default(),
            busy: Signal::default(),
        }
    }
}

impl<const P: usize> Logic for DmaEngine<P> {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module dma_engine: transfers between vector memory and external memory");
        self.csr_value.next = bits::<32>(0);
        self.memory_read.next = false;
        self.memory_read_address.next = bits::<20>(0);
        self.memory_write.next = false;
        self.memory_write_address.next = bits::<20>(0);
        self.external_request.next = false;
        self.external_write.next = false;
        self.external_address.next = bits::<32>(0);
        self.external_vectors.next = bits::<8>(0);
        self.external_read_ready.next = false;
        self.external_write_valid.next = false;
        self.busy.next = false;
        for i in 0..P {
            self.memory_write_data[i].next = bits::<16>(0);
            self.external_write_data[i].next = bits::<16>(0);
        }
    }
}
