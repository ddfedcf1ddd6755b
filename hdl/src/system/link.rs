//! The whole of the host's link.

use rust_hdl::prelude::*;

use super::{Facts, FrameReceiver, FrameTransmitter, Requests, SystemConfig};
use super::{UartReceiver, UartTransmitter};
use crate::comment;
use crate::leaf::{Memory, Style};

/// A serial line in front of a core's host port: docs/protocol.md.
#[derive(LogicBlock)]
pub struct HostLink {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// From the host.
    pub uart_rx: Signal<In, Bit>,
    /// To the host.
    pub uart_tx: Signal<Out, Bit>,
    /// Changes with every good frame.
    pub alive: Signal<Out, Bit>,
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
    /// Why the core stopped.
    pub cause: Signal<In, Bits<4>>,
    /// Where.
    pub stop_pc: Signal<In, Bits<32>>,
    /// Clocks of the run.
    pub clocks: Signal<In, Bits<64>>,
    /// Instructions that have retired.
    pub retired: Signal<In, Bits<64>>,
    receiver: UartReceiver,
    transmitter: UartTransmitter,
    frames: FrameReceiver,
    answers: FrameTransmitter,
    requests: Requests,
    facts: Facts,
    buffer: Memory<32, 8, 1, 1>,
    buffer_write: Signal<Local, Bit>,
    blink: DFF<Bit>,
    lost: DFF<Bits<32>>,
}

impl HostLink {
    /// The link of a system.
    pub fn new(config: &SystemConfig) -> Self {
        Self {
            clock: Signal::default(),
            uart_rx: Signal::default(),
            uart_tx: Signal::default(),
            alive: Signal::default(),
            host_start: Signal::default(),
            host_stop: Signal::default(),
            host_read: Signal::default(),
            host_write: Signal::default(),
            host_memory: Signal::default(),
            host_address: Signal::default(),
            host_data: Signal::default(),
            host_ready: Signal::default(),
            host_valid: Signal::default(),
            host_error: Signal::default(),
            host_value: Signal::default(),
            running: Signal::default(),
            dma_busy: Signal::default(),
            cause: Signal::default(),
            stop_pc: Signal::default(),
            clocks: Signal::default(),
            retired: Signal::default(),
            receiver: UartReceiver::new(config.divisor()),
            transmitter: UartTransmitter::new(config.divisor()),
            frames: FrameReceiver::new(config.gap_clocks()),
            answers: FrameTransmitter::default(),
            requests: Requests::default(),
            facts: Facts::new(config),
            buffer: Memory::new(Style::Block),
            buffer_write: Signal::default(),
            blink: DFF::default(),
            lost: DFF::default(),
        }
    }
}

impl Logic for HostLink {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module host_link: a serial line in front of the host port");
        dff_setup!(self, clock, blink, lost);
        self.receiver.clock.next = self.clock.val();
        self.transmitter.clock.next = self.clock.val();
        self.frames.clock.next = self.clock.val();
        self.answers.clock.next = self.clock.val();
        self.requests.clock.next = self.clock.val();
        self.facts.clock.next = self.clock.val();
        self.buffer.clock.next = self.clock.val();
        self.alive.next = self.blink.q.val();
        if self.frames.frame.val() {
            self.blink.d.next = !self.blink.q.val();
        }
        if self.frames.dropped.val() {
            self.lost.d.next = self.lost.q.val() + 1;
        }

        comment!("The line, and frames on it: requests while none is being done.");
        self.receiver.line.next = self.uart_rx.val();
        self.uart_tx.next = self.transmitter.line.val();
        self.frames.enable.next = !self.requests.busy.val();
        self.frames.valid.next = self.receiver.valid.val();
        self.frames.data.next = self.receiver.data.val();
        self.answers.send.next = self.requests.send.val();
        self.answers.tag.next = self.frames.tag.val();
        self.answers.kind.next = self.frames.kind.val();
        self.answers.code.next = self.requests.code.val();
        self.answers.length.next = self.requests.answer_length.val();
        self.answers.ready.next = self.transmitter.ready.val();
        self.transmitter.start.next = self.answers.start.val();
        self.transmitter.data.next = self.answers.data.val();

        comment!("The buffer.");
        self.buffer_write.next = self.frames.write.val() | self.requests.write.val();
        self.buffer.write_enable.next = self.buffer_write.val().into();
        self.buffer.write_address.next = self.frames.write_address.val();
        self.buffer.write_data.next = self.frames.write_data.val();
        self.buffer.read_enable[0].next = self.requests.read.val() | self.answers.sending.val();
        self.buffer.read_address[0].next = self.requests.place.val();
        if self.requests.busy.val() {
            self.buffer.write_address.next = self.requests.place.val();
            self.buffer.write_data.next = self.requests.write_data.val();
        }
        if self.answers.sending.val() {
            self.buffer.read_address[0].next = self.answers.read_address.val();
        }
        self.requests.read_data.next = self.buffer.read_data[0].val();
        self.answers.read_data.next = self.buffer.read_data[0].val();

        comment!("Requests.");
        self.requests.frame.next = self.frames.frame.val();
        self.requests.kind.next = self.frames.kind.val();
        self.requests.argument.next = self.frames.argument.val();
        self.requests.length.next = self.frames.length.val();
        self.requests.sending.next = self.answers.sending.val();
        self.requests.fact.next = self.facts.word.val();
        self.requests.running.next = self.running.val();
        self.requests.dma_busy.next = self.dma_busy.val();
        self.facts.status.next = self.requests.status.val();
        self.facts.number.next = self.requests.fact_number.val();
        self.facts.running.next = self.running.val();
        self.facts.dma_busy.next = self.dma_busy.val();
        self.facts.cause.next = self.cause.val();
        self.facts.stop_pc.next = self.stop_pc.val();
        self.facts.clocks.next = self.clocks.val();
        self.facts.retired.next = self.retired.val();
        self.facts.runs.next = self.requests.runs.val();
        self.facts.dropped.next = self.lost.q.val();

        comment!("The host port.");
        self.host_start.next = self.requests.host_start.val();
        self.host_stop.next = self.requests.host_stop.val();
        self.host_read.next = self.requests.host_read.val();
        self.host_write.next = self.requests.host_write.val();
        self.host_memory.next = self.requests.host_memory.val();
        self.host_address.next = self.requests.host_address.val();
        self.host_data.next = self.requests.host_data.val();
        self.requests.host_ready.next = self.host_ready.val();
        self.requests.host_valid.next = self.host_valid.val();
        self.requests.host_error.next = self.host_error.val();
        self.requests.host_value.next = self.host_value.val();
    }
}
