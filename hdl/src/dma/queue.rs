//! Three words between a memory that may make wait and one that may not want them yet.

use rust_hdl::prelude::*;

use crate::comment;

/// One halfword of each word in a [`DmaQueue`].
#[derive(LogicBlock, Default)]
pub struct DmaQueueLane {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The new halfword.
    pub data: Signal<In, Bits<16>>,
    /// Slots that take it.
    pub put: Signal<In, Bits<3>>,
    /// Move up by one.
    pub take: Signal<In, Bit>,
    /// The oldest halfword.
    pub head: Signal<Out, Bits<16>>,
    slot0: DFF<Bits<16>>,
    slot1: DFF<Bits<16>>,
    slot2: DFF<Bits<16>>,
}

impl Logic for DmaQueueLane {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module dma_queue_lane: one halfword of each word in a queue");
        dff_setup!(self, clock, slot0, slot1, slot2);
        self.head.next = self.slot0.q.val();
        if self.take.val() {
            self.slot0.d.next = self.slot1.q.val();
            self.slot1.d.next = self.slot2.q.val();
        }
        if self.put.val().get_bit(0) {
            self.slot0.d.next = self.data.val();
        }
        if self.put.val().get_bit(1) {
            self.slot1.d.next = self.data.val();
        }
        if self.put.val().get_bit(2) {
            self.slot2.d.next = self.data.val();
        }
    }
}

/// A queue of three words of `P` halfwords. All outputs are registers.
///
/// Three: a word a clock goes through where one is on its way from vector memory, one is in
/// the queue, and whether one leaves is not asked before another one is read.
#[derive(LogicBlock)]
pub struct DmaQueue<const P: usize> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Append `data`; there must be a free slot.
    pub put: Signal<In, Bit>,
    /// The new word.
    pub data: [Signal<In, Bits<16>>; P],
    /// Drop the oldest word; there must be one.
    pub take: Signal<In, Bit>,
    /// Drop all words; goes before `put`.
    pub clear: Signal<In, Bit>,
    /// The oldest word.
    pub head: [Signal<Out, Bits<16>>; P],
    /// Words in the queue, 0 to 3.
    pub filled: Signal<Out, Bits<2>>,
    lane: [DmaQueueLane; P],
    count: DFF<Bits<2>>,
    position: Signal<Local, Bits<2>>,
    slots: Signal<Local, Bits<3>>,
}

impl<const P: usize> Default for DmaQueue<P> {
    fn default() -> Self {
        Self {
            clock: Signal::default(),
            put: Signal::default(),
            data: std::array::from_fn(|_| Signal::default()),
            take: Signal::default(),
            clear: Signal::default(),
            head: std::array::from_fn(|_| Signal::default()),
            filled: Signal::default(),
            lane: std::array::from_fn(|_| DmaQueueLane::default()),
            count: DFF::default(),
            position: Signal::default(),
            slots: Signal::default(),
        }
    }
}

impl<const P: usize> Logic for DmaQueue<P> {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module dma_queue: three words");
        dff_setup!(self, clock, count);
        self.filled.next = self.count.q.val();
        self.position.next = self.count.q.val();
        if self.take.val() {
            self.position.next = self.count.q.val() - 1;
        }
        self.slots.next = bits::<3>(0);
        if self.put.val() {
            self.slots.next = bits::<3>(1) << self.position.val();
        }
        self.count.d.next = self.position.val();
        if self.put.val() {
            self.count.d.next = self.position.val() + 1;
        }
        if self.clear.val() {
            self.count.d.next = bits::<2>(0);
        }
        for i in 0..P {
            self.lane[i].clock.next = self.clock.val();
            self.lane[i].data.next = self.data[i].val();
            self.lane[i].put.next = self.slots.val();
            self.lane[i].take.next = self.take.val();
            self.head[i].next = self.lane[i].head.val();
        }
    }
}
