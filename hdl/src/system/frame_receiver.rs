//! Requests from bytes.

use rust_hdl::prelude::*;

use super::Crc;
use crate::comment;

/// Finds frames in a stream of bytes: docs/protocol.md.
///
/// The payload's words are written out as they come, before it is known whether the frame is good; `frame` says
/// so, one clock, and the header's fields stay until the next frame begins.
#[derive(LogicBlock)]
pub struct FrameReceiver {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Take bytes; otherwise they are ignored.
    pub enable: Signal<In, Bit>,
    /// There is a byte.
    pub valid: Signal<In, Bit>,
    /// The byte.
    pub data: Signal<In, Bits<8>>,
    /// Write a word of the payload.
    pub write: Signal<Out, Bit>,
    /// Its place.
    pub write_address: Signal<Out, Bits<8>>,
    /// The word.
    pub write_data: Signal<Out, Bits<32>>,
    /// There is a good frame.
    pub frame: Signal<Out, Bit>,
    /// A frame was begun and is not good.
    pub dropped: Signal<Out, Bit>,
    /// Its sequence number.
    pub tag: Signal<Out, Bits<8>>,
    /// What is asked.
    pub kind: Signal<Out, Bits<8>>,
    /// And of which memory.
    pub argument: Signal<Out, Bits<8>>,
    /// Words of payload.
    pub length: Signal<Out, Bits<8>>,
    crc: Crc,
    phase: DFF<Bits<3>>,
    held_tag: DFF<Bits<8>>,
    held_kind: DFF<Bits<8>>,
    held_argument: DFF<Bits<8>>,
    held_length: DFF<Bits<8>>,
    quarter: DFF<Bits<2>>,
    place: DFF<Bits<8>>,
    shift: DFF<Bits<32>>,
    silence: DFF<Bits<24>>,
    taken: Signal<Local, Bit>,
    wide: Signal<Local, Bits<32>>,
    gap: Constant<Bits<24>>,
}

impl FrameReceiver {
    /// A receiver that gives a frame up after `gap` clocks without a byte.
    pub fn new(gap: u32) -> Self {
        Self {
            clock: Signal::default(),
            enable: Signal::default(),
            valid: Signal::default(),
            data: Signal::default(),
            write: Signal::default(),
            write_address: Signal::default(),
            write_data: Signal::default(),
            frame: Signal::default(),
            dropped: Signal::default(),
            tag: Signal::default(),
            kind: Signal::default(),
            argument: Signal::default(),
            length: Signal::default(),
            crc: Crc::default(),
            phase: DFF::default(),
            held_tag: DFF::default(),
            held_kind: DFF::default(),
            held_argument: DFF::default(),
            held_length: DFF::default(),
            quarter: DFF::default(),
            place: DFF::default(),
            shift: DFF::default(),
            silence: DFF::default(),
            taken: Signal::default(),
            wide: Signal::default(),
            gap: Constant::new(u64::from(gap).to_bits()),
        }
    }
}

impl Logic for FrameReceiver {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module frame_receiver: requests from bytes");
        dff_setup!(
            self,
            clock,
            phase,
            held_tag,
            held_kind,
            held_argument,
            held_length,
            quarter,
            place,
            shift,
            silence
        );
        self.tag.next = self.held_tag.q.val();
        self.kind.next = self.held_kind.q.val();
        self.argument.next = self.held_argument.q.val();
        self.length.next = self.held_length.q.val();
        self.taken.next = self.valid.val() & self.enable.val();
        self.crc.clock.next = self.clock.val();
        self.crc.clear.next = self.phase.q.val() == 0;
        self.crc.put.next = self.taken.val();
        self.crc.data.next = self.data.val();
        self.wide.next = bit_cast::<32, 8>(self.data.val());
        self.write.next = false;
        self.write_address.next = self.place.q.val();
        self.write_data.next = (self.wide.val() << 24) | (self.shift.q.val() >> 8);
        self.frame.next = false;
        self.dropped.next = false;

        comment!(
            "Phases: 0 marker, 1 sequence, 2 kind, 3 argument, 4 length, 5 payload, 6 CRC, 7 the verdict."
        );
        if self.taken.val() {
            if (self.phase.q.val() == 0) & (self.data.val() == 0xa5) {
                self.phase.d.next = 1.into();
            }
            if self.phase.q.val() == 1 {
                self.held_tag.d.next = self.data.val();
                self.phase.d.next = 2.into();
            }
            if self.phase.q.val() == 2 {
                self.held_kind.d.next = self.data.val();
                self.phase.d.next = 3.into();
            }
            if self.phase.q.val() == 3 {
                self.held_argument.d.next = self.data.val();
                self.phase.d.next = 4.into();
            }
            if self.phase.q.val() == 4 {
                self.held_length.d.next = self.data.val();
                self.quarter.d.next = 0.into();
                self.place.d.next = 0.into();
                self.phase.d.next = 5.into();
                if self.data.val() == 0 {
                    self.phase.d.next = 6.into();
                }
            }
            if self.phase.q.val() == 5 {
                self.quarter.d.next = self.quarter.q.val() + 1;
                self.shift.d.next = (self.wide.val() << 24) | (self.shift.q.val() >> 8);
                if self.quarter.q.val() == 3 {
                    self.write.next = true;
                    self.place.d.next = self.place.q.val() + 1;
                    if (self.place.q.val() + 1) == self.held_length.q.val() {
                        self.phase.d.next = 6.into();
                    }
                }
            }
            if self.phase.q.val() == 6 {
                self.quarter.d.next = self.quarter.q.val() + 1;
                if self.quarter.q.val() == 3 {
                    self.phase.d.next = 7.into();
                }
            }
        }
        if self.phase.q.val() == 7 {
            self.phase.d.next = 0.into();
            self.frame.next = self.crc.good.val();
            self.dropped.next = !self.crc.good.val();
        }

        comment!("A frame that does not go on is given up.");
        self.silence.d.next = self.silence.q.val() + 1;
        if self.taken.val() | (self.phase.q.val() == 0) {
            self.silence.d.next = 0.into();
        }
        if (self.silence.q.val() >= self.gap.val()) & (self.phase.q.val() != 7) {
            self.phase.d.next = 0.into();
            self.silence.d.next = 0.into();
            self.dropped.next = true;
        }
    }
}
