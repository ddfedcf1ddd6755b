//! What programs have reached: pairs of producer and consumer, memory collisions, and memory
//! instructions while DMA is under way.

mod kinds;

use std::collections::VecDeque;
use std::fmt;

use spikevec_isa::csr::Csr;
use spikevec_isa::dma::status as dma_status;
use spikevec_isa::{Memory, Op};

pub use kinds::{CONSUMERS, Consumer, MEMORY_KINDS, MemoryKind, PRODUCERS, Producer, Register};
pub use kinds::{consumed, memory_kind, produced};

use crate::lockstep::Step;

/// Farthest consumer of a pair, in retired instructions.
pub const DISTANCE: usize = 3;

/// Farthest load after a store.
pub const COLLISION: usize = 4;

/// Directions of DMA.
const DIRECTIONS: [(&str, Csr, Csr); 2] = [
    ("DMA to vector memory", Csr::Mm2sControl, Csr::Mm2sStatus),
    ("DMA to external memory", Csr::S2mmControl, Csr::S2mmStatus),
];

/// A store and the load that reads what it wrote.
const COLLISIONS: [(MemoryKind, MemoryKind); 4] = [
    (MemoryKind::ScalarStore, MemoryKind::ScalarLoad),
    (MemoryKind::VectorStore, MemoryKind::VectorLoad),
    (MemoryKind::VectorStore, MemoryKind::GeneratorLoad),
    (MemoryKind::LaneStore, MemoryKind::LaneLoad),
];

/// Counts of what retired instructions have reached.
#[derive(Debug, Clone)]
pub struct Coverage {
    /// By producer, consumer and distance.
    pairs: Vec<u64>,
    /// By producer and distance: an older instruction has written the register of the same number
    /// in the other file, and nothing has written this one since.
    aliases: [[u64; DISTANCE]; PRODUCERS.len()],
    /// By pair of [`COLLISIONS`] and distance.
    collisions: [[u64; COLLISION]; COLLISIONS.len()],
    /// By direction and memory instruction.
    dma: [[u64; MEMORY_KINDS.len()]; 2],
    in_flight: [bool; 2],
    /// Go by the core's `dma_busy` as well; else a transfer lasts until a status read says idle.
    by_port: bool,
    with_dma: bool,
    recent: VecDeque<Step>,
    retired: u64,
}

impl Coverage {
    /// Nothing reached. `with_dma`: DMA is to be covered; `by_port`: the core says when a
    /// transfer is under way.
    pub fn new(with_dma: bool, by_port: bool) -> Self {
        Coverage {
            pairs: vec![0; PRODUCERS.len() * CONSUMERS.len() * DISTANCE],
            aliases: Default::default(),
            collisions: Default::default(),
            dma: Default::default(),
            in_flight: [false; 2],
            by_port,
            with_dma,
            recent: VecDeque::new(),
            retired: 0,
        }
    }

    /// Another program starts.
    pub fn start(&mut self) {
        self.recent.clear();
        self.in_flight = [false; 2];
    }

    /// Instructions seen.
    pub fn retired(&self) -> u64 {
        self.retired
    }

    /// An instruction has retired.
    pub fn step(&mut self, step: &Step, dma_busy: bool) {
        self.retired += 1;
        self.operands(step);
        self.collide(step);
        self.transfers(step, dma_busy);
        self.recent.push_front(*step);
        self.recent.truncate(COLLISION);
    }

    fn operands(&mut self, step: &Step) {
        for (register, consumer) in consumed(&step.instruction) {
            // The youngest older writer within reach.
            for (back, older) in self.recent.iter().take(DISTANCE).enumerate() {
                let Some((written, producer)) = produced(&older.instruction) else {
                    continue;
                };
                if written == register {
                    let pair = producer as usize * CONSUMERS.len() + consumer as usize;
                    self.pairs[pair * DISTANCE + back] += 1;
                    break;
                }
                if written == register.other() {
                    self.aliases[producer as usize][back] += 1;
                }
            }
        }
    }

    fn collide(&mut self, step: &Step) {
        let Some(kind) = memory_kind(step.instruction.op) else {
            return;
        };
        for (back, older) in self.recent.iter().enumerate() {
            let pair = (memory_kind(older.instruction.op), kind);
            let row = COLLISIONS.iter().position(|c| (Some(c.0), c.1) == pair);
            if let Some(row) = row
                && meet(older, step)
            {
                self.collisions[row][back] += 1;
            }
        }
    }

    fn transfers(&mut self, step: &Step, dma_busy: bool) {
        if let Some(kind) = memory_kind(step.instruction.op) {
            for (flying, counts) in self.in_flight.iter().zip(&mut self.dma) {
                if *flying && (dma_busy || !self.by_port) {
                    counts[kind as usize] += 1;
                }
            }
        }
        let i = step.instruction;
        let Some(csr) = Csr::from_address(i.imm as u32) else {
            return;
        };
        for (k, (_, control, status)) in DIRECTIONS.iter().enumerate() {
            if csr == *control && i.op == Op::Csrrwi && i.rs1 & 1 == 1 {
                self.in_flight[k] = true;
            }
            let read = matches!(i.op, Op::Csrrs | Op::Csrrc) && i.rd != 0;
            if csr == *status && read && step.value & dma_status::IDLE != 0 {
                self.in_flight[k] = false;
            }
        }
    }

    /// Adds what another collector has seen.
    pub fn merge(&mut self, other: &Coverage) {
        let add = |to: &mut [u64], from: &[u64]| {
            to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
        };
        add(&mut self.pairs, &other.pairs);
        for (to, from) in self.aliases.iter_mut().zip(&other.aliases) {
            add(to, from);
        }
        for (to, from) in self.collisions.iter_mut().zip(&other.collisions) {
            add(to, from);
        }
        for (to, from) in self.dma.iter_mut().zip(&other.dma) {
            add(to, from);
        }
        self.retired += other.retired;
    }

    /// Everything that is to be reached, with its count.
    fn points(&self) -> Vec<(String, u64)> {
        let mut points = Vec::new();
        for producer in PRODUCERS {
            for consumer in CONSUMERS {
                if producer.is_vector() != consumer.is_vector() {
                    continue;
                }
                let pair = *producer as usize * CONSUMERS.len() + *consumer as usize;
                for back in 0..DISTANCE {
                    let name = format!("{producer:?} to {consumer:?} at distance {}", back + 1);
                    points.push((name, self.pairs[pair * DISTANCE + back]));
                }
            }
        }
        for producer in PRODUCERS {
            for back in 0..DISTANCE {
                let distance = back + 1;
                let name = format!(
                    "{producer:?} and a read of the other file's register at distance {distance}"
                );
                points.push((name, self.aliases[*producer as usize][back]));
            }
        }
        for (row, (store, load)) in COLLISIONS.iter().enumerate() {
            for back in 0..COLLISION {
                let name = format!("{store:?} then {load:?} of it at distance {}", back + 1);
                points.push((name, self.collisions[row][back]));
            }
        }
        if self.with_dma {
            for (k, (name, ..)) in DIRECTIONS.iter().enumerate() {
                for kind in MEMORY_KINDS {
                    points.push((
                        format!("{kind:?} during {name}"),
                        self.dma[k][*kind as usize],
                    ));
                }
            }
        }
        points
    }

    /// Names of what has not been reached.
    pub fn holes(&self) -> Vec<String> {
        let points = self.points().into_iter();
        points.filter(|p| p.1 == 0).map(|p| p.0).collect()
    }

    /// What was reached least.
    pub fn rarest(&self) -> Option<(String, u64)> {
        self.points().into_iter().min_by_key(|point| point.1)
    }
}

/// True where a load reads something that the store wrote.
fn meet(store: &Step, load: &Step) -> bool {
    match memory_kind(load.instruction.op).map(MemoryKind::memory) {
        Some(Memory::Scalar) => store.address / 4 == load.address / 4,
        Some(Memory::Vector) => store.address == load.address,
        _ => match (&store.lanes, &load.lanes) {
            (Some(a), Some(b)) => a.iter().zip(b).any(|(a, b)| *a >= 0 && a == b),
            _ => false,
        },
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (all, holes) = (self.points().len(), self.holes());
        write!(
            f,
            "{} of {all} points in {} instructions",
            all - holes.len(),
            self.retired
        )?;
        if let Some((name, count)) = self.rarest() {
            write!(f, "; rarest: {name} ({count})")?;
        }
        holes
            .iter()
            .try_for_each(|hole| write!(f, "\n  hole: {hole}"))
    }
}
