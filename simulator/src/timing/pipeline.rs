//! The state of the pipeline, as far as it decides when the next instruction goes on.

use std::sync::Arc;

use spikevec_isa::{Instruction, Op, Vector};

use super::Timing;
use super::stalls::{Issue, Stalls};
use super::table::{
    self, DIVISION, DRAIN, ILLEGAL, JUMP, Kind, Row, SLOTS, START, STOP, STORE_TO_LOAD,
};
use crate::machine::{CsrClock, Machine};
use crate::stop::Cause;

/// What the engine's loop asks about time.
pub(crate) trait Clocked {
    /// What every instruction changes: the loop has it in registers.
    type Front: Copy;
    /// What is known of an instruction between its entering A and its retirement.
    type Entered: Copy;

    /// Where the run stands.
    fn front(&self) -> Self::Front;

    /// Where it stands when the loop ends.
    fn set_front(&mut self, front: Self::Front);

    /// The instruction at `index` enters A. `explain` asks for the reasons of its waiting as well.
    fn enter(
        &mut self,
        front: Self::Front,
        m: &mut Machine,
        index: usize,
        i: Instruction,
        explain: bool,
    ) -> Self::Entered;

    /// It has retired, and did or did not go on at the next word.
    fn leave(
        &mut self,
        m: &mut Machine,
        entered: Self::Entered,
        i: Instruction,
        straight: bool,
    ) -> Self::Front;

    /// The front of a run that the instruction has stopped.
    fn stopped(&self, front: Self::Front, entered: Self::Entered) -> Self::Front;

    /// The machine's clock when `retired` instructions have retired: the one in which the last of them left A.
    fn clock(&self, front: Self::Front, retired: u64) -> u64;
}

/// An instruction a clock. The number of instructions retired and this, modulo 2^64, are the clock.
pub(crate) struct Untimed(pub u64);

impl Clocked for Untimed {
    type Front = ();
    type Entered = ();

    fn front(&self) {}

    fn set_front(&mut self, (): ()) {}

    fn stopped(&self, (): (), (): ()) {}

    #[inline(always)]
    fn enter(&mut self, (): (), _: &mut Machine, _: usize, _: Instruction, _: bool) {}

    #[inline(always)]
    fn leave(&mut self, _: &mut Machine, (): (), _: Instruction, _: bool) {}

    #[inline(always)]
    fn clock(&self, (): (), retired: u64) -> u64 {
        retired.wrapping_add(self.0)
    }
}

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
    /// While DMA moves vectors: what a load has read, or what was where a store writes.
    beside_dma: Option<Vector>,
}

impl Pipeline {
    pub fn new(timing: Timing, code: &[Option<Instruction>]) -> Self {
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
            beside_dma: None,
        }
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
    pub fn stop(&mut self, cause: Cause, pc: u32) {
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

    /// A load of a vector reads its beats in the clocks from `h` on.
    #[cold]
    fn load_beside_dma(&mut self, m: &mut Machine, i: Instruction, e: u64, h: u64) {
        let (address, e, h) = (m.address(i), self.at(e), self.at(h));
        let load = m.at_ports(e, |ports, vector, external| {
            ports.load(address, e, h, vector, external)
        });
        self.beside_dma = load.flatten();
    }

    /// What an access to vector memory has done at once it does in its clocks: a load
    /// gets what it has read beat by beat, a store is kept back.
    #[cold]
    fn access_beside_dma(&mut self, m: &mut Machine, i: Instruction, h: u64) {
        let Some(value) = self.beside_dma.take() else {
            return;
        };
        match i.op {
            Op::Vloadv => m.v[usize::from(i.rd & 31)] = value,
            Op::Vloadr0 => m.rng.s0 = value.map(|lane| lane as u16),
            Op::Vloadr1 => m.rng.s1 = value.map(|lane| lane as u16),
            _ => {
                let (address, stored) = (m.address(i), m.v[usize::from(i.rs2 & 31)]);
                // The store has succeeded, so that this does as well.
                let _ = m.vector.store(address, &value);
                let h = self.at(h);
                m.at_ports(h, |ports, _, _| ports.store(address, stored, h));
            }
        }
    }

    #[cold]
    fn explain(&mut self, front: Front, m: &mut Machine, row: &Row, enter: u64, csr: u64, h: u64) {
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
        m.issue = Issue {
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
    /// It has accessed vector memory while DMA moves vectors.
    beside_dma: bool,
}

impl Clocked for Pipeline {
    type Front = Front;
    type Entered = Entered;

    fn front(&self) -> Front {
        self.front
    }

    fn set_front(&mut self, front: Front) {
        self.front = front;
    }

    #[inline(always)]
    fn stopped(&self, front: Front, entered: Entered) -> Front {
        Front {
            h: entered.h,
            ..front
        }
    }

    #[inline(always)]
    fn enter(
        &mut self,
        front: Front,
        m: &mut Machine,
        index: usize,
        i: Instruction,
        explain: bool,
    ) -> Entered {
        let row = self.rows.get(index).copied().unwrap_or(ILLEGAL);
        let [a, b, c] = row.sources.map(|slot| self.ready[usize::from(slot)]);
        // `next` comes last, since it is known last: it waits for the instruction before.
        let enter = a.max(b).max(c).max(front.next);
        let mut e = enter;
        let mut h = e;
        let mut length = row.length;
        let mut beside_dma = false;
        match row.kind {
            Kind::Plain => {}
            Kind::Division => h = e + DIVISION,
            Kind::ScalarLoad => h = e.max(self.loads),
            Kind::ScalarStore => self.loads = h + STORE_TO_LOAD,
            Kind::VectorLoad => {
                beside_dma = m.dma_moves;
                if beside_dma {
                    self.load_beside_dma(m, i, e, h);
                }
            }
            Kind::VectorStore => {
                beside_dma = m.dma_moves;
                if beside_dma {
                    self.beside_dma = m.vector.load(m.address(i)).ok().copied();
                }
            }
            Kind::Csr => {
                e = e.max(self.drained);
                h = e;
                m.csr_clock = CsrClock::At(self.at(h));
            }
            Kind::BranchToNext => {
                if m.is_taken(i) {
                    length = JUMP;
                }
            }
        }
        if explain {
            self.explain(front, m, &row, enter, e, h);
            for slot in row.targets {
                self.writers[usize::from(slot)] = Some(i.op);
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
            beside_dma,
        }
    }

    #[inline(always)]
    fn leave(
        &mut self,
        m: &mut Machine,
        entered: Entered,
        i: Instruction,
        straight: bool,
    ) -> Front {
        let Entered { h, next, .. } = entered;
        if entered.beside_dma {
            self.access_beside_dma(m, i, h);
        }
        let jump = h + u64::from(JUMP);
        Front {
            h,
            next: if straight { next } else { jump },
        }
    }

    #[inline(always)]
    fn clock(&self, front: Front, _: u64) -> u64 {
        self.at(front.h)
    }
}
