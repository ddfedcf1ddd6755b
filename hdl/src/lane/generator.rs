//! The random number generator of a lane.

use rust_hdl::prelude::*;

use super::RngStep;
use crate::comment;

/// A lane's generator: its state, loaded by VLOADR0 and VLOADR1, stepped by those that draw.
///
/// ```text
///           +------------------------------+
///  load --> +-> s0 --+--> step --> sample  |
///           +-> s1 --+      +--------------+
/// ```
/// `sample` is that of the present state: who draws from it steps at the same edge. The state is
/// zero at first, and yields zero until it is loaded.
#[derive(LogicBlock, Default)]
pub struct Generator {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Go on to the next state.
    pub step: Signal<In, Bit>,
    /// Take `word` as the first state word.
    pub load0: Signal<In, Bit>,
    /// Take `word` as the second state word.
    pub load1: Signal<In, Bit>,
    /// The word to load.
    pub word: Signal<In, Bits<16>>,
    /// The random number of the present state.
    pub sample: Signal<Out, Bits<16>>,
    state0: DFF<Bits<16>>,
    state1: DFF<Bits<16>>,
    rng_step: RngStep,
}

impl Logic for Generator {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module generator: the state of a random number generator, loaded or stepped");
        dff_setup!(self, clock, state0, state1);
        self.rng_step.s0.next = self.state0.q.val();
        self.rng_step.s1.next = self.state1.q.val();
        self.sample.next = self.rng_step.sample.val();
        if self.step.val() {
            self.state0.d.next = self.rng_step.next0.val();
            self.state1.d.next = self.rng_step.next1.val();
        }
        if self.load0.val() {
            self.state0.d.next = self.word.val();
        }
        if self.load1.val() {
            self.state1.d.next = self.word.val();
        }
    }
}
