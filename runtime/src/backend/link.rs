//! A machine at the end of a link as a backend.

use std::fmt;
use std::time::Duration;

use spikevec_assembler::{Image, build};
use spikevec_isa::StopCode;
use spikevec_isa::csr::{CSRS, Csr};
use spikevec_isa::dma::Register;
use spikevec_isa::{Instruction, Memory, Op};

use super::segments::{fits, place};
use super::{Backend, BackendError, Counters, FETCHED_AHEAD, Place, RunOutcome};
use crate::link::{
    Description, Line, Link, LinkError, LinkOptions, LinkStatistics, Status, Work, in_range,
};

/// Clocks allowed for each instruction of a budget, and besides: more than the slowest instruction of the slowest
/// core takes.
const CLOCKS_PER_INSTRUCTION: u64 = 64;
const CLOCKS_BESIDES: u64 = 10_000;

/// Memories that the link reaches.
const LOADED: [Memory; 4] = [
    Memory::Instruction,
    Memory::Scalar,
    Memory::Vector,
    Memory::LaneLocal,
];

/// What a machine is asked for after the program that resets it.
const RESET_EXECUTED: &str = "that of the program that resets it it has executed instructions:";

/// The longest time between two looks at a running machine.
const LONGEST_PAUSE: Duration = Duration::from_millis(20);

/// How long a machine may take to stop, and its clocks may stand still while it runs.
const STILL: Duration = Duration::from_secs(2);

/// Clocks that a machine may tell beyond those that its frequency allows in twice the time.
const MORE_CLOCKS: u64 = 1_000_000;

/// The most clocks between two words of a status.
const STATUS_CLOCKS: u64 = 16;

/// Bytes that are read back at one place of what was loaded.
const SAMPLE: usize = 256;

impl From<LinkError> for BackendError {
    fn from(error: LinkError) -> Self {
        BackendError::Link(Box::new(error))
    }
}

/// The machine, and where it is in its runs.
struct Machine<L> {
    link: Link<L>,
    /// Number of the last run.
    runs: u32,
}

/// A core that is reached over a link: a board's, or a Verilated system's.
///
/// It counts no saturation and cannot tell whether generators were seeded. There is one machine at the end of a line, so
/// that it has no forks.
pub struct LinkBackend<L> {
    machine: Machine<L>,
    description: Description,
    counters: Counters,
}

impl<L> fmt::Debug for LinkBackend<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LinkBackend")
            .field("description", &self.description)
            .field("counters", &self.counters)
            .finish_non_exhaustive()
    }
}

/// Zeroes everything that no host reaches: registers, generators, CSRs. Vector memory must be zero.
fn reset_program() -> Result<Vec<u32>, LinkError> {
    // The counters, and DMA's registers; what a control register is given is no state.
    let control = |csr: Csr| matches!(csr.dma(), Some((_, Register::Control)));
    let csrs = CSRS
        .iter()
        .map(|row| row.0)
        .filter(|csr| *csr != Csr::Mcountinhibit && !csr.is_read_only() && !control(*csr));
    let mut program: Vec<Instruction> = vec![
        build::csr_imm(Op::Csrrwi, 0, Csr::Mcountinhibit, 5),
        build::load_rng(Op::Vloadr0, 0, 0),
        build::load_rng(Op::Vloadr1, 0, 0),
    ];
    program.extend(csrs.map(|csr| build::csr_imm(Op::Csrrwi, 0, csr, 0)));
    program.extend((0..32).map(|register| build::u(Op::Vlui, register, 0)));
    program.extend((1..32).map(|register| build::i(Op::Addi, register, 0, 0)));
    program.push(build::op(Op::Ecall));
    let encode = |i: &Instruction| i.encode();
    Ok(program.iter().map(encode).collect::<Result<_, _>>()?)
}

/// How far a run must have come, and when it last had advanced.
struct Watch {
    /// Moment and clocks.
    last: (Duration, u64),
    retired: u64,
    begin: Duration,
    khz: u32,
    /// How long the run may take.
    limit: Duration,
}

impl Watch {
    fn new(now: Duration, khz: u32, clocks: u64) -> Self {
        let own = Duration::from_millis(clocks / u64::from(khz.max(1)));
        Watch {
            last: (now, 0),
            retired: 0,
            begin: now,
            khz,
            limit: own.saturating_mul(2).saturating_add(STILL),
        }
    }

    /// Looks at a status that came at `now`.
    ///
    /// # Errors
    /// Counts that no run has, clocks that stand still, a run that takes longer than its clocks can.
    fn look(&mut self, now: Duration, status: &Status) -> Result<(), LinkError> {
        let passed = now.saturating_sub(self.begin);
        let possible = passed.as_micros() * u128::from(self.khz) * 2 / 1000;
        let most = u64::try_from(possible).unwrap_or(u64::MAX);
        let most = most.saturating_add(MORE_CLOCKS);
        in_range(
            "that the run's clocks are",
            status.clocks,
            self.last.1,
            most,
        )?;
        let retired = status.retired;
        // A running machine tells its instructions some clocks after its clocks.
        let most = status.clocks.saturating_add(STATUS_CLOCKS);
        in_range(
            "that it has executed instructions:",
            retired,
            self.retired,
            most,
        )?;
        self.retired = retired;
        if !status.running && !status.dma_busy {
            return Ok(());
        }
        if status.clocks != self.last.1 {
            self.last = (now, status.clocks);
        }
        let time = now.saturating_sub(self.last.0);
        if time > STILL {
            return Err(LinkError::Still {
                what: if status.running {
                    "running"
                } else {
                    "busy with DMA"
                },
                clocks: status.clocks,
                time,
            });
        }
        if passed > self.limit {
            return Err(LinkError::Slow {
                what: "the run",
                limit: self.limit,
            });
        }
        Ok(())
    }
}

impl<L: Line> Machine<L> {
    /// Stops a run and waits for its transfers.
    fn stop(&mut self) -> Result<Status, LinkError> {
        let begin = self.link.elapsed();
        let mut looked = false;
        loop {
            let status = self.link.status()?;
            self.runs = status.runs;
            if !status.running && !status.dma_busy {
                return Ok(status);
            }
            if self.link.elapsed().saturating_sub(begin) > STILL {
                return Err(LinkError::Stuck);
            }
            if status.running {
                self.link.abort()?;
            }
            if looked {
                self.link.pause(LONGEST_PAUSE)?;
            }
            looked = true;
        }
    }

    /// One run; how it ended.
    fn run(&mut self, budget: u64) -> Result<Status, LinkError> {
        let run = self.runs.wrapping_add(1);
        let clocks = budget
            .saturating_mul(CLOCKS_PER_INSTRUCTION)
            .saturating_add(CLOCKS_BESIDES);
        let mut watch = Watch::new(self.link.elapsed(), self.link.khz(), clocks);
        self.link.start(run)?;
        self.runs = run;
        let mut pause = Duration::from_micros(100);
        loop {
            let status = self.link.status()?;
            if status.runs != run {
                return Err(LinkError::RunNumber { run });
            }
            watch.look(self.link.elapsed(), &status)?;
            let over = status.retired >= budget || status.clocks > clocks;
            if !status.running && !status.dma_busy && !over {
                return Ok(status);
            }
            if over {
                let stopped = self.stop()?;
                return Err(LinkError::Budget {
                    budget,
                    pc: stopped.stop_pc,
                    instructions: status.retired,
                    clocks: status.clocks,
                });
            }
            self.link.pause(pause)?;
            pause = (pause + pause / 4).min(LONGEST_PAUSE);
        }
    }

    /// Checks that the ends of a memory are zero.
    fn is_zero(&mut self, memory: Memory, words: usize) -> Result<(), LinkError> {
        let count = words.min(SAMPLE / 4);
        for at in [0, words - count] {
            let mut found = vec![0; count];
            let address = 4 * at as u32;
            self.link.read(memory, address, &mut found)?;
            same(memory, address, &to_bytes(&found), &vec![0; 4 * count])?;
        }
        Ok(())
    }
}

/// Compares what was read back with what was written.
fn same(memory: Memory, address: u32, found: &[u8], expected: &[u8]) -> Result<(), LinkError> {
    for ((k, found), expected) in (0..).zip(found).zip(expected) {
        if found != expected {
            return Err(LinkError::Differs {
                memory,
                address: address.saturating_add(k),
                found: *found,
                expected: *expected,
            });
        }
    }
    Ok(())
}

impl<L: Line> LinkBackend<L> {
    /// The machine at the other end of `line`. A run that is under way is aborted.
    ///
    /// # Errors
    /// No machine, or one that this version does not know.
    pub fn open(line: L, options: LinkOptions) -> Result<Self, LinkError> {
        let mut link = Link::new(line, options);
        link.settle()?;
        let description = link.query()?;
        let mut machine = Machine { link, runs: 0 };
        machine.stop()?;
        Ok(Self {
            machine,
            description,
            counters: Counters::default(),
        })
    }

    /// What the machine says of itself.
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// What the link has seen.
    pub fn statistics(&self) -> LinkStatistics {
        self.machine.link.statistics()
    }

    /// Uses the line, for what is not in [`Backend`].
    pub fn with_line<T>(&mut self, f: impl FnOnce(&mut L) -> T) -> T {
        f(self.machine.link.line())
    }

    /// Checks a range, and gives the words around it: the first one's address, and their number.
    fn words(
        &self,
        memory: Memory,
        address: u32,
        length: usize,
    ) -> Result<(u32, usize), LinkError> {
        if memory == Memory::External {
            return Err(LinkError::External);
        }
        let size = self.description.size(memory);
        if u64::from(address) + length as u64 > size {
            return Err(LinkError::Outside {
                memory,
                address,
                length,
                size,
            });
        }
        let start = address & !3;
        let words = ((address - start) as usize + length).div_ceil(4);
        Ok((start, words))
    }
}

/// Contents of a memory: addresses and their bytes.
type Part<'a> = (Memory, Vec<(u32, &'a [u8])>);

impl<L: Line> LinkBackend<L> {
    /// What loading asks of the machine.
    fn work(&self, image: &Image, parts: &[Part]) -> Work {
        // What stops and resets the machine, and looks at its memories.
        let besides = Work {
            requests: 200,
            bytes: 32 << 10,
            accesses: 8 << 10,
        };
        let chunk = self.machine.link.chunk();
        let mut all = besides.and(Work::words(image.code.len() + SAMPLE, chunk));
        for memory in LOADED {
            all = all.and(Work::fill((self.description.size(memory) / 4) as usize));
        }
        for (_, bytes) in parts.iter().flat_map(|(_, pieces)| pieces) {
            let read = bytes.len().min(3 * SAMPLE);
            all = all.and(Work::words(bytes.len() / 4 + 3, chunk));
            all = all.and(Work::words(read / 4 + 9, chunk));
        }
        all
    }

    /// Makes the machine as at reset, and writes code and contents.
    fn load_parts(&mut self, code: &[u32], parts: &[Part]) -> Result<(), BackendError> {
        let reset = reset_program()?;
        let machine = &mut self.machine;
        machine.stop()?;
        // As at reset: memories by the link, the rest by a program of the machine's own.
        for memory in LOADED {
            let words = (self.description.size(memory) / 4) as usize;
            machine.link.fill(memory, 0, words, 0)?;
            machine.is_zero(memory, words)?;
        }
        machine.link.write(Memory::Instruction, 0, &reset)?;
        let status = machine.run(reset.len() as u64)?;
        ended(&status)?;
        // It has no branch, and its last instruction does not retire.
        let all = reset.len() as u64 - 1;
        in_range(RESET_EXECUTED, status.retired, all, all)?;
        machine.link.fill(Memory::Instruction, 0, reset.len(), 0)?;
        machine.link.write(Memory::Instruction, 0, code)?;
        self.counters = Counters::default();
        self.compare(Memory::Instruction, 0, &to_bytes(code))?;
        for (memory, pieces) in parts {
            for (address, bytes) in pieces {
                self.write(*memory, *address, bytes)?;
                self.compare(*memory, *address, bytes)?;
            }
        }
        Ok(())
    }

    /// Reads back begin, middle and end of what was written.
    fn compare(&mut self, memory: Memory, address: u32, bytes: &[u8]) -> Result<(), BackendError> {
        let count = bytes.len().min(SAMPLE);
        let last = bytes.len() - count;
        let mut places = vec![0, last / 2, last];
        places.dedup();
        for at in places {
            let mut found = vec![0; count];
            let place = address.saturating_add(at as u32);
            self.read(memory, place, &mut found)?;
            same(memory, place, &found, bytes.get(at..).unwrap_or_default())?;
        }
        Ok(())
    }
}

/// Memories to their bytes, as words.
fn to_words(bytes: &[u8]) -> Vec<u32> {
    let word = |c: &[u8]| c.iter().rev().fold(0, |all, b| all << 8 | u32::from(*b));
    bytes.chunks(4).map(word).collect()
}

fn to_bytes(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

impl<L: Line> Backend for LinkBackend<L> {
    fn load(&mut self, image: &Image) -> Result<(), BackendError> {
        fits(image, &self.description.target)?;
        let to = self.description.target.lane_local_bytes;
        let manifest = image.manifest.as_ref();
        let from = manifest.map_or(to, |manifest| manifest.target.lane_local_bytes);
        let segments = image.segments.iter();
        let parts: Vec<Part> = segments.map(|s| (s.memory, place(s, from, to))).collect();
        let limit = self.machine.link.time_for(self.work(image, &parts));
        self.machine.link.begin("loading the program", limit);
        let result = self.load_parts(&image.code, &parts);
        self.machine.link.end();
        result
    }

    fn write(&mut self, memory: Memory, address: u32, bytes: &[u8]) -> Result<(), BackendError> {
        let (start, count) = self.words(memory, address, bytes.len())?;
        let link = &mut self.machine.link;
        if start == address && bytes.len() == 4 * count {
            return Ok(link.write(memory, start, &to_words(bytes))?);
        }
        // The link moves words: the rest of the outer ones stays as it is.
        let mut words = vec![0; count];
        for at in [0, count.saturating_sub(1)] {
            if let Some(word) = words.get_mut(at) {
                let place = start + 4 * at as u32;
                link.read(memory, place, std::slice::from_mut(word))?;
            }
        }
        let mut all = to_bytes(&words);
        let from = (address - start) as usize;
        if let Some(inner) = all.get_mut(from..from + bytes.len()) {
            inner.copy_from_slice(bytes);
        }
        Ok(link.write(memory, start, &to_words(&all))?)
    }

    fn read(&mut self, memory: Memory, address: u32, out: &mut [u8]) -> Result<(), BackendError> {
        let (start, count) = self.words(memory, address, out.len())?;
        let mut words = vec![0; count];
        self.machine.link.read(memory, start, &mut words)?;
        let from = (address - start) as usize;
        if let Some(inner) = to_bytes(&words).get(from..from + out.len()) {
            out.copy_from_slice(inner);
        }
        Ok(())
    }

    fn run(&mut self, budget: u64) -> Result<RunOutcome, BackendError> {
        let status = match self.machine.run(budget) {
            Err(LinkError::Budget {
                pc, instructions, ..
            }) if instructions >= budget => {
                self.counters.instructions += instructions;
                let place = Place::at(pc, FETCHED_AHEAD);
                return Err(BackendError::Budget { budget, place });
            }
            result => result?,
        };
        let instructions = status.cause.executed(status.retired);
        self.counters.instructions += instructions;
        ended(&status)?;
        self.counters.runs += 1;
        Ok(RunOutcome {
            instructions,
            clocks: Some(status.clocks),
            rng_used_unseeded: false,
        })
    }

    fn counters(&self) -> Counters {
        self.counters.clone()
    }

    fn fork(&self) -> Result<Self, BackendError> {
        Err(BackendError::NoFork {
            why: "it is at the end of a serial line",
        })
    }
}

/// Checks that a run has come to its `ecall`.
fn ended(status: &Status) -> Result<(), LinkError> {
    if status.cause == StopCode::Ecall {
        return Ok(());
    }
    Err(LinkError::Stopped {
        cause: status.cause,
        pc: status.stop_pc,
        instructions: status.cause.executed(status.retired),
        clocks: status.clocks,
    })
}
