//! Bytes from a serial line.

use rust_hdl::prelude::*;

use crate::comment;

/// A receiver for 8 data bits, no parity, one stop bit.
///
/// Each bit is sampled once, in its middle as it was seen from the edge of the start bit. A start bit that
/// is gone in its middle was none; a byte without its stop bit is not given.
#[derive(LogicBlock)]
pub struct UartReceiver {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The line; idle is high.
    pub line: Signal<In, Bit>,
    /// There is a byte in this clock.
    pub valid: Signal<Out, Bit>,
    /// The byte.
    pub data: Signal<Out, Bits<8>>,
    // Registers begin at zero, and an idle line is high: they hold its complement.
    low_first: DFF<Bit>,
    low: DFF<Bit>,
    low_before: DFF<Bit>,
    receiving: DFF<Bit>,
    rest: DFF<Bits<16>>,
    seen: DFF<Bits<4>>,
    complete: DFF<Bit>,
    shift: DFF<Bits<8>>,
    last: Constant<Bits<16>>,
    half: Constant<Bits<16>>,
}

impl UartReceiver {
    /// A receiver for bits of `divisor` clocks, at least 4.
    pub fn new(divisor: u16) -> Self {
        let word = |value: u16| Constant::new(u64::from(value).to_bits());
        Self {
            clock: Signal::default(),
            line: Signal::default(),
            valid: Signal::default(),
            data: Signal::default(),
            low_first: DFF::default(),
            low: DFF::default(),
            low_before: DFF::default(),
            receiving: DFF::default(),
            rest: DFF::default(),
            seen: DFF::default(),
            complete: DFF::default(),
            shift: DFF::default(),
            last: word(divisor - 1),
            half: word(divisor / 2 - 1),
        }
    }
}

impl Logic for UartReceiver {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module uart_receiver: bytes from a serial line");
        dff_setup!(
            self, clock, low_first, low, low_before, receiving, rest, seen, complete, shift
        );
        comment!("Two registers between the line and the first decision.");
        self.low_first.d.next = !self.line.val();
        self.low.d.next = self.low_first.q.val();
        self.low_before.d.next = self.low.q.val();
        self.data.next = self.shift.q.val();
        self.valid.next = self.complete.q.val();
        self.complete.d.next = false;
        if !self.receiving.q.val() {
            self.rest.d.next = self.half.val();
            self.seen.d.next = 0.into();
            if self.low.q.val() & !self.low_before.q.val() {
                self.receiving.d.next = true;
            }
        } else {
            self.rest.d.next = self.rest.q.val() - 1;
            if self.rest.q.val() == 0 {
                self.rest.d.next = self.last.val();
                self.seen.d.next = self.seen.q.val() + 1;
                if self.seen.q.val() == 0 {
                    self.receiving.d.next = self.low.q.val();
                } else {
                    if self.seen.q.val() == 9 {
                        self.receiving.d.next = false;
                        self.complete.d.next = !self.low.q.val();
                    } else {
                        self.shift.d.next = self.shift.q.val() >> 1;
                        if !self.low.q.val() {
                            self.shift.d.next = (self.shift.q.val() >> 1) | 0x80;
                        }
                    }
                }
            }
        }
    }
}
