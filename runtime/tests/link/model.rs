//! A machine in software: docs/protocol.md in front of the simulator, for tests that are quick.

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use spikevec_isa::protocol::{MAGIC, PROTOCOL_VERSION};
use spikevec_isa::{LANES, Memory, Target};
use spikevec_runtime::link::{Frame, Line, MARKER, code, request};
use spikevec_simulator::{Cause, Limits, Machine};

/// Instructions after which a run is taken for one without end.
const ENDLESS: u64 = 100_000;

pub struct Model {
    machine: Machine,
    words: Vec<u32>,
    bytes: Vec<u8>,
    answer: VecDeque<u8>,
    /// Requests that were done, for tests that count them.
    pub done: u64,
    pub runs: u32,
    running: bool,
    cause: u32,
    pc: u32,
    retired: u64,
    dropped: u32,
    /// It does not answer.
    pub deaf: bool,
    /// Says this in place of the protocol's version.
    pub version: u32,
    /// What it does that no machine should.
    pub hostile: Hostile,
    /// Time on the line's clock.
    pub time: Duration,
}

/// What a machine does that no machine should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hostile {
    /// Nothing.
    No,
    /// Changes words of the answer to a query: the word's index and its value.
    Query(usize, u32),
    /// Changes words of the status once a run has been started.
    Status(usize, u32),
    /// Changes the clocks of the status to those of the line's time since configuration, with so many clocks a second.
    Clocks(u32),
    /// Gives other words than were written.
    Forgets,
}

impl Model {
    pub fn new(target: &Target) -> Self {
        Self {
            machine: Machine::new(target).unwrap(),
            words: vec![0; target.instruction_bytes as usize / 4],
            bytes: Vec::new(),
            answer: VecDeque::new(),
            done: 0,
            runs: 0,
            running: false,
            cause: 0,
            pc: 0,
            retired: 0,
            dropped: 0,
            deaf: false,
            version: PROTOCOL_VERSION,
            hostile: Hostile::No,
            time: Duration::ZERO,
        }
    }

    /// One byte; true where it ended a good frame.
    fn take(&mut self, byte: u8) -> bool {
        if self.bytes.is_empty() && byte != MARKER {
            return false;
        }
        self.bytes.push(byte);
        let whole = self.bytes.get(4).map(|length| 9 + 4 * *length as usize);
        if whole != Some(self.bytes.len()) {
            return false;
        }
        let bytes = std::mem::take(&mut self.bytes);
        let (checked, sum) = bytes[1..].split_at(bytes.len() - 5);
        if crc32fast::hash(checked).to_le_bytes() != sum {
            self.dropped += 1;
            return false;
        }
        let word = |c: &[u8]| u32::from_le_bytes(c.try_into().unwrap());
        let words: Vec<u32> = checked[4..].chunks_exact(4).map(word).collect();
        let (argument, words) = self.request(checked[1], checked[2], &words);
        let answer = Frame {
            sequence: checked[0],
            kind: checked[1] | request::ANSWER,
            argument,
            words,
        };
        self.done += 1;
        if !self.deaf {
            self.answer.extend(answer.encode().unwrap());
        }
        true
    }

    fn request(&mut self, kind: u8, argument: u8, words: &[u32]) -> (u8, Vec<u32>) {
        let busy = self.running && matches!(kind, request::READ | request::WRITE | request::FILL);
        let none = Vec::new;
        let target = self.machine.target();
        match (kind, words) {
            _ if busy => (code::BUSY, none()),
            (request::PING, _) => (code::DONE, words.to_vec()),
            (request::QUERY, []) => {
                let mut facts = [
                    MAGIC,
                    self.version,
                    32,
                    target.instruction_bytes,
                    target.scalar_bytes,
                    target.vector_bytes,
                    target.lane_local_bytes,
                    0,
                    8000,
                    1_000_000,
                    0,
                    255,
                ];
                if let Hostile::Query(word, value) = self.hostile {
                    facts[word] = value;
                }
                (code::DONE, facts.to_vec())
            }
            (request::STATUS, []) => {
                let state = u32::from(self.running) | self.cause << 8;
                let retired = self.retired as u32;
                let mut words = [
                    state,
                    self.pc,
                    retired,
                    0,
                    retired,
                    0,
                    self.runs,
                    self.dropped,
                ];
                match self.hostile {
                    Hostile::Status(word, value) if self.runs > 0 => words[word] = value,
                    Hostile::Clocks(rate) if self.runs > 0 => {
                        let clocks = self.time.as_micros() * u128::from(rate) / 1_000_000;
                        (words[0], words[2], words[4]) = (1, clocks as u32, 0);
                    }
                    _ => {}
                }
                (code::DONE, words.to_vec())
            }
            (request::READ, &[address, count @ 1..=255]) => {
                let mut out = none();
                for k in 0..count {
                    match self.read(argument, address.wrapping_add(4 * k)) {
                        Some(word) => out.push(word),
                        None => return (code::REFUSED, vec![address.wrapping_add(4 * k)]),
                    }
                }
                (code::DONE, out)
            }
            (request::WRITE, [address, data @ ..]) if !data.is_empty() => {
                self.write(argument, *address, data.iter().copied())
            }
            (request::FILL, &[address, count @ 1..=0xffff, word]) => {
                let words = std::iter::repeat_n(word, count as usize);
                self.write(argument, address, words)
            }
            (request::START, &[run]) => self.start(run),
            (request::ABORT, []) => {
                if self.running {
                    (self.running, self.cause) = (false, 10);
                }
                (code::DONE, none())
            }
            (request::PING..=request::ABORT, _) => (code::LENGTH, none()),
            _ => (code::UNKNOWN, none()),
        }
    }

    fn start(&mut self, run: u32) -> (u8, Vec<u32>) {
        if run == self.runs {
            return (code::DONE, Vec::new());
        }
        if run != self.runs.wrapping_add(1) {
            return (code::RUN_NUMBER, Vec::new());
        }
        if self.running {
            return (code::BUSY, Vec::new());
        }
        self.runs = run;
        self.machine.load_code(&self.words).unwrap();
        self.machine.restart();
        let limits = Limits {
            budget: ENDLESS,
            strict: false,
        };
        let stop = self.machine.run(&limits);
        // What stops a run does not retire.
        let retires = stop.cause.code().executed(0);
        self.retired = stop.instructions - retires;
        self.pc = stop.pc;
        self.running = stop.cause == Cause::Budget;
        self.cause = stop.cause.code() as u32;
        (code::DONE, Vec::new())
    }

    fn memory(&self, argument: u8, address: u32) -> Option<Memory> {
        let target = self.machine.target();
        let (memory, size) = match argument {
            0 => (Memory::Instruction, target.instruction_bytes),
            1 => (Memory::Scalar, target.scalar_bytes),
            2 => (Memory::Vector, target.vector_bytes),
            3 => (Memory::LaneLocal, target.lane_local_bytes * LANES as u32),
            _ => return None,
        };
        (address.is_multiple_of(4) && address < size).then_some(memory)
    }

    fn read(&self, argument: u8, address: u32) -> Option<u32> {
        let memory = self.memory(argument, address)?;
        if memory == Memory::Instruction {
            let change = u32::from(self.hostile == Hostile::Forgets) << 17;
            return Some(self.words[address as usize / 4] ^ change);
        }
        let mut word = [0; 4];
        self.machine.read(memory, address, &mut word).unwrap();
        Some(u32::from_le_bytes(word))
    }

    fn write(
        &mut self,
        argument: u8,
        address: u32,
        words: impl Iterator<Item = u32>,
    ) -> (u8, Vec<u32>) {
        for (k, word) in (0..).zip(words) {
            let at = address.wrapping_add(4 * k);
            match self.memory(argument, at) {
                None => return (code::REFUSED, vec![at]),
                Some(Memory::Instruction) => self.words[at as usize / 4] = word,
                Some(memory) => self.machine.write(memory, at, &word.to_le_bytes()).unwrap(),
            }
        }
        (code::DONE, Vec::new())
    }
}

impl Line for Model {
    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        for byte in bytes {
            // What comes while it answers is not heard.
            if self.take(*byte) {
                break;
            }
        }
        Ok(())
    }

    fn receive(&mut self, out: &mut [u8], patience: Duration) -> io::Result<usize> {
        let count = out.len().min(self.answer.len()).min(7);
        self.time += match count {
            0 => patience,
            count => Duration::from_micros(10 * count as u64),
        };
        if count == 0 {
            self.dropped += u32::from(!self.bytes.is_empty());
            self.bytes.clear();
        }
        for (to, from) in out.iter_mut().zip(self.answer.drain(..count)) {
            *to = from;
        }
        Ok(count)
    }

    fn rate(&self) -> u32 {
        1_000_000
    }

    fn elapsed(&self) -> Duration {
        self.time
    }
}
