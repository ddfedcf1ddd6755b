//! A machine at the end of a link as a backend.

use std::fmt;
use std::time::Duration;

use spikevec_assembler::{Image, build};
use spikevec_isa::StopCode;
use spikevec_isa::csr::{CSRS, Csr};
use spikevec_isa::dma::Register;
use spikevec_isa::{Instruction, Memory, Op};

use super::segments::{Needs, place};
use super::{Backend, BackendError, Counters, RunOutcome};
use crate::link::{Description, Line, Link, LinkError, LinkOptions, LinkStatistics, Status};

/// Clocks allowed for each instruction of a budget, and besides: more than the slowest instruction of the slowest
/// core takes.
const CLOCKS_PER_INSTRUCTION: u64 = 64;
const CLOCKS_BESIDES: u64 = 10_000;

/// The longest time between two looks at a running machine.
const LONGEST_PAUSE: Duration = Duration::from_millis(20);

/// Looks at a stopped machine until its transfers must have ended.
const LOOKS: u32 = 500;

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

impl<L: Line> Machine<L> {
    /// Stops a run and waits for its transfers.
    fn stop(&mut self) -> Result<Status, LinkError> {
        for look in 0..LOOKS {
            let status = self.link.status()?;
            self.runs = status.runs;
            if !status.running && !status.dma_busy {
                return Ok(status);
            }
            if status.running {
                self.link.abort()?;
            } else if look > 0 {
                self.link.pause(LONGEST_PAUSE)?;
            }
        }
        Err(LinkError::Stuck)
    }

    /// One run; how it ended.
    fn run(&mut self, budget: u64) -> Result<Status, LinkError> {
        let run = self.runs.wrapping_add(1);
        self.link.start(run)?;
        self.runs = run;
        let clocks = budget
            .saturating_mul(CLOCKS_PER_INSTRUCTION)
            .saturating_add(CLOCKS_BESIDES);
        let mut pause = Duration::from_micros(100);
        loop {
            let status = self.link.status()?;
            let over = status.retired >= budget || status.clocks > clocks;
            if !status.running && !status.dma_busy && !over {
                return Ok(status);
            }
            if over {
                self.stop()?;
                return Err(LinkError::Budget {
                    budget,
                    instructions: status.retired,
                    clocks: status.clocks,
                });
            }
            self.link.pause(pause)?;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
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
        let needs = Needs::of(image);
        needs.check(image, &self.description.target)?;
        let reset = reset_program()?;
        let machine = &mut self.machine;
        machine.stop()?;
        // As at reset: memories by the link, the rest by a program of the machine's own.
        for memory in [
            Memory::Instruction,
            Memory::Scalar,
            Memory::Vector,
            Memory::LaneLocal,
        ] {
            let words = (self.description.size(memory) / 4) as usize;
            machine.link.fill(memory, 0, words, 0)?;
        }
        machine.link.write(Memory::Instruction, 0, &reset)?;
        let status = machine.run(reset.len() as u64)?;
        ended(&status)?;
        machine.link.fill(Memory::Instruction, 0, reset.len(), 0)?;
        machine.link.write(Memory::Instruction, 0, &image.code)?;
        self.counters = Counters::default();
        let to = self.description.target.lane_local_bytes;
        let manifest = image.manifest.as_ref();
        let from = manifest.map_or(to, |manifest| manifest.target.lane_local_bytes);
        for segment in &image.segments {
            for (address, bytes) in place(segment, from, to) {
                self.write(segment.memory, address, bytes)?;
            }
        }
        Ok(())
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
        let status = self.machine.run(budget)?;
        let instructions = status.retired + 1;
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
        instructions: status.retired + 1,
        clocks: status.clocks,
    })
}
