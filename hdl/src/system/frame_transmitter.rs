//! Bytes from answers.

use rust_hdl::prelude::*;

use super::Crc;
use crate::comment;

/// Sends a frame whose payload is in the buffer, from word 0 on: docs/protocol.md.
#[derive(LogicBlock, Default)]
pub struct FrameTransmitter {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Send a frame; the header's fields and the buffer must stay until it is sent.
    pub send: Signal<In, Bit>,
    /// Sequence number of the request.
    pub tag: Signal<In, Bits<8>>,
    /// What was asked.
    pub kind: Signal<In, Bits<8>>,
    /// How it went.
    pub code: Signal<In, Bits<8>>,
    /// Words of payload.
    pub length: Signal<In, Bits<8>>,
    /// A frame is being sent.
    pub sending: Signal<Out, Bit>,
    /// The buffer's word to read.
    pub read_address: Signal<Out, Bits<8>>,
    /// The word that was addressed in the clock before.
    pub read_data: Signal<In, Bits<32>>,
    /// A byte for the line.
    pub start: Signal<Out, Bit>,
    /// The byte.
    pub data: Signal<Out, Bits<8>>,
    /// The line takes it.
    pub ready: Signal<In, Bit>,
    crc: Crc,
    phase: DFF<Bits<3>>,
    quarter: DFF<Bits<2>>,
    place: DFF<Bits<8>>,
    held: DFF<Bits<8>>,
    settled: DFF<Bits<2>>,
    next_byte: Signal<Local, Bits<8>>,
    go: Signal<Local, Bit>,
    word: Signal<Local, Bits<32>>,
    part: Signal<Local, Bits<8>>,
}

impl Logic for FrameTransmitter {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module frame_transmitter: bytes from answers");
        dff_setup!(self, clock, phase, quarter, place, held, settled);
        comment!(
            "A clock for the buffer and one for the choice of the byte, which are far from the CRC."
        );
        self.go.next = self.ready.val() & (self.phase.q.val() != 0) & (self.settled.q.val() == 3);
        if self.settled.q.val() != 3 {
            self.settled.d.next = self.settled.q.val() + 1;
        }
        if self.send.val() | self.go.val() {
            self.settled.d.next = 0.into();
        }
        self.sending.next = !self.ready.val() | (self.phase.q.val() != 0);
        self.read_address.next = self.place.q.val();
        self.start.next = self.go.val();

        comment!(
            "Phases: 0 idle, 1 marker, 2 sequence, 3 kind, 4 code, 5 length, 6 payload, 7 CRC."
        );
        self.word.next = self.read_data.val();
        if self.phase.q.val() == 7 {
            self.word.next = self.crc.value.val();
        }
        self.part.next = self.word.val().get_bits::<8>(0);
        if self.quarter.q.val() == 1 {
            self.part.next = self.word.val().get_bits::<8>(8);
        }
        if self.quarter.q.val() == 2 {
            self.part.next = self.word.val().get_bits::<8>(16);
        }
        if self.quarter.q.val() == 3 {
            self.part.next = self.word.val().get_bits::<8>(24);
        }
        self.next_byte.next = self.part.val();
        if self.phase.q.val() == 1 {
            self.next_byte.next = 0xa5.into();
        }
        if self.phase.q.val() == 2 {
            self.next_byte.next = self.tag.val();
        }
        if self.phase.q.val() == 3 {
            self.next_byte.next = self.kind.val() | 0x80;
        }
        if self.phase.q.val() == 4 {
            self.next_byte.next = self.code.val();
        }
        if self.phase.q.val() == 5 {
            self.next_byte.next = self.length.val();
        }
        self.held.d.next = self.next_byte.val();
        self.data.next = self.held.q.val();
        self.crc.clock.next = self.clock.val();
        self.crc.clear.next = self.phase.q.val() < 2;
        self.crc.put.next = self.go.val() & (self.phase.q.val() != 7);
        self.crc.data.next = self.held.q.val();

        if self.send.val() {
            self.phase.d.next = 1.into();
            self.quarter.d.next = 0.into();
            self.place.d.next = 0.into();
        }
        if self.go.val() {
            self.phase.d.next = self.phase.q.val() + 1;
            if (self.phase.q.val() == 5) & (self.length.val() == 0) {
                self.phase.d.next = 7.into();
            }
            if self.phase.q.val() > 5 {
                self.quarter.d.next = self.quarter.q.val() + 1;
                self.phase.d.next = self.phase.q.val();
                if self.quarter.q.val() == 3 {
                    self.place.d.next = self.place.q.val() + 1;
                    if self.phase.q.val() == 7 {
                        self.phase.d.next = 0.into();
                    }
                    if (self.phase.q.val() == 6) & ((self.place.q.val() + 1) == self.length.val()) {
                        self.phase.d.next = 7.into();
                    }
                }
            }
        }
    }
}
