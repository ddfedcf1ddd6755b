//! X1 of the scalar side: an instruction retires, or stops the core.

use rust_hdl::prelude::*;

use super::flags::{FLAGS, Flags};
use crate::comment;

/// Commits: writes the scalar register, counts, and starts and stops the core.
#[derive(LogicBlock, Default)]
pub struct Commit {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The host starts the core.
    pub start: Signal<In, Bit>,
    /// The host stops it.
    pub stop: Signal<In, Bit>,
    /// X holds something.
    pub enter: Signal<In, Bit>,
    /// Its address.
    pub enter_pc: Signal<In, Bits<32>>,
    /// Its word.
    pub enter_word: Signal<In, Bits<32>>,
    /// Why it stops the core.
    pub enter_fault: Signal<In, Bits<4>>,
    /// What it is.
    pub enter_flags: Signal<In, Bits<FLAGS>>,
    /// It writes a scalar register.
    pub enter_writes: Signal<In, Bit>,
    /// Which one.
    pub enter_rd: Signal<In, Bits<5>>,
    /// What.
    pub enter_value: Signal<In, Bits<32>>,
    /// The last beat.
    pub enter_last: Signal<In, Bit>,
    /// It writes `minstret`.
    pub enter_uncounted: Signal<In, Bit>,
    /// What the lanes have gathered.
    pub gathered: Signal<In, Bits<32>>,
    /// X: the local address of some lane is bad.
    pub lane_fails: [Signal<In, Bit>; 2],
    /// X1: the first such address is misaligned.
    pub lane_misaligned: Signal<In, Bit>,
    /// What is in X1 stops the core: everything younger is dropped.
    pub halt: Signal<Out, Bit>,
    /// The core runs.
    pub running: Signal<Out, Bit>,
    /// Why it stopped last; see [`super::cause`].
    pub cause: Signal<Out, Bits<4>>,
    /// Where.
    pub stop_pc: Signal<Out, Bits<32>>,
    /// Clocks of the run.
    pub clocks: Signal<Out, Bits<64>>,
    /// Instructions that have retired in the run.
    pub retired: Signal<Out, Bits<64>>,
    /// Something in X1 writes a scalar register.
    pub writes: Signal<Out, Bit>,
    /// It does so now.
    pub write: Signal<Out, Bit>,
    /// Which one.
    pub rd: Signal<Out, Bits<5>>,
    /// What.
    pub value: Signal<Out, Bits<32>>,
    /// An instruction retires.
    pub retire: Signal<Out, Bit>,
    /// `minstret` does not count it.
    pub uncounted: Signal<Out, Bit>,
    /// Its address.
    pub pc: Signal<Out, Bits<32>>,
    /// Its word.
    pub word: Signal<Out, Bits<32>>,
    runs: DFF<Bit>,
    reason: DFF<Bits<4>>,
    where_stopped: DFF<Bits<32>>,
    count: DFF<Bits<64>>,
    done: DFF<Bits<64>>,
    held_valid: DFF<Bit>,
    held_pc: DFF<Bits<32>>,
    held_word: DFF<Bits<32>>,
    held_fault: DFF<Bits<4>>,
    /// It stops the core.
    held_stops: DFF<Bit>,
    /// It does so for the address of a lane in a group with an even number.
    held_even_lane: DFF<Bit>,
    /// Or with an odd one.
    held_odd_lane: DFF<Bit>,
    held_flags: DFF<Bits<FLAGS>>,
    held_writes: DFF<Bit>,
    held_rd: DFF<Bits<5>>,
    held_value: DFF<Bits<32>>,
    held_last: DFF<Bit>,
    held_uncounted: DFF<Bit>,
    of: Flags,
    stops: Signal<Local, Bit>,
    bad_lane: Signal<Local, Bit>,
    enters: Signal<Local, Bit>,
    why: Signal<Local, Bits<4>>,
    retires: Signal<Local, Bit>,
}

impl Logic for Commit {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module commit: an instruction retires, or stops the core");
        dff_setup!(
            self,
            clock,
            runs,
            reason,
            where_stopped,
            count,
            done,
            held_valid,
            held_pc,
            held_word,
            held_fault,
            held_stops,
            held_even_lane,
            held_odd_lane,
            held_flags,
            held_writes,
            held_rd,
            held_value,
            held_last,
            held_uncounted
        );
        self.of.flags.next = self.held_flags.q.val();

        comment!("Whether it stops the core comes from registers: much hangs on it, far away.");
        self.bad_lane.next = self.held_even_lane.q.val() | self.held_odd_lane.q.val();
        self.stops.next = self.held_stops.q.val() | self.bad_lane.val();
        self.why.next = self.held_fault.q.val();
        if self.bad_lane.val() {
            self.why.next = 9.into();
            if self.of.lane_load.val() {
                self.why.next = 7.into();
            }
            if self.lane_misaligned.val() {
                self.why.next = 8.into();
                if self.of.lane_load.val() {
                    self.why.next = 6.into();
                }
            }
        }
        self.halt.next = self.stops.val();

        comment!("X to X1.");
        self.enters.next =
            (self.enter.val() & !self.stops.val()) & (self.runs.q.val() & !self.stop.val());
        self.held_valid.d.next = self.enters.val();
        self.held_stops.d.next = self.enters.val() & (self.enter_fault.val() != 0);
        self.held_even_lane.d.next = self.enters.val() & self.lane_fails[0].val();
        self.held_odd_lane.d.next = self.enters.val() & self.lane_fails[1].val();
        self.held_pc.d.next = self.enter_pc.val();
        self.held_word.d.next = self.enter_word.val();
        self.held_fault.d.next = self.enter_fault.val();
        self.held_flags.d.next = self.enter_flags.val();
        self.held_writes.d.next = self.enter_writes.val();
        self.held_rd.d.next = self.enter_rd.val();
        self.held_value.d.next = self.enter_value.val();
        self.held_last.d.next = self.enter_last.val();
        self.held_uncounted.d.next = self.enter_uncounted.val();

        comment!("Commit.");
        self.value.next = self.held_value.q.val();
        if self.of.gathers.val() {
            self.value.next = self.gathered.val();
        }
        self.rd.next = self.held_rd.q.val();
        self.writes.next = self.held_valid.q.val() & self.held_writes.q.val();
        self.retires.next = self.held_valid.q.val() & self.held_last.q.val() & !self.stops.val();
        self.write.next = self.retires.val() & self.held_writes.q.val();
        self.retire.next = self.retires.val();
        self.uncounted.next = self.held_uncounted.q.val();
        self.pc.next = self.held_pc.q.val();
        self.word.next = self.held_word.q.val();

        comment!("Starting and stopping.");
        if self.runs.q.val() {
            self.count.d.next = self.count.q.val() + 1;
        }
        if self.retires.val() {
            self.done.d.next = self.done.q.val() + 1;
        }
        if self.start.val() {
            self.runs.d.next = true;
            self.count.d.next = 0.into();
            self.done.d.next = 0.into();
        }
        if self.stop.val() & self.runs.q.val() {
            self.runs.d.next = false;
            self.reason.d.next = 10.into();
            self.where_stopped.d.next = self.held_pc.q.val();
        }
        if self.stops.val() {
            self.runs.d.next = false;
            self.reason.d.next = self.why.val();
            self.where_stopped.d.next = self.held_pc.q.val();
        }
        self.running.next = self.runs.q.val();
        self.cause.next = self.reason.q.val();
        self.stop_pc.next = self.where_stopped.q.val();
        self.clocks.next = self.count.q.val();
        self.retired.next = self.done.q.val();
    }
}
