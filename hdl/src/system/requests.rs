//! What is done for a request.

use rust_hdl::prelude::*;

use crate::comment;

/// Does what a good frame asks, by the core's host port, and has it answered: docs/protocol.md.
///
/// The payload is in the buffer, and so is the answer's: a word of it is only written when those
/// of the request that are still needed lie behind it.
#[derive(LogicBlock, Default)]
pub struct Requests {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// There is a good frame.
    pub frame: Signal<In, Bit>,
    /// What is asked.
    pub kind: Signal<In, Bits<8>>,
    /// Of which memory.
    pub argument: Signal<In, Bits<8>>,
    /// Words of payload.
    pub length: Signal<In, Bits<8>>,
    /// A request is being done or answered.
    pub busy: Signal<Out, Bit>,
    /// Send the answer.
    pub send: Signal<Out, Bit>,
    /// It is being sent.
    pub sending: Signal<In, Bit>,
    /// How the request went.
    pub code: Signal<Out, Bits<8>>,
    /// Words of the answer.
    pub answer_length: Signal<Out, Bits<8>>,
    /// Read a word of the buffer.
    pub read: Signal<Out, Bit>,
    /// Write one.
    pub write: Signal<Out, Bit>,
    /// Which one.
    pub place: Signal<Out, Bits<8>>,
    /// What to write.
    pub write_data: Signal<Out, Bits<32>>,
    /// The word that was read last.
    pub read_data: Signal<In, Bits<32>>,
    /// The answer is a status.
    pub status: Signal<Out, Bit>,
    /// Word of the configuration or status.
    pub fact_number: Signal<Out, Bits<4>>,
    /// It.
    pub fact: Signal<In, Bits<32>>,
    /// Number of the last run.
    pub runs: Signal<Out, Bits<32>>,
    /// Start the core.
    pub host_start: Signal<Out, Bit>,
    /// Stop it.
    pub host_stop: Signal<Out, Bit>,
    /// Read a word of a memory.
    pub host_read: Signal<Out, Bit>,
    /// Write one.
    pub host_write: Signal<Out, Bit>,
    /// The memory.
    pub host_memory: Signal<Out, Bits<3>>,
    /// Byte address.
    pub host_address: Signal<Out, Bits<32>>,
    /// What to write.
    pub host_data: Signal<Out, Bits<32>>,
    /// The core takes the access.
    pub host_ready: Signal<In, Bit>,
    /// The access is done.
    pub host_valid: Signal<In, Bit>,
    /// It was refused.
    pub host_error: Signal<In, Bit>,
    /// What was read.
    pub host_value: Signal<In, Bits<32>>,
    /// The core runs.
    pub running: Signal<In, Bit>,
    /// A transfer is under way.
    pub dma_busy: Signal<In, Bit>,
    phase: DFF<Bits<4>>,
    result: DFF<Bits<8>>,
    words: DFF<Bits<8>>,
    at: DFF<Bits<8>>,
    address: DFF<Bits<32>>,
    left: DFF<Bits<16>>,
    run: DFF<Bits<32>>,
    value: DFF<Bits<32>>,
    seen: DFF<Bits<32>>,
    is_read: Signal<Local, Bit>,
    is_write: Signal<Local, Bit>,
    is_fill: Signal<Local, Bit>,
    accesses: Signal<Local, Bit>,
    core_busy: Signal<Local, Bit>,
    bad_length: Signal<Local, Bit>,
    bad_count: Signal<Local, Bit>,
    bad_memory: Signal<Local, Bit>,
    last_fact: Signal<Local, Bits<8>>,
}

impl Logic for Requests {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module requests: what is done for a request");
        dff_setup!(
            self, clock, phase, result, words, at, address, left, run, value, seen
        );
        self.busy.next = self.phase.q.val() != 0;
        self.code.next = self.result.q.val();
        self.answer_length.next = self.words.q.val();
        self.place.next = self.at.q.val();
        self.runs.next = self.run.q.val();
        self.core_busy.next = self.running.val() | self.dma_busy.val();
        self.host_memory.next = self.argument.val().get_bits::<3>(0);
        self.bad_memory.next = self.argument.val() > 3;
        self.host_address.next = self.address.q.val();
        self.host_data.next = self.seen.q.val();
        self.fact_number.next = self.at.q.val().get_bits::<4>(0);
        self.status.next = self.kind.val() == 3;
        self.send.next = false;
        self.read.next = false;
        self.write.next = false;
        self.write_data.next = self.fact.val();
        self.host_start.next = false;
        self.host_stop.next = false;
        self.host_read.next = false;
        self.host_write.next = false;

        comment!("The requests and the lengths that they have.");
        self.is_read.next = self.kind.val() == 4;
        self.is_write.next = self.kind.val() == 5;
        self.is_fill.next = self.kind.val() == 6;
        self.accesses.next = self.is_read.val() | self.is_write.val() | self.is_fill.val();
        self.bad_length.next = false;
        if (self.kind.val() == 2) | (self.kind.val() == 3) | (self.kind.val() == 8) {
            self.bad_length.next = self.length.val() != 0;
        }
        if self.is_read.val() {
            self.bad_length.next = self.length.val() != 2;
        }
        if self.is_write.val() {
            self.bad_length.next = self.length.val() < 2;
        }
        if self.is_fill.val() {
            self.bad_length.next = self.length.val() != 3;
        }
        if self.kind.val() == 7 {
            self.bad_length.next = self.length.val() != 1;
        }
        self.last_fact.next = 11.into();
        if self.kind.val() == 3 {
            self.last_fact.next = 7.into();
        }
        self.bad_count.next = self.seen.q.val() == 0;
        if self.is_read.val() & (self.seen.q.val() > 255) {
            self.bad_count.next = true;
        }
        if self.seen.q.val() > 0xffff {
            self.bad_count.next = true;
        }

        comment!("Words of the buffer are looked at one clock after they have come.");
        self.seen.d.next = self.read_data.val();
        if self.phase.q.val() == 11 {
            self.phase.d.next = 3.into();
        }
        if self.phase.q.val() == 12 {
            self.phase.d.next = 5.into();
        }
        if self.phase.q.val() == 15 {
            self.phase.d.next = 7.into();
        }

        comment!("Idle, and what kind of request it is.");
        if self.phase.q.val() == 0 {
            self.at.d.next = 0.into();
            self.result.d.next = 0.into();
            self.words.d.next = 0.into();
            if self.frame.val() {
                self.phase.d.next = 1.into();
            }
        }
        if self.phase.q.val() == 1 {
            self.read.next = true;
            self.phase.d.next = 13.into();
            if self.kind.val() == 1 {
                self.words.d.next = self.length.val();
            }
            if (self.kind.val() == 2) | (self.kind.val() == 3) {
                self.phase.d.next = 2.into();
            }
            if (self.kind.val() == 7) | self.accesses.val() {
                self.phase.d.next = 11.into();
            }
            if (self.kind.val() == 8) & !self.bad_length.val() {
                self.host_stop.next = self.running.val();
            }
            if (self.kind.val() == 0) | (self.kind.val() > 8) {
                self.result.d.next = 1.into();
            }
            if self.bad_length.val() {
                self.result.d.next = 2.into();
                self.phase.d.next = 13.into();
            }
            if self.accesses.val() & self.core_busy.val() {
                self.result.d.next = 5.into();
                self.phase.d.next = 13.into();
            }
        }

        comment!("Configuration and status, a word a clock.");
        if self.phase.q.val() == 2 {
            self.write.next = true;
            self.at.d.next = self.at.q.val() + 1;
            if self.at.q.val() == self.last_fact.val() {
                self.words.d.next = self.at.q.val() + 1;
                self.phase.d.next = 13.into();
            }
        }

        comment!("The first word: a run's number, or an address.");
        if self.phase.q.val() == 3 {
            self.at.d.next = self.at.q.val() + 1;
            self.address.d.next = self.seen.q.val();
            self.left.d.next = bit_cast::<16, 8>(self.length.val()) - 1;
            self.phase.d.next = 4.into();
            if self.is_write.val() {
                self.phase.d.next = 6.into();
            }
            if self.kind.val() == 7 {
                self.phase.d.next = 13.into();
                if self.seen.q.val() == (self.run.q.val() + 1) {
                    self.result.d.next = 5.into();
                    if !self.core_busy.val() {
                        self.result.d.next = 0.into();
                        self.run.d.next = self.seen.q.val();
                        self.host_start.next = true;
                    }
                } else {
                    if self.seen.q.val() != self.run.q.val() {
                        self.result.d.next = 4.into();
                    }
                }
            } else {
                if self.bad_memory.val() {
                    self.result.d.next = 3.into();
                    self.phase.d.next = 9.into();
                    self.at.d.next = 0.into();
                }
            }
        }

        comment!("The second word of a read or fill: how many.");
        if self.phase.q.val() == 4 {
            self.read.next = true;
            self.phase.d.next = 12.into();
        }
        if self.phase.q.val() == 5 {
            self.left.d.next = self.seen.q.val().get_bits::<16>(0);
            self.at.d.next = 0.into();
            self.phase.d.next = 7.into();
            if self.is_fill.val() {
                self.at.d.next = 2.into();
                self.phase.d.next = 6.into();
            }
            if self.bad_count.val() {
                self.result.d.next = 2.into();
                self.phase.d.next = 13.into();
            }
        }

        comment!("A word to write; then the access, and what came of it.");
        if self.phase.q.val() == 6 {
            self.read.next = true;
            self.phase.d.next = 15.into();
        }
        if self.phase.q.val() == 7 {
            self.host_read.next = self.is_read.val();
            self.host_write.next = !self.is_read.val();
            if self.host_ready.val() {
                self.phase.d.next = 8.into();
            }
        }
        if (self.phase.q.val() == 8) & self.host_valid.val() {
            self.value.d.next = self.host_value.val();
            self.address.d.next = self.address.q.val() + 4;
            self.left.d.next = self.left.q.val() - 1;
            self.phase.d.next = 7.into();
            if self.is_write.val() {
                self.at.d.next = self.at.q.val() + 1;
                self.phase.d.next = 6.into();
            }
            if self.left.q.val() == 1 {
                self.phase.d.next = 13.into();
            }
            if self.is_read.val() {
                self.phase.d.next = 10.into();
            }
            if self.host_error.val() {
                self.address.d.next = self.address.q.val();
                self.result.d.next = 3.into();
                self.phase.d.next = 9.into();
                self.at.d.next = 0.into();
            }
        }
        if self.phase.q.val() == 10 {
            self.write.next = true;
            self.write_data.next = self.value.q.val();
            self.at.d.next = self.at.q.val() + 1;
            self.phase.d.next = 7.into();
            if self.left.q.val() == 0 {
                self.words.d.next = self.at.q.val() + 1;
                self.phase.d.next = 13.into();
            }
        }

        comment!("A refusal names the address.");
        if self.phase.q.val() == 9 {
            self.write.next = true;
            self.write_data.next = self.address.q.val();
            self.words.d.next = 1.into();
            self.phase.d.next = 13.into();
        }

        comment!("The answer.");
        if self.phase.q.val() == 13 {
            self.send.next = true;
            self.phase.d.next = 14.into();
        }
        if (self.phase.q.val() == 14) & !self.sending.val() {
            self.phase.d.next = 0.into();
        }
    }
}
