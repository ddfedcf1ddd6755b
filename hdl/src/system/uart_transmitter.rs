//! Bytes to a serial line.

use rust_hdl::prelude::*;

use crate::comment;

/// A transmitter of 8 data bits, no parity, one stop bit.
#[derive(LogicBlock)]
pub struct UartTransmitter {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// A byte to send; taken where `ready`.
    pub start: Signal<In, Bit>,
    /// The byte.
    pub data: Signal<In, Bits<8>>,
    /// Nothing is being sent.
    pub ready: Signal<Out, Bit>,
    /// The line; idle is high.
    pub line: Signal<Out, Bit>,
    // The complement of the line, which must be high from the first clock on.
    low: DFF<Bit>,
    rest: DFF<Bits<16>>,
    left: DFF<Bits<4>>,
    shift: DFF<Bits<8>>,
    last: Constant<Bits<16>>,
}

impl UartTransmitter {
    /// A transmitter of bits of `divisor` clocks.
    pub fn new(divisor: u16) -> Self {
        Self {
            clock: Signal::default(),
            start: Signal::default(),
            data: Signal::default(),
            ready: Signal::default(),
            line: Signal::default(),
            low: DFF::default(),
            rest: DFF::default(),
            left: DFF::default(),
            shift: DFF::default(),
            last: Constant::new(u64::from(divisor - 1).to_bits()),
        }
    }
}

impl Logic for UartTransmitter {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module uart_transmitter: bytes to a serial line");
        dff_setup!(self, clock, low, rest, left, shift);
        self.line.next = !self.low.q.val();
        self.ready.next = self.left.q.val() == 0;
        if self.left.q.val() == 0 {
            self.rest.d.next = self.last.val();
            if self.start.val() {
                self.low.d.next = true;
                self.left.d.next = 10.into();
                self.shift.d.next = self.data.val();
            }
        } else {
            self.rest.d.next = self.rest.q.val() - 1;
            if self.rest.q.val() == 0 {
                self.rest.d.next = self.last.val();
                self.left.d.next = self.left.q.val() - 1;
                self.low.d.next = false;
                if self.left.q.val() > 2 {
                    self.low.d.next = !self.shift.q.val().get_bit(0);
                    self.shift.d.next = self.shift.q.val() >> 1;
                }
            }
        }
    }
}
