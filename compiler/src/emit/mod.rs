//! The program: instructions, initial memory contents and the manifest.
//!
//! Last stage of the compiler. A step of the program is: add the rows of the input's
//! spikes; then for each population, update it and add the rows of its spikes.

mod data;
mod deliver;
mod frame;
mod manifest;
mod operations;
mod update;

use std::collections::BTreeMap;

use spikevec_assembler::{Builder, Image, Label, build};

use spikevec_isa::{Instruction, Memory, Op, Target};

use crate::code::registers::INPUT;
use crate::code::{Block, Region, Site, registers, schedule};
use crate::error::CompileError;
use crate::graph::Source;
use crate::options::Options;
use crate::place::{Home, LOOP_UNROLL, PlacedNetwork, SPIKE_REGISTERS, Style};
use crate::synapse::{Arrivals, Code};

/// Emits the program of `placed`.
///
/// # Errors
/// [`CompileError::TooLarge`] where the code exceeds instruction memory, or
/// [`CompileError::Build`] where it cannot be encoded, which is a defect.
pub fn emit(placed: &PlacedNetwork, options: &Options) -> Result<Image, CompileError> {
    let mut emitter = Emitter::new(placed);
    emitter.begin();
    emitter.step();
    emitter.end();
    emitter.outlined();
    let Emitter {
        builder,
        sites,
        marks,
        ..
    } = emitter;
    let program = builder
        .finish()
        .map_err(|e| CompileError::Build(e.to_string()))?;
    check_extensions(&program.code, &placed.target)?;
    let needed = program.code.len() as u64 * 4;
    let available = u64::from(placed.target.instruction_bytes);
    if needed > available {
        return Err(CompileError::TooLarge {
            memory: Memory::Instruction,
            target: placed.target.name.clone(),
            needed,
            available,
            parts: format!(
                "  {needed:>10} bytes  code of {} populations",
                placed.populations.len()
            ),
            remedy: "choose a target with more instruction memory (--target large)".to_owned(),
        });
    }
    let at = |label: &Label| program.address(*label).unwrap_or(0);
    let sites = sites
        .iter()
        .map(|(label, site)| (at(label), *site))
        .collect();
    let marks = marks
        .iter()
        .map(|(name, label)| (name.clone(), at(label)))
        .collect();
    Ok(data::image(placed, options, program.code, sites, marks))
}

/// Checks that the target names the extension of every instruction.
fn check_extensions(code: &[u32], target: &Target) -> Result<(), CompileError> {
    match target.lacks(code) {
        None => Ok(()),
        Some(spec) => Err(CompileError::Extension {
            mnemonic: spec.mnemonic,
            extension: spec.extension,
            target: target.name.clone(),
        }),
    }
}

/// Code that stands behind the program, entered only where something spiked.
enum Outlined {
    /// Adds the rows of the spikes of one word held in a register, then goes back.
    Word {
        source: Source,
        word: u8,
        index: usize,
        enter: Label,
        back: Label,
    },
    /// Adds the rows of the spikes of a word that was read from memory, then goes back.
    Scanned {
        source: Source,
        enter: Label,
        back: Label,
    },
}

/// Code that stands behind the program, entered for a spike whose window a border clips.
struct Clipped {
    projection: usize,
    enter: Label,
    back: Label,
}

struct Emitter<'a> {
    placed: &'a PlacedNetwork,
    builder: Builder,
    sites: Vec<(Label, Site)>,
    /// Named places in the code.
    marks: Vec<(String, Label)>,
    outlined: Vec<Outlined>,
    /// Code of spikes that are clipped.
    clipped: Vec<Clipped>,
    /// Registers that hold an unrolled population's spikes.
    spike_registers: Vec<Vec<u8>>,
    /// Registers that hold numbers for the whole run.
    numbers: BTreeMap<Number, u8>,
    step_label: Label,
    exit_label: Label,
}

/// A number that may live in a scalar register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Number {
    /// How often a source has spiked in this run.
    Count(Source),
    /// Address of the row or entry of a source's first neuron.
    EventBase(Source),
    /// Bytes of a source's rows or entries.
    EventStride(Source),
}

// Placement counts on as many registers for spikes as there are.
const _: () = assert!(registers::POOL.end - registers::POOL.start == SPIKE_REGISTERS as u8);

impl<'a> Emitter<'a> {
    fn new(placed: &'a PlacedNetwork) -> Self {
        let mut builder = Builder::new();
        let step_label = builder.label();
        let exit_label = builder.label();
        let mut pool: Vec<u8> = registers::POOL.rev().collect();
        let kernel = |k: usize| &placed.network.populations[k].kernel;
        let late = |k: usize| kernel(k).resets_late();
        // Spikes are needed until they are delivered, so populations share registers;
        // those that a late reset reads in the next step have their own.
        let count = placed.populations.len();
        let unrolled = |k: &usize| {
            placed.populations[*k].style == Style::Unrolled && kernel(*k).fire.is_some()
        };
        let widest = (0..count)
            .filter(unrolled)
            .filter(|k| !late(*k))
            .map(|k| kernel(k).vectors())
            .max();
        let looped = placed.populations.iter().any(|p| p.style == Style::Looped);
        let shared_count = widest
            .unwrap_or(0)
            .max(if looped { LOOP_UNROLL } else { 0 });
        let shared: Vec<u8> = (0..shared_count).filter_map(|_| pool.pop()).collect();
        let spike_registers = (0..count)
            .map(|k| match placed.populations[k].style {
                Style::Unrolled if kernel(k).fire.is_none() => Vec::new(),
                Style::Unrolled if late(k) => (0..kernel(k).vectors())
                    .filter_map(|_| pool.pop())
                    .collect(),
                Style::Unrolled | Style::Looped => shared.clone(),
            })
            .collect();
        let mut numbers = BTreeMap::new();
        let scanned = placed.fanouts.iter().filter(|(source, fanout)| {
            fanout.has_events() && (**source != Source::Input || !fanout.words.is_empty())
        });
        for (source, fanout) in scanned {
            let (_, stride) = fanout.events();
            let counted =
                matches!(source, Source::Population(k) if placed.populations[*k].counter.is_some());
            let wanted = [
                counted.then_some(Number::Count(*source)),
                Some(Number::EventBase(*source)),
                (!stride.is_power_of_two()).then_some(Number::EventStride(*source)),
            ];
            for number in wanted.into_iter().flatten() {
                if let Some(register) = pool.pop() {
                    numbers.insert(number, register);
                }
            }
        }
        Emitter {
            placed,
            builder,
            sites: Vec::new(),
            marks: Vec::new(),
            outlined: Vec::new(),
            clipped: Vec::new(),
            spike_registers,
            numbers,
            step_label,
            exit_label,
        }
    }

    /// Names the current place in the code.
    fn mark(&mut self, name: impl Into<String>) {
        let label = self.builder.here();
        self.marks.push((name.into(), label));
    }

    fn emit(&mut self, instruction: Instruction) {
        self.builder.emit(instruction);
    }

    /// Base register and offset for an address in the block of states. Addresses
    /// beyond the reach of `HOT` are computed into `FAR` within `block`.
    fn hot_operand(&self, block: &mut Block, address: u32) -> (u8, i32) {
        let offset = i64::from(address) - i64::from(self.placed.hot.0 + registers::HOT_BIAS);
        match i32::try_from(offset) {
            Ok(offset) if (-2048..=2047).contains(&offset) => (registers::HOT, offset),
            _ => {
                for instruction in build::li(registers::FAR, address as i32) {
                    block.push(instruction);
                }
                (registers::FAR, 0)
            }
        }
    }

    /// The register of a value that lives in one.
    fn home(&self, home: Home) -> Option<u8> {
        self.placed.registers.homes.get(&home).copied()
    }
}

impl Code for Emitter<'_> {
    fn builder(&mut self) -> &mut Builder {
        &mut self.builder
    }

    fn block(&mut self, block: &Block) {
        for item in schedule::schedule(block, &self.placed.registers.temps) {
            if let Some(site) = item.site {
                let label = self.builder.here();
                self.sites.push((label, site));
            }
            self.builder.emit(item.instruction);
        }
    }

    fn uniform(&self, value: i16) -> Option<u8> {
        self.home(Home::Uniform(value))
    }

    fn accumulate(
        &self,
        block: &mut Block,
        to: &Arrivals,
        (v, accumulator): (usize, usize),
        weights: u8,
    ) {
        let target = to.population;
        let site = Site {
            population: target,
            lanes: to.lanes(v),
        };
        if let Some(sum) = self.home(Home::State(target, accumulator, v)) {
            block.push_at(build::r(Op::VaddS, sum, sum, weights), site);
            return;
        }
        let address = self.placed.populations[target].state_address(accumulator, v);
        let (base, offset) = self.hot_operand(block, address);
        let (old, new) = (block.temp(), block.temp());
        block.push_in(build::load(Op::Vloadv, old, offset, base), Region::State);
        block.push_at(build::r(Op::VaddS, new, old, weights), site);
        block.push_in(build::store(Op::Vstorev, new, offset, base), Region::State);
    }

    fn point_at_words(&mut self, register: u8, source: Source) {
        match source {
            Source::Input => self.emit(build::mv(register, INPUT)),
            Source::Population(k) => self.point_at_spikes(register, k),
        }
    }
}
