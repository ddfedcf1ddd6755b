//! What the simulator did, in the retirement port's terms.

use std::sync::mpsc::SyncSender;

use spikevec_isa::{Instruction, LANES, Op, Operand, Vector};
use spikevec_simulator::{Observer, Retired, State, Stop};
use spikevec_verilated::device::{Event, LaneStore, VectorBeat};

/// The retirement port's channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// Retired instructions.
    Retire,
    /// Stores to scalar memory.
    ScalarStore,
    /// Vector registers.
    VectorWrite,
    /// Stores to vector memory.
    VectorStore,
    /// Stores to lane-local memory.
    LaneStore,
}

/// Number of channels.
pub const CHANNELS: usize = 5;

/// One entry of a channel: what [`Event`] says, without what only the core knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// pc, word, scalar register and value.
    Retire(u32, u32, Option<(u8, u32)>),
    /// Address of the word, byte mask, bytes.
    ScalarStore(u32, u8, u32),
    /// Register, beat.
    VectorWrite(u8, VectorBeat),
    /// Address of the vector, beat.
    VectorStore(u32, VectorBeat),
    /// Beat of a VSTOREL.
    LaneStore(Box<LaneStore>),
}

/// The channel of an item.
pub fn channel_of(item: &Item) -> Channel {
    match item {
        Item::Retire(..) => Channel::Retire,
        Item::ScalarStore(..) => Channel::ScalarStore,
        Item::VectorWrite(..) => Channel::VectorWrite,
        Item::VectorStore(..) => Channel::VectorStore,
        Item::LaneStore(..) => Channel::LaneStore,
    }
}

impl Item {
    /// The core's entry, and whether a transfer was under way at a retirement.
    pub fn from_event(event: &Event) -> (Item, bool) {
        match *event {
            Event::Retire {
                pc,
                word,
                scalar,
                dma_busy,
            } => (Item::Retire(pc, word, scalar), dma_busy),
            Event::ScalarStore {
                address,
                mask,
                data,
            } => (Item::ScalarStore(address, mask, data), false),
            Event::VectorWrite { register, data } => (Item::VectorWrite(register, data), false),
            Event::VectorStore { address, data } => (Item::VectorStore(address, data), false),
            Event::LaneStore(store) => (Item::LaneStore(Box::new(store)), false),
        }
    }
}

/// A retired instruction.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// Number of the instruction in its run, from 0.
    pub index: u64,
    /// Address.
    pub pc: u32,
    /// The instruction.
    pub instruction: Instruction,
    /// Address of a scalar or vector memory access, offset included.
    pub address: u32,
    /// Addresses of a lane-local access; negative where masked.
    pub lanes: Option<[i32; LANES]>,
    /// Value of the scalar destination.
    pub value: u32,
}

/// What a recorder sends.
#[derive(Debug)]
pub enum Message {
    /// Instructions that have retired, and what they have done.
    Steps(Vec<(Step, Vec<Item>)>),
    /// The end of the run.
    Stop(Stop),
}

/// Instructions of a message.
const BATCH: usize = 64;

/// Observes a machine and turns what it did into items.
#[derive(Debug)]
pub struct Recorder {
    lanes: usize,
    next: u64,
    done: Vec<(Step, Vec<Item>)>,
    /// Lane addresses must be those before the instruction: a VLOADL may write its own base.
    vectors: Box<[Vector; 32]>,
    /// Scalar registers before the instruction, for the same reason.
    scalars: [u32; 32],
    known: bool,
    /// Where batches go; else they stay until they are taken.
    to: Option<SyncSender<Message>>,
}

impl Recorder {
    /// A recorder for a core with `lanes` physical lanes.
    pub fn new(lanes: usize) -> Self {
        Recorder {
            lanes,
            next: 0,
            done: Vec::new(),
            vectors: Box::new([[0; LANES]; 32]),
            scalars: [0; 32],
            known: false,
            to: None,
        }
    }

    /// A recorder that sends what it has.
    pub fn to(lanes: usize, to: SyncSender<Message>) -> Self {
        Recorder {
            to: Some(to),
            ..Recorder::new(lanes)
        }
    }

    fn flush(&mut self) {
        if let Some(to) = &self.to
            && to
                .send(Message::Steps(std::mem::take(&mut self.done)))
                .is_err()
        {
            // Nobody listens any more.
            self.to = None;
        }
    }

    /// Sends the rest, and how the run ended.
    pub fn stop(mut self, stop: Stop) {
        self.flush();
        if let Some(to) = &self.to {
            let _ = to.send(Message::Stop(stop));
        }
    }

    /// Physical lanes.
    pub fn lanes(&self) -> usize {
        self.lanes
    }

    /// What was recorded since the last call.
    pub fn take(&mut self) -> Vec<(Step, Vec<Item>)> {
        std::mem::take(&mut self.done)
    }

    fn beats(&self, vector: &Vector) -> impl Iterator<Item = VectorBeat> + use<> {
        let (vector, lanes) = (*vector, self.lanes);
        (0..LANES / lanes).map(move |beat| {
            let mut part = [0; LANES];
            part[..lanes].copy_from_slice(&vector[beat * lanes..][..lanes]);
            VectorBeat {
                beat: beat as u8,
                lanes: part,
            }
        })
    }

    fn lane_stores(&self, base: &Vector, offset: i32, data: &Vector) -> Vec<Item> {
        let mut stores = Vec::new();
        for mut beat in self.beats(data) {
            let (mut enables, mut addresses) = (0, [0; LANES]);
            for (lane, address) in addresses.iter_mut().enumerate() {
                let start = base.get(usize::from(beat.beat) * self.lanes + lane);
                let start = start.filter(|_| lane < self.lanes).copied().unwrap_or(-1);
                if start >= 0 {
                    enables |= 1 << lane;
                    *address = (i32::from(start) + offset) as u32;
                } else {
                    beat.lanes[lane] = 0;
                }
            }
            if enables != 0 {
                stores.push(Item::LaneStore(Box::new(LaneStore {
                    data: beat,
                    enables,
                    addresses,
                })));
            }
        }
        stores
    }
}

/// Bytes that a scalar store writes.
fn scalar_width(op: Op) -> Option<u32> {
    match op {
        Op::Sb => Some(1),
        Op::Sh => Some(2),
        Op::Sw => Some(4),
        _ => None,
    }
}

impl Observer for Recorder {
    fn retired(&mut self, state: &State, retired: &Retired) {
        let (pc, i) = (retired.pc, &retired.instruction);
        let spec = i.op.spec();
        let (rs1, rs2, rd) = (usize::from(i.rs1), usize::from(i.rs2), usize::from(i.rd));
        // Only an instruction that overwrites its own base needs the state before it, and
        // there is none before the first of a run; such an address is for coverage only.
        let base = if self.known {
            self.scalars[rs1]
        } else {
            state.x[rs1]
        };
        let lane_memory = spec.has(Operand::LaneLoad) || spec.has(Operand::LaneStore);
        let lanes = lane_memory.then(|| {
            let base = if self.known {
                &self.vectors[rs1]
            } else {
                &state.v[rs1]
            };
            base.map(|start| {
                if start < 0 {
                    -1
                } else {
                    i32::from(start) + i.imm
                }
            })
        });
        let step = Step {
            index: self.next,
            pc,
            instruction: *i,
            address: base.wrapping_add(i.imm as u32),
            lanes,
            value: state.x[rd],
        };
        let scalar = i.scalar_write().map(|rd| (rd, state.x[usize::from(rd)]));
        let word = i.encode().unwrap_or(0);
        let mut items = vec![Item::Retire(pc, word, scalar)];
        if let Some(rd) = i.vector_write() {
            let beats = self.beats(&state.v[usize::from(rd)]);
            items.extend(beats.map(|beat| Item::VectorWrite(rd, beat)));
        }
        if let Some(width) = scalar_width(i.op) {
            let address = state.x[rs1].wrapping_add(i.imm as u32);
            let shift = 8 * (address & 3);
            let bits = u32::MAX >> (32 - 8 * width);
            let mask = ((1u32 << width) - 1) << (address & 3);
            let data = (state.x[rs2] & bits) << shift;
            items.push(Item::ScalarStore(address & !3, mask as u8, data));
        }
        if i.op == Op::Vstorev {
            let address = state.x[rs1].wrapping_add(i.imm as u32);
            let beats = self.beats(&state.v[rs2]);
            items.extend(beats.map(|beat| Item::VectorStore(address, beat)));
        }
        if i.op == Op::Vstorel {
            items.extend(self.lane_stores(&state.v[rs1], i.imm, &state.v[rs2]));
        }
        self.next += 1;
        self.done.push((step, items));
        if self.to.is_some() && self.done.len() >= BATCH {
            self.flush();
        }
        self.scalars = state.x;
        if !self.known {
            *self.vectors = state.v;
        } else if let Some(rd) = i.vector_write() {
            self.vectors[usize::from(rd)] = state.v[usize::from(rd)];
        }
        self.known = true;
    }
}
