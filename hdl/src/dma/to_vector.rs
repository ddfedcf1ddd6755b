//! Words on their way to vector memory.

use rust_hdl::prelude::*;

use super::DmaQueue;
use crate::comment;

/// From the burst port to the write port of vector memory.
#[derive(LogicBlock)]
pub struct DmaToVector<const P: usize> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// A transfer begins.
    pub load: Signal<In, Bit>,
    /// Its first word in vector memory.
    pub first: Signal<In, Bits<20>>,
    /// A burst of this channel moves words.
    pub moving: Signal<In, Bit>,
    /// External memory has a word.
    pub valid: Signal<In, Bit>,
    /// The word.
    pub data: [Signal<In, Bits<16>>; P],
    /// It is taken if it is there.
    pub ready: Signal<Out, Bit>,
    /// Wants to write.
    pub memory_write: Signal<Out, Bit>,
    /// Which word.
    pub memory_write_address: Signal<Out, Bits<20>>,
    /// What.
    pub memory_write_data: [Signal<Out, Bits<16>>; P],
    /// It is written.
    pub memory_write_grant: Signal<In, Bit>,
    queue: DmaQueue<P>,
    address: DFF<Bits<20>>,
    written: Signal<Local, Bit>,
}

impl<const P: usize> Default for DmaToVector<P> {
    fn default() -> Self {
        Self {
            clock: Signal::default(),
            load: Signal::default(),
            first: Signal::default(),
            moving: Signal::default(),
            valid: Signal::default(),
            data: std::array::from_fn(|_| Signal::default()),
            ready: Signal::default(),
            memory_write: Signal::default(),
            memory_write_address: Signal::default(),
            memory_write_data: std::array::from_fn(|_| Signal::default()),
            memory_write_grant: Signal::default(),
            queue: DmaQueue::default(),
            address: DFF::default(),
            written: Signal::default(),
        }
    }
}

impl<const P: usize> Logic for DmaToVector<P> {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module dma_to_vector: from the burst port to vector memory");
        dff_setup!(self, clock, address);
        self.ready.next = self.moving.val() & (self.queue.filled.val() != 3);
        self.memory_write.next = self.queue.filled.val().any();
        self.memory_write_address.next = self.address.q.val();
        self.written.next = self.memory_write.val() & self.memory_write_grant.val();
        self.queue.clock.next = self.clock.val();
        self.queue.put.next = self.ready.val() & self.valid.val();
        self.queue.take.next = self.written.val();
        self.queue.clear.next = false;
        for i in 0..P {
            self.queue.data[i].next = self.data[i].val();
            self.memory_write_data[i].next = self.queue.head[i].val();
        }
        if self.written.val() {
            self.address.d.next = self.address.q.val() + 1;
        }
        if self.load.val() {
            self.address.d.next = self.first.val();
        }
    }
}
