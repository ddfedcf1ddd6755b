//! What surrounds the step: entry, the loop over steps, exit.

use spikevec_assembler::build;
use spikevec_isa::{Op, VECTOR_BYTES};

use super::{Emitter, Number};
use crate::code::registers::{
    FAR, HOT, HOT_BIAS, INPUT, SCALAR_RECORD, SCRATCH, STEPS, VECTOR_RECORD,
};
use crate::code::{Block, Region};
use crate::graph::Source;
use crate::place::{Home, Style, control};
use crate::synapse::Code;

impl Emitter<'_> {
    /// From the entry to the first step.
    pub(super) fn begin(&mut self) {
        self.mark("entry");
        self.restart();
        self.mark("load");
        self.builder.li(HOT, (self.placed.hot.0 + HOT_BIAS) as i32);
        self.builder.li(INPUT, self.placed.input.0 as i32);
        if self.placed.scalar_record.1 > 0 {
            self.builder
                .li(SCALAR_RECORD, self.placed.scalar_record.0 as i32);
        }
        if self.placed.vector_record.1 > 0 {
            self.builder
                .li(VECTOR_RECORD, self.placed.vector_record.0 as i32);
        }
        self.load_homes();
        for (number, register) in self.numbers.clone() {
            let value = match number {
                Number::Count(_) => 0,
                Number::EventBase(source) => self.events_of(source).0,
                Number::EventStride(source) => self.events_of(source).1,
            };
            self.builder.li(register, value as i32);
        }
        let counters: Vec<(usize, u32)> = self.counters().collect();
        for (k, address) in counters {
            if !self
                .numbers
                .contains_key(&Number::Count(Source::Population(k)))
            {
                self.store_word(0, address);
            }
        }
        let kept: Vec<(u8, u32)> = self.kept_spikes();
        for (register, address) in kept {
            self.builder.li(FAR, address as i32);
            self.emit(build::load(Op::Lw, register, 0, FAR));
        }
        self.emit(build::load(Op::Lw, STEPS, control::STEPS as i32, 0));
        let exit = self.exit_label;
        self.builder.branch(Op::Beq, STEPS, 0, exit);
        let step = self.step_label;
        self.builder.bind(step);
        self.marks.push(("step".to_owned(), step));
    }

    /// Where the run begins a sample: states, late spikes and random numbers as at its start.
    fn restart(&mut self) {
        let [a, b, end, _] = SCRATCH;
        let resume = self.builder.label();
        self.emit(build::load(Op::Lw, a, control::RESTART as i32, 0));
        self.builder.branch(Op::Beq, a, 0, resume);
        let (hot, bytes) = self.placed.hot;
        // Placement always leaves registers for intermediate values.
        if let (true, Some(&temp)) = (bytes > 0, self.placed.registers.temps.first()) {
            self.builder.li(a, self.placed.initial as i32);
            self.builder.li(b, hot as i32);
            self.builder.li(end, (hot + bytes) as i32);
            let again = self.builder.here();
            self.emit(build::load(Op::Vloadv, temp, 0, a));
            self.emit(build::i(Op::Addi, a, a, VECTOR_BYTES as i32));
            self.emit(build::i(Op::Addi, b, b, VECTOR_BYTES as i32));
            self.emit(build::store(Op::Vstorev, temp, -(VECTOR_BYTES as i32), b));
            self.builder.branch(Op::Bne, b, end, again);
        }
        let late: Vec<(u32, usize)> = (0..self.placed.populations.len())
            .filter_map(|k| {
                let vectors = self.placed.network.populations[k].kernel.vectors();
                self.placed.populations[k]
                    .spike_words
                    .map(|address| (address, vectors))
            })
            .collect();
        for (address, words) in late {
            self.builder.li(a, address as i32);
            self.builder.li(end, (address + 4 * words as u32) as i32);
            let again = self.builder.here();
            self.emit(build::store(Op::Sw, 0, 0, a));
            self.emit(build::i(Op::Addi, a, a, 4));
            self.builder.branch(Op::Bne, a, end, again);
        }
        if let Some(seed) = self.placed.seed {
            self.builder.li(a, seed as i32);
            self.emit(build::load_rng(Op::Vloadr0, 0, a));
            self.emit(build::load_rng(Op::Vloadr1, VECTOR_BYTES as i32, a));
        }
        self.builder.bind(resume);
    }

    fn load_homes(&mut self) {
        let mut block = Block::new();
        for (home, register) in self.placed.registers.homes.clone() {
            match home {
                Home::Uniform(value) => block.push(build::u(Op::Vlui, register, i32::from(value))),
                Home::State(k, s, v) => {
                    let address = self.placed.populations[k].state_address(s, v);
                    self.load_home(&mut block, register, address);
                }
                Home::Constant(k, c, v) => {
                    if let Some(slot) = self.placed.populations[k].constant_slots[c] {
                        let address = self.placed.populations[k].state_address(slot, v);
                        self.load_home(&mut block, register, address);
                    }
                }
            }
        }
        self.block(&block);
    }

    fn load_home(&self, block: &mut Block, register: u8, address: u32) {
        let (base, offset) = self.hot_operand(block, address);
        block.push_in(
            build::load(Op::Vloadv, register, offset, base),
            Region::State,
        );
    }

    /// One step, and the branch back to the next.
    pub(super) fn step(&mut self) {
        self.deliver_input();
        for k in 0..self.placed.populations.len() {
            let name = self.placed.network.populations[k].name.clone();
            self.mark(format!("update.{name}"));
            match self.placed.populations[k].style {
                Style::Unrolled => self.update_unrolled(k),
                Style::Looped => self.update_looped(k),
            }
            self.deliver_population(k);
        }
        self.mark("step.end");
        self.emit(build::i(Op::Addi, STEPS, STEPS, -1));
        for (register, bytes) in [
            (SCALAR_RECORD, self.placed.scalar_record.1),
            (VECTOR_RECORD, self.placed.vector_record.1),
        ] {
            if bytes > 0 {
                self.advance(register, bytes);
            }
        }
        let step = self.step_label;
        self.builder.branch(Op::Bne, STEPS, 0, step);
    }

    /// The exit: what lives in registers goes to memory, and the program ends.
    pub(super) fn end(&mut self) {
        let exit = self.exit_label;
        self.builder.bind(exit);
        self.marks.push(("exit".to_owned(), exit));
        let mut block = Block::new();
        for (home, register) in self.placed.registers.homes.clone() {
            if let Home::State(k, s, v) = home {
                let address = self.placed.populations[k].state_address(s, v);
                let (base, offset) = self.hot_operand(&mut block, address);
                block.push_in(
                    build::store(Op::Vstorev, register, offset, base),
                    Region::State,
                );
            }
        }
        self.block(&block);
        let counters: Vec<(usize, u32)> = self.counters().collect();
        for (k, address) in counters {
            if let Some(&register) = self.numbers.get(&Number::Count(Source::Population(k))) {
                self.store_word(register, address);
            }
        }
        for (register, address) in self.kept_spikes() {
            self.store_word(register, address);
        }
        self.emit(build::op(Op::Ecall));
    }

    fn store_word(&mut self, register: u8, address: u32) {
        self.builder.li(FAR, address as i32);
        self.emit(build::store(Op::Sw, register, 0, FAR));
    }

    fn counters(&self) -> impl Iterator<Item = (usize, u32)> + '_ {
        let all = self.placed.populations.iter().enumerate();
        all.filter_map(|(k, p)| p.counter.map(|address| (k, address)))
    }

    /// Registers whose spikes the next run needs, and their words in memory.
    fn kept_spikes(&self) -> Vec<(u8, u32)> {
        let mut kept = Vec::new();
        for (k, p) in self.placed.populations.iter().enumerate() {
            if let (Style::Unrolled, Some(words)) = (p.style, p.spike_words) {
                let registers = self.spike_registers[k].iter().enumerate();
                kept.extend(registers.map(|(n, &register)| (register, words + 4 * n as u32)));
            }
        }
        kept
    }
}
