//! One-to-one projections: a select for every vector, no row for every spike.

use spikevec_assembler::build;
use spikevec_isa::{LANES, Op, VECTOR_BYTES};

use super::Emitter;
use super::block::{Block, Region, Site};
use super::scalar::{INPUT, SCAN, SCAN_END, SCRATCH, WORD};
use crate::graph::Source;
use crate::place::{Home, Link, LinkWeights, Style};

impl Emitter<'_> {
    /// Adds the weights of a one-to-one projection where its source spiked.
    pub(super) fn add_link(&mut self, source: Source, link: &Link) {
        let kernel = &self.placed.network.populations[link.target].kernel;
        let vectors = kernel.vectors();
        let in_registers = match source {
            Source::Population(k) if self.placed.populations[k].style == Style::Unrolled => {
                self.spike_registers[k].clone()
            }
            _ => Vec::new(),
        };
        if in_registers.is_empty() && self.placed.populations[link.target].style == Style::Looped {
            self.add_link_looped(source, link, vectors);
            return;
        }
        let [weights, words, ..] = SCRATCH;
        if let LinkWeights::At(address) = link.weights {
            self.builder.li(weights, address as i32);
        }
        if in_registers.is_empty() {
            self.point_at_words(words, source);
        }
        let mut block = Block::new();
        for v in 0..vectors {
            if block.is_full() {
                self.block(&std::mem::take(&mut block));
            }
            block.next_group();
            let word = match in_registers.get(v) {
                Some(&register) => register,
                None => {
                    block.push_in(
                        build::load(Op::Lw, WORD, 4 * v as i32, words),
                        Region::ScalarOutput,
                    );
                    WORD
                }
            };
            let wide = kernel.words > 1;
            for (w, accumulator) in kernel.accumulators().enumerate() {
                let vector = if wide { w } else { v };
                let offset = vector as i32 * VECTOR_BYTES as i32;
                let weight = self.link_weight(&mut block, link, (weights, offset));
                let arrived = block.temp();
                block.push(build::u(Op::Vlui, arrived, 0));
                block.push(build::r(Op::Vsel, arrived, word, weight));
                self.accumulate(&mut block, link.target, (v, accumulator), arrived);
            }
            if wide && v + 1 < vectors {
                // The words of all vectors are beyond the reach of one base register.
                let bytes = (kernel.words * VECTOR_BYTES as usize) as i32;
                block.push(build::i(Op::Addi, weights, weights, bytes));
            }
        }
        self.block(&block);
    }

    /// `register` = address of the spike words of `source`, which are in memory.
    fn point_at_words(&mut self, register: u8, source: Source) {
        match source {
            Source::Input => self.emit(build::mv(register, INPUT)),
            Source::Population(k) => self.point_at_spikes(register, k),
        }
    }

    /// The vector of weights at `operand`, or the weight that all neurons share.
    fn link_weight(&self, block: &mut Block, link: &Link, operand: (u8, i32)) -> u8 {
        match link.weights {
            LinkWeights::Uniform(value) => self.home(Home::Uniform(value)).unwrap_or_else(|| {
                let register = block.temp();
                block.push(build::u(Op::Vlui, register, i32::from(value)));
                register
            }),
            LinkWeights::At(_) => {
                let register = block.temp();
                block.push_in(
                    build::load(Op::Vloadv, register, operand.1, operand.0),
                    Region::Weights,
                );
                register
            }
        }
    }

    fn add_link_looped(&mut self, source: Source, link: &Link, vectors: usize) {
        let [weights, sum, ..] = SCRATCH;
        let kernel = &self.placed.network.populations[link.target].kernel;
        let placed = &self.placed.populations[link.target];
        let site = Site {
            population: link.target,
            lanes: LANES,
        };
        let (first, stride) = (placed.state_address(kernel.accumulator, 0), placed.stride);
        if let LinkWeights::At(address) = link.weights {
            self.builder.li(weights, address as i32);
        }
        self.builder.li(sum, first as i32);
        self.point_at_words(SCAN, source);
        self.builder.li(SCAN_END, 4 * vectors as i32);
        self.emit(build::r(Op::Add, SCAN_END, SCAN_END, SCAN));
        let again = self.builder.here();
        let mut block = Block::new();
        block.push_in(build::load(Op::Lw, WORD, 0, SCAN), Region::ScalarOutput);
        block.push(build::i(Op::Addi, SCAN, SCAN, 4));
        for w in 0..kernel.words as i32 {
            let offset = w * VECTOR_BYTES as i32;
            let weight = self.link_weight(&mut block, link, (weights, offset));
            if matches!(link.weights, LinkWeights::At(_)) && w + 1 == kernel.words as i32 {
                let bytes = offset + VECTOR_BYTES as i32;
                block.push(build::i(Op::Addi, weights, weights, bytes));
            }
            let (arrived, old, new) = (block.temp(), block.temp(), block.temp());
            block.push_in(build::load(Op::Vloadv, old, offset, sum), Region::State);
            block.push(build::u(Op::Vlui, arrived, 0));
            block.push(build::r(Op::Vsel, arrived, WORD, weight));
            block.push_at(build::r(Op::VaddS, new, old, arrived), site);
            block.push_in(build::store(Op::Vstorev, new, offset, sum), Region::State);
        }
        self.block(&block);
        self.advance(sum, stride);
        self.builder.branch(Op::Bne, SCAN, SCAN_END, again);
    }
}
