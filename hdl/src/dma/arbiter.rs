//! Who has the burst port.

use rust_hdl::prelude::*;

use crate::comment;

/// One burst at a time; where both channels want one, the channel that did not have the last.
///
/// ```text
///           a burst is wanted           accept            done
///    free --------------------> request -------> moving -------> free
/// ```
#[derive(LogicBlock, Default)]
pub struct DmaArbiter {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The channel to_vector has a burst.
    pub to_vector_wanted: Signal<In, Bit>,
    /// The channel to_external has a burst.
    pub to_external_wanted: Signal<In, Bit>,
    /// External memory takes the burst.
    pub accept: Signal<In, Bit>,
    /// External memory ends the burst.
    pub done: Signal<In, Bit>,
    /// A burst is requested of external memory.
    pub request: Signal<Out, Bit>,
    /// A burst is requested or under way, or the last one was: of channel to_external.
    pub owner: Signal<Out, Bit>,
    /// The next clock requests a burst of channel to_external.
    pub to_external_begins: Signal<Out, Bit>,
    /// A burst of channel to_vector is requested or under way.
    pub to_vector_open: Signal<Out, Bit>,
    /// A burst of channel to_external is requested or under way.
    pub to_external_open: Signal<Out, Bit>,
    /// Words of channel to_vector may move.
    pub to_vector_moving: Signal<Out, Bit>,
    /// Words of channel to_external may move.
    pub to_external_moving: Signal<Out, Bit>,
    requesting: DFF<Bit>,
    moving: DFF<Bit>,
    to_external: DFF<Bit>,
    free: Signal<Local, Bit>,
    choice: Signal<Local, Bit>,
}

impl Logic for DmaArbiter {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module dma_arbiter: one burst at a time, the channels in turns");
        dff_setup!(self, clock, requesting, moving, to_external);
        self.free.next = !self.requesting.q.val() & !self.moving.q.val();
        self.choice.next = self.to_external_wanted.val()
            & (!self.to_vector_wanted.val() | !self.to_external.q.val());
        self.to_external_begins.next = self.free.val() & self.choice.val();
        self.request.next = self.requesting.q.val();
        self.owner.next = self.to_external.q.val();
        self.to_vector_open.next = !self.free.val() & !self.to_external.q.val();
        self.to_external_open.next = !self.free.val() & self.to_external.q.val();
        self.to_vector_moving.next = self.moving.q.val() & !self.to_external.q.val();
        self.to_external_moving.next = self.moving.q.val() & self.to_external.q.val();
        if self.free.val() & (self.to_vector_wanted.val() | self.to_external_wanted.val()) {
            self.requesting.d.next = true;
            self.to_external.d.next = self.choice.val();
        }
        if self.requesting.q.val() & self.accept.val() {
            self.requesting.d.next = false;
            self.moving.d.next = true;
        }
        if self.moving.q.val() & self.done.val() {
            self.moving.d.next = false;
        }
    }
}
