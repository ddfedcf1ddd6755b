//! What both sides have shown of a program, matched channel by channel.

use std::collections::VecDeque;
use std::sync::mpsc::Receiver;

use spikevec_isa::Op;
use spikevec_simulator::{Cause, Machine};
use spikevec_verilated::device::{DeviceStop, Event};

use super::expected::{CHANNELS, Channel, Item, Message, Step, channel_of};
use super::{Difference, LockstepError, Place, What};
use crate::programs::Program;

/// Instructions that may retire before an older one has shown all of its effects: stores show
/// before the retirement, vector registers a few clocks after it.
const LAG: u64 = 16;

/// One program under way.
pub(super) struct Run<'a> {
    program: &'a Program,
    pub source: Option<Receiver<Message>>,
    /// Items of the simulator that the core has not shown yet, by channel.
    waiting: [VecDeque<(u64, Item)>; CHANNELS],
    /// Instructions of which all is known, kept for coverage and reports.
    steps: VecDeque<Step>,
    /// Index of the first of `steps`.
    first: u64,
    retired: u64,
    stop: Option<spikevec_simulator::Stop>,
    pub undefined_lanes: bool,
    pub found: Vec<(Place, What)>,
    /// Clocks that have passed.
    pub clock: u64,
    /// Clocks that had passed when the first of `found` was seen.
    seen: u64,
}

/// Steps kept for reports.
const HISTORY: usize = 4096;

impl<'a> Run<'a> {
    pub fn new(program: &'a Program, source: Option<Receiver<Message>>) -> Self {
        Run {
            program,
            source,
            waiting: Default::default(),
            steps: VecDeque::new(),
            first: 0,
            retired: 0,
            stop: None,
            undefined_lanes: false,
            found: Vec::new(),
            clock: 0,
            seen: 0,
        }
    }

    /// Takes what the simulator has done next; false where it has stopped.
    fn advance(&mut self) -> bool {
        let message = self.source.as_ref().and_then(|source| source.recv().ok());
        let steps = match message {
            None => return false,
            Some(Message::Steps(steps)) => steps,
            Some(Message::Stop(stop)) => {
                let store = matches!(stop.cause, Cause::StoreFault(_) | Cause::MisalignedStore(_));
                let lanes = stop.instruction.is_some_and(|i| i.op == Op::Vstorel);
                self.undefined_lanes = store && lanes;
                self.stop = Some(stop);
                self.source = None;
                return false;
            }
        };
        for (step, items) in steps {
            for item in items {
                self.waiting[channel_of(&item) as usize].push_back((step.index, item));
            }
            self.steps.push_back(step);
        }
        while self.steps.len() > HISTORY {
            self.steps.pop_front();
            self.first += 1;
        }
        true
    }

    pub fn report(&mut self, place: Place, what: What) {
        if self.found.is_empty() {
            self.seen = self.clock;
        }
        self.found.push((place, what));
    }

    pub fn event(&mut self, event: &Event, watch: &mut dyn FnMut(&Step, bool)) {
        let (core, dma_busy) = Item::from_event(event);
        let channel = channel_of(&core) as usize;
        while self.waiting[channel].is_empty() && self.advance() {}
        match self.waiting[channel].pop_front() {
            Some((index, simulator)) => {
                if simulator != core {
                    self.report(Place::Instruction(index), What::Effect { simulator, core });
                }
                if channel == Channel::Retire as usize {
                    self.retired += 1;
                    self.late(index);
                    let at = (index - self.first) as usize;
                    if let Some(step) = self.steps.get(at) {
                        watch(step, dma_busy);
                    }
                }
            }
            None if channel == Channel::LaneStore as usize && self.undefined_lanes => {}
            None => self.report(Place::Instruction(self.retired), What::Surplus { core }),
        }
    }

    /// The instruction at `index` has retired: whatever older ones have not shown by now will
    /// not come.
    fn late(&mut self, index: u64) {
        let late = |queue: &VecDeque<(u64, Item)>| {
            let front = queue.front().filter(|front| front.0 + LAG < index);
            front.cloned()
        };
        let missing: Vec<_> = self.waiting.iter().filter_map(late).collect();
        for (index, simulator) in missing {
            self.report(Place::Instruction(index), What::Missing { simulator });
        }
    }

    /// The core has stopped: whatever the simulator still does is missing on its side.
    pub fn finish(&mut self) {
        while self.waiting.iter().all(VecDeque::is_empty) && self.advance() {}
        let missing: Vec<_> = self
            .waiting
            .iter()
            .filter_map(|queue| queue.front().cloned())
            .collect();
        for (index, simulator) in missing {
            self.report(Place::Instruction(index), What::Missing { simulator });
        }
    }

    pub fn stops(&mut self, core: &DeviceStop, clocks: Option<u64>) {
        let Some(simulator) = self.stop else { return };
        let cause = simulator.cause.code();
        if cause != core.cause || simulator.pc != core.pc {
            let (simulator, core) = ((cause, simulator.pc), (core.cause, core.pc));
            self.report(Place::End, What::Stop { simulator, core });
        }
        let word = self.program.code.get(simulator.pc as usize / 4).copied();
        if let (Some(word), Some(core)) = (word, core.word)
            && word != core
        {
            let simulator = word;
            self.report(Place::End, What::StopWord { simulator, core });
        }
        if let Some(simulator) = clocks
            && simulator != core.clocks
        {
            let core = core.clocks;
            self.report(Place::End, What::Clocks { simulator, core });
        }
    }

    pub fn difference(&mut self, machine: &Machine) -> LockstepError {
        let found = std::mem::take(&mut self.found);
        LockstepError::Difference(Box::new(Difference::new(
            self.program,
            found,
            self.seen,
            &self.steps,
            machine,
        )))
    }
}
