//! The top of a bitstream whose core runs from the board's oscillator.

use rust_hdl::prelude::*;

use super::{BoardConfig, Lights};
use crate::comment;
use crate::system::System;

/// A system between a board's pins. The first parameters are those of [`crate::core::Core`]; `LEDS` of the system's
/// three lights have a pin (running, error, link), and `HELD` pins are held high.
#[derive(LogicBlock)]
pub struct DirectTop<
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
    lights: Lights,
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
> DirectTop<GROUPS, EACH, LANES, WIDE, PLACES, LEDS, HELD>
{
    /// The top of a configuration without a PLL.
    pub fn new(config: &BoardConfig) -> Self {
        Self {
            clock_in: Signal::default(),
            uart_rx: Signal::default(),
            uart_tx: Signal::default(),
            led: std::array::from_fn(|_| Signal::default()),
            held: std::array::from_fn(|_| Signal::default()),
            lights: Lights::new(config.leds_low),
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
> Logic for DirectTop<GROUPS, EACH, LANES, WIDE, PLACES, LEDS, HELD>
{
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module board_top: a system between a board's pins");
        self.system.clock.next = self.clock_in.val();
        self.system.uart_rx.next = self.uart_rx.val();
        self.uart_tx.next = self.system.uart_tx.val();

        self.lights.running.next = self.system.led_running.val();
        self.lights.error.next = self.system.led_error.val();
        self.lights.link.next = self.system.led_link.val();
        for i in 0..LEDS {
            self.led[i].next = self.lights.lit.val().get_bit(i);
        }
        for i in 0..HELD {
            self.held[i].next = true;
        }
    }
}
