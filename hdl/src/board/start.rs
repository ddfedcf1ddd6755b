//! When the system's clock begins.

use rust_hdl::prelude::*;

use crate::comment;

/// Counts clocks for which the PLL has been locked without a break, and enables the system's clock at 1024.
///
/// Runs on the PLL's clock, which ticks before it is locked; its registers may begin with a wrong clock or two, which
/// only changes how long it waits. Once the system's clock has begun it goes on: to hold it again would not bring back
/// what a lost lock has broken.
#[derive(LogicBlock, Default)]
pub struct ClockStart {
    /// The PLL's clock.
    pub clock: Signal<In, Clock>,
    /// The PLL's lock.
    pub locked: Signal<In, Bit>,
    /// The system's clock may tick.
    pub enable: Signal<Out, Bit>,
    locked_first: DFF<Bit>,
    locked_second: DFF<Bit>,
    waited: DFF<Bits<10>>,
    enabled: DFF<Bit>,
}

impl Logic for ClockStart {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module clock_start: waits until the PLL has settled");
        dff_setup!(self, clock, locked_first, locked_second, waited, enabled);
        self.locked_first.d.next = self.locked.val();
        self.locked_second.d.next = self.locked_first.q.val();
        self.waited.d.next = 0.into();
        if self.locked_second.q.val() {
            self.waited.d.next = self.waited.q.val() + 1;
        }
        if self.waited.q.val() == 1023 {
            self.enabled.d.next = true;
        }
        self.enable.next = self.enabled.q.val();
    }
}
