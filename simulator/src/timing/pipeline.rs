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
    /// What is known of an instruction between its entering A and its retirement.
    type Entered: Copy;

    /// The instruction at `index` enters A. `explain` asks for the reasons of its waiting as well.
    fn enter(
        &mut self,
        m: &mut Machine,
        index: usize,
        i: Instruction,
        explain: bool,
    ) -> Self::Entered;

    /// It has retired, and did or did not go on at the next word.
    fn leave(&mut self, m: &mut Machine, entered: Self::Entered, i: Instruction, straight: bool);

    /// The machine's clock when `retired` instructions have retired: the one in which the last of them left A.
    fn clock(&self, retired: u64) -> u64;
}

/// An instruction a clock. The number of instructions retired and this, modulo 2^64, are the clock.
pub(crate) struct Untimed(pub u64);

impl Clocked for Untimed {
    type Entered = ();

    #[inline(always)]
    fn enter(&mut self, _: &mut Machine, _: usize, _: Instruction, _: bool) {}

    #[inline(always)]
    fn leave(&mut self, _: &mut Machine, (): (), _: Instruction, _: bool) {}

    #[inline(always)]
    fn clock(&self, retired: u64) -> u64 {
        retired.wrapping_add(self.0)
    }
}

/// The last stores to a memory. A load in the clock `h` waits only for those of the
/// clocks `h - 1` and `h - 2`, so that two are enough.
#[derive(Debug, Clone, Copy, Default)]
struct Stores([Store; 2]);

#[derive(Debug, Clone, Copy, Default)]
struct Store {
    word: u32,
    /// The clock from which a load of the word may leave A.
    loads: u64,
}

impl Stores {
    #[inline(always)]
    fn push(&mut self, word: u32, h: u64) {
        let loads = h + STORE_TO_LOAD;
        self.0 = [Store { word, loads }, self.0[0]];
    }

    /// The clock from which `word` may be loaded.
    #[inline(always)]
    fn ready(&self, word: u32) -> u64 {
        let each = self
            .0
            .map(|store| if store.word == word { store.loads } else { 0 });
        each[0].max(each[1])
    }
}

/// Clocks here are those of a run: 0 is the one that presents the first address to
/// instruction memory.
#[derive(Debug, Clone)]
pub(crate) struct Pipeline {
    timing: Timing,
    rows: Arc<[Row]>,
    /// The clock from which a consumer of each slot may enter A.
    ready: [u64; SLOTS],
    /// The clock from which any instruction may enter A.
    next: u64,
    /// The clock from which a CSR instruction may.
    drained: u64,
    /// `h` of the last instruction.
    h: u64,
    scalar_stores: Stores,
    vector_stores: Stores,
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
            next: START,
            drained: START,
            h: START - 1,
            scalar_stores: Stores::default(),
            vector_stores: Stores::default(),
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
            self.counted = self.next;
            return;
        }
        self.ready = [0; SLOTS];
        self.next = START;
        self.drained = START;
        self.h = START - 1;
        self.scalar_stores = Stores::default();
        self.vector_stores = Stores::default();
        self.counted = 0;
        self.origin = now;
    }

    /// What a budget has interrupted does not go on.
    pub fn forget(&mut self) {
        self.resume = None;
    }

    /// Clocks since the run began, or went on after a budget.
    pub fn clocks(&self) -> u64 {
        self.next - self.counted
    }

    /// The machine's clock in the clock `h` of the run.
    fn at(&self, h: u64) -> u64 {
        self.origin + h
    }

    /// The machine's clock where the run stands: after a stop, that of the core's having stopped.
    pub fn now(&self) -> u64 {
        self.at(self.next)
    }

    /// The run has ended for this reason, `pc` on the instruction that did not retire.
    pub fn stop(&mut self, cause: Cause, pc: u32) {
        if cause == Cause::Budget {
            self.resume = Some(pc);
            return;
        }
        // Where nothing could be fetched no instruction has entered A, and `h` is the last one's.
        let h = self.h.max(self.next);
        let beat = match cause {
            Cause::MisalignedLoad(access)
            | Cause::LoadFault(access)
            | Cause::MisalignedStore(access)
            | Cause::StoreFault(access) => access
                .lane
                .map_or(0, |lane| u32::from(lane) / self.timing.lanes()),
            _ => 0,
        };
        self.next = h + u64::from(beat) + STOP;
        self.h = h;
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
    fn explain(&mut self, m: &mut Machine, row: &Row, enter: u64, csr: u64, h: u64) {
        let straight = self.h + 1;
        // `drained` is l + DRAIN, or START before the first instruction.
        let beats = straight.max((self.drained + 1).saturating_sub(DRAIN));
        let operand = enter - self.next;
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
                branch: clocks(self.next - beats),
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
    row: Row,
    h: u64,
}

impl Clocked for Pipeline {
    type Entered = Entered;

    #[inline(always)]
    fn enter(&mut self, m: &mut Machine, index: usize, i: Instruction, explain: bool) -> Entered {
        let mut row = self.rows.get(index).copied().unwrap_or(ILLEGAL);
        let [a, b, c] = row.sources.map(|slot| self.ready[usize::from(slot)]);
        let enter = self.next.max(a).max(b).max(c);
        let mut e = enter;
        let mut h = e;
        match row.kind {
            Kind::Plain => {}
            Kind::Division => h = e + DIVISION,
            Kind::ScalarLoad => h = e.max(self.scalar_stores.ready(m.address(i) / 4)),
            Kind::ScalarStore => self.scalar_stores.push(m.address(i) / 4, h),
            Kind::VectorLoad => {
                h = e.max(self.vector_stores.ready(m.address(i) / 64));
                if m.dma_moves {
                    self.load_beside_dma(m, i, e, h);
                }
            }
            Kind::VectorStore => {
                self.vector_stores.push(m.address(i) / 64, h);
                if m.dma_moves {
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
                    row.length = JUMP;
                }
            }
        }
        if explain {
            self.explain(m, &row, enter, e, h);
            for slot in row.targets {
                self.writers[usize::from(slot)] = Some(i.op);
            }
        }
        self.h = h;
        Entered { row, h }
    }

    #[inline(always)]
    fn leave(&mut self, m: &mut Machine, entered: Entered, i: Instruction, straight: bool) {
        let Entered { row, h } = entered;
        if matches!(row.kind, Kind::VectorLoad | Kind::VectorStore) && self.beside_dma.is_some() {
            self.access_beside_dma(m, i, h);
        }
        for (slot, delay) in row.targets.into_iter().zip(row.delays) {
            self.ready[usize::from(slot)] = h + u64::from(delay);
        }
        let length = if straight { row.length } else { JUMP };
        self.next = h + u64::from(length);
        self.drained = h + u64::from(row.tail) + DRAIN;
    }

    fn clock(&self, _: u64) -> u64 {
        self.at(self.h)
    }
}
