//! The whole vector side.

use rust_hdl::prelude::*;

use crate::leaf::Style;

/// Sizes of a [`VectorUnit`], and what its memories are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VectorParameters {
    /// Halfwords of one physical lane's column of vector memory: 64-byte vectors times beats.
    pub vector_words: usize,
    /// What vector memory is made of.
    pub vector_style: Style,
    /// Halfwords of one architectural lane's memory; a physical lane's column has beats times that.
    pub local_halfwords: usize,
    /// What lane-local memory is made of.
    pub local_style: Style,
    /// What the vector registers are made of.
    pub register_style: Style,
}

/// Everything of the vector side from stage A's output to W: `LANES` is `GROUPS * EACH`.
///
/// A beat enters with `issue` in A and never waits. Signals belong to the stage that their comment names; see
/// docs/core.md for the stages and for the distances that the core keeps (there are no interlocks here). An
/// instruction that faults for a reason known in A must come with `issue` low.
#[derive(LogicBlock)]
pub struct VectorUnit<const GROUPS: usize, const EACH: usize, const LANES: usize> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// A: a beat leaves for M.
    pub issue: Signal<In, Bit>,
    /// A: number of the instruction's row.
    pub op: Signal<In, Bits<7>>,
    /// A: register field.
    pub rd: Signal<In, Bits<5>>,
    /// A: register field.
    pub rs1: Signal<In, Bits<5>>,
    /// A: register field.
    pub rs2: Signal<In, Bits<5>>,
    /// A: the beat, 0 to `32 / LANES - 1`.
    pub beat: Signal<In, Bits<3>>,
    /// A: first pass of VLOADL: no effect but a fault.
    pub check: Signal<In, Bit>,
    /// A: the low half of the decoder's immediate.
    pub immediate: Signal<In, Bits<16>>,
    /// A: word of vector memory, read at the edge to M by loads, written at the end of X by VSTOREV.
    pub word: Signal<In, Bits<20>>,
    /// A: a VLOADV, VLOADR0 or VLOADR1 is there, also while it waits: it has the read port.
    pub vector_load_in_a: Signal<In, Bit>,
    /// M: rs1 of VFILL and VSEL, rs2 of VANDADD.
    pub scalar: Signal<In, Bits<32>>,
    /// M: the VSEL there takes the mask of the comparison directly ahead. Only where `LANES` is 32.
    pub mask_from_compare: Signal<In, Bit>,
    /// Drops what is in A, M and X.
    pub halt: Signal<In, Bit>,
    /// X1, of the last beat: the 32 bits of a comparison, or VEXTRACT's value.
    pub gathered: Signal<Out, Bits<32>>,
    /// X1: some lane's address is bad.
    pub lane_fault: Signal<Out, Bit>,
    /// X1: that of the lowest such lane is odd; else it is outside.
    pub lane_misaligned: Signal<Out, Bit>,

    /// DMA and host: read a word of vector memory.
    pub memory_read: Signal<In, Bit>,
    /// The word to read.
    pub memory_read_address: Signal<In, Bits<20>>,
    /// The read port is free in this clock.
    pub memory_read_grant: Signal<Out, Bit>,
    /// The word, the clock after `memory_read` with grant.
    pub memory_read_data: [Signal<Out, Bits<16>>; LANES],
    /// DMA and host: write these lanes of a word of vector memory.
    pub memory_write: [Signal<In, Bit>; LANES],
    /// The word to write.
    pub memory_write_address: Signal<In, Bits<20>>,
    /// What to write.
    pub memory_write_data: [Signal<In, Bits<16>>; LANES],
    /// The write port is free in this clock.
    pub memory_write_grant: Signal<Out, Bit>,

    /// Host, while the core is stopped: a physical lane.
    pub local_lane: Signal<In, Bits<5>>,
    /// Halfword of its column: `(address / 2) * beats + beat`.
    pub local_address: Signal<In, Bits<17>>,
    /// Read it.
    pub local_read: Signal<In, Bit>,
    /// Write it.
    pub local_write: Signal<In, Bit>,
    /// What to write.
    pub local_data: Signal<In, Bits<16>>,
    /// What was read, a clock later.
    pub local_value: Signal<Out, Bits<16>>,

    /// W: a register is written.
    pub vector_write: Signal<Out, Bit>,
    /// W: the physical register, `8 r + beat`.
    pub vector_write_register: Signal<Out, Bits<8>>,
    /// W: its value.
    pub vector_write_data: [Signal<Out, Bits<16>>; LANES],
    /// X: VSTOREV writes.
    pub vector_store: Signal<Out, Bit>,
    /// X: the word.
    pub vector_store_word: Signal<Out, Bits<20>>,
    /// X: its value.
    pub vector_store_data: [Signal<Out, Bits<16>>; LANES],
    /// X: VSTOREL is there.
    pub lane_store: Signal<Out, Bit>,
    /// X: the lanes that write; valid with `lane_store`.
    pub lane_store_lanes: [Signal<Out, Bit>; LANES],
    /// X: the beat.
    pub lane_store_beat: Signal<Out, Bits<3>>,
    /// X: the byte address within the architectural lane's memory.
    pub lane_store_address: [Signal<Out, Bits<17>>; LANES],
    /// X: what is written.
    pub lane_store_data: [Signal<Out, Bits<16>>; LANES],
}

impl<const GROUPS: usize, const EACH: usize, const LANES: usize> VectorUnit<GROUPS, EACH, LANES> {
    /// A unit with these memories.
    pub fn new(_parameters: &VectorParameters) -> Self {
        const { assert!(GROUPS * EACH == LANES, "LANES is GROUPS * EACH") };
        Self {
            clock: Signal::default(),
            issue: Signal::default(),
            op: Signal::default(),
            rd: Signal::default(),
            rs1: Signal::default(),
            rs2: Signal::default(),
            beat: Signal::default(),
            check: Signal::default(),
            immediate: Signal::default(),
            word: Signal::default(),
            vector_load_in_a: Signal::default(),
            scalar: Signal::default(),
            mask_from_compare: Signal::default(),
            halt: Signal::default(),
            gathered: Signal::default(),
            lane_fault: Signal::default(),
            lane_misaligned: Signal::default(),
            memory_read: Signal::default(),
            memory_read_address: Signal::default(),
            memory_read_grant: Signal::default(),
            memory_read_data: std::array::from_fn(|_| Signal::default()),
            memory_write: std::array::from_fn(|_| Signal::default()),
            memory_write_address: Signal::default(),
            memory_write_data: std::array::from_fn(|_| Signal::default()),
            memory_write_grant: Signal::default(),
            local_lane: Signal::default(),
            local_address: Signal::default(),
            local_read: Signal::default(),
            local_write: Signal::default(),
            local_data: Signal::default(),
            local_value: Signal::default(),
            vector_write: Signal::default(),
            vector_write_register: Signal::default(),
            vector_write_data: std::array::from_fn(|_| Signal::default()),
            vector_store: Signal::default(),
            vector_store_word: Signal::default(),
            vector_store_data: std::array::from_fn(|_| Signal::default()),
            lane_store: Signal::default(),
            lane_store_lanes: std::array::from_fn(|_| Signal::default()),
            lane_store_beat: Signal::default(),
            lane_store_address: std::array::from_fn(|_| Signal::default()),
            lane_store_data: std::array::from_fn(|_| Signal::default()),
        }
    }
}

impl<const GROUPS: usize, const EACH: usize, const LANES: usize> Logic
    for VectorUnit<GROUPS, EACH, LANES>
{
    fn update(&mut self) {}
}
