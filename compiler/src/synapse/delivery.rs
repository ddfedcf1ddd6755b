//! How the spikes of a placed network reach their targets: what a kind of synapses says of itself
//! to placement and emission.

use std::ops::Range;

use spikevec_assembler::{Builder, build};
use spikevec_isa::{LANES, Op, VECTOR_BYTES, Vector};

use super::Source;
use super::row::RowCode;
use crate::code::Block;
use crate::code::registers::FAR;

/// When the code of a kind runs.
pub enum Delivery<'a> {
    /// For each spike: the spiking neuron has a row in vector memory, of which this projection
    /// has a part. Projections of one source share their rows.
    Rows(&'a dyn RowSynapses),
    /// For each spike: the spiking neuron has an entry in a table in scalar memory, which says
    /// which of the weights that neurons share it adds, and where.
    Shared(&'a dyn SharedSynapses),
    /// Once a step, for all spikes at once as words of 32 neurons.
    Words(&'a dyn WordSynapses),
}

/// Synapses that act on each spike by themselves.
pub trait RowSynapses {
    /// Vectors of this projection's part of a row.
    fn row_vectors(&self, to: &Arrivals) -> usize;

    /// The part of source neuron `neuron`: [`row_vectors`](Self::row_vectors) vectors.
    fn row(&self, neuron: usize, to: &Arrivals) -> &[Vector];

    /// Writes what one spike does, with `row` at the beginning of the part; leaves it behind it.
    fn write(&self, code: &mut dyn Code, row: &mut RowCode, to: &Arrivals);
}

/// Synapses that act on each spike by themselves, with weights that neurons share. Their targets
/// have their state in memory.
pub trait SharedSynapses {
    /// What they keep in vector memory.
    fn weights(&self, to: &Arrivals) -> &[Vector];

    /// The entry of source neuron `neuron`, where the weights are at address `weights`: address
    /// of its weights and address of its first sum. Low bits of the former that are not zero say
    /// that it is clipped.
    fn entry(&self, neuron: usize, to: &Arrivals, weights: u32) -> [u32; 2];

    /// True where some entries are clipped and have code of their own.
    fn is_clipped(&self, to: &Arrivals) -> bool;

    /// Writes behind `block` what one spike does, with the entry in `ROW` and `SUM`. It may use
    /// these, `CLIPPED` and `FAR`. The block that is returned may be extended.
    fn write(&self, code: &mut dyn Code, block: Block, to: &Arrivals) -> Block;

    /// The same for an entry that is clipped, with its low bits in `CLIPPED`.
    fn write_clipped(&self, code: &mut dyn Code, to: &Arrivals);
}

/// Synapses that act on the words of a step's spikes.
pub trait WordSynapses {
    /// What they keep in vector memory; nothing where they need none.
    fn table(&self, to: &Arrivals) -> &[Vector];

    /// Writes what a step does. `table` is the address of the above, where there is one.
    fn write(&self, code: &mut dyn Code, spikes: &SpikeWords, table: Option<u32>, to: &Arrivals);
}

/// The spikes of a step, a word for 32 neurons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpikeWords {
    /// Whose they are.
    pub source: Source,
    /// The registers that hold them; none where they are in memory, at
    /// [`Code::point_at_words`].
    pub registers: Vec<u8>,
}

/// Where weights arrive: the accumulators of a population that has addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrivals {
    /// The population, by index.
    pub population: usize,
    /// Its neurons.
    pub neurons: usize,
    /// The first state variable that weights are added to.
    pub accumulator: usize,
    /// State variables that a weight is split over.
    pub words: usize,
    /// True where its code is a loop over its vectors, so that its state is in memory.
    pub looped: bool,
    /// Address of the first accumulator of vector 0.
    pub address: u32,
    /// Bytes from one vector of neurons to the next.
    pub stride: u32,
    /// Vectors that a loop over it handles in one turn.
    pub vectors_a_turn: usize,
}

impl Arrivals {
    /// Vectors of 32 neurons, the last one padded.
    pub fn vectors(&self) -> usize {
        self.neurons.div_ceil(LANES)
    }

    /// Vectors that hold a weight for every neuron.
    pub fn weight_vectors(&self) -> usize {
        self.vectors() * self.words
    }

    /// The state variables that weights are added to, word by word.
    pub fn accumulators(&self) -> Range<usize> {
        self.accumulator..self.accumulator + self.words
    }

    /// Lanes of vector `k` that hold neurons.
    pub fn lanes(&self, k: usize) -> usize {
        (self.neurons - k * LANES).min(LANES)
    }
}

/// The program as far as it is written, for a kind that adds its part.
pub trait Code {
    /// Where instructions go that keep their order.
    fn builder(&mut self) -> &mut Builder;

    /// Orders and emits a block.
    fn block(&mut self, block: &Block);

    /// The register that holds `value` in every lane, where one does.
    fn uniform(&self, value: i16) -> Option<u8>;

    /// Appends to `block` that `weights` are added, saturating, to an accumulator of `to`:
    /// vector and state variable.
    fn accumulate(&self, block: &mut Block, to: &Arrivals, at: (usize, usize), weights: u8);

    /// `register` = address of the step's spike words of `source`, which are in memory.
    fn point_at_words(&mut self, register: u8, source: Source);

    /// `register += bytes`.
    fn advance(&mut self, register: u8, bytes: u32) {
        let builder = self.builder();
        if bytes <= 2047 {
            builder.emit(build::i(Op::Addi, register, register, bytes as i32));
        } else {
            builder.li(FAR, bytes as i32);
            builder.emit(build::r(Op::Add, register, register, FAR));
        }
    }
}

/// Offset of vector `k` from a base register.
pub(super) fn offset(k: usize) -> i32 {
    k as i32 * VECTOR_BYTES as i32
}
