//! The state of the pipeline, as far as it decides when the next instruction goes on.

use std::sync::Arc;

use spikevec_isa::csr::Csr;
use spikevec_isa::{Cause, Instruction, Op, Vector};

use super::table::{
    self, DIVISION, DRAIN, ILLEGAL, JUMP, Kind, Row, SLOTS, START, STOP, STORE_TO_LOAD,
};
use super::{Ports, Timing};
use crate::clock::Clock;
use crate::observe::{Issue, Stalls};
use crate::state::{Failure, Memories, Now};

/// Where a run stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Front {
    /// The clock from which any instruction may enter A.
    next: u64,
    /// `h` of the last instruction.
    h: u64,
}

impl Front {
    /// Before the first instruction.
    const EMPTY: Front = Front {
        next: START,
        h: START - 1,
    };
}

/// Clocks here are those of a run: 0 is the one that presents the first address to
/// instruction memory.
#[derive(Debug, Clone)]
pub(crate) struct Pipeline {
    timing: Timing,
    rows: Arc<[Row]>,
    /// The clock from which a consumer of each slot may enter A.
    ready: [u64; SLOTS],
    front: Front,
    /// The clock from which a CSR instruction may enter A.
    drained: u64,
    /// The clock from which a scalar load may leave A.
    loads: u64,
    /// Clock of the machine at clock 0 of the run.
    origin: u64,
    /// Clocks of the run that were counted before a budget interrupted it.
    counted: u64,
    /// Where a budget interrupted a run that may go on.
    resume: Option<u32>,
    /// What wrote each slot; kept only where reasons are asked for.
    writers: [Option<Op>; SLOTS],
    /// Of the last instruction, where reasons are asked for.
    issue: Issue,
    ports: Ports,
}

impl Pipeline {
    /// A core that has run nothing, its DMA registers as at reset.
    pub fn new(timing: Timing, code: &[Option<Instruction>], memories: &Memories) -> Self {
        Pipeline {
            timing,
            rows: table::rows(code, timing).into(),
            ready: [0; SLOTS],
            front: Front::EMPTY,
            drained: START,
            loads: START,
            origin: 0,
            counted: 0,
            resume: None,
            writers: [None; SLOTS],
            issue: Issue::default(),
            ports: Ports::new(timing, memories.vector.len(), memories.external.len()),
        }
    }

    /// Another program. The registers of DMA stay.
    pub fn load(&mut self, code: &[Option<Instruction>]) {
        self.rows = table::rows(code, self.timing).into();
        self.resume = None;
    }

    /// How the core is built.
    pub fn timing(&self) -> Timing {
        self.timing
    }

    /// A run begins at `pc` when the machine's clock is `now`: with an empty pipeline,
    /// unless a budget has interrupted a run there.
    pub fn begin(&mut self, pc: u32, now: u64) {
        if self.resume.take() == Some(pc) {
            self.counted = self.front.next;
            return;
        }
        self.ready = [0; SLOTS];
        self.front = Front::EMPTY;
        self.drained = START;
        self.loads = START;
        self.counted = 0;
        self.origin = now;
    }

    /// What a budget has interrupted does not go on.
    pub fn forget(&mut self) {
        self.resume = None;
    }

    /// Clocks since the run began, or went on after a budget.
    pub fn clocks(&self) -> u64 {
        self.front.next - self.counted
    }

    /// The machine's clock in the clock `h` of the run.
    fn at(&self, h: u64) -> u64 {
        self.origin + h
    }

    /// The machine's clock where the run stands: after a stop, that of the core's having stopped.
    pub fn now(&self) -> u64 {
        self.at(self.front.next)
    }

    /// The run has ended for this reason, `pc` on the instruction that did not retire.
    /// Transfers under way come to their end.
    pub fn stop(&mut self, cause: Cause, pc: u32, memories: &mut Memories) {
        self.ports.finish(memories);
        if cause == Cause::Budget {
            self.resume = Some(pc);
            return;
        }
        // Where nothing could be fetched no instruction has entered A, and `h` is the last one's.
        let h = self.front.h.max(self.front.next);
        let beat = match cause {
            Cause::MisalignedLoad(access)
            | Cause::LoadFault(access)
            | Cause::MisalignedStore(access)
            | Cause::StoreFault(access) => access
                .lane
                .map_or(0, |lane| u32::from(lane) / self.timing.lanes()),
            _ => 0,
        };
        self.front.next = h + u64::from(beat) + STOP;
    }

    #[cold]
    fn explain(&mut self, front: Front, row: &Row, enter: u64, csr: u64, h: u64) {
        let straight = front.h + 1;
        // `drained` is l + DRAIN, or START before the first instruction.
        let beats = straight.max((self.drained + 1).saturating_sub(DRAIN));
        let operand = enter - front.next;
        let ready = |slot: &&u8| self.ready[usize::from(**slot)] == enter;
        let producer = row.sources.iter().find(ready);
        let clocks = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        let rest = clocks(h - csr);
        let (division, store_to_load) = match row.kind {
            Kind::Division => (rest, 0),
            _ => (0, rest),
        };
        self.issue = Issue {
            clock: h,
            stalls: Stalls {
                beats: clocks(beats - straight),
                branch: clocks(front.next - beats),
                operand: clocks(operand),
                producer: producer
                    .filter(|_| operand > 0)
                    .and_then(|slot| self.writers[usize::from(*slot)]),
                csr: clocks(csr - enter),
                store_to_load,
                division,
            },
        };
    }
}

/// An instruction that has entered A.
#[derive(Clone, Copy)]
pub(crate) struct Entered {
    h: u64,
    /// The clock from which the next instruction may enter A, unless this one jumps.
    next: u64,
}

impl Clock for Pipeline {
    type Front = Front;
    type Entered = Entered;

    fn front(&self) -> Front {
        self.front
    }

    fn set_front(&mut self, front: Front) {
        self.front = front;
    }

    #[inline(always)]
    fn enter(
        &mut self,
        front: Front,
        index: usize,
        op: Op,
        explain: bool,
        taken: impl FnOnce() -> bool,
    ) -> Entered {
        let row = self.rows.get(index).copied().unwrap_or(ILLEGAL);
        let [a, b, c] = row.sources.map(|slot| self.ready[usize::from(slot)]);
        // `next` comes last, since it is known last: it waits for the instruction before.
        let enter = a.max(b).max(c).max(front.next);
        let mut e = enter;
        let mut h = e;
        let mut length = row.length;
        match row.kind {
            Kind::Plain => {}
            Kind::Division => h = e + DIVISION,
            Kind::ScalarLoad => h = e.max(self.loads),
            Kind::ScalarStore => self.loads = h + STORE_TO_LOAD,
            Kind::Csr => {
                e = e.max(self.drained);
                h = e;
            }
            Kind::BranchToNext => {
                if taken() {
                    length = JUMP;
                }
            }
        }
        if explain {
            self.explain(front, &row, enter, e, h);
            for slot in row.targets {
                self.writers[usize::from(slot)] = Some(op);
            }
        }
        // Nobody asks for these where the instruction stops the run.
        for (slot, delay) in row.targets.into_iter().zip(row.delays) {
            self.ready[usize::from(slot)] = h + u64::from(delay);
        }
        self.drained = h + u64::from(row.tail) + DRAIN;
        Entered {
            h,
            next: h + u64::from(length),
        }
    }

    #[inline(always)]
    fn leave(&self, entered: Entered, straight: bool) -> Front {
        let Entered { h, next } = entered;
        let jump = h + u64::from(JUMP);
        Front {
            h,
            next: if straight { next } else { jump },
        }
    }

    #[inline(always)]
    fn stopped(&self, front: Front, entered: Entered) -> Front {
        Front {
            h: entered.h,
            ..front
        }
    }

    #[inline(always)]
    fn clock(&self, front: Front, _: u64) -> u64 {
        self.at(front.h)
    }

    fn issue(&self) -> Option<Issue> {
        Some(self.issue)
    }

    fn csr_time(&self, entered: Entered, retired: u64) -> Now {
        let clock = self.at(entered.h);
        // The clock of a write to `mcountinhibit` still goes by the old value.
        Now {
            retired,
            clock,
            inhibited_from: clock + 1,
        }
    }

    #[inline(always)]
    fn load_vector<'a>(
        &'a mut self,
        entered: Entered,
        memories: &'a mut Memories,
        address: u32,
    ) -> Result<&'a Vector, Failure> {
        if self.ports.is_moving() {
            let h = self.at(entered.h);
            self.ports.load(memories, address, h)
        } else {
            memories.vector.load(address)
        }
    }

    #[inline(always)]
    fn store_vector(
        &mut self,
        entered: Entered,
        memories: &mut Memories,
        address: u32,
        value: &Vector,
    ) -> Result<(), Failure> {
        if self.ports.is_moving() {
            let h = self.at(entered.h);
            self.ports.store(memories, address, value, h)
        } else {
            memories.vector.store(address, value)
        }
    }

    fn read_dma(&mut self, entered: Entered, memories: &mut Memories, csr: Csr) -> Option<u32> {
        let h = self.at(entered.h);
        self.ports.read(memories, csr, h)
    }

    fn write_dma(
        &mut self,
        entered: Entered,
        memories: &mut Memories,
        csr: Csr,
        value: u32,
    ) -> bool {
        let h = self.at(entered.h);
        self.ports.write(memories, csr, value, h)
    }
}
