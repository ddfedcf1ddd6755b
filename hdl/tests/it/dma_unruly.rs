//! An external memory that does whatever the burst port allows.

use spikevec_isa::LANES;
use spikevec_simulator::timing::dma as model;
use spikevec_verilated::burst::ExternalInputs;

use crate::bench::Random;

/// The port's rules and nothing else: any clock may accept, move a word, end or fail.
#[derive(Default)]
pub struct Unruly {
    pub answer: model::Answer,
    pub data: Vec<u8>,
    /// Of the burst under way: whether it writes, and the words that are left.
    pub burst: Option<(bool, u32)>,
    pub lanes: usize,
    /// It does something in one clock of so many.
    pub slow: u64,
    pub errors: bool,
}

impl Unruly {
    /// Chooses what it drives in a clock in which the engine drives `shown`.
    pub fn choose(&mut self, shown: &ExternalInputs, random: &mut Random) {
        self.data = (0..2 * self.lanes).map(|_| random.next() as u8).collect();
        let now = random.below(self.slow) == 0;
        self.answer = model::Answer::default();
        match self.burst {
            None => self.answer.accept = now,
            Some((_, 0)) => self.answer.done = now,
            Some(_) if self.errors && random.below(40) == 0 => self.answer.done = true,
            Some((true, _)) => self.answer.write_ready = now,
            Some((false, _)) => self.answer.read_valid = now,
        }
        let moves = self.answer.read_valid && shown.read_ready
            || self.answer.write_ready && shown.write_valid;
        if moves && self.burst.is_some_and(|(_, left)| left == 1) {
            self.answer.done = random.below(2) == 0;
        }
        let failed = self.errors && random.below(4) == 0;
        let early = !moves && self.burst.is_some_and(|(_, left)| left > 0);
        self.answer.error = self.answer.done && (early || failed);
    }
}

impl model::ExternalPort for Unruly {
    fn answer(&self) -> model::Answer {
        self.answer
    }

    fn read_word(&self, word: &mut [u8]) {
        word.copy_from_slice(&self.data);
    }

    fn clock(&mut self, pins: &model::Pins, _: &[u8]) {
        let answer = self.answer;
        let per_vector = (LANES / self.lanes) as u32;
        if answer.accept && pins.request {
            self.burst = Some((pins.burst.write, pins.burst.vectors * per_vector));
        }
        let moved = answer.read_valid && pins.read_ready || answer.write_ready && pins.write_valid;
        if let Some((_, left)) = self.burst.as_mut().filter(|_| moved) {
            *left -= 1;
        }
        if answer.done {
            self.burst = None;
        }
    }
}
