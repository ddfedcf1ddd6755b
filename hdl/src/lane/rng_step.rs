//! One step of a random number generator.

use rust_hdl::prelude::*;

use crate::comment;

/// xoroshiro32++ with the constants 13, 5, 10 and 9: the sample of a state, and the next state.
///
/// ```text
///  sample = rotl(s0 + s1, 9) + s0
///  mixed  = s0 ^ s1
///  next0  = rotl(s0, 13) ^ mixed ^ (mixed << 5)
///  next1  = rotl(mixed, 10)
/// ```
#[derive(LogicBlock, Default)]
pub struct RngStep {
    /// First state word.
    pub s0: Signal<In, Bits<16>>,
    /// Second state word.
    pub s1: Signal<In, Bits<16>>,
    /// The random number of this state.
    pub sample: Signal<Out, Bits<16>>,
    /// First state word after the step.
    pub next0: Signal<Out, Bits<16>>,
    /// Second state word after the step.
    pub next1: Signal<Out, Bits<16>>,
    sum: Signal<Local, Bits<16>>,
    rotated_sum: Signal<Local, Bits<16>>,
    mixed: Signal<Local, Bits<16>>,
    rotated_s0: Signal<Local, Bits<16>>,
}

impl Logic for RngStep {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module rng_step: one step of xoroshiro32++ (13, 5, 10; 9)");
        self.sum.next = self.s0.val() + self.s1.val();
        self.rotated_sum.next = (self.sum.val() << 9) | (self.sum.val() >> 7);
        self.sample.next = self.rotated_sum.val() + self.s0.val();
        self.mixed.next = self.s0.val() ^ self.s1.val();
        self.rotated_s0.next = (self.s0.val() << 13) | (self.s0.val() >> 3);
        self.next0.next = (self.rotated_s0.val() ^ self.mixed.val()) ^ (self.mixed.val() << 5);
        self.next1.next = (self.mixed.val() << 10) | (self.mixed.val() >> 6);
    }
}
