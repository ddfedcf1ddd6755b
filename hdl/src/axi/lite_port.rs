//! The five channels of AXI4-Lite.

use rust_hdl::prelude::*;

use crate::comment;

/// AXI4-Lite to one access at a time.
///
/// ```text
///  AW, W --> held --\               /--> B
///                    access --> done
///  AR    --> held --/               \--> R
/// ```
/// Each channel that comes in has one place, and is ready while that is empty: address and data of a write may come in any order.
/// An access begins when the channel of its answer is free, so that no answer is lost. Where a read and a write wait, the
/// kind that was not the last goes first. Whatever leaves comes from registers.
#[derive(LogicBlock, Default)]
pub struct AxiLitePort {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Empties all channels.
    pub reset: Signal<In, Bit>,
    /// AW: there is an address to write to.
    pub awvalid: Signal<In, Bit>,
    /// It is taken.
    pub awready: Signal<Out, Bit>,
    /// It.
    pub awaddr: Signal<In, Bits<12>>,
    /// W: there is a word to write.
    pub wvalid: Signal<In, Bit>,
    /// It is taken.
    pub wready: Signal<Out, Bit>,
    /// It.
    pub wdata: Signal<In, Bits<32>>,
    /// Its bytes.
    pub wstrb: Signal<In, Bits<4>>,
    /// B: there is an answer to a write.
    pub bvalid: Signal<Out, Bit>,
    /// It is taken.
    pub bready: Signal<In, Bit>,
    /// OKAY (0) or SLVERR (2).
    pub bresp: Signal<Out, Bits<2>>,
    /// AR: there is an address to read.
    pub arvalid: Signal<In, Bit>,
    /// It is taken.
    pub arready: Signal<Out, Bit>,
    /// It.
    pub araddr: Signal<In, Bits<12>>,
    /// R: there is an answer to a read.
    pub rvalid: Signal<Out, Bit>,
    /// It is taken.
    pub rready: Signal<In, Bit>,
    /// The word.
    pub rdata: Signal<Out, Bits<32>>,
    /// As `bresp`.
    pub rresp: Signal<Out, Bits<2>>,
    /// There is an access, until `done`.
    pub access: Signal<Out, Bit>,
    /// It writes.
    pub write: Signal<Out, Bit>,
    /// Its register.
    pub word: Signal<Out, Bits<10>>,
    /// It must be refused: its address is no multiple of 4, or it writes a part of the word.
    pub partial: Signal<Out, Bit>,
    /// What to write.
    pub data: Signal<Out, Bits<32>>,
    /// The access is over.
    pub done: Signal<In, Bit>,
    /// It was refused.
    pub error: Signal<In, Bit>,
    /// What was read.
    pub value: Signal<In, Bits<32>>,
    aw_held: DFF<Bit>,
    aw_address: DFF<Bits<12>>,
    w_held: DFF<Bit>,
    w_word: DFF<Bits<32>>,
    w_bytes: DFF<Bits<4>>,
    ar_held: DFF<Bit>,
    ar_address: DFF<Bits<12>>,
    b_there: DFF<Bit>,
    b_error: DFF<Bit>,
    r_there: DFF<Bit>,
    r_error: DFF<Bit>,
    r_word: DFF<Bits<32>>,
    busy: DFF<Bit>,
    writes: DFF<Bit>,
    can_write: Signal<Local, Bit>,
    can_read: Signal<Local, Bit>,
    nothing: Signal<Local, Bit>,
    over: Signal<Local, Bit>,
    failed: Signal<Local, Bit>,
    address: Signal<Local, Bits<12>>,
}

impl Logic for AxiLitePort {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module axi_lite_port: AXI4-Lite to one access at a time");
        dff_setup!(
            self, clock, aw_held, aw_address, w_held, w_word, w_bytes, ar_held, ar_address,
            b_there, b_error, r_there, r_error, r_word, busy, writes
        );
        comment!("What comes in.");
        self.awready.next = !self.aw_held.q.val();
        self.wready.next = !self.w_held.q.val();
        self.arready.next = !self.ar_held.q.val();
        if self.awvalid.val() & !self.aw_held.q.val() {
            self.aw_held.d.next = true;
            self.aw_address.d.next = self.awaddr.val();
        }
        if self.wvalid.val() & !self.w_held.q.val() {
            self.w_held.d.next = true;
            self.w_word.d.next = self.wdata.val();
            self.w_bytes.d.next = self.wstrb.val();
        }
        if self.arvalid.val() & !self.ar_held.q.val() {
            self.ar_held.d.next = true;
            self.ar_address.d.next = self.araddr.val();
        }

        comment!("Answers.");
        self.bvalid.next = self.b_there.q.val();
        self.bresp.next = 0.into();
        if self.b_error.q.val() {
            self.bresp.next = 2.into();
        }
        if self.bready.val() {
            self.b_there.d.next = false;
        }
        self.rvalid.next = self.r_there.q.val();
        self.rdata.next = self.r_word.q.val();
        self.rresp.next = 0.into();
        if self.r_error.q.val() {
            self.rresp.next = 2.into();
        }
        if self.rready.val() {
            self.r_there.d.next = false;
        }

        comment!("The next access.");
        self.can_write.next = self.aw_held.q.val() & self.w_held.q.val() & !self.b_there.q.val();
        self.can_read.next = self.ar_held.q.val() & !self.r_there.q.val();
        if !self.busy.q.val() {
            self.busy.d.next = self.can_write.val() | self.can_read.val();
            self.writes.d.next =
                self.can_write.val() & (!self.can_read.val() | !self.writes.q.val());
            if !self.can_write.val() & !self.can_read.val() {
                self.writes.d.next = self.writes.q.val();
            }
        }

        comment!("A write of no byte is done at once.");
        self.nothing.next = self.writes.q.val() & (self.w_bytes.q.val() == 0);
        self.access.next = self.busy.q.val() & !self.nothing.val();
        self.write.next = self.writes.q.val();
        self.data.next = self.w_word.q.val();
        self.address.next = self.ar_address.q.val();
        if self.writes.q.val() {
            self.address.next = self.aw_address.q.val();
        }
        self.word.next = self.address.val().get_bits::<10>(2);
        self.partial.next = (self.address.val().get_bits::<2>(0) != 0)
            | (self.writes.q.val() & (self.w_bytes.q.val() != 15));
        self.over.next = self.busy.q.val() & (self.nothing.val() | self.done.val());
        self.failed.next = self.error.val() & !self.nothing.val();
        if self.over.val() {
            self.busy.d.next = false;
            if self.writes.q.val() {
                self.aw_held.d.next = false;
                self.w_held.d.next = false;
                self.b_there.d.next = true;
                self.b_error.d.next = self.failed.val();
            } else {
                self.ar_held.d.next = false;
                self.r_there.d.next = true;
                self.r_error.d.next = self.failed.val();
                self.r_word.d.next = self.value.val();
            }
        }

        if self.reset.val() {
            self.aw_held.d.next = false;
            self.w_held.d.next = false;
            self.ar_held.d.next = false;
            self.b_there.d.next = false;
            self.r_there.d.next = false;
            self.busy.d.next = false;
        }
    }
}
