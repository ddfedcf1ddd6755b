//! The update of a population: a kernel's operations as instructions.

use std::collections::BTreeMap;

use spikevec_assembler::build;
use spikevec_isa::{LANES, Op, VECTOR_BYTES};

use super::Emitter;
use super::operations::test_op;
use crate::code::registers::{ROW, SCALAR_RECORD, SCRATCH, VECTOR_RECORD, WORD};
use crate::code::{Block, Region, Site};
use crate::place::Home;
use crate::quantise::{Fire, Gate, Kernel, Operation, Slot, Values};
use crate::reading::{Comparison, ResetStep};
use crate::synapse::Code;

/// Where one vector's update finds and leaves things.
pub(super) struct Place {
    /// The vector, where it is known; in a loop, one of the full ones.
    vector: Option<usize>,
    /// Base register and offset of the vector's states in memory; `None` computes
    /// them from the vector's address.
    state: Option<(u8, i32)>,
    /// Register for the spikes.
    pub(super) spikes: u8,
    /// Base and offset of the spikes of the step before, where a late reset reads them from memory.
    was: Option<(u8, i32)>,
    /// Where the spikes are stored.
    spike_stores: Vec<(u8, i32)>,
    /// Where the membrane is recorded.
    membrane_store: Option<(u8, i32)>,
    /// Lanes that hold neurons.
    lanes: usize,
}

/// Generates the update of one vector.
pub(super) struct VectorUpdate<'e, 'a, 'b> {
    emitter: &'e Emitter<'a>,
    pub(super) block: &'b mut Block,
    population: usize,
    pub(super) kernel: &'a Kernel,
    pub(super) place: &'b Place,
    /// Registers that hold slots in this update.
    held: BTreeMap<Slot, u8>,
    /// State variables in `held` that memory does not have yet.
    dirty: Vec<usize>,
}

impl Emitter<'_> {
    /// One stretch of code for each vector.
    pub(super) fn update_unrolled(&mut self, k: usize) {
        let kernel = &self.placed.network.populations[k].kernel;
        let placed = &self.placed.populations[k];
        let mut block = Block::new();
        let values = intermediate_values(kernel);
        for v in 0..kernel.vectors() {
            if block.is_full() || block.lacks(values) {
                self.block(&std::mem::take(&mut block));
            }
            block.next_group();
            let spikes = self.spike_registers[k].get(v).copied().unwrap_or(0);
            // Addresses of records stay in registers that nothing else in an update uses.
            let [for_spikes, for_membranes, ..] = SCRATCH;
            let record = placed.spike_record.map(|slot| {
                let offset = slot.offset + 4 * v as u32;
                record_operand(&mut block, for_spikes, SCALAR_RECORD, offset)
            });
            let membrane_store = placed.membrane_record.map(|slot| {
                let offset = slot.offset + VECTOR_BYTES * v as u32;
                record_operand(&mut block, for_membranes, VECTOR_RECORD, offset)
            });
            let place = Place {
                vector: Some(v),
                state: None,
                spikes,
                was: None,
                spike_stores: record.into_iter().collect(),
                membrane_store,
                lanes: kernel.lanes(v),
            };
            self.update_vector(&mut block, k, &place);
        }
        self.block(&block);
    }

    /// A loop over the vectors, a few at a time, and what remains behind it.
    pub(super) fn update_looped(&mut self, k: usize) {
        let kernel = &self.placed.network.populations[k].kernel;
        let placed = self.placed.populations[k].clone();
        let [state, end, words, membrane] = SCRATCH;
        let record = ROW;
        let fires = kernel.fire.is_some();
        let vectors = kernel.vectors();
        let full = kernel.size / LANES;
        let unroll = placed.vectors_a_turn().min(vectors);
        let turns = full / unroll;
        let looped = turns * unroll;
        self.builder.li(state, placed.block as i32);
        self.builder
            .li(end, (placed.block + looped as u32 * placed.stride) as i32);
        if let (true, Some(address)) = (fires, placed.spike_words) {
            self.builder.li(words, address as i32);
        }
        if let Some(slot) = placed.spike_record {
            self.point_into(record, SCALAR_RECORD, slot.offset);
        }
        if let Some(slot) = placed.membrane_record {
            self.point_into(membrane, VECTOR_RECORD, slot.offset);
        }
        let values = intermediate_values(kernel);
        let turn = |emitter: &mut Self, first: usize, count: usize, again: Option<_>| {
            let mut block = Block::new();
            for n in 0..count {
                if block.lacks(values) {
                    emitter.block(&std::mem::take(&mut block));
                }
                block.next_group();
                let word = 4 * n as i32;
                let late = kernel.resets_late();
                let place = Place {
                    vector: again.is_none().then_some(first + n),
                    state: Some((state, n as i32 * placed.stride as i32)),
                    spikes: emitter.spike_registers[k].get(n).copied().unwrap_or(0),
                    was: late.then_some((words, word)),
                    spike_stores: [
                        placed.spike_words.map(|_| (words, word)),
                        placed.spike_record.map(|_| (record, word)),
                    ]
                    .into_iter()
                    .flatten()
                    .collect(),
                    membrane_store: placed
                        .membrane_record
                        .map(|_| (membrane, n as i32 * VECTOR_BYTES as i32)),
                    lanes: if again.is_some() {
                        LANES
                    } else {
                        kernel.lanes(first + n)
                    },
                };
                emitter.update_vector(&mut block, k, &place);
            }
            block.next_group();
            let steps = [
                (Some(state), count as u32 * placed.stride),
                (
                    placed.spike_words.filter(|_| fires).map(|_| words),
                    4 * count as u32,
                ),
                (placed.spike_record.map(|_| record), 4 * count as u32),
                (
                    placed.membrane_record.map(|_| membrane),
                    count as u32 * VECTOR_BYTES,
                ),
            ];
            emitter.block(&block);
            for (register, bytes) in steps {
                if let Some(register) = register {
                    emitter.advance(register, bytes);
                }
            }
            if let Some(again) = again {
                emitter.builder.branch(Op::Bne, state, end, again);
            }
        };
        if turns > 0 {
            let again = self.builder.here();
            turn(self, 0, unroll, Some(again));
        }
        for first in (looped..vectors).step_by(unroll) {
            turn(self, first, unroll.min(vectors - first), None);
        }
    }

    /// `register = base + offset`.
    pub(super) fn point_into(&mut self, register: u8, base: u8, offset: u32) {
        if offset <= 2047 {
            self.emit(build::i(Op::Addi, register, base, offset as i32));
        } else {
            self.builder.li(register, offset as i32);
            self.emit(build::r(Op::Add, register, register, base));
        }
    }

    fn update_vector(&self, block: &mut Block, k: usize, place: &Place) {
        let kernel = &self.placed.network.populations[k].kernel;
        let mut update = VectorUpdate {
            emitter: self,
            block,
            population: k,
            kernel,
            place,
            held: BTreeMap::new(),
            dirty: Vec::new(),
        };
        update.run();
    }
}

/// Intermediate values that a vector's update has at the most.
fn intermediate_values(kernel: &Kernel) -> usize {
    kernel.operations().count() + kernel.states.len() + kernel.constants.len() + 1
}

/// Base register and offset within a step's part of a record; what is beyond the reach
/// of `base` is computed into `register`.
fn record_operand(block: &mut Block, register: u8, base: u8, offset: u32) -> (u8, i32) {
    if offset <= 2047 {
        return (base, offset as i32);
    }
    for instruction in build::li(register, offset as i32) {
        block.push(instruction);
    }
    block.push(build::r(Op::Add, register, register, base));
    (register, 0)
}

impl VectorUpdate<'_, '_, '_> {
    fn run(&mut self) {
        let kernel = self.kernel;
        let spikes = self.place.spikes;
        let site = Some(Site {
            population: self.population,
            lanes: self.place.lanes,
        });
        self.operations(&kernel.integrate, site);
        if let Some(fire) = &kernel.fire {
            if fire.when == ResetStep::Next {
                if let Some((base, offset)) = self.place.was {
                    self.block.push_in(
                        build::load(Op::Lw, spikes, offset, base),
                        Region::ScalarOutput,
                    );
                }
                self.operations(&fire.reset, site);
            }
            self.operations(&fire.margin, None);
            let threshold = self.read(fire.threshold);
            let compared = self.read(fire.compared);
            self.block.push(match fire.comparison {
                Comparison::Above => build::r(Op::Vtlt, spikes, threshold, compared),
                Comparison::AtLeast => build::r(Op::Vtge, spikes, compared, threshold),
            });
            if let Some(Gate { test, a, b }) = fire.gate {
                let (a, b) = (self.read(a), self.read(b));
                self.block.push(build::r(test_op(test), WORD, a, b));
                self.block.push(build::r(Op::And, spikes, spikes, WORD));
            }
            if fire.mask_padding && self.place.lanes < LANES {
                let padding = (LANES - self.place.lanes) as i32;
                self.block.push(build::i(Op::Slli, spikes, spikes, padding));
                self.block.push(build::i(Op::Srli, spikes, spikes, padding));
            }
            for &(base, offset) in &self.place.spike_stores {
                self.block.push_in(
                    build::store(Op::Sw, spikes, offset, base),
                    Region::ScalarOutput,
                );
            }
            if fire.when == ResetStep::Same {
                self.operations(&fire.reset, site);
            }
        }
        if let Some((base, offset)) = self.place.membrane_store {
            let mut membrane = self.read(Slot::State(kernel.membrane));
            if let Some(rest) = kernel.rest {
                let rest = self.read(Slot::Constant(rest));
                let potential = self.block.temp();
                self.block
                    .push(build::r(Op::VaddS, potential, membrane, rest));
                membrane = potential;
            }
            self.block.push_in(
                build::store(Op::Vstorev, membrane, offset, base),
                Region::MembraneRecord,
            );
        }
        self.operations(&kernel.prepare, site);
        for variable in std::mem::take(&mut self.dirty) {
            if let Some(&register) = self.held.get(&Slot::State(variable)) {
                let (base, offset) = self.memory(variable);
                self.block.push_in(
                    build::store(Op::Vstorev, register, offset, base),
                    Region::State,
                );
            }
        }
    }

    /// The register in which `slot` lives for the whole run, if it does.
    pub(super) fn home(&self, slot: Slot) -> Option<u8> {
        let home = match slot {
            Slot::State(s) => Home::State(self.population, s, self.place.vector?),
            Slot::Constant(c) => match self.kernel.constants[c].values {
                Values::Uniform(value) => Home::Uniform(value),
                Values::PerNeuron(_) => Home::Constant(self.population, c, self.place.vector?),
            },
            Slot::Temp(_) => return None,
        };
        self.emitter.home(home)
    }

    /// Base register and offset of a place in the vector's part of memory.
    fn memory(&mut self, slot: usize) -> (u8, i32) {
        let (within, vector) = (slot as i32 * VECTOR_BYTES as i32, self.place.vector);
        match self.place.state {
            Some((base, offset)) => (base, offset + within),
            None => {
                let placed = &self.emitter.placed.populations[self.population];
                let address = placed.state_address(slot, vector.unwrap_or(0));
                self.emitter.hot_operand(self.block, address)
            }
        }
    }

    /// The register that holds `slot`, after a load where it is in memory.
    pub(super) fn read(&mut self, slot: Slot) -> u8 {
        if let Some(register) = self.home(slot).or_else(|| self.held.get(&slot).copied()) {
            return register;
        }
        let register = self.block.temp();
        let place = match slot {
            Slot::State(s) => Some(s),
            Slot::Constant(c) => match self.kernel.constants[c].values {
                Values::Uniform(value) => {
                    self.block
                        .push(build::u(Op::Vlui, register, i32::from(value)));
                    None
                }
                Values::PerNeuron(_) => {
                    self.emitter.placed.populations[self.population].constant_slots[c]
                }
            },
            // The lowering writes a temp before it reads it.
            Slot::Temp(_) => None,
        };
        if let Some(place) = place {
            let (base, offset) = self.memory(place);
            self.block.push_in(
                build::load(Op::Vloadv, register, offset, base),
                Region::State,
            );
        }
        self.held.insert(slot, register);
        register
    }

    /// Whether an intermediate value is read nowhere but once.
    pub(super) fn is_last_read(&self, slot: Slot) -> bool {
        let Slot::Temp(_) = slot else { return false };
        let operations = self.kernel.operations().flat_map(Operation::reads);
        let fire = self.kernel.fire.iter().flat_map(Fire::reads);
        operations.chain(fire).filter(|read| *read == slot).count() == 1
    }

    /// Makes `register` what holds a new value of `slot`.
    pub(super) fn hold(&mut self, slot: Slot, register: u8) {
        self.held.insert(slot, register);
        self.touch(slot);
    }

    /// A register for a new value of `slot`.
    pub(super) fn write(&mut self, slot: Slot) -> u8 {
        if let Some(register) = self.home(slot) {
            return register;
        }
        let register = self.block.temp();
        self.hold(slot, register);
        register
    }

    /// Notes that memory does not have the value of `slot` yet.
    pub(super) fn touch(&mut self, slot: Slot) {
        if let Slot::State(s) = slot
            && self.home(slot).is_none()
            && !self.dirty.contains(&s)
        {
            self.dirty.push(s);
        }
    }
}
