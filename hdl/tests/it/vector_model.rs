//! Random streams of vector instructions with the clocks that docs/core.md gives them, and what a core
//! with any number of beats must do in each clock.

use spikevec_isa::table::Op::{self, *};
use spikevec_isa::table::TABLE;
use spikevec_isa::{LANES, Rng, Vector};

use crate::bench::Random;
use crate::vector_reference::State;

/// Vectors of vector memory; instructions use the lower half, DMA the upper one.
pub const VECTORS: usize = 32;
/// Halfwords of a lane's memory.
pub const HALFWORDS: usize = 64;
/// Vectors that hold lane-local addresses; nothing stores there.
pub const ADDRESSES: usize = 4;

/// A beat in A.
#[derive(Clone, Copy)]
pub struct Issue {
    pub op: Op,
    pub rd: u8,
    pub rs1: u8,
    pub rs2: u8,
    pub imm: i32,
    pub beat: usize,
    pub check: bool,
    pub vector: usize,
}

/// What the scalar side gives to the beat in M.
#[derive(Clone, Copy)]
pub struct Scalar {
    pub value: u32,
    pub from_compare: bool,
}

/// What happens in one clock. Vectors are whole ones; the beat says which lanes count.
#[derive(Clone, Default)]
pub struct Clock {
    pub issue: Option<Issue>,
    pub waits: Option<usize>,
    pub scalar: Option<Scalar>,
    pub halt: bool,
    pub write: Option<(u8, usize, Vector)>,
    pub store: Option<(usize, usize, Vector)>,
    pub lane_store: Option<LaneStore>,
    pub gathered: Option<u32>,
    pub fault: Option<bool>,
}

#[derive(Clone)]
pub struct LaneStore {
    pub beat: usize,
    pub lanes: u32,
    pub addresses: [u32; LANES],
    pub values: Vector,
}

pub struct Stream {
    pub clocks: Vec<Clock>,
    pub state: State,
    pub counts: std::collections::BTreeMap<&'static str, usize>,
    random: Random,
    beats: usize,
    /// First clock in which the next instruction may enter A.
    free: usize,
    /// When each register's value can be used.
    ready: [usize; 32],
    /// First beat of the last store to each vector.
    stored: Vec<usize>,
    /// The last comparison: its last beat's clock and its bits.
    compared: Option<(usize, u32)>,
    /// A younger instruction than one that stops.
    doomed: bool,
}

/// An instruction of the vector side: any row of the table that is one.
fn any(random: &mut Random) -> Op {
    let rows = TABLE.iter().filter(|spec| spec.class.is_vector());
    let ops: Vec<_> = rows.map(|spec| spec.op).collect();
    ops[random.below(ops.len() as u64) as usize]
}

fn late(op: Op) -> bool {
    op.spec().class.is_product()
}

/// VLOADL and VSTOREL.
fn accesses_lanes(op: Op) -> bool {
    op.spec().access_bytes() == Some(2)
}

impl Stream {
    pub fn new(seed: u64, lanes: usize) -> Self {
        let mut random = Random(seed);
        let mut vector = || -> Vector { std::array::from_fn(|_| random.bits(16) as i16) };
        let mut state = State {
            registers: [[0; LANES]; 32],
            memory: (0..VECTORS).map(|_| vector()).collect(),
            local: (0..HALFWORDS).map(|_| vector()).collect(),
            rng: Rng::default(),
        };
        // Even and odd addresses, with room for offsets on both sides; some lanes are masked.
        for (k, vector) in state.memory[..ADDRESSES].iter_mut().enumerate() {
            *vector = std::array::from_fn(|_| match random.below(5) {
                0 => random.next() as i16 | i16::MIN,
                _ => 16 + 2 * random.below(40) as i16 + (k as i16 & 1),
            });
        }
        Stream {
            clocks: Vec::new(),
            state,
            counts: Default::default(),
            random,
            beats: 32 / lanes,
            free: 3,
            ready: [0; 32],
            stored: vec![0; VECTORS],
            compared: None,
            doomed: false,
        }
    }

    fn at(&mut self, clock: usize) -> &mut Clock {
        if clock >= self.clocks.len() {
            self.clocks.resize(clock + 1, Clock::default());
        }
        &mut self.clocks[clock]
    }

    fn register(&mut self) -> u8 {
        // Few registers, so that most operands come from bypasses.
        match self.random.below(8) {
            0 => self.random.below(32) as u8,
            _ => 1 + self.random.below(4) as u8,
        }
    }

    /// Adds a random instruction that does not fault.
    pub fn push_any(&mut self) {
        let op = any(&mut self.random);
        // Selections by the comparison before them are what comparisons are for.
        let op = match self.compared {
            Some(_) if self.random.below(2) == 0 => Vsel,
            _ => op,
        };
        self.push_random(op);
    }

    pub fn push_random(&mut self, op: Op) {
        let [rd, mut rs1, rs2] = [(); 3].map(|()| self.register());
        let mut imm = match op {
            Vslli | Vsrai | VsraiRn | VsraiRs | Vandadd => self.random.below(16) as i32,
            _ if late(op) => self.random.below(16) as i32,
            Vextract => self.random.below(32) as i32,
            Vlui => self.random.bits(16) as i16 as i32,
            _ => 0,
        };
        if accesses_lanes(op) && self.doomed {
            // Whether it is dropped shows best where it would fault.
            imm = self.random.below(4096) as i32 - 2048;
        } else if accesses_lanes(op) {
            let mut found = false;
            for _ in 0..6 {
                rs1 = self.register();
                imm = self.random.below(32) as i32 - 16;
                let (good, _, _) = self.state.lanes(rs1, imm);
                found = good == u32::MAX;
                if found {
                    break;
                }
            }
            if !found {
                // One that surely works, the clock after its addresses have come.
                rs1 = self.register();
                let vector = self.random.below(ADDRESSES as u64) as usize;
                self.push(Vloadv, rs1, 0, 0, 0, vector);
                imm = 2 * self.random.below(14) as i32 - 14 + (vector as i32 & 1);
            }
        }
        let vector = match op {
            Vloadv | Vloadr0 | Vloadr1 => self.random.below(VECTORS as u64 / 2) as usize,
            _ => ADDRESSES + self.random.below((VECTORS / 2 - ADDRESSES) as u64) as usize,
        };
        self.push(op, rd, rs1, rs2, imm, vector);
    }

    /// When an instruction enters A, and when its first beat leaves it.
    fn enter(&mut self, op: Op, reads: &[u8], vector: usize, bubbles: bool) -> (usize, usize) {
        let mut e = self.free;
        for r in reads {
            e = e.max(self.ready[usize::from(*r)]);
        }
        if bubbles && self.random.below(4) == 0 {
            e += self.random.below(7) as usize;
        }
        let mut h = e;
        if op.spec().class.reads_vector_memory() && self.stored[vector] > 0 {
            h = h.max(self.stored[vector] + 3);
        }
        (e, h)
    }

    /// Adds an instruction, which may fault.
    pub fn push(&mut self, op: Op, rd: u8, rs1: u8, rs2: u8, imm: i32, vector: usize) {
        let reads: Vec<u8> = match op {
            Vsel => vec![rd, rs2],
            Vloadl => vec![rd, rs1],
            Vstorel => vec![rs1, rs2],
            Vstorev => vec![rs2],
            Vfill | Vlui | Vrng | Vloadv | Vloadr0 | Vloadr1 => vec![],
            Vandadd | Vextract | Vslli | Vsrai | VsraiRn | VsraiRs => vec![rs1],
            _ => vec![rs1, rs2],
        };
        let mut bubbles = true;
        let mut scalar = Scalar {
            value: self.random.bits(32) as u32,
            from_compare: false,
        };
        if op == Vsel
            && !self.doomed
            && let Some((l, bits)) = self.compared
        {
            // Half of them right behind their comparison, where that comparison was the last.
            scalar.value = bits;
            if self.random.below(2) == 0 {
                bubbles = false;
            }
            let (e, _) = self.enter(op, &reads, vector, false);
            if e == l + 1 {
                if self.beats == 1 && !bubbles {
                    scalar.from_compare = true;
                    scalar.value = self.random.next() as u32;
                } else {
                    self.free = l + 2;
                }
            }
            if !scalar.from_compare {
                self.compared = None;
            }
            let mask = bits;
            let timing = self.enter(op, &reads, vector, bubbles && !scalar.from_compare);
            self.place(op, rd, rs1, rs2, imm, vector, timing, scalar, mask);
            return;
        }
        let timing = self.enter(op, &reads, vector, bubbles);
        self.place(op, rd, rs1, rs2, imm, vector, timing, scalar, scalar.value);
    }

    #[allow(clippy::too_many_arguments)]
    fn place(
        &mut self,
        op: Op,
        rd: u8,
        rs1: u8,
        rs2: u8,
        imm: i32,
        vector: usize,
        (e, h): (usize, usize),
        scalar: Scalar,
        x: u32,
    ) {
        let beats = self.beats;
        let passes = if op == Vloadl && beats > 1 { 2 } else { 1 };
        let l = h + passes * beats - 1;
        for clock in e..h {
            self.at(clock).waits = Some(vector);
        }
        let fault = match op {
            Vloadl | Vstorel => {
                let (good, _, address) = self.state.lanes(rs1, imm);
                let lane = (!good).trailing_zeros() as usize;
                (good != u32::MAX).then(|| (lane, address[lane] % 2 == 1))
            }
            _ => None,
        };
        let lanes = LANES / beats;
        for k in 0..passes * beats {
            let beat = k % beats;
            let issue = Issue {
                op,
                rd,
                rs1,
                rs2,
                imm,
                beat,
                check: passes == 2 && k < beats,
                vector,
            };
            self.at(h + k).issue = Some(issue);
            self.at(h + k + 1).scalar = Some(scalar);
        }
        self.free = l + 1;
        self.compared = None;
        *self.counts.entry(op.spec().mnemonic).or_default() += 1;
        if self.doomed {
            return;
        }
        // What it does, by the reference.
        let s = &mut self.state;
        let b = s.registers[usize::from(rs2)];
        let old = s.registers[usize::from(rd)];
        let result = s.result(op, [rd, rs1, rs2], imm, x, vector);
        let gathered = s.gathered(op, [rs1, rs2], imm);
        if let Some(bits) = gathered {
            self.at(l + 3).gathered = Some(bits);
            if op != Vextract {
                self.compared = Some((l, bits));
            }
        }
        let s = &mut self.state;
        match op {
            Vloadr0 => s.rng.s0 = s.memory[vector].map(|w| w as u16),
            Vloadr1 => s.rng.s1 = s.memory[vector].map(|w| w as u16),
            Vstorev => {
                s.memory[vector] = b;
                self.stored[vector] = h;
                for beat in 0..beats {
                    self.at(h + beat + 2).store = Some((vector, beat, b));
                }
            }
            _ => {}
        }
        let mut result = result;
        if accesses_lanes(op) {
            let (good, active, addresses) = self.state.lanes(rs1, imm);
            let written = good & active;
            let stop = fault.map_or(beats, |(lane, _)| lane / lanes + 1);
            if op == Vstorel {
                for beat in 0..stop {
                    let ones = ((1u64 << lanes) - 1) as u32;
                    let these = written & (ones << (beat * lanes));
                    for lane in (0..LANES).filter(|lane| these >> lane & 1 == 1) {
                        self.state.local[addresses[lane] as usize / 2][lane] = b[lane];
                    }
                    self.at(h + beat + 2).lane_store = Some(LaneStore {
                        beat,
                        lanes: written,
                        addresses,
                        values: b,
                    });
                }
            } else if fault.is_none() {
                let mut loaded = old;
                for lane in (0..LANES).filter(|lane| active >> lane & 1 == 1) {
                    loaded[lane] = self.state.local[addresses[lane] as usize / 2][lane];
                }
                result = Some(loaded);
            }
        }
        if let Some((lane, odd)) = fault {
            let beat = lane / lanes;
            self.at(h + beat + 3).fault = Some(odd);
            self.stop(h + beat + 3);
            return;
        }
        if let Some(result) = result {
            self.state.registers[usize::from(rd)] = result;
            for beat in 0..beats {
                self.at(l + 1 - beats + beat + 6).write = Some((rd, beat, result));
            }
            self.ready[usize::from(rd)] = match op {
                Vloadl if beats > 1 => h + beats + 2,
                Vloadl => h + 2,
                _ if late(op) => h + 4,
                _ => l + 1,
            };
        }
    }

    /// The core stops in clock `first`: what came after is dropped.
    fn stop(&mut self, first: usize) {
        self.doomed = true;
        while self.free <= first + 1 {
            // They have distances of their own, and are forgotten.
            let op = any(&mut self.random);
            self.push_random(op);
        }
        self.doomed = false;
        let length = 1 + self.random.below(10) as usize;
        for clock in first..first + length {
            self.at(clock).halt = true;
        }
        // Beats that would enter later do not, but for those that the halt drops.
        self.clocks.truncate(first + length + 8);
        for clock in first + 1..self.clocks.len() {
            let keep = clock < first + length && self.random.below(2) == 0;
            let at = self.at(clock);
            if !keep {
                at.issue = None;
            }
            at.waits = None;
        }
        self.free = first + length;
        self.compared = None;
        for stored in &mut self.stored {
            *stored = (*stored).min(first);
        }
    }

    /// Something scalar stops the core: an `ecall`, say.
    pub fn push_stop(&mut self) {
        let h = self.free;
        self.free += 1;
        self.stop(h + 3);
    }

    /// A lane-local access with an address or two that may be bad.
    pub fn push_fault(&mut self) {
        let rs1 = self.register();
        let vector = self.random.below(ADDRESSES as u64) as usize;
        if self.random.below(4) > 0 {
            self.push(Vloadv, rs1, 0, 0, 0, vector);
        }
        let op = [Vloadl, Vstorel][self.random.below(2) as usize];
        let [rd, rs2] = [(); 2].map(|()| self.register());
        let imm = match self.random.below(3) {
            0 => self.random.below(60) as i32 * 2,
            1 => -2 * self.random.below(60) as i32,
            _ => self.random.below(4096) as i32 - 2048,
        };
        self.push(op, rd, rs1, rs2, imm, 0);
    }

    /// The length of the stream until everything has left the pipeline.
    pub fn finish(&mut self) {
        let end = self.free + 10;
        self.at(end);
    }
}
