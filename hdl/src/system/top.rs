//! The system: a core and its link.

use rust_hdl::prelude::*;

use super::{HostLink, SystemConfig};
use crate::comment;
use crate::core::Core;

/// A core whose host port is reached over a serial line, without external memory. The parameters are those of [`Core`].
///
/// Outputs for people: `led_running`; `led_error`, when the last run ended by a fault or was stopped; `led_link`
/// changes with every good frame.
#[derive(LogicBlock)]
pub struct System<
    const GROUPS: usize,
    const EACH: usize,
    const LANES: usize,
    const WIDE: usize,
    const PLACES: usize,
> {
    /// The only clock.
    pub clock: Signal<In, Clock>,
    /// From the host.
    pub uart_rx: Signal<In, Bit>,
    /// To the host.
    pub uart_tx: Signal<Out, Bit>,
    /// The core runs.
    pub led_running: Signal<Out, Bit>,
    /// The last run did not reach its end.
    pub led_error: Signal<Out, Bit>,
    /// Changes with every good frame.
    pub led_link: Signal<Out, Bit>,
    starts: DFF<Bit>,
    stops: DFF<Bit>,
    core: Core<GROUPS, EACH, LANES, WIDE, PLACES>,
    link: HostLink,
}

impl<
    const GROUPS: usize,
    const EACH: usize,
    const LANES: usize,
    const WIDE: usize,
    const PLACES: usize,
> System<GROUPS, EACH, LANES, WIDE, PLACES>
{
    /// The system of a configuration with `LANES` lanes.
    pub fn new(config: &SystemConfig) -> Self {
        Self {
            clock: Signal::default(),
            uart_rx: Signal::default(),
            uart_tx: Signal::default(),
            led_running: Signal::default(),
            led_error: Signal::default(),
            led_link: Signal::default(),
            starts: DFF::default(),
            stops: DFF::default(),
            core: Core::new(&config.core),
            link: HostLink::new(config),
        }
    }
}

impl<
    const GROUPS: usize,
    const EACH: usize,
    const LANES: usize,
    const WIDE: usize,
    const PLACES: usize,
> Logic for System<GROUPS, EACH, LANES, WIDE, PLACES>
{
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module system: a core behind a serial line");
        dff_setup!(self, clock, starts, stops);
        self.core.clock.next = self.clock.val();
        self.link.clock.next = self.clock.val();
        self.link.uart_rx.next = self.uart_rx.val();
        self.uart_tx.next = self.link.uart_tx.val();
        self.led_running.next = self.core.running.val();
        self.led_error.next = self.core.cause.val() > 1;
        self.led_link.next = self.link.alive.val();

        comment!(
            "A stop is known all over the core in the clock in which it comes, so that it does not come from afar."
        );
        self.starts.d.next = self.link.host_start.val();
        self.stops.d.next = self.link.host_stop.val();
        self.core.host_start.next = self.starts.q.val();
        self.core.host_stop.next = self.stops.q.val();
        self.core.host_read.next = self.link.host_read.val();
        self.core.host_write.next = self.link.host_write.val();
        self.core.host_memory.next = self.link.host_memory.val();
        self.core.host_address.next = self.link.host_address.val();
        self.core.host_data.next = self.link.host_data.val();
        self.link.host_ready.next = self.core.host_ready.val();
        self.link.host_valid.next = self.core.host_valid.val();
        self.link.host_error.next = self.core.host_error.val();
        self.link.host_value.next = self.core.host_value.val();
        self.link.running.next = self.core.running.val();
        self.link.dma_busy.next = self.core.dma_busy.val();
        self.link.cause.next = self.core.cause.val();
        self.link.stop_pc.next = self.core.stop_pc.val();
        self.link.clocks.next = self.core.clocks.val();
        self.link.retired.next = self.core.retired.val();

        comment!("No external memory: DMA refuses all transfers, and never asks.");
        self.core.external_accept.next = false;
        self.core.external_read_valid.next = false;
        self.core.external_write_ready.next = false;
        self.core.external_done.next = false;
        self.core.external_error.next = false;
        for i in 0..LANES {
            self.core.external_read_data[i].next = 0.into();
        }
    }
}
