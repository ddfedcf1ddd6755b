//! Adding one row of weights: what a single spike does.

use spikevec_assembler::build;
use spikevec_isa::{Op, VECTOR_BYTES};

use super::Emitter;
use super::block::{Block, Region, Site};
use super::scalar::{ROW, SCRATCH};
use crate::graph::Source;
use crate::place::{Rows, Style};

/// Vectors that a row's base register reaches with signed 12-bit offsets.
const REACH: usize = 31;

impl<'a> Emitter<'a> {
    /// The rows of a source, where it has dense projections.
    pub(super) fn rows_of(&self, source: Source) -> Option<&'a Rows> {
        self.placed.fanouts.get(&source)?.rows.as_ref()
    }

    /// Adds the row at `ROW` to its targets. `block` may hold code that comes first;
    /// `ROW` is used up; the block that is returned may be extended, then emitted.
    pub(super) fn add_row(&mut self, rows: &Rows, mut block: Block) -> Block {
        let mut position = 0;
        for &target in &rows.targets {
            let kernel = &self.placed.network.populations[target].kernel;
            let vectors = kernel.vectors();
            match self.placed.populations[target].style {
                Style::Unrolled => {
                    let words = |v| kernel.accumulators().map(move |word| (v, word));
                    for word in (0..vectors).flat_map(words) {
                        if position == REACH || block.is_full() {
                            self.skip(&mut block, &mut position);
                        }
                        block.next_group();
                        let weights = block.temp();
                        let offset = position as i32 * VECTOR_BYTES as i32;
                        block.push_in(
                            build::load(Op::Vloadv, weights, offset, ROW),
                            Region::Weights,
                        );
                        self.accumulate(&mut block, target, word, weights);
                        position += 1;
                    }
                }
                Style::Looped => {
                    self.skip(&mut block, &mut position);
                    self.block(&std::mem::take(&mut block));
                    self.add_row_looped(target, vectors);
                }
            }
        }
        block
    }

    /// Moves `ROW` to the vector that comes next.
    fn skip(&mut self, block: &mut Block, position: &mut usize) {
        if *position > 0 {
            block.next_group();
            block.push(build::i(
                Op::Addi,
                ROW,
                ROW,
                *position as i32 * VECTOR_BYTES as i32,
            ));
            *position = 0;
        }
        if block.is_full() {
            self.block(&std::mem::take(block));
        }
    }

    /// Adds the vectors at `ROW` to the accumulators of a looped population and
    /// leaves `ROW` behind them.
    fn add_row_looped(&mut self, target: usize, vectors: usize) {
        let [sum, end, ..] = SCRATCH;
        let placed = &self.placed.populations[target];
        let kernel = &self.placed.network.populations[target].kernel;
        let stride = placed.stride;
        let first = placed.state_address(kernel.accumulator, 0);
        let unroll = placed.vectors_a_turn().min(vectors);
        let looped = vectors / unroll * unroll;
        self.builder.li(sum, first as i32);
        self.builder
            .li(end, (first + looped as u32 * stride) as i32);
        let turn = |emitter: &mut Self, count: usize| {
            let mut block = Block::new();
            let site = Site {
                population: target,
                lanes: spikevec_isa::LANES,
            };
            for n in 0..(count * kernel.words) as i32 {
                block.next_group();
                let (weights, old, new) = (block.temp(), block.temp(), block.temp());
                let (vector, word) = (n / kernel.words as i32, n % kernel.words as i32);
                let offset = vector * stride as i32 + word * VECTOR_BYTES as i32;
                block.push_in(
                    build::load(Op::Vloadv, weights, n * VECTOR_BYTES as i32, ROW),
                    Region::Weights,
                );
                block.push_in(build::load(Op::Vloadv, old, offset, sum), Region::State);
                block.push_at(build::r(Op::VaddS, new, old, weights), site);
                block.push_in(build::store(Op::Vstorev, new, offset, sum), Region::State);
            }
            emitter.block(&block);
            emitter.advance(ROW, (count * kernel.words) as u32 * VECTOR_BYTES);
            emitter.advance(sum, count as u32 * stride);
        };
        let again = self.builder.here();
        turn(self, unroll);
        self.builder.branch(Op::Bne, sum, end, again);
        if vectors > looped {
            turn(self, vectors - looped);
        }
    }
}
