//! The first difference, for people.

use std::collections::VecDeque;
use std::fmt;

use spikevec_isa::Memory;
use spikevec_isa::StopCode;
use spikevec_isa::registers::{vector_name, x_name};
use spikevec_simulator::Machine;
use spikevec_verilated::device::VectorBeat;

use super::expected::{Item, Step};
use crate::programs::Program;

/// Instructions shown before the one that differs.
const BEFORE: usize = 20;

/// Instructions shown after it.
const AFTER: usize = 3;

/// Where a difference is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Instruction of this number, from 0.
    Instruction(u64),
    /// After the program.
    End,
}

/// What differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Both did something, and not the same.
    Effect {
        /// The simulator's.
        simulator: Item,
        /// The core's.
        core: Item,
    },
    /// The core did something after the simulator had stopped.
    Surplus {
        /// What.
        core: Item,
    },
    /// The core has gone on, or stopped, without it.
    Missing {
        /// What.
        simulator: Item,
    },
    /// Cause and pc of the stop.
    Stop {
        /// The simulator's.
        simulator: (StopCode, u32),
        /// The core's.
        core: (StopCode, u32),
    },
    /// The instruction memory's word at the stop.
    StopWord {
        /// The program's.
        simulator: u32,
        /// The core's.
        core: u32,
    },
    /// Clocks from start to stop.
    Clocks {
        /// The simulator's.
        simulator: u64,
        /// The core's.
        core: u64,
    },
    /// Instructions retired, by the simulator and by the core's counter at the host port.
    Retired {
        /// The simulator's.
        simulator: u64,
        /// The core's.
        core: u64,
    },
    /// A word of a memory after the end.
    Memory {
        /// Which.
        memory: Memory,
        /// Byte address.
        address: u32,
        /// The simulator's bytes.
        simulator: Vec<u8>,
        /// The core's bytes.
        core: Vec<u8>,
    },
}

impl What {
    /// In which of the things that are compared it shows.
    pub fn kind(&self) -> &'static str {
        let of = |item: &Item| match item {
            Item::Retire(..) => "retirement",
            Item::ScalarStore(..) => "scalar store",
            Item::VectorWrite(..) => "vector register",
            Item::VectorStore(..) => "vector store",
            Item::LaneStore(..) => "lane-local store",
        };
        match self {
            What::Effect { simulator, .. } | What::Missing { simulator } => of(simulator),
            What::Surplus { core } => of(core),
            What::Stop { .. } | What::StopWord { .. } => "stop",
            What::Clocks { .. } => "clocks",
            What::Retired { .. } => "host's count of instructions",
            What::Memory { .. } => "memory at the end",
        }
    }
}

/// The first difference of a program and what surrounds it.
#[derive(Debug, Clone)]
pub struct Difference {
    /// The program's name.
    pub program: String,
    /// Where.
    pub place: Place,
    /// What.
    pub what: What,
    /// Clocks from the start within which it was seen.
    pub clock: u64,
    /// Differences of the clocks around it, this one left out.
    pub others: usize,
    /// The simulator's instructions around it, one a line.
    pub listing: String,
    /// How to run it again.
    pub rerun: String,
}

impl Difference {
    /// Picks the oldest of `found`, which is not empty.
    pub(super) fn new(
        program: &Program,
        mut found: Vec<(Place, What)>,
        clock: u64,
        steps: &VecDeque<Step>,
        machine: &Machine,
    ) -> Self {
        // Stable: of one instruction, the one that was seen first.
        found.sort_by_key(|(place, _)| *place);
        let others = found.len().saturating_sub(1);
        let (place, what) = found.into_iter().next().unwrap_or((
            Place::End,
            What::Clocks {
                simulator: 0,
                core: 0,
            },
        ));
        Difference {
            program: program.name.clone(),
            place,
            what,
            clock,
            others,
            listing: listing(place, steps, machine, program),
            rerun: program.rerun(),
        }
    }
}

fn listing(place: Place, steps: &VecDeque<Step>, machine: &Machine, program: &Program) -> String {
    let at = match place {
        Place::Instruction(index) => steps.iter().position(|step| step.index == index),
        Place::End => None,
    };
    let middle = at.unwrap_or(steps.len());
    let mut text = String::new();
    let end = (middle + AFTER + 1).min(steps.len());
    for (k, step) in steps
        .iter()
        .enumerate()
        .take(end)
        .skip(middle.saturating_sub(BEFORE))
    {
        let mark = if Some(k) == at { "->" } else { "  " };
        let (pc, instruction) = (step.pc, step.instruction);
        text += &format!("{mark} {:>8}  {pc:5x}:  {instruction}", step.index);
        if let Some(rd) = instruction.scalar_write() {
            text += &format!("    # {} = {:#x}", x_name(rd), step.value);
        }
        text.push('\n');
    }
    if at.is_none() {
        let word = program.code.get(machine.pc as usize / 4);
        let word = word.map_or("no word".to_owned(), |word| format!("{word:08x}"));
        text += &format!("   simulator's pc then: {:x} ({word})\n", machine.pc);
    }
    text
}

/// Lanes of `ours` and `theirs` that differ, or all of `ours`.
fn lanes(f: &mut fmt::Formatter<'_>, ours: &VectorBeat, other: Option<&VectorBeat>) -> fmt::Result {
    write!(f, "beat {}:", ours.beat)?;
    for (lane, value) in ours.lanes.iter().enumerate() {
        if other.is_none_or(|other| other.lanes[lane] != *value) {
            write!(f, " [{lane}] {value}")?;
        }
    }
    Ok(())
}

/// An item; of a vector only the lanes in which it differs from `other`.
fn item(f: &mut fmt::Formatter<'_>, item: &Item, other: Option<&Item>) -> fmt::Result {
    match item {
        Item::Retire(pc, word, scalar) => {
            write!(f, "retires {pc:#x} ({word:08x})")?;
            match scalar {
                Some((rd, value)) => write!(f, ", {} = {value:#010x}", x_name(*rd)),
                None => write!(f, ", no scalar register"),
            }
        }
        Item::ScalarStore(address, mask, data) => {
            write!(
                f,
                "stores {data:08x} (bytes {mask:04b}) at scalar {address:#x}"
            )
        }
        Item::VectorWrite(register, beat) => {
            write!(f, "writes {} ", vector_name(*register))?;
            let other = match other {
                Some(Item::VectorWrite(_, other)) => Some(other),
                _ => None,
            };
            lanes(f, beat, other)
        }
        Item::VectorStore(address, beat) => {
            write!(f, "stores at vector {address:#x} ")?;
            let other = match other {
                Some(Item::VectorStore(_, other)) => Some(other),
                _ => None,
            };
            lanes(f, beat, other)
        }
        Item::LaneStore(store) => {
            write!(
                f,
                "stores in lanes {:08x} beat {}:",
                store.enables, store.data.beat
            )?;
            for lane in (0..32).filter(|lane| store.enables >> lane & 1 == 1) {
                let (address, value) = (store.addresses[lane], store.data.lanes[lane]);
                let same = match other {
                    Some(Item::LaneStore(other)) => {
                        (other.addresses[lane], other.data.lanes[lane]) == (address, value)
                    }
                    _ => false,
                };
                if !same {
                    write!(f, " [{lane}] {value} at {address:#x}")?;
                }
            }
            Ok(())
        }
    }
}

/// Prints with [`item`].
struct Shown<'a>(&'a Item, Option<&'a Item>);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        item(f, self.0, self.1)
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            What::Effect { simulator, core } => {
                let (ours, theirs) = (Shown(simulator, Some(core)), Shown(core, Some(simulator)));
                write!(f, "  simulator {ours}\n  core      {theirs}")
            }
            What::Surplus { core } => {
                write!(
                    f,
                    "  simulator has stopped\n  core      {}",
                    Shown(core, None)
                )
            }
            What::Missing { simulator } => {
                let ours = Shown(simulator, None);
                write!(f, "  simulator {ours}\n  core      has not shown it")
            }
            What::Stop { simulator, core } => write!(
                f,
                "  simulator stops at {:#x}: {}\n  core      stops at {:#x}: {}",
                simulator.1, simulator.0, core.1, core.0
            ),
            What::StopWord { simulator, core } => write!(
                f,
                "  the program has {simulator:08x} where it stopped\n  core      has {core:08x}"
            ),
            What::Clocks { simulator, core } => {
                write!(
                    f,
                    "  simulator {simulator} clocks\n  core      {core} clocks"
                )
            }
            What::Retired { simulator, core } => write!(
                f,
                "  simulator {simulator} instructions retired\n  core      {core} at the host port"
            ),
            What::Memory {
                memory,
                address,
                simulator,
                core,
            } => write!(
                f,
                "  {memory} at {address:#x} after the end\n  simulator {simulator:02x?}\n  core      {core:02x?}"
            ),
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.program)?;
        match self.place {
            Place::Instruction(index) => writeln!(f, "instruction {index} differs")?,
            Place::End => writeln!(f, "the end differs")?,
        }
        writeln!(f, "{}", self.what)?;
        if self.others > 0 {
            writeln!(f, "  ({} more in the clocks around it)", self.others)?;
        }
        write!(f, "{}", self.listing)?;
        write!(f, "rerun: {}", self.rerun)
    }
}
