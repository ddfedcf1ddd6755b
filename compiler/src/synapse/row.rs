//! The code of one spike, which walks along the row of the neuron that spiked.

use spikevec_assembler::build;
use spikevec_isa::Op;

use super::delivery::{Code, offset};
use crate::code::registers::ROW;
use crate::code::{Block, Region};

/// Vectors that a row's base register reaches with signed 12-bit offsets.
const REACH: usize = 31;

/// A block, and how far along the row it is. [`ROW`] is its base register, and used up.
#[derive(Debug)]
pub struct RowCode {
    /// What is not emitted yet.
    pub block: Block,
    /// The vector that comes next, from where the base register points.
    position: usize,
}

impl RowCode {
    /// At the beginning of a row; `block` may hold code that comes first.
    pub fn new(block: Block) -> Self {
        RowCode { block, position: 0 }
    }

    /// Begins a piece of work with the next vector of the row in an intermediate value.
    pub fn load(&mut self, code: &mut dyn Code) -> u8 {
        if self.position == REACH || self.block.is_full() {
            self.move_base(code);
        }
        self.block.next_group();
        let weights = self.block.temp();
        let load = build::load(Op::Vloadv, weights, offset(self.position), ROW);
        self.block.push_in(load, Region::Weights);
        self.position += 1;
        weights
    }

    /// Emits the block, with [`ROW`] at the vector that comes next: for code that moves it itself.
    pub fn flush(&mut self, code: &mut dyn Code) {
        self.move_base(code);
        code.block(&std::mem::take(&mut self.block));
    }

    fn move_base(&mut self, code: &mut dyn Code) {
        if self.position > 0 {
            self.block.next_group();
            let step = build::i(Op::Addi, ROW, ROW, offset(self.position));
            self.block.push(step);
            self.position = 0;
        }
        if self.block.is_full() {
            code.block(&std::mem::take(&mut self.block));
        }
    }
}
