//! The host port: access to the memories while the core is stopped.

use rust_hdl::prelude::*;

use super::{INSTRUCTION_ADDRESS, SCALAR_ADDRESS};
use crate::comment;

/// One request at a time: a word of 32 bits, read or written.
///
/// A word of vector memory is two lanes', one of lane-local memory two halfwords of the same lane.
/// A request that cannot be (unaligned, outside the memory, while the core runs) is answered by `error` and does nothing.
#[derive(LogicBlock)]
pub struct Host {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Read a word.
    pub read: Signal<In, Bit>,
    /// Write a word.
    pub write: Signal<In, Bit>,
    /// Of instruction (0), scalar (1), vector (2) or lane-local (3) memory.
    pub memory: Signal<In, Bits<3>>,
    /// Byte address. A lane's local memory begins at its number times that memory's size.
    pub address: Signal<In, Bits<32>>,
    /// What to write.
    pub data: Signal<In, Bits<32>>,
    /// A request is taken at this edge.
    pub ready: Signal<Out, Bit>,
    /// The request is done.
    pub valid: Signal<Out, Bit>,
    /// It was refused.
    pub error: Signal<Out, Bit>,
    /// What was read.
    pub value: Signal<Out, Bits<32>>,
    /// The core runs, or DMA does.
    pub busy: Signal<In, Bit>,
    /// Word of instruction memory.
    pub instruction_address: Signal<Out, Bits<INSTRUCTION_ADDRESS>>,
    /// Write it.
    pub instruction_write: Signal<Out, Bit>,
    /// What was read in the clock before.
    pub instruction_value: Signal<In, Bits<32>>,
    /// Word of scalar memory.
    pub scalar_address: Signal<Out, Bits<SCALAR_ADDRESS>>,
    /// Write it.
    pub scalar_write: Signal<Out, Bit>,
    /// What was read in the clock before.
    pub scalar_value: Signal<In, Bits<32>>,
    /// Word of vector memory.
    pub vector_address: Signal<Out, Bits<20>>,
    /// It is the host's turn at vector memory.
    pub vector_turn: Signal<Out, Bit>,
    /// Write two lanes of it.
    pub vector_write: Signal<Out, Bit>,
    /// The lower of the two lanes.
    pub vector_lane: Signal<Out, Bits<5>>,
    /// What the two lanes have read two clocks before.
    pub vector_value: Signal<In, Bits<32>>,
    /// A lane in hardware.
    pub local_lane: Signal<Out, Bits<5>>,
    /// Halfword of its local memory.
    pub local_address: Signal<Out, Bits<17>>,
    /// It is the host's turn at it.
    pub local_turn: Signal<Out, Bit>,
    /// Write it.
    pub local_write: Signal<Out, Bit>,
    /// What.
    pub local_data: Signal<Out, Bits<16>>,
    /// What was read two clocks before.
    pub local_value: Signal<In, Bits<16>>,
    /// The word to write.
    pub word: Signal<Out, Bits<32>>,
    phase: DFF<Bits<3>>,
    writes: DFF<Bit>,
    which: DFF<Bits<3>>,
    at: DFF<Bits<32>>,
    held: DFF<Bits<32>>,
    refused: DFF<Bit>,
    access: DFF<Bit>,
    at_vector: DFF<Bit>,
    at_local: DFF<Bit>,
    takes: Signal<Local, Bit>,
    low: DFF<Bits<16>>,
    vector_at: DFF<Bits<20>>,
    local_at: DFF<Bits<17>>,
    half: DFF<Bits<16>>,
    size: Signal<Local, Bits<32>>,
    bad: Signal<Local, Bit>,
    done: Signal<Local, Bit>,
    vector_number: Signal<Local, Bits<32>>,
    first_lane: Signal<Local, Bits<32>>,
    unused_first: Signal<Local, Bits<27>>,
    lane: Signal<Local, Bits<32>>,
    beat: Signal<Local, Bits<32>>,
    offset: Signal<Local, Bits<32>>,
    halfword: Signal<Local, Bits<32>>,
    local_word: Signal<Local, Bits<32>>,
    unused_number: Signal<Local, Bits<12>>,
    unused_word: Signal<Local, Bits<15>>,
    unused_lane: Signal<Local, Bits<27>>,
    physical: Signal<Local, Bits<32>>,
    high_half: Signal<Local, Bit>,
    both: Signal<Local, Bits<32>>,
    instruction_bytes: Constant<Bits<32>>,
    scalar_bytes: Constant<Bits<32>>,
    vector_bytes: Constant<Bits<32>>,
    local_bytes: Constant<Bits<32>>,
    local_mask: Constant<Bits<32>>,
    local_bits: Constant<Bits<5>>,
    lane_mask: Constant<Bits<32>>,
    lane_bits: Constant<Bits<3>>,
    vector_bits: Constant<Bits<3>>,
    beat_bits: Constant<Bits<3>>,
    next_half: Constant<Bits<32>>,
}

impl Host {
    /// For a core of `lanes` with the memories of `target`, whose lane-local size is a power of two.
    pub fn new(lanes: u32, target: &spikevec_isa::Target) -> Self {
        let beats = 32 / lanes;
        let word = |value: u32| Constant::new(u64::from(value).to_bits());
        let local = target.lane_local_bytes;
        Self {
            clock: Signal::default(),
            read: Signal::default(),
            write: Signal::default(),
            memory: Signal::default(),
            address: Signal::default(),
            data: Signal::default(),
            ready: Signal::default(),
            valid: Signal::default(),
            error: Signal::default(),
            value: Signal::default(),
            busy: Signal::default(),
            instruction_address: Signal::default(),
            instruction_write: Signal::default(),
            instruction_value: Signal::default(),
            scalar_address: Signal::default(),
            scalar_write: Signal::default(),
            scalar_value: Signal::default(),
            vector_address: Signal::default(),
            vector_turn: Signal::default(),
            vector_write: Signal::default(),
            vector_lane: Signal::default(),
            vector_value: Signal::default(),
            local_lane: Signal::default(),
            local_address: Signal::default(),
            local_turn: Signal::default(),
            local_write: Signal::default(),
            local_data: Signal::default(),
            local_value: Signal::default(),
            word: Signal::default(),
            phase: DFF::default(),
            writes: DFF::default(),
            which: DFF::default(),
            at: DFF::default(),
            held: DFF::default(),
            refused: DFF::default(),
            access: DFF::default(),
            at_vector: DFF::default(),
            at_local: DFF::default(),
            takes: Signal::default(),
            low: DFF::default(),
            vector_at: DFF::default(),
            local_at: DFF::default(),
            half: DFF::default(),
            size: Signal::default(),
            bad: Signal::default(),
            done: Signal::default(),
            vector_number: Signal::default(),
            first_lane: Signal::default(),
            unused_first: Signal::default(),
            lane: Signal::default(),
            beat: Signal::default(),
            offset: Signal::default(),
            halfword: Signal::default(),
            local_word: Signal::default(),
            unused_number: Signal::default(),
            unused_word: Signal::default(),
            unused_lane: Signal::default(),
            physical: Signal::default(),
            high_half: Signal::default(),
            both: Signal::default(),
            instruction_bytes: word(target.instruction_bytes),
            scalar_bytes: word(target.scalar_bytes),
            vector_bytes: word(target.vector_bytes),
            local_bytes: word(local * 32),
            local_mask: word(local - 1),
            local_bits: Constant::new(u64::from(local.trailing_zeros()).to_bits()),
            lane_mask: word(lanes - 1),
            lane_bits: Constant::new(u64::from(lanes.trailing_zeros()).to_bits()),
            vector_bits: Constant::new(u64::from(6 - beats.trailing_zeros()).to_bits()),
            beat_bits: Constant::new(u64::from(beats.trailing_zeros()).to_bits()),
            next_half: word(beats),
        }
    }
}

impl Logic for Host {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module host: a word of a memory, read or written for the host");
        dff_setup!(
            self, clock, phase, writes, which, at, held, refused, access, at_vector, at_local, low,
            vector_at, local_at, half
        );

        comment!("Is the request one that can be answered?");
        self.size.next = self.instruction_bytes.val();
        if self.which.q.val() == 1 {
            self.size.next = self.scalar_bytes.val();
        }
        if self.which.q.val() == 2 {
            self.size.next = self.vector_bytes.val();
        }
        if self.which.q.val() == 3 {
            self.size.next = self.local_bytes.val();
        }
        self.bad.next = self.busy.val()
            | (self.which.q.val() > 3)
            | (self.at.q.val().get_bits::<2>(0) != 0)
            | (self.at.q.val() >= self.size.val());

        comment!(
            "Phases: 0 idle, 1 check, 2 access, 3 answer, of vector memory 4; of local memory 5 to 7 for the second half."
        );
        self.done.next = ((self.phase.q.val() == 2)
            & (self.refused.q.val()
                | (self.writes.q.val() & ((self.which.q.val() == 1) | (self.which.q.val() == 2)))))
            | ((self.phase.q.val() == 3) & (self.which.q.val() < 2))
            | ((self.phase.q.val() == 4) & (self.which.q.val() == 2))
            | (self.phase.q.val() == 7);
        if self.phase.q.val() != 0 {
            self.phase.d.next = self.phase.q.val() + 1;
        }
        if self.done.val() {
            self.phase.d.next = 0.into();
        }
        self.ready.next = self.phase.q.val() == 0;
        if (self.phase.q.val() == 0) & (self.read.val() | self.write.val()) {
            self.phase.d.next = 1.into();
            self.writes.d.next = self.write.val();
            self.which.d.next = self.memory.val();
            self.at.d.next = self.address.val();
            self.held.d.next = self.data.val();
        }
        self.valid.next = self.done.val();
        self.error.next = self.done.val() & self.refused.q.val();
        self.takes.next = false;
        if (self.phase.q.val() == 1) | ((self.phase.q.val() == 4) & (self.which.q.val() == 3)) {
            self.takes.next = !self.bad.val();
            self.refused.d.next = self.bad.val();
        }
        self.access.d.next = self.takes.val();
        self.word.next = self.held.q.val();

        comment!("Instruction and scalar memory.");
        self.instruction_address.next = self.at.q.val().get_bits::<INSTRUCTION_ADDRESS>(2);
        self.instruction_write.next =
            self.access.q.val() & self.writes.q.val() & (self.which.q.val() == 0);
        self.scalar_address.next = self.at.q.val().get_bits::<SCALAR_ADDRESS>(2);
        self.scalar_write.next =
            self.access.q.val() & self.writes.q.val() & (self.which.q.val() == 1);

        comment!(
            "Vector memory: the beat's word, and two of its lanes. Addresses are made in the clock before the access."
        );
        self.vector_number.next = self.at.q.val() >> self.vector_bits.val();
        self.unused_number.next = self.vector_number.val().get_bits::<12>(20);
        self.vector_at.d.next = self.vector_number.val().get_bits::<20>(0);
        self.vector_address.next = self.vector_at.q.val();
        self.first_lane.next = (self.at.q.val() >> 1) & self.lane_mask.val();
        self.unused_first.next = self.first_lane.val().get_bits::<27>(5);
        self.vector_lane.next = self.first_lane.val().get_bits::<5>(0);
        self.at_vector.d.next = self.takes.val() & (self.which.q.val() == 2);
        self.vector_turn.next = self.at_vector.q.val();
        self.vector_write.next = self.at_vector.q.val() & self.writes.q.val();

        comment!("Lane-local memory: two halfwords, one after the other.");
        self.high_half.next = self.phase.q.val() > 3;
        self.lane.next = self.at.q.val() >> self.local_bits.val();
        self.beat.next = self.lane.val() >> self.lane_bits.val();
        self.physical.next = self.lane.val() & self.lane_mask.val();
        self.unused_lane.next = self.physical.val().get_bits::<27>(5);
        self.local_lane.next = self.physical.val().get_bits::<5>(0);
        self.offset.next = (self.at.q.val() & self.local_mask.val()) >> 1;
        self.halfword.next = self.offset.val() << self.beat_bits.val();
        self.local_word.next = self.halfword.val() | self.beat.val();
        if self.high_half.val() {
            self.local_word.next = (self.halfword.val() | self.beat.val()) + self.next_half.val();
        }
        self.unused_word.next = self.local_word.val().get_bits::<15>(17);
        self.local_at.d.next = self.local_word.val().get_bits::<17>(0);
        self.local_address.next = self.local_at.q.val();
        self.at_local.d.next = self.takes.val() & (self.which.q.val() == 3);
        self.local_turn.next = self.at_local.q.val();
        self.local_write.next = self.at_local.q.val() & self.writes.q.val();
        self.half.d.next = self.held.q.val().get_bits::<16>(0);
        self.local_data.next = self.half.q.val();
        if self.high_half.val() {
            self.half.d.next = self.held.q.val().get_bits::<16>(16);
        }
        if self.phase.q.val() == 4 {
            self.low.d.next = self.local_value.val();
        }

        comment!("The answer.");
        self.both.next = (bit_cast::<32, 16>(self.local_value.val()) << 16)
            | bit_cast::<32, 16>(self.low.q.val());
        self.value.next = self.instruction_value.val();
        if self.which.q.val() == 1 {
            self.value.next = self.scalar_value.val();
        }
        if self.which.q.val() == 2 {
            self.value.next = self.vector_value.val();
        }
        if self.which.q.val() == 3 {
            self.value.next = self.both.val();
        }
    }
}
