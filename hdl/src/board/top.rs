//! The top of a bitstream: what has pins.

use rust_hdl::prelude::*;

use super::{BoardConfig, ClockStart, PllSettings};
use crate::comment;
use crate::leaf::{ClockGate, Pll};
use crate::system::System;

/// A system between a board's pins. The first parameters are those of [`crate::core::Core`]; `LEDS` of the system's
/// three lights have a pin (running, error, link), and `HELD` pins are held high.
#[derive(LogicBlock)]
pub struct BoardTop<
    const GROUPS: usize,
    const EACH: usize,
    const LANES: usize,
    const WIDE: usize,
    const PLACES: usize,
    const LEDS: usize,
    const HELD: usize,
> {
    /// The board's oscillator.
    pub clock_in: Signal<In, Clock>,
    /// From the host.
    pub uart_rx: Signal<In, Bit>,
    /// To the host.
    pub uart_tx: Signal<Out, Bit>,
    /// Lights: the core runs; the last run did not reach its end; changes with every good frame.
    pub led: [Signal<Out, Bit>; LEDS],
    /// Pins that another part of the board wants to see high.
    pub held: [Signal<Out, Bit>; HELD],
    lights: Signal<Local, Bits<3>>,
    running: Signal<Local, Bits<3>>,
    error: Signal<Local, Bits<3>>,
    link: Signal<Local, Bits<3>>,
    dark: Constant<Bits<3>>,
    pll: Pll,
    start: ClockStart,
    gate: ClockGate,
    system: System<GROUPS, EACH, LANES, WIDE, PLACES>,
}

impl<
    const GROUPS: usize,
    const EACH: usize,
    const LANES: usize,
    const WIDE: usize,
    const PLACES: usize,
    const LEDS: usize,
    const HELD: usize,
> BoardTop<GROUPS, EACH, LANES, WIDE, PLACES, LEDS, HELD>
{
    /// The top of a configuration whose clock comes from a PLL with these settings.
    pub fn new(config: &BoardConfig, pll: &PllSettings) -> Self {
        let dark: u64 = if config.leds_low { 7 } else { 0 };
        Self {
            clock_in: Signal::default(),
            uart_rx: Signal::default(),
            uart_tx: Signal::default(),
            led: std::array::from_fn(|_| Signal::default()),
            held: std::array::from_fn(|_| Signal::default()),
            lights: Signal::default(),
            running: Signal::default(),
            error: Signal::default(),
            link: Signal::default(),
            dark: Constant::new(dark.to_bits()),
            pll: Pll::new(pll),
            start: ClockStart::default(),
            gate: ClockGate::default(),
            system: System::new(&config.system),
        }
    }
}

impl<
    const GROUPS: usize,
    const EACH: usize,
    const LANES: usize,
    const WIDE: usize,
    const PLACES: usize,
    const LEDS: usize,
    const HELD: usize,
> Logic for BoardTop<GROUPS, EACH, LANES, WIDE, PLACES, LEDS, HELD>
{
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module board_top: a system between a board's pins");
        self.pll.reference.next = self.clock_in.val();
        self.start.clock.next = self.pll.early.val();
        self.start.locked.next = self.pll.locked.val();
        self.gate.clock.next = self.pll.made.val();
        self.gate.enable.next = self.start.enable.val();
        self.system.clock.next = self.gate.gated.val();
        self.system.uart_rx.next = self.uart_rx.val();
        self.uart_tx.next = self.system.uart_tx.val();

        self.running.next = bit_cast::<3, 1>(self.system.led_running.val().into());
        self.error.next = bit_cast::<3, 1>(self.system.led_error.val().into());
        self.link.next = bit_cast::<3, 1>(self.system.led_link.val().into());
        comment!("Pins that light when they are low have `dark` set.");
        self.lights.next = (self.running.val() | (self.error.val() << 1) | (self.link.val() << 2))
            ^ self.dark.val();
        for i in 0..LEDS {
            self.led[i].next = self.lights.val().get_bit(i);
        }
        for i in 0..HELD {
            self.held[i].next = true;
        }
    }
}
