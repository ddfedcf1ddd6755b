//! A stand-in for the core, made of the simulator, with faults to order.
//!
//! It tests the harness: what the harness says of a mock with a fault is known beforehand.

use std::collections::VecDeque;

use spikevec_isa::{LANES, Memory, Op, Target};
use spikevec_simulator::{Cause, Limits, Machine};
use spikevec_verilated::device::{DeviceError, DeviceStop, Event};

use super::dut::Dut;
use super::expected::{Item, Recorder};

/// A fault of the mock. Those with an `Op` strike each time that it retires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sabotage {
    /// Flips a bit of the scalar that it writes.
    Scalar(Op, u32),
    /// Flips the low bit of a lane of the vector that it writes.
    Lane(Op, usize),
    /// Its store is not shown.
    DropStore(Op),
    /// Its store shows another address.
    Address(Op),
    /// Its store writes one lane too many.
    Unmask(Op),
    /// It is shown twice.
    Twice(Op),
    /// Memory changes at the end, which the port does not show.
    Memory(Memory, u32),
    /// The stop's pc is the next instruction's.
    StopPc,
    /// The stop's cause is another one.
    StopCause,
    /// It never stops.
    Endless,
}

/// The simulator behind a core's interface. Channels are delayed as in the core.
pub struct Mock {
    machine: Machine,
    lanes: usize,
    code: Vec<u32>,
    sabotage: Option<Sabotage>,
    /// Events by the clock in which they show.
    pending: VecDeque<Vec<Event>>,
    running: bool,
    stop: Option<DeviceStop>,
    clocks: u64,
    /// Clocks until the next instruction: a vector instruction takes one a beat.
    wait: usize,
}

/// Clocks by which a vector register's write shows later than its retirement.
const WRITE_DELAY: usize = 4;

impl Mock {
    /// A mock core with `lanes` physical lanes.
    ///
    /// # Errors
    /// A target that the simulator refuses.
    pub fn new(
        lanes: usize,
        target: &Target,
        sabotage: Option<Sabotage>,
    ) -> Result<Self, spikevec_isa::target::TargetError> {
        Ok(Mock {
            machine: Machine::new(target)?,
            lanes,
            code: Vec::new(),
            sabotage,
            pending: VecDeque::new(),
            running: false,
            stop: None,
            clocks: 0,
            wait: 0,
        })
    }

    fn outside(&self, memory: Memory, address: u32, length: usize) -> DeviceError {
        let size = u64::from(self.machine.target().bytes(memory));
        DeviceError::Outside {
            memory,
            address,
            length,
            size,
        }
    }

    fn at(&mut self, clock: usize) -> &mut Vec<Event> {
        while self.pending.len() <= clock {
            self.pending.push_back(Vec::new());
        }
        &mut self.pending[clock]
    }

    /// One instruction.
    fn step(&mut self) {
        let mut recorder = Recorder::new(self.lanes);
        let limits = Limits {
            budget: 1,
            strict: false,
        };
        let stop = self.machine.run_with(&limits, &mut recorder);
        for (step, items) in recorder.take() {
            let op = step.instruction.op;
            if op.spec().class.is_vector() {
                self.wait = LANES / self.lanes - 1;
            }
            for item in items {
                self.show(op, item);
            }
        }
        if stop.cause == Cause::Budget {
            return;
        }
        let mut cause = stop.cause.code();
        let mut pc = stop.pc;
        match self.sabotage {
            Some(Sabotage::StopPc) => pc += 4,
            Some(Sabotage::StopCause) => cause = spikevec_isa::StopCode::HostStop,
            Some(Sabotage::Memory(memory, address)) => {
                let _ = self.machine.write(memory, address, &[0xa5]);
            }
            _ => {}
        }
        self.stop = Some(DeviceStop {
            cause,
            pc,
            word: self.code.get(stop.pc as usize / 4).copied(),
            clocks: self.clocks,
        });
    }

    fn show(&mut self, op: Op, item: Item) {
        // Stores show a clock before the retirement, which shows in clock 1.
        let (clock, mut event) = match item {
            Item::Retire(pc, word, scalar) => (
                1,
                Event::Retire {
                    pc,
                    word,
                    scalar,
                    dma_busy: false,
                },
            ),
            Item::ScalarStore(address, mask, data) => (
                0,
                Event::ScalarStore {
                    address,
                    mask,
                    data,
                },
            ),
            Item::VectorWrite(register, data) => (
                1 + WRITE_DELAY + usize::from(data.beat),
                Event::VectorWrite { register, data },
            ),
            Item::VectorStore(address, data) => (0, Event::VectorStore { address, data }),
            Item::LaneStore(store) => (0, Event::LaneStore(*store)),
        };
        let Some(event) = self.spoil(op, &mut event).then_some(event) else {
            return;
        };
        let twice = self.sabotage == Some(Sabotage::Twice(op));
        if twice && matches!(event, Event::Retire { .. }) {
            self.at(clock).push(event);
        }
        self.at(clock).push(event);
    }

    /// Applies the fault; false where the event is lost.
    fn spoil(&self, op: Op, event: &mut Event) -> bool {
        let Some(sabotage) = self.sabotage else {
            return true;
        };
        match (sabotage, event) {
            (
                Sabotage::Scalar(which, bit),
                Event::Retire {
                    scalar: Some((_, value)),
                    ..
                },
            ) if which == op => *value ^= 1 << (bit & 31),
            (Sabotage::Lane(which, lane), Event::VectorWrite { data, .. })
                if which == op && usize::from(data.beat) == lane / self.lanes =>
            {
                data.lanes[lane % self.lanes] ^= 1;
            }
            (
                Sabotage::DropStore(which),
                Event::ScalarStore { .. } | Event::VectorStore { .. } | Event::LaneStore(_),
            ) => return which != op,
            (Sabotage::Address(which), Event::ScalarStore { address, .. }) if which == op => {
                *address ^= 4;
            }
            (Sabotage::Address(which), Event::VectorStore { address, .. }) if which == op => {
                *address ^= 64;
            }
            (Sabotage::Unmask(which), Event::LaneStore(store)) if which == op => {
                store.enables |= store.enables << 1 | 1;
            }
            _ => {}
        }
        true
    }
}

impl Dut for Mock {
    fn lanes(&self) -> usize {
        self.lanes
    }

    fn load_program(&mut self, words: &[u32]) -> Result<(), DeviceError> {
        self.code = words.to_vec();
        let loaded = self.machine.load_code(words);
        loaded.map_err(|error| DeviceError::ProgramTooLarge {
            words: error.words,
            capacity: error.capacity,
        })
    }

    fn write(&mut self, memory: Memory, address: u32, bytes: &[u8]) -> Result<(), DeviceError> {
        let done = self.machine.write(memory, address, bytes);
        done.map_err(|_| self.outside(memory, address, bytes.len()))
    }

    fn read(&mut self, memory: Memory, address: u32, out: &mut [u8]) -> Result<(), DeviceError> {
        let done = self.machine.read(memory, address, out);
        done.map_err(|_| self.outside(memory, address, out.len()))
    }

    fn start(&mut self) -> Result<(), DeviceError> {
        if self.running {
            return Err(DeviceError::Running);
        }
        self.machine.restart();
        self.running = true;
        self.stop = None;
        self.clocks = 0;
        self.wait = 0;
        Ok(())
    }

    fn halt(&mut self) {
        self.running = false;
        self.pending.clear();
    }

    fn run(
        &mut self,
        clocks: u64,
        events: &mut Vec<Event>,
    ) -> Result<Option<DeviceStop>, DeviceError> {
        for _ in 0..clocks {
            self.clocks += 1;
            if self.wait > 0 {
                self.wait -= 1;
            } else if self.stop.is_none() {
                self.step();
            }
            events.extend(self.pending.pop_front().unwrap_or_default());
            let endless = self.sabotage == Some(Sabotage::Endless);
            if self.stop.is_some() && self.pending.is_empty() && !endless {
                self.running = false;
                return Ok(self.stop);
            }
        }
        Ok(None)
    }
}
