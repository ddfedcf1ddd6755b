//! The whole vector side.

use rust_hdl::prelude::*;

use super::{Gather, Group, SlowPick};
use crate::comment;
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
/// instruction that faults for a reason known in A must have `drop` in M.
#[derive(LogicBlock)]
pub struct VectorUnit<const GROUPS: usize, const EACH: usize, const LANES: usize> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// A: a beat leaves for M.
    pub issue: Signal<In, Bit>,
    /// D: A takes what is there.
    pub take: Signal<In, Bit>,
    /// D: number of the instruction's row.
    pub enter_op: Signal<In, Bits<7>>,
    /// D: register field.
    pub enter_rd: Signal<In, Bits<5>>,
    /// D: register field.
    pub enter_rs1: Signal<In, Bits<5>>,
    /// D: register field.
    pub enter_rs2: Signal<In, Bits<5>>,
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
    /// M: what is there has a fault and does nothing.
    pub drop: Signal<In, Bit>,
    /// Drops what is in A, M and X.
    pub halt: Signal<In, Bit>,
    /// X1: what is there stops the core; a VLOADL writes nothing.
    pub fault: Signal<In, Bit>,
    /// X1, of the last beat: the 32 bits of a comparison, or VEXTRACT's value.
    pub gathered: Signal<Out, Bits<32>>,
    /// X: some lane's address is bad, if what is there is not dropped; of the groups with even numbers, and odd ones.
    pub lane_fails: [Signal<Out, Bit>; 2],
    /// X1: that of the lowest such lane is odd; else it is outside.
    pub lane_misaligned: Signal<Out, Bit>,

    /// DMA and host: a word of vector memory to read.
    pub memory_read_address: Signal<In, Bits<20>>,
    /// The read port is free in this clock.
    pub memory_read_grant: Signal<Out, Bit>,
    /// The word, the clock after its address with grant.
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
    /// The host has the port: what is there is read.
    pub local_turn: Signal<In, Bit>,
    /// And written.
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
    group: Vec<Group<EACH>>,
    gather: Gather<LANES>,
    local_pick: SlowPick<LANES>,
    local_hot: Signal<Local, Bits<LANES>>,
    m_word: DFF<Bits<20>>,
    x_word: DFF<Bits<20>>,
    same_as_ahead: DFF<Bit>,
    same_as_before: DFF<Bit>,
    read_word: Signal<Local, Bits<20>>,
    amount: Signal<Local, Bits<8>>,
    mask_and_unused: Signal<Local, Bits<32>>,
    mask_bits: Signal<Local, Bits<LANES>>,
    lane_bits: Constant<Bits<3>>,
}

impl<const GROUPS: usize, const EACH: usize, const LANES: usize> VectorUnit<GROUPS, EACH, LANES> {
    /// Beats of an instruction.
    pub const BEATS: usize = 32 / LANES;

    /// A unit with these memories.
    pub fn new(parameters: &VectorParameters) -> Self {
        const { assert!(GROUPS * EACH == LANES, "LANES is GROUPS * EACH") };
        const { assert!(LANES == 4 || LANES == 8 || LANES == 16 || LANES == 32) };
        Self {
            clock: Signal::default(),
            issue: Signal::default(),
            take: Signal::default(),
            enter_op: Signal::default(),
            enter_rd: Signal::default(),
            enter_rs1: Signal::default(),
            enter_rs2: Signal::default(),
            beat: Signal::default(),
            check: Signal::default(),
            immediate: Signal::default(),
            word: Signal::default(),
            vector_load_in_a: Signal::default(),
            scalar: Signal::default(),
            mask_from_compare: Signal::default(),
            drop: Signal::default(),
            halt: Signal::default(),
            fault: Signal::default(),
            gathered: Signal::default(),
            lane_fails: Default::default(),
            lane_misaligned: Signal::default(),
            memory_read_address: Signal::default(),
            memory_read_grant: Signal::default(),
            memory_read_data: std::array::from_fn(|_| Signal::default()),
            memory_write: std::array::from_fn(|_| Signal::default()),
            memory_write_address: Signal::default(),
            memory_write_data: std::array::from_fn(|_| Signal::default()),
            memory_write_grant: Signal::default(),
            local_lane: Signal::default(),
            local_address: Signal::default(),
            local_turn: Signal::default(),
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
            group: (0..GROUPS)
                .map(|_| Group::new(parameters, Self::BEATS))
                .collect(),
            gather: Gather::default(),
            local_pick: SlowPick::default(),
            local_hot: Signal::default(),
            m_word: DFF::default(),
            x_word: DFF::default(),
            same_as_ahead: DFF::default(),
            same_as_before: DFF::default(),
            read_word: Signal::default(),
            amount: Signal::default(),
            mask_and_unused: Signal::default(),
            mask_bits: Signal::default(),
            lane_bits: Constant::new(u64::from(LANES.trailing_zeros()).into()),
        }
    }
}

impl<const GROUPS: usize, const EACH: usize, const LANES: usize> Logic
    for VectorUnit<GROUPS, EACH, LANES>
{
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module vector_unit: the vector side, from stage A's output to W");

        dff_setup!(self, clock, m_word, x_word, same_as_ahead, same_as_before);

        comment!("Faults of lanes. The lowest group is the last to override.");
        self.lane_fails[0].next = false;
        self.lane_fails[1].next = false;
        for g in 0..GROUPS {
            if self.group[g].fails.val() {
                self.lane_fails[g % 2].next = true;
            }
        }
        self.lane_misaligned.next = false;
        for groups in GROUPS..(GROUPS + 1) {
            for g in 0..GROUPS {
                if self.group[groups - 1 - g].bad.val() {
                    self.lane_misaligned.next = self.group[groups - 1 - g].misaligned.val();
                }
            }
        }

        comment!("A load in A has the read port of vector memory; DMA and host have it otherwise.");
        self.read_word.next = self.memory_read_address.val();
        if self.vector_load_in_a.val() {
            self.read_word.next = self.word.val();
        }
        self.memory_read_grant.next = !self.vector_load_in_a.val();
        self.memory_write_grant.next = !self.group[0].owns_write.val();

        comment!(
            "A: is the word that of the beat just ahead, or of the one before? Each group knows in M which of them store."
        );
        self.m_word.d.next = self.word.val();
        self.x_word.d.next = self.m_word.q.val();
        self.same_as_ahead.d.next = self.word.val() == self.m_word.q.val();
        self.same_as_before.d.next = self.word.val() == self.x_word.q.val();

        comment!("M: the bits of the scalar that are this beat's.");
        self.amount.next = bit_cast::<8, 3>(self.group[0].mask_beat.val());
        self.mask_and_unused.next =
            self.scalar.val() >> (self.amount.val() << self.lane_bits.val());
        self.mask_bits.next = bit_cast::<LANES, 32>(self.mask_and_unused.val());
        self.local_hot.next = bits::<LANES>(1) << self.local_lane.val();

        for g in 0..GROUPS {
            self.group[g].clock.next = self.clock.val();
            self.group[g].issue.next = self.issue.val();
            self.group[g].take.next = self.take.val();
            self.group[g].enter_op.next = self.enter_op.val();
            self.group[g].enter_rd.next = self.enter_rd.val();
            self.group[g].enter_rs1.next = self.enter_rs1.val();
            self.group[g].enter_rs2.next = self.enter_rs2.val();
            self.group[g].beat.next = self.beat.val();
            self.group[g].check.next = self.check.val();
            self.group[g].immediate.next = self.immediate.val();
            self.group[g].word.next = self.word.val();
            self.group[g].same_as_ahead.next = self.same_as_ahead.q.val();
            self.group[g].same_as_before.next = self.same_as_before.q.val();
            self.group[g].scalar.next = self.scalar.val();
            self.group[g].mask_from_compare.next = self.mask_from_compare.val();
            self.group[g].drop.next = self.drop.val();
            self.group[g].halt.next = self.halt.val();
            self.group[g].fault.next = self.fault.val();
            self.group[g].memory_read_address.next = self.read_word.val();
            self.group[g].memory_write_address.next = self.memory_write_address.val();
            self.group[g].host.next = self.local_turn.val();
            self.group[g].host_address.next = self.local_address.val();
            self.group[g].host_data.next = self.local_data.val();
        }
        comment!("Lane i of group g is lane g * EACH + i of the unit.");
        for each in EACH..(EACH + 1) {
            for g in 0..GROUPS {
                for i in 0..EACH {
                    self.group[g].mask_bit[i].next = self.mask_bits.val().get_bit(g * each + i);
                    self.group[g].memory_write[i].next = self.memory_write[g * each + i].val();
                    self.group[g].memory_write_data[i].next =
                        self.memory_write_data[g * each + i].val();
                    self.group[g].host_write[i].next =
                        self.local_write.val() & self.local_hot.val().get_bit(g * each + i);
                    self.gather.holds[g * each + i].next = self.group[g].holds[i].val();
                    self.gather.value[g * each + i].next = self.group[g].extracted[i].val();
                    self.local_pick.from[g * each + i].next = self.group[g].local_word[i].val();
                    self.memory_read_data[g * each + i].next = self.group[g].memory_data[i].val();
                    self.vector_write_data[g * each + i].next = self.group[g].w[i].val();
                    self.vector_store_data[g * each + i].next = self.group[g].stored[i].val();
                    self.lane_store_lanes[g * each + i].next = self.group[g].local_writes[i].val();
                    self.lane_store_address[g * each + i].next =
                        self.group[g].local_address[i].val();
                    self.lane_store_data[g * each + i].next = self.group[g].stored[i].val();
                }
            }
        }
        self.local_pick.clock.next = self.clock.val();
        self.local_pick.index.next = self.local_lane.val();
        self.local_value.next = self.local_pick.picked.val();

        self.gather.clock.next = self.clock.val();
        self.gather.compares.next = self.group[0].compares.val();
        self.gather.extracts.next = self.group[0].extracts.val();
        self.gather.lane.next = self.group[0].extract_lane.val();
        self.gather.x_lane.next = self.group[0].x_lane.val();
        self.gather.beat.next = self.group[0].x1_beat.val();
        self.gathered.next = self.gather.gathered.val();

        comment!("Retirement: the first group's control stands for all.");
        self.vector_write.next = self.group[0].writes.val();
        self.vector_write_register.next = self.group[0].number.val();
        self.vector_store.next = self.group[0].stores_vector.val();
        self.vector_store_word.next = self.group[0].store_word.val();
        self.lane_store.next = self.group[0].stores_lane.val();
        self.lane_store_beat.next = self.group[0].x_beat.val();
    }
}
