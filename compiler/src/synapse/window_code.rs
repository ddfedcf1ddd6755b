//! The code of a spike that adds a window of weights.

use spikevec_assembler::build;
use spikevec_isa::{LANES, Op, VECTOR_BYTES, Vector};

use super::delivery::{Arrivals, Code, SharedSynapses};
use super::windows::Windows;
use crate::code::registers::{CLIPPED, FAR, ROW, SUM};
use crate::code::{Block, Region, Site};

/// Vectors of a window up to which its code has no loop.
const STRAIGHT: usize = 40;

/// Bits of an entry's first word that say by how many rows its window is short. The address in
/// the other bits is a multiple of a vector's bytes.
const SHORT: u32 = VECTOR_BYTES - 1;

/// Most rows of a window: what the bits above can say.
pub(super) const MOST_ROWS: usize = SHORT as usize;

impl SharedSynapses for Windows {
    fn weights(&self, _to: &Arrivals) -> &[Vector] {
        &self.weights
    }

    fn entry(&self, neuron: usize, to: &Arrivals, weights: u32) -> [u32; 2] {
        let window = &self.entries[neuron];
        let short = (self.rows - window.rows) as u32;
        let first = (window.first * to.words) as u32 * VECTOR_BYTES;
        [
            weights + first + short,
            to.address + window.target as u32 * to.stride,
        ]
    }

    fn is_clipped(&self, to: &Arrivals) -> bool {
        self.is_straight(to) && self.entries.iter().any(|window| window.rows < self.rows)
    }

    fn write(&self, code: &mut dyn Code, block: Block, to: &Arrivals) -> Block {
        if self.is_straight(to) {
            return self.rows(code, block, to, self.rows);
        }
        code.block(&block);
        code.builder()
            .emit(build::i(Op::Andi, CLIPPED, ROW, SHORT as i32));
        self.write_clipped(code, to);
        Block::new()
    }

    fn write_clipped(&self, code: &mut dyn Code, to: &Arrivals) {
        let all = self.rows as i32;
        let done = code.builder().label();
        code.builder()
            .emit(build::i(Op::Andi, ROW, ROW, !SHORT as i32));
        code.builder().emit(build::r(Op::Sub, CLIPPED, 0, CLIPPED));
        code.builder()
            .emit(build::i(Op::Addi, CLIPPED, CLIPPED, all));
        if self.entries.iter().any(|window| window.rows == 0) {
            code.builder().branch(Op::Beq, CLIPPED, 0, done);
        }
        let again = code.builder().here();
        let block = self.rows(code, Block::new(), to, 1);
        code.block(&block);
        // The row has moved its registers, where it is long.
        code.builder()
            .emit(build::i(Op::Addi, CLIPPED, CLIPPED, -1));
        code.builder().branch(Op::Bne, CLIPPED, 0, again);
        code.builder().bind(done);
    }
}

impl Windows {
    fn is_straight(&self, to: &Arrivals) -> bool {
        self.rows * self.width * to.words <= STRAIGHT
    }

    /// Adds the next `rows` rows of the window at `ROW` to the accumulators at `SUM`. A single
    /// row leaves both at the next.
    fn rows(&self, code: &mut dyn Code, block: Block, to: &Arrivals, rows: usize) -> Block {
        let mut bases = Bases {
            block,
            moved: [0; 2],
        };
        let vector = VECTOR_BYTES as i32;
        let site = Site {
            population: to.population,
            lanes: LANES,
        };
        for row in 0..rows {
            for n in 0..self.width * to.words {
                let (k, word) = (n / to.words, n % to.words);
                let weights = (row * self.width * to.words + n) as i32 * vector;
                let sum = (row * self.step + k) as i32 * to.stride as i32 + word as i32 * vector;
                if bases.block.is_full() {
                    code.block(&std::mem::take(&mut bases.block));
                }
                bases.block.next_group();
                let from = bases.offset(0, weights);
                let at = bases.offset(1, sum);
                let block = &mut bases.block;
                let (weights, old, new) = (block.temp(), block.temp(), block.temp());
                block.push_in(build::load(Op::Vloadv, weights, from, ROW), Region::Weights);
                block.push_in(build::load(Op::Vloadv, old, at, SUM), Region::State);
                block.push_at(build::r(Op::VaddS, new, old, weights), site);
                block.push_in(build::store(Op::Vstorev, new, at, SUM), Region::State);
            }
        }
        if rows == 1 && self.rows > 1 {
            bases.move_to(0, (self.width * to.words) as i32 * vector);
            bases.move_to(1, self.step as i32 * to.stride as i32);
        }
        bases.block
    }
}

/// A block, and how far the registers of weights and of sums have moved in it.
struct Bases {
    block: Block,
    moved: [i32; 2],
}

impl Bases {
    /// The offset at which `bytes` from the beginning is, for register `which`, which may move.
    fn offset(&mut self, which: usize, bytes: i32) -> i32 {
        let reach = -2048..=2047;
        if !reach.contains(&(bytes - self.moved[which])) {
            // As far as one instruction goes, where that is enough.
            let way = bytes - self.moved[which];
            let near = way.clamp(-2048, 2047);
            let to = match reach.contains(&(way - near)) {
                true => self.moved[which] + near,
                false => bytes,
            };
            self.move_to(which, to);
        }
        bytes - self.moved[which]
    }

    fn move_to(&mut self, which: usize, bytes: i32) {
        let register = [ROW, SUM][which];
        let way = bytes - self.moved[which];
        if (-2048..=2047).contains(&way) {
            if way != 0 {
                self.block.push(build::i(Op::Addi, register, register, way));
            }
        } else {
            for instruction in build::li(FAR, way) {
                self.block.push(instruction);
            }
            self.block.push(build::r(Op::Add, register, register, FAR));
        }
        self.moved[which] = bytes;
    }
}
