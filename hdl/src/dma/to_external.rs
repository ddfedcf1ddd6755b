//! Words on their way to external memory.

use rust_hdl::prelude::*;

use super::DmaQueue;
use crate::comment;

/// From the read port of vector memory to the burst port. Reads ahead by what the queue holds,
/// within a burst.
#[derive(LogicBlock)]
pub struct DmaToExternal<const P: usize> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// A transfer begins.
    pub load: Signal<In, Bit>,
    /// Its first word in vector memory.
    pub first: Signal<In, Bits<20>>,
    /// A burst begins.
    pub opens: Signal<In, Bit>,
    /// Its words.
    pub words: Signal<In, Bits<11>>,
    /// A burst of this channel moves words.
    pub moving: Signal<In, Bit>,
    /// That burst ends; words that it has not taken are dropped.
    pub closes: Signal<In, Bit>,
    /// Wants to read.
    pub memory_read: Signal<Out, Bit>,
    /// Which word.
    pub memory_read_address: Signal<Out, Bits<20>>,
    /// It is read.
    pub memory_read_grant: Signal<In, Bit>,
    /// What was read in the clock before.
    pub memory_read_data: [Signal<In, Bits<16>>; P],
    /// There is a word for external memory.
    pub valid: Signal<Out, Bit>,
    /// The word.
    pub data: [Signal<Out, Bits<16>>; P],
    /// It is taken if it is there.
    pub ready: Signal<In, Bit>,
    queue: DmaQueue<P>,
    address: DFF<Bits<20>>,
    left: DFF<Bits<11>>,
    arriving: DFF<Bit>,
    occupied: Signal<Local, Bits<3>>,
    arrives: Signal<Local, Bits<3>>,
    read: Signal<Local, Bit>,
}

impl<const P: usize> Default for DmaToExternal<P> {
    fn default() -> Self {
        Self {
            clock: Signal::default(),
            load: Signal::default(),
            first: Signal::default(),
            opens: Signal::default(),
            words: Signal::default(),
            moving: Signal::default(),
            closes: Signal::default(),
            memory_read: Signal::default(),
            memory_read_address: Signal::default(),
            memory_read_grant: Signal::default(),
            memory_read_data: std::array::from_fn(|_| Signal::default()),
            valid: Signal::default(),
            data: std::array::from_fn(|_| Signal::default()),
            ready: Signal::default(),
            queue: DmaQueue::default(),
            address: DFF::default(),
            left: DFF::default(),
            arriving: DFF::default(),
            occupied: Signal::default(),
            arrives: Signal::default(),
            read: Signal::default(),
        }
    }
}

impl<const P: usize> Logic for DmaToExternal<P> {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module dma_to_external: from vector memory to the burst port");
        dff_setup!(self, clock, address, left, arriving);
        comment!("A word that has been read has its place in the queue.");
        self.arrives.next = bits::<3>(0);
        if self.arriving.q.val() {
            self.arrives.next = bits::<3>(1);
        }
        self.occupied.next = bit_cast::<3, 2>(self.queue.filled.val()) + self.arrives.val();
        self.memory_read.next = self.left.q.val().any() & (self.occupied.val() < 3);
        self.memory_read_address.next = self.address.q.val();
        self.read.next = self.memory_read.val() & self.memory_read_grant.val();
        self.valid.next = self.moving.val() & self.queue.filled.val().any();
        self.queue.clock.next = self.clock.val();
        self.queue.put.next = self.arriving.q.val();
        self.queue.take.next = self.valid.val() & self.ready.val();
        self.queue.clear.next = self.closes.val();
        for i in 0..P {
            self.queue.data[i].next = self.memory_read_data[i].val();
            self.data[i].next = self.queue.head[i].val();
        }
        self.arriving.d.next = self.read.val();
        if self.read.val() {
            self.address.d.next = self.address.q.val() + 1;
            self.left.d.next = self.left.q.val() - 1;
        }
        if self.opens.val() {
            self.left.d.next = self.words.val();
        }
        if self.closes.val() {
            self.left.d.next = bits::<11>(0);
            self.arriving.d.next = false;
        }
        if self.load.val() {
            self.address.d.next = self.first.val();
        }
    }
}
