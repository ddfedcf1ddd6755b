//! Bringing spikes to their targets.

use spikevec_assembler::Label;
use spikevec_assembler::build;
use spikevec_isa::{LANES, Op, VECTOR_BYTES};

use super::{Clipped, Emitter, Number, Outlined};
use crate::code::registers::{
    CLIPPED, ENTRY, FAR, FIRST, INPUT, RETURN, ROW, SCALAR_RECORD, SCAN, SCAN_END, SCRATCH, SUM,
    WORD,
};
use crate::code::{Block, Region};
use crate::graph::Source;
use crate::place::{Fanout, InputEncoding, Rows, Style, WordFanout};
use crate::synapse::{Code, Delivery, RowCode, SpikeWords};

impl<'a> Emitter<'a> {
    /// The step's input spikes.
    pub(super) fn deliver_input(&mut self) {
        let Some(fanout) = self.placed.fanouts.get(&Source::Input) else {
            return;
        };
        match self.placed.input_encoding {
            InputEncoding::List => self.deliver_list(),
            InputEncoding::Bits => {
                let words = self.placed.network.inputs.div_ceil(LANES);
                self.deliver_words(Source::Input, &fanout.words, Vec::new());
                if fanout.has_events() {
                    self.emit(build::mv(SCAN, INPUT));
                    self.point_into(SCAN_END, INPUT, 4 * words as u32);
                    self.scan(Source::Input);
                }
                self.advance(INPUT, 4 * words as u32);
            }
        }
    }

    /// A list of addresses of rows or entries, the end marked by a negative word.
    fn deliver_list(&mut self) {
        if !self.has_events(Source::Input) {
            return;
        }
        self.mark("input");
        let done = self.builder.label();
        let next = |block: &mut Block| {
            block.push_in(build::load(Op::Lw, ROW, 0, INPUT), Region::ScalarInput);
            block.push(build::i(Op::Addi, INPUT, INPUT, 4));
        };
        let mut block = Block::new();
        next(&mut block);
        self.block(&block);
        self.builder.branch(Op::Blt, ROW, 0, done);
        let again = self.builder.here();
        let mut block = self.add_event(Source::Input, Block::new());
        block.next_group();
        next(&mut block);
        self.block(&block);
        self.builder.branch(Op::Bge, ROW, 0, again);
        self.builder.bind(done);
    }

    /// The spikes of population `k`, right after its update.
    pub(super) fn deliver_population(&mut self, k: usize) {
        let source = Source::Population(k);
        let Some(fanout) = self.placed.fanouts.get(&source) else {
            return;
        };
        if fanout.has_events() {
            match self.placed.populations[k].style {
                Style::Unrolled => {
                    for (index, word) in self.spike_registers[k].clone().into_iter().enumerate() {
                        if index >= self.placed.network.populations[k].kernel.vectors() {
                            break;
                        }
                        let (enter, back) = (self.builder.label(), self.builder.label());
                        self.builder.branch(Op::Bne, word, 0, enter);
                        self.builder.bind(back);
                        self.outlined.push(Outlined::Word {
                            source,
                            word,
                            index,
                            enter,
                            back,
                        });
                    }
                }
                Style::Looped => {
                    let words = self.placed.network.populations[k].kernel.vectors();
                    self.point_at_spikes(SCAN, k);
                    self.builder.li(SCAN_END, 4 * words as i32);
                    self.emit(build::r(Op::Add, SCAN_END, SCAN_END, SCAN));
                    self.scan(source);
                }
            }
        }
        let registers = match self.placed.populations[k].style {
            Style::Unrolled => self.spike_registers[k].clone(),
            Style::Looped => Vec::new(),
        };
        self.deliver_words(source, &fanout.words, registers);
    }

    /// What the step's spikes of `source` do together. They are in `registers`, or in memory.
    fn deliver_words(&mut self, source: Source, words: &[WordFanout], registers: Vec<u8>) {
        let spikes = SpikeWords { source, registers };
        for WordFanout { projection, table } in words {
            let projection = &self.placed.network.projections[*projection];
            let to = self.placed.arrivals(projection.target);
            if let Delivery::Words(kind) = projection.weights.synapses().delivery() {
                kind.write(self, &spikes, *table, &to);
            }
        }
    }

    /// True where each spike of a source does something by itself.
    fn has_events(&self, source: Source) -> bool {
        let fanout = self.placed.fanouts.get(&source);
        fanout.is_some_and(Fanout::has_events)
    }

    /// Address of the row or entry of a source's first neuron, and bytes to the next one's.
    pub(super) fn events_of(&self, source: Source) -> (u32, u32) {
        let fanout = self.placed.fanouts.get(&source);
        fanout.map_or((0, 0), Fanout::events)
    }

    /// Writes what a spike of `source` does whose row or entry is at `ROW`, which is used up.
    /// `block` may hold code that comes first; the block that is returned may be extended, then
    /// emitted.
    fn add_event(&mut self, source: Source, mut block: Block) -> Block {
        let Some(fanout) = self.placed.fanouts.get(&source) else {
            return block;
        };
        if let Some(entries) = &fanout.entries {
            let parts = entries.projections.len();
            let several = parts > 1 || fanout.rows.is_some();
            let entry = if several { ENTRY } else { ROW };
            if several {
                block.push(build::mv(ENTRY, ROW));
            }
            for (n, shared) in entries.projections.iter().enumerate() {
                block.next_group();
                let at = 8 * n as i32;
                block.push(build::load(Op::Lw, SUM, at + 4, entry));
                block.push(build::load(Op::Lw, ROW, at, entry));
                block = self.add_shared(shared.projection, block);
            }
            if fanout.rows.is_some() {
                block.next_group();
                block.push(build::load(Op::Lw, ROW, 8 * parts as i32, entry));
            }
        }
        match &fanout.rows {
            Some(rows) => self.add_row(rows, block),
            None => block,
        }
    }

    /// Writes what a spike does in a projection of shared weights, with its entry in `ROW` and
    /// `SUM`.
    fn add_shared(&mut self, projection: usize, mut block: Block) -> Block {
        let target = &self.placed.network.projections[projection];
        let to = self.placed.arrivals(target.target);
        let Delivery::Shared(kind) = target.weights.synapses().delivery() else {
            return block;
        };
        if !kind.is_clipped(&to) {
            return kind.write(self, block, &to);
        }
        let (enter, back) = (self.builder.label(), self.builder.label());
        let low = VECTOR_BYTES as i32 - 1;
        block.push(build::i(Op::Andi, CLIPPED, ROW, low));
        self.block(&block);
        self.builder.branch(Op::Bne, CLIPPED, 0, enter);
        let block = kind.write(self, Block::new(), &to);
        self.block(&block);
        self.builder.bind(back);
        self.clipped.push(Clipped {
            projection,
            enter,
            back,
        });
        Block::new()
    }

    /// Writes what the spike does whose row is at `ROW`, which is used up. `block` may hold code
    /// that comes first; the block that is returned may be extended, then emitted.
    fn add_row(&mut self, rows: &Rows, block: Block) -> Block {
        let mut row = RowCode::new(block);
        for &k in &rows.projections {
            let projection = &self.placed.network.projections[k];
            let to = self.placed.arrivals(projection.target);
            if let Delivery::Rows(kind) = projection.weights.synapses().delivery() {
                kind.write(self, &mut row, &to);
            }
        }
        row.block
    }

    /// `register` = address of the spike words of a looped population.
    pub(super) fn point_at_spikes(&mut self, register: u8, k: usize) {
        let placed = &self.placed.populations[k];
        match (placed.spike_words, placed.spike_record) {
            (Some(address), _) => self.builder.li(register, address as i32),
            (None, Some(slot)) => self.point_into(register, SCALAR_RECORD, slot.offset),
            (None, None) => {}
        }
    }

    /// Looks at the words from `SCAN` to `SCAN_END`.
    fn scan(&mut self, source: Source) {
        self.builder.li(FIRST, 0);
        let again = self.builder.here();
        let (enter, back) = (self.builder.label(), self.builder.label());
        self.emit(build::load(Op::Lw, WORD, 0, SCAN));
        self.emit(build::i(Op::Addi, SCAN, SCAN, 4));
        self.builder.branch(Op::Bne, WORD, 0, enter);
        self.builder.bind(back);
        self.emit(build::i(Op::Addi, FIRST, FIRST, LANES as i32));
        self.builder.branch(Op::Bne, SCAN, SCAN_END, again);
        self.outlined.push(Outlined::Scanned {
            source,
            enter,
            back,
        });
    }

    /// The code behind the program: what is done where something spiked.
    pub(super) fn outlined(&mut self) {
        let all = std::mem::take(&mut self.outlined);
        let mut routines: Vec<(Source, Label)> = Vec::new();
        for entry in &all {
            let (source, enter, back) = match entry {
                Outlined::Word {
                    source,
                    enter,
                    back,
                    ..
                }
                | Outlined::Scanned {
                    source,
                    enter,
                    back,
                } => (*source, *enter, *back),
            };
            self.builder.bind(enter);
            let words = all.iter().filter(|other| other.source() == source).count();
            if let Outlined::Word { word, index, .. } = entry {
                self.emit(build::mv(WORD, *word));
                if words > 1 {
                    self.builder.li(FIRST, (index * LANES) as i32);
                }
            }
            // A source with a single word needs no routine of its own.
            let single = words == 1 && matches!(entry, Outlined::Word { .. });
            if single || matches!(entry, Outlined::Scanned { .. }) {
                self.add_spiking_rows(source, !single);
                self.builder.jump(0, back);
                continue;
            }
            let routine = match routines.iter().find(|(s, _)| *s == source) {
                Some((_, label)) => *label,
                None => {
                    let label = self.builder.label();
                    routines.push((source, label));
                    label
                }
            };
            self.builder.jump(RETURN, routine);
            self.builder.jump(0, back);
        }
        for (source, label) in routines {
            self.builder.bind(label);
            self.add_spiking_rows(source, true);
            self.emit(build::load(Op::Jalr, 0, 0, RETURN));
        }
        for clipped in std::mem::take(&mut self.clipped) {
            self.builder.bind(clipped.enter);
            let projection = &self.placed.network.projections[clipped.projection];
            let to = self.placed.arrivals(projection.target);
            if let Delivery::Shared(kind) = projection.weights.synapses().delivery() {
                kind.write_clipped(self, &to);
            }
            self.builder.jump(0, clipped.back);
        }
    }

    /// Adds the rows of the neurons whose bits are set in `WORD`, which is not zero;
    /// bit 0 is neuron `FIRST` where `offset` says so, else neuron 0.
    fn add_spiking_rows(&mut self, source: Source, offset: bool) {
        if !self.has_events(source) {
            return;
        }
        let (first, bytes) = self.events_of(source);
        let [index, rest, far_base, far_stride] = SCRATCH;
        if let Source::Population(k) = source {
            self.mark(format!(
                "deliver.{}",
                self.placed.network.populations[k].name
            ));
            if let (Some(address), None) = (
                self.placed.populations[k].counter,
                self.numbers.get(&Number::Count(source)),
            ) {
                // No register to count in: once for the word, in memory.
                self.builder.li(FAR, address as i32);
                self.emit(build::unary(Op::Cpop, index, WORD));
                self.emit(build::load(Op::Lw, rest, 0, FAR));
                self.emit(build::r(Op::Add, rest, rest, index));
                self.emit(build::store(Op::Sw, rest, 0, FAR));
            }
        }
        let base = self.number(Number::EventBase(source), far_base, first);
        let shift = bytes.is_power_of_two().then(|| bytes.trailing_zeros());
        let stride = match shift {
            Some(_) => 0,
            None => self.number(Number::EventStride(source), far_stride, bytes),
        };
        let again = self.builder.here();
        let mut block = Block::new();
        block.push(build::unary(Op::Ctz, index, WORD));
        block.push(build::i(Op::Addi, rest, WORD, -1));
        if offset {
            block.push(build::r(Op::Add, index, index, FIRST));
        }
        match shift {
            Some(bits) => block.push(build::i(Op::Slli, index, index, bits as i32)),
            None => block.push(build::r(Op::Mul, index, index, stride)),
        }
        block.push(build::r(Op::And, WORD, WORD, rest));
        if let Some(&count) = self.numbers.get(&Number::Count(source)) {
            block.push(build::i(Op::Addi, count, count, 1));
        }
        block.push(build::r(Op::Add, ROW, index, base));
        let block = self.add_event(source, block);
        self.block(&block);
        self.builder.branch(Op::Bne, WORD, 0, again);
    }

    /// The register that holds `number`, or `else_register` after putting `value` there.
    fn number(&mut self, number: Number, else_register: u8, value: u32) -> u8 {
        match self.numbers.get(&number) {
            Some(&register) => register,
            None => {
                self.builder.li(else_register, value as i32);
                else_register
            }
        }
    }
}

impl Outlined {
    fn source(&self) -> Source {
        match self {
            Outlined::Word { source, .. } | Outlined::Scanned { source, .. } => *source,
        }
    }
}
