//! A transfer cut into bursts.

use rust_hdl::prelude::*;

use crate::comment;

/// What is left of a transfer on the side of external memory, and the burst that comes next.
#[derive(LogicBlock)]
pub struct DmaBursts {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Take a new transfer.
    pub load: Signal<In, Bit>,
    /// Its first byte in external memory.
    pub first: Signal<In, Bits<32>>,
    /// Its vectors.
    pub vectors: Signal<In, Bits<26>>,
    /// The burst has been taken: go on to the one after it.
    pub taken: Signal<In, Bit>,
    /// A burst has failed: drop what is left.
    pub error: Signal<In, Bit>,
    /// There is a burst.
    pub wanted: Signal<Out, Bit>,
    /// Its first byte in external memory.
    pub burst_address: Signal<Out, Bits<32>>,
    /// Its vectors.
    pub burst_vectors: Signal<Out, Bits<8>>,
    /// A burst of this transfer has failed.
    pub failed: Signal<Out, Bit>,
    address: DFF<Bits<32>>,
    left: DFF<Bits<26>>,
    failure: DFF<Bit>,
    size: Signal<Local, Bits<8>>,
    most: Constant<Bits<8>>,
}

impl DmaBursts {
    /// Bursts of up to `most` vectors, 1 to 255.
    pub fn new(most: u32) -> Self {
        Self {
            clock: Signal::default(),
            load: Signal::default(),
            first: Signal::default(),
            vectors: Signal::default(),
            taken: Signal::default(),
            error: Signal::default(),
            wanted: Signal::default(),
            burst_address: Signal::default(),
            burst_vectors: Signal::default(),
            failed: Signal::default(),
            address: DFF::default(),
            left: DFF::default(),
            failure: DFF::default(),
            size: Signal::default(),
            most: Constant::new(u64::from(most).into()),
        }
    }
}

impl Logic for DmaBursts {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module dma_bursts: a transfer cut into bursts");
        dff_setup!(self, clock, address, left, failure);
        self.size.next = self.most.val();
        if self.left.q.val() < bit_cast::<26, 8>(self.most.val()) {
            self.size.next = self.left.q.val().get_bits::<8>(0);
        }
        self.wanted.next = self.left.q.val().any();
        self.burst_address.next = self.address.q.val();
        self.burst_vectors.next = self.size.val();
        self.failed.next = self.failure.q.val();
        if self.taken.val() {
            self.address.d.next = self.address.q.val() + (bit_cast::<32, 8>(self.size.val()) << 6);
            self.left.d.next = self.left.q.val() - bit_cast::<26, 8>(self.size.val());
        }
        if self.error.val() {
            self.left.d.next = bits::<26>(0);
            self.failure.d.next = true;
        }
        if self.load.val() {
            self.address.d.next = self.first.val();
            self.left.d.next = self.vectors.val();
            self.failure.d.next = false;
        }
    }
}
