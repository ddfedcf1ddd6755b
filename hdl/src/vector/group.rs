//! A group of lanes.

use rust_hdl::prelude::*;

use super::{Control, Lane, VectorParameters};
use crate::comment;

/// `EACH` lanes and the control that they share.
#[derive(LogicBlock)]
pub struct Group<const EACH: usize> {
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
    /// A: the beat.
    pub beat: Signal<In, Bits<3>>,
    /// A: no effect but a fault.
    pub check: Signal<In, Bit>,
    /// A: the immediate.
    pub immediate: Signal<In, Bits<16>>,
    /// A: word of vector memory.
    pub word: Signal<In, Bits<20>>,
    /// M: the word is that of the beat just ahead.
    pub same_as_ahead: Signal<In, Bit>,
    /// M: it is that of the beat before that.
    pub same_as_before: Signal<In, Bit>,
    /// M: the scalar operand.
    pub scalar: Signal<In, Bits<32>>,
    /// M: the mask is that of the comparison in X.
    pub mask_from_compare: Signal<In, Bit>,
    /// M: what is there has a fault and does nothing.
    pub drop: Signal<In, Bit>,
    /// Drops what is in A, M and X.
    pub halt: Signal<In, Bit>,
    /// X1: what is there stops the core.
    pub fault: Signal<In, Bit>,
    /// A: the word to read.
    pub memory_read_address: Signal<In, Bits<20>>,
    /// DMA: word to write.
    pub memory_write_address: Signal<In, Bits<20>>,
    /// Host: use lane-local memory.
    pub host: Signal<In, Bit>,
    /// Host: halfword of it.
    pub host_address: Signal<In, Bits<17>>,
    /// Host: what to write.
    pub host_data: Signal<In, Bits<16>>,
    /// M: each lane's bit of the scalar.
    pub mask_bit: [Signal<In, Bit>; EACH],
    /// DMA: lanes to write.
    pub memory_write: [Signal<In, Bit>; EACH],
    /// DMA: what to write.
    pub memory_write_data: [Signal<In, Bits<16>>; EACH],
    /// Host: lanes to write.
    pub host_write: [Signal<In, Bit>; EACH],
    /// M: the beat.
    pub mask_beat: Signal<Out, Bits<3>>,
    /// X: store to lane-local memory.
    pub stores_lane: Signal<Out, Bit>,
    /// X: store to vector memory.
    pub stores_vector: Signal<Out, Bit>,
    /// X: as `stores_vector`, but not gated by `halt`: the write port is taken.
    pub owns_write: Signal<Out, Bit>,
    /// X: word of vector memory.
    pub store_word: Signal<Out, Bits<20>>,
    /// X: the beat.
    pub x_beat: Signal<Out, Bits<3>>,
    /// X1: the beat.
    pub x1_beat: Signal<Out, Bits<3>>,
    /// X1: the bits of a comparison are gathered.
    pub compares: Signal<Out, Bit>,
    /// X1: a lane's value is gathered.
    pub extracts: Signal<Out, Bit>,
    /// X: the lane that a VEXTRACT there asks for.
    pub x_lane: Signal<Out, Bits<5>>,
    /// X1: that lane.
    pub extract_lane: Signal<Out, Bits<5>>,
    /// W: write the register file.
    pub writes: Signal<Out, Bit>,
    /// W: the physical register.
    pub number: Signal<Out, Bits<8>>,
    /// X: some lane's address is bad.
    pub fails: Signal<Out, Bit>,
    /// X1: some lane's address is bad.
    pub bad: Signal<Out, Bit>,
    /// X1: that of the lowest such lane is odd.
    pub misaligned: Signal<Out, Bit>,
    /// M: the word of vector memory.
    pub memory_data: [Signal<Out, Bits<16>>; EACH],
    /// X: the second operand: what is stored.
    pub stored: [Signal<Out, Bits<16>>; EACH],
    /// X: VSTOREL writes here.
    pub local_writes: [Signal<Out, Bit>; EACH],
    /// X: the byte address in lane-local memory.
    pub local_address: [Signal<Out, Bits<17>>; EACH],
    /// X: the lanes' first operands.
    pub extracted: [Signal<Out, Bits<16>>; EACH],
    /// X1: the comparison's bit.
    pub holds: [Signal<Out, Bit>; EACH],
    /// X1: the word of lane-local memory.
    pub local_word: [Signal<Out, Bits<16>>; EACH],
    /// W: what is written.
    pub w: [Signal<Out, Bits<16>>; EACH],
    control: Control,
    lane: Vec<Lane>,
    port_address: Signal<Local, Bits<20>>,
    port_free: Signal<Local, Bit>,
    own_beat: Signal<Local, Bits<3>>,
    any: Signal<Local, Bit>,
    first_odd: Signal<Local, Bit>,
    any_bad: DFF<Bit>,
    odd: DFF<Bit>,
    last_beat: Constant<Bits<3>>,
    _last: usize,
}

impl<const EACH: usize> Group<EACH> {
    /// A group of a core with `beats` beats.
    pub fn new(parameters: &VectorParameters, beats: usize) -> Self {
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
            same_as_ahead: Signal::default(),
            same_as_before: Signal::default(),
            scalar: Signal::default(),
            mask_from_compare: Signal::default(),
            drop: Signal::default(),
            halt: Signal::default(),
            fault: Signal::default(),
            memory_read_address: Signal::default(),
            memory_write_address: Signal::default(),
            host: Signal::default(),
            host_address: Signal::default(),
            host_data: Signal::default(),
            mask_beat: Signal::default(),
            stores_lane: Signal::default(),
            stores_vector: Signal::default(),
            owns_write: Signal::default(),
            store_word: Signal::default(),
            x_beat: Signal::default(),
            x1_beat: Signal::default(),
            compares: Signal::default(),
            extracts: Signal::default(),
            x_lane: Signal::default(),
            extract_lane: Signal::default(),
            writes: Signal::default(),
            number: Signal::default(),
            fails: Signal::default(),
            bad: Signal::default(),
            misaligned: Signal::default(),
            mask_bit: std::array::from_fn(|_| Signal::default()),
            memory_write: std::array::from_fn(|_| Signal::default()),
            memory_write_data: std::array::from_fn(|_| Signal::default()),
            host_write: std::array::from_fn(|_| Signal::default()),
            memory_data: std::array::from_fn(|_| Signal::default()),
            stored: std::array::from_fn(|_| Signal::default()),
            local_writes: std::array::from_fn(|_| Signal::default()),
            local_address: std::array::from_fn(|_| Signal::default()),
            extracted: std::array::from_fn(|_| Signal::default()),
            holds: std::array::from_fn(|_| Signal::default()),
            local_word: std::array::from_fn(|_| Signal::default()),
            w: std::array::from_fn(|_| Signal::default()),
            control: Control::new(beats),
            lane: (0..EACH).map(|_| Lane::new(parameters, beats)).collect(),
            port_address: Signal::default(),
            port_free: Signal::default(),
            own_beat: Signal::default(),
            any: Signal::default(),
            first_odd: Signal::default(),
            any_bad: DFF::default(),
            odd: DFF::default(),
            last_beat: Constant::new((beats as u64 - 1).into()),
            _last: EACH - 1,
        }
    }
}

impl<const EACH: usize> Logic for Group<EACH> {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module group: lanes and the control that they share");
        dff_setup!(self, clock, any_bad, odd);
        self.control.clock.next = self.clock.val();
        self.control.issue.next = self.issue.val();
        self.control.take.next = self.take.val();
        self.control.enter_op.next = self.enter_op.val();
        self.control.enter_rd.next = self.enter_rd.val();
        self.control.enter_rs1.next = self.enter_rs1.val();
        self.control.enter_rs2.next = self.enter_rs2.val();
        self.control.beat.next = self.beat.val();
        self.control.check.next = self.check.val();
        self.control.immediate.next = self.immediate.val();
        self.control.word.next = self.word.val();
        self.control.same_as_ahead.next = self.same_as_ahead.val();
        self.control.same_as_before.next = self.same_as_before.val();
        self.control.scalar.next = self.scalar.val();
        self.control.mask_from_compare.next = self.mask_from_compare.val();
        self.control.drop.next = self.drop.val();
        self.control.halt.next = self.halt.val();
        self.control.fault.next = self.fault.val();
        comment!("Of a core with one beat, that it is zero must be known here too.");
        self.mask_beat.next = self.control.mask_beat.val() & self.last_beat.val();
        self.own_beat.next = self.control.x_beat.val() & self.last_beat.val();
        self.stores_lane.next = self.control.stores_lane.val();
        self.stores_vector.next = self.control.stores_vector.val();
        self.owns_write.next = self.control.owns_write.val();
        self.store_word.next = self.control.store_word.val();
        self.x_beat.next = self.own_beat.val();
        self.x1_beat.next = self.control.x1_beat.val() & self.last_beat.val();
        self.compares.next = self.control.compares.val();
        self.extracts.next = self.control.extracts.val();
        self.x_lane.next = self.control.shared.val().get_bits::<5>(0);
        self.extract_lane.next = self.control.extract_lane.val();
        self.writes.next = self.control.writes.val();
        self.number.next = self.control.number.val();

        comment!("The write port of vector memory is DMA's where no VSTOREV is in X.");
        self.port_address.next = self.memory_write_address.val();
        if self.control.owns_write.val() {
            self.port_address.next = self.control.store_word.val();
        }
        self.port_free.next = !self.control.owns_write.val();
        for i in 0..EACH {
            self.lane[i].clock.next = self.clock.val();
            self.lane[i].read_a.next = self.control.read_a.val();
            self.lane[i].read_b.next = self.control.read_b.val();
            self.lane[i].memory_read_address.next = self.memory_read_address.val();
            self.lane[i].source_a.next = self.control.source_a.val();
            self.lane[i].from_store.next = self.control.from_store.val();
            self.lane[i].source_b.next = self.control.source_b.val();
            self.lane[i].mask_bit.next = self.mask_bit[i].val();
            self.lane[i].by_mask.next = self.control.by_mask.val();
            self.lane[i].take_b.next = self.control.take_b.val();
            self.lane[i].forward_a.next = self.control.forward_a.val();
            self.lane[i].forward_b.next = self.control.forward_b.val();
            self.lane[i].shared.next = self.control.shared.val();
            self.lane[i].kept.next = self.control.kept.val();
            self.lane[i].result.next = self.control.result.val();
            self.lane[i].subtract.next = self.control.subtract.val();
            self.lane[i].saturate.next = self.control.saturate.val();
            self.lane[i].order.next = self.control.order.val();
            self.lane[i].invert.next = self.control.invert.val();
            self.lane[i].right.next = self.control.right.val();
            self.lane[i].by_immediate.next = self.control.by_immediate.val();
            self.lane[i].by_compare.next = self.control.by_compare.val();
            self.lane[i].draws.next = self.control.draws.val();
            self.lane[i].loads0.next = self.control.loads0.val();
            self.lane[i].loads1.next = self.control.loads1.val();
            self.lane[i].at_lane.next = self.control.at_lane.val();
            self.lane[i].loads_lane.next = self.control.loads_lane.val();
            self.lane[i].stores_lane.next = self.control.stores_lane.val();
            self.lane[i].stores_vector.next = self.control.stores_vector.val();
            self.lane[i].beat.next = self.own_beat.val();
            self.lane[i].memory_write_address.next = self.port_address.val();
            self.lane[i].shift.next = self.control.shift.val();
            self.lane[i].mask.next = self.control.mask.val();
            self.lane[i].half.next = self.control.half.val();
            self.lane[i].late.next = self.control.late.val();
            self.lane[i].clamp.next = self.control.clamp.val();
            self.lane[i].writes.next = self.control.writes.val();
            self.lane[i].write_word.next = self.control.write_word.val();
            self.lane[i].memory_write.next = self.memory_write[i].val() & self.port_free.val();
            self.lane[i].memory_write_data.next = self.memory_write_data[i].val();
            self.lane[i].host.next = self.host.val();
            self.lane[i].host_write.next = self.host_write[i].val();
            self.lane[i].host_address.next = self.host_address.val();
            self.lane[i].host_data.next = self.host_data.val();
            self.memory_data[i].next = self.lane[i].memory_data.val();
            self.stored[i].next = self.lane[i].stored.val();
            self.local_writes[i].next = self.lane[i].local_writes.val();
            self.local_address[i].next = self.lane[i].local_address.val();
            self.extracted[i].next = self.lane[i].extracted.val();
            self.holds[i].next = self.lane[i].holds.val();
            self.local_word[i].next = self.lane[i].local_word.val();
            self.w[i].next = self.lane[i].w.val();
        }

        comment!("X: is a lane's address bad? The lowest such lane is the last to override.");
        self.any.next = false;
        self.first_odd.next = false;
        for last in self._last..EACH {
            for i in 0..EACH {
                if self.lane[last - i].fails.val() {
                    self.any.next = true;
                    self.first_odd.next = self.lane[last - i].odd.val();
                }
            }
        }
        self.fails.next = self.any.val();
        self.any_bad.d.next = self.any.val();
        self.odd.d.next = self.first_odd.val();
        self.bad.next = self.any_bad.q.val();
        self.misaligned.next = self.odd.q.val();
    }
}
