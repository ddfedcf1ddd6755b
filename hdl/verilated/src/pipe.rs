//! A Verilated system at the end of a line of bytes.

use std::collections::VecDeque;

use crate::{Handle, Instance, Model, VerilatedError, Watch};
use spikevec_design::Design;
use spikevec_isa::protocol::Rates;

/// A simulated system and the host's end of its serial line.
///
/// Time is the system's: its clocks pass while bytes are sent and while one is waited for, and not otherwise. A run
/// of the same calls gives the same bytes.
pub struct SystemPipe {
    circuit: Instance,
    clock: Handle,
    uart_rx: Handle,
    uart_tx: Handle,
    /// The system's line is idle.
    quiet: Watch,
    rates: Rates,
    received: VecDeque<u8>,
    /// A byte that the system is sending: clocks until its next bit is sampled, bits seen, their values.
    incoming: Option<(u64, u32, u16)>,
    ticks: u64,
    bytes: u64,
}

impl SystemPipe {
    /// A system fresh from configuration: all memories and registers are zero. Its model is built by Verilator on
    /// first use, which takes about a minute, and kept.
    ///
    /// # Errors
    /// A design without the ports of a system; tools that are missing.
    pub fn new(design: &Design, rates: Rates) -> Result<Self, VerilatedError> {
        Self::from_model(&Model::new(design)?, rates)
    }

    /// Another instance of a system's model.
    ///
    /// # Errors
    /// A model without the ports of a system.
    pub fn from_model(model: &Model, rates: Rates) -> Result<Self, VerilatedError> {
        let clock = model.input("clock")?;
        let uart_rx = model.input("uart_rx")?;
        let uart_tx = model.output("uart_tx")?;
        let mut circuit = model.instance();
        circuit.set(uart_rx, 1);
        circuit.eval();
        Ok(Self {
            circuit,
            clock,
            uart_rx,
            uart_tx,
            quiet: model.watch(clock, &[(uart_tx, 1)])?,
            rates,
            received: VecDeque::new(),
            incoming: None,
            ticks: 0,
            bytes: 0,
        })
    }

    /// Clocks so far.
    pub fn ticks(&self) -> u64 {
        self.ticks
    }

    /// Bytes that have gone over the line, both ways.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Frequency of the system's clock in Hz.
    pub fn clock_hz(&self) -> u32 {
        self.rates.clock_hz
    }

    /// Clocks of a bit.
    fn divisor(&self) -> u64 {
        self.rates.divisor.into()
    }

    /// Bits a second on the line.
    pub fn baud(&self) -> u32 {
        self.rates.baud
    }

    /// The circuit, for its other ports.
    pub fn circuit(&mut self) -> &mut Instance {
        &mut self.circuit
    }

    /// Sends bytes, and clocks the system as long as they take.
    pub fn send(&mut self, bytes: &[u8]) {
        for byte in bytes {
            let frame = u16::from(*byte) << 1 | 0x200;
            for bit in 0..10 {
                self.circuit.set(self.uart_rx, u64::from(frame >> bit & 1));
                self.circuit.eval();
                self.advance(self.divisor(), false);
            }
            self.bytes += 1;
        }
    }

    /// A byte from the system, if one comes within `clocks`.
    pub fn receive(&mut self, clocks: u64) -> Option<u8> {
        if self.received.is_empty() {
            self.advance(clocks, true);
        }
        self.received.pop_front()
    }

    /// Clocks the system, and listens; until there is a byte, or for `clocks` (and to the end of a byte).
    fn advance(&mut self, clocks: u64, stop: bool) {
        let end = self.ticks.saturating_add(clocks);
        loop {
            let left = end.saturating_sub(self.ticks);
            let Some((wait, seen, bits)) = self.incoming else {
                if left == 0 {
                    return;
                }
                self.ticks += self.circuit.run_while(&self.quiet, left);
                if self.circuit.get(self.uart_tx) == 0 {
                    self.incoming = Some((self.divisor() / 2, 0, 0));
                }
                continue;
            };
            let now = if stop { wait } else { wait.min(left) };
            for _ in 0..now {
                self.circuit.tick(self.clock);
            }
            self.ticks += now;
            if now < wait {
                self.incoming = Some((wait - now, seen, bits));
                return;
            }
            let bits = bits | (self.circuit.get(self.uart_tx) as u16) << seen;
            self.incoming = Some((self.divisor(), seen + 1, bits));
            if seen == 9 {
                self.incoming = None;
                self.bytes += 1;
                self.received.push_back((bits >> 1) as u8);
                if stop {
                    return;
                }
            }
        }
    }
}
