//! The engine: both channels, the burst port and the ports of vector memory.

use rust_hdl::prelude::*;
use spikevec_isa::dma::Channel;

use super::{DmaArbiter, DmaBursts, DmaChannel, DmaParameters, DmaToExternal, DmaToVector};
use crate::comment;

// The text of the block has them as plain numbers.
const _: () = assert!(Channel::ToVector as u8 == 0 && Channel::ToExternal as u8 == 1);

/// DMA between vector memory and external memory, both directions at once. docs/dma.md has its
/// timing.
///
/// Channels and registers have the numbers of [`spikevec_isa::dma`]. A word of vector memory has `P`
/// halfwords.
#[derive(LogicBlock)]
pub struct DmaEngine<const P: usize> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Write `csr_data` to the selected register; the next clock reads it.
    pub csr_write: Signal<In, Bit>,
    /// Selected channel.
    pub csr_channel: Signal<In, Bit>,
    /// Selected register.
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
    channel: [DmaChannel; 2],
    bursts: [DmaBursts; 2],
    arbiter: DmaArbiter,
    to_vector: DmaToVector<P>,
    to_external: DmaToExternal<P>,
    vector_word: Signal<Local, Bits<32>>,
    external_word: Signal<Local, Bits<32>>,
    unused_vector_word: Signal<Local, Bits<12>>,
    unused_external_word: Signal<Local, Bits<12>>,
    words: Signal<Local, Bits<11>>,
    taken: Signal<Local, Bit>,
    error: Signal<Local, Bit>,
    word_shift: Constant<Bits<3>>,
    beat_shift: Constant<Bits<2>>,
}

impl<const P: usize> DmaEngine<P> {
    /// An engine for these sizes. [`DmaParameters::check`] says which there are.
    pub fn new(parameters: &DmaParameters) -> Self {
        let (vector, external) = (parameters.vector_bytes, parameters.external_bytes);
        let bursts = || DmaBursts::new(parameters.burst_vectors);
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
            channel: [
                DmaChannel::new(external, vector),
                DmaChannel::new(vector, external),
            ],
            bursts: [bursts(), bursts()],
            arbiter: DmaArbiter::default(),
            to_vector: DmaToVector::default(),
            to_external: DmaToExternal::default(),
            vector_word: Signal::default(),
            external_word: Signal::default(),
            unused_vector_word: Signal::default(),
            unused_external_word: Signal::default(),
            words: Signal::default(),
            taken: Signal::default(),
            error: Signal::default(),
            word_shift: Constant::new(u64::from((2 * P).ilog2()).into()),
            beat_shift: Constant::new(u64::from((32 / P).ilog2()).into()),
        }
    }
}

impl<const P: usize> Logic for DmaEngine<P> {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module dma_engine: transfers between vector memory and external memory");
        comment!("The registers.");
        for i in 0..2 {
            self.channel[i].clock.next = self.clock.val();
            self.channel[i].register.next = self.csr_register.val();
            self.channel[i].data.next = self.csr_data.val();
            self.channel[i].failed.next = self.bursts[i].failed.val();
            self.bursts[i].clock.next = self.clock.val();
            self.bursts[i].load.next = self.channel[i].load.val();
            self.bursts[i].vectors.next = self.channel[i].vectors.val();
        }
        self.channel[0].write.next = self.csr_write.val() & !self.csr_channel.val();
        self.channel[1].write.next = self.csr_write.val() & self.csr_channel.val();
        self.csr_value.next = self.channel[0].value.val();
        if self.csr_channel.val() {
            self.csr_value.next = self.channel[1].value.val();
        }
        self.busy.next = self.channel[0].busy.val() | self.channel[1].busy.val();

        comment!("The burst port.");
        self.bursts[0].first.next = self.channel[0].source.val();
        self.bursts[1].first.next = self.channel[1].destination.val();
        self.arbiter.clock.next = self.clock.val();
        self.arbiter.to_vector_wanted.next = self.bursts[0].wanted.val();
        self.arbiter.to_external_wanted.next = self.bursts[1].wanted.val();
        self.arbiter.accept.next = self.external_accept.val();
        self.arbiter.done.next = self.external_done.val();
        self.external_request.next = self.arbiter.request.val();
        self.external_write.next = self.arbiter.owner.val();
        self.external_address.next = self.bursts[0].burst_address.val();
        self.external_vectors.next = self.bursts[0].burst_vectors.val();
        if self.arbiter.owner.val() {
            self.external_address.next = self.bursts[1].burst_address.val();
            self.external_vectors.next = self.bursts[1].burst_vectors.val();
        }
        self.taken.next = self.arbiter.request.val() & self.external_accept.val();
        self.error.next = self.external_done.val() & self.external_error.val();
        self.bursts[0].taken.next = self.taken.val() & !self.arbiter.owner.val();
        self.bursts[1].taken.next = self.taken.val() & self.arbiter.owner.val();
        self.bursts[0].error.next = self.error.val() & self.arbiter.to_vector_moving.val();
        self.bursts[1].error.next = self.error.val() & self.arbiter.to_external_moving.val();

        comment!("A transfer is over when it has no burst left and all its words are written.");
        self.channel[0].finished.next = (!self.bursts[0].wanted.val()
            & !self.arbiter.to_vector_open.val())
            & !self.to_vector.memory_write.val();
        self.channel[1].finished.next =
            !self.bursts[1].wanted.val() & !self.arbiter.to_external_open.val();

        comment!("To vector memory.");
        self.vector_word.next = self.channel[0].destination.val() >> self.word_shift.val();
        self.to_vector.clock.next = self.clock.val();
        self.to_vector.load.next = self.channel[0].load.val();
        self.to_vector.first.next = self.vector_word.val().get_bits::<20>(0);
        self.to_vector.moving.next = self.arbiter.to_vector_moving.val();
        self.to_vector.valid.next = self.external_read_valid.val();
        self.to_vector.memory_write_grant.next = self.memory_write_grant.val();
        self.external_read_ready.next = self.to_vector.ready.val();
        self.memory_write.next = self.to_vector.memory_write.val();
        self.memory_write_address.next = self.to_vector.memory_write_address.val();

        comment!("To external memory.");
        self.external_word.next = self.channel[1].source.val() >> self.word_shift.val();
        self.words.next =
            bit_cast::<11, 8>(self.bursts[1].burst_vectors.val()) << self.beat_shift.val();
        self.to_external.clock.next = self.clock.val();
        self.to_external.load.next = self.channel[1].load.val();
        self.to_external.first.next = self.external_word.val().get_bits::<20>(0);
        self.to_external.opens.next = self.arbiter.to_external_begins.val();
        self.to_external.words.next = self.words.val();
        self.to_external.moving.next = self.arbiter.to_external_moving.val();
        self.to_external.closes.next =
            self.external_done.val() & self.arbiter.to_external_moving.val();
        self.to_external.memory_read_grant.next = self.memory_read_grant.val();
        self.to_external.ready.next = self.external_write_ready.val();
        self.memory_read.next = self.to_external.memory_read.val();
        self.memory_read_address.next = self.to_external.memory_read_address.val();
        self.external_write_valid.next = self.to_external.valid.val();

        for i in 0..P {
            self.to_vector.data[i].next = self.external_read_data[i].val();
            self.memory_write_data[i].next = self.to_vector.memory_write_data[i].val();
            self.to_external.memory_read_data[i].next = self.memory_read_data[i].val();
            self.external_write_data[i].next = self.to_external.data[i].val();
        }
        comment!("A transfer that is loaded lies in vector memory, which has no higher words.");
        self.unused_vector_word.next = self.vector_word.val().get_bits::<12>(20);
        self.unused_external_word.next = self.external_word.val().get_bits::<12>(20);
    }
}
