//! The system's lights as a board has them.

use rust_hdl::prelude::*;

use crate::comment;

/// Gathers the three lights, and inverts them for pins that light when they are low.
#[derive(LogicBlock)]
pub struct Lights {
    /// The core runs.
    pub running: Signal<In, Bit>,
    /// The last run did not reach its end.
    pub error: Signal<In, Bit>,
    /// Changes with every good frame.
    pub link: Signal<In, Bit>,
    /// Values of the pins, in this order from bit 0 on.
    pub lit: Signal<Out, Bits<3>>,
    first: Signal<Local, Bits<3>>,
    second: Signal<Local, Bits<3>>,
    third: Signal<Local, Bits<3>>,
    dark: Constant<Bits<3>>,
}

impl Lights {
    /// Lights whose pins are low when they are lit, or high.
    pub fn new(low: bool) -> Self {
        let dark: u64 = if low { 7 } else { 0 };
        Self {
            running: Signal::default(),
            error: Signal::default(),
            link: Signal::default(),
            lit: Signal::default(),
            first: Signal::default(),
            second: Signal::default(),
            third: Signal::default(),
            dark: Constant::new(dark.to_bits()),
        }
    }
}

impl Logic for Lights {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module lights: the pins of the lights");
        self.first.next = bit_cast::<3, 1>(self.running.val().into());
        self.second.next = bit_cast::<3, 1>(self.error.val().into());
        self.third.next = bit_cast::<3, 1>(self.link.val().into());
        self.lit.next = (self.first.val() | (self.second.val() << 1) | (self.third.val() << 2))
            ^ self.dark.val();
    }
}
