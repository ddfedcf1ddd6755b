//! The random number generators of a physical lane.

use rust_hdl::prelude::*;

use super::RngStep;
use crate::comment;

/// As many generators as there are beats, in a ring that turns with each beat that loads or draws.
///
/// ```text
///  +--> state 0 --> step --> sample, next --or load--+
///  |                                                 v
///  +-- state 1 <-- ... <-- state last <--------------+
/// ```
/// VLOADR0 and VLOADR1 load, VRNG and stochastic rounding draw: `sample` is that of the present state, and who
/// draws steps at the same edge. The states are zero at first, and yield zero until they are loaded.
///
/// Such an instruction has all beats in their order, so that state 0 is that of beat 0 between instructions.
#[derive(LogicBlock)]
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
    state0: Vec<DFF<Bits<16>>>,
    state1: Vec<DFF<Bits<16>>>,
    rng_step: RngStep,
    turn: Signal<Local, Bit>,
    new0: Signal<Local, Bits<16>>,
    new1: Signal<Local, Bits<16>>,
    _last: usize,
    _beats: usize,
}

impl Generator {
    /// A ring of `beats` states.
    pub fn new(beats: usize) -> Self {
        Self {
            clock: Signal::default(),
            step: Signal::default(),
            load0: Signal::default(),
            load1: Signal::default(),
            word: Signal::default(),
            sample: Signal::default(),
            state0: vec![DFF::default(); beats],
            state1: vec![DFF::default(); beats],
            rng_step: RngStep::default(),
            turn: Signal::default(),
            new0: Signal::default(),
            new1: Signal::default(),
            _last: beats - 1,
            _beats: beats,
        }
    }
}

impl Logic for Generator {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module generator: a generator for each beat, loaded or stepped in turn");
        for i in 0..self._beats {
            self.state0[i].clock.next = self.clock.val();
            self.state1[i].clock.next = self.clock.val();
        }
        self.rng_step.s0.next = self.state0[0].q.val();
        self.rng_step.s1.next = self.state1[0].q.val();
        self.sample.next = self.rng_step.sample.val();
        self.turn.next = (self.step.val() | self.load0.val()) | self.load1.val();
        self.new0.next = self.state0[0].q.val();
        self.new1.next = self.state1[0].q.val();
        if self.step.val() {
            self.new0.next = self.rng_step.next0.val();
            self.new1.next = self.rng_step.next1.val();
        }
        if self.load0.val() {
            self.new0.next = self.word.val();
        }
        if self.load1.val() {
            self.new1.next = self.word.val();
        }
        for i in 0..self._beats {
            self.state0[i].d.next = self.state0[i].q.val();
            self.state1[i].d.next = self.state1[i].q.val();
        }
        if self.turn.val() {
            for i in 0..self._last {
                self.state0[i].d.next = self.state0[i + 1].q.val();
                self.state1[i].d.next = self.state1[i + 1].q.val();
            }
            for last in self._last..self._beats {
                self.state0[last].d.next = self.new0.val();
                self.state1[last].d.next = self.new1.val();
            }
        }
    }
}
