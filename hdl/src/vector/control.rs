//! The control of a group of lanes.

use rust_hdl::prelude::*;

use super::{LaneTable, LateControl, OperandControl};
use crate::comment;
use crate::lane::{Fill, ShiftMask};
use crate::leaf::Join;

/// The control of a group of lanes, from A to W: everything that the lanes of a group share. A name's
/// prefix is the stage of a register. Each group has its own, so that a register drives a few lanes only; synthesis must
/// not merge them again.
#[derive(LogicBlock)]
pub struct Control {
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
    /// A: word of the register file for the first operand.
    pub read_a: Signal<Out, Bits<8>>,
    /// A: word of the register file for the second operand.
    pub read_b: Signal<Out, Bits<8>>,
    /// M: source of the first operand.
    pub source_a: Signal<Out, Bits<3>>,
    /// M: the first operand is what a VSTOREV in X1 stores.
    pub from_store: Signal<Out, Bit>,
    /// M: source of the second operand.
    pub source_b: Signal<Out, Bits<3>>,
    /// M: the beat.
    pub mask_beat: Signal<Out, Bits<3>>,
    /// M: lanes choose by the scalar's bits.
    pub by_mask: Signal<Out, Bit>,
    /// M: without such bits, choose the second operand.
    pub take_b: Signal<Out, Bit>,
    /// X: the beat just ahead gives the first operand.
    pub forward_a: Signal<Out, Bit>,
    /// X: the beat just ahead gives the second operand.
    pub forward_b: Signal<Out, Bit>,
    /// X: the value that all lanes share.
    pub shared: Signal<Out, Bits<16>>,
    /// X: bits of the first operand that a masked add keeps.
    pub kept: Signal<Out, Bits<15>>,
    /// X: which result goes on.
    pub result: Signal<Out, Bits<3>>,
    /// X: subtract.
    pub subtract: Signal<Out, Bit>,
    /// X: saturate a sum.
    pub saturate: Signal<Out, Bit>,
    /// X: compare the order.
    pub order: Signal<Out, Bit>,
    /// X: the opposite comparison.
    pub invert: Signal<Out, Bit>,
    /// X: shift right.
    pub right: Signal<Out, Bit>,
    /// X: shift by the shared value.
    pub by_immediate: Signal<Out, Bit>,
    /// X: choose by the comparison in X1.
    pub by_compare: Signal<Out, Bit>,
    /// X: step the generators.
    pub draws: Signal<Out, Bit>,
    /// X: load the generators' first words.
    pub loads0: Signal<Out, Bit>,
    /// X: load the generators' second words.
    pub loads1: Signal<Out, Bit>,
    /// X: load from lane-local memory; also what is dropped.
    pub loads_lane: Signal<Out, Bit>,
    /// X: store to lane-local memory.
    pub stores_lane: Signal<Out, Bit>,
    /// X: an access to lane-local memory, also one that is dropped.
    pub at_lane: Signal<Out, Bit>,
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
    /// X1: that lane.
    pub extract_lane: Signal<Out, Bits<5>>,
    /// X2: the shift.
    pub shift: Signal<Out, Bits<4>>,
    /// X2: bits of the sample that count.
    pub mask: Signal<Out, Bits<15>>,
    /// X2: half of the result's lowest bit.
    pub half: Signal<Out, Bits<15>>,
    /// X3: the result is that of the multiplier's path.
    pub late: Signal<Out, Bit>,
    /// X3: saturate.
    pub clamp: Signal<Out, Bit>,
    /// W: write the register file.
    pub writes: Signal<Out, Bit>,
    /// W: the physical register.
    pub number: Signal<Out, Bits<8>>,
    /// W: its word of the register file.
    pub write_word: Signal<Out, Bits<8>>,
    number_d: Join<5, 3, 8>,
    d_table: LaneTable,
    m_table: LaneTable,
    operand_a: OperandControl,
    operand_b: OperandControl,
    fill: Fill,
    kept_mask: ShiftMask,
    behind: LateControl,
    own_beat: Signal<Local, Bits<3>>,
    live: Signal<Local, Bit>,
    go: Signal<Local, Bit>,
    unused: Signal<Local, Bits<15>>,
    a_op: DFF<Bits<7>>,
    a_rd: DFF<Bits<5>>,
    a_first: DFF<Bits<5>>,
    a_second: DFF<Bits<5>>,
    a_word: DFF<Bit>,
    a_one: DFF<Bit>,
    m_valid: DFF<Bit>,
    m_check: DFF<Bit>,
    m_op: DFF<Bits<7>>,
    m_number: DFF<Bits<8>>,
    m_immediate: DFF<Bits<16>>,
    m_word: DFF<Bits<20>>,
    x_writes: DFF<Bit>,
    x_number: DFF<Bits<8>>,
    x_shared: DFF<Bits<16>>,
    x_kept: DFF<Bits<15>>,
    x_result: DFF<Bits<3>>,
    x_subtract: DFF<Bit>,
    x_saturate: DFF<Bit>,
    x_order: DFF<Bit>,
    x_invert: DFF<Bit>,
    x_right: DFF<Bit>,
    x_by_immediate: DFF<Bit>,
    x_late: DFF<Bit>,
    x_by_compare: DFF<Bit>,
    x_draws: DFF<Bit>,
    x_loads0: DFF<Bit>,
    x_loads1: DFF<Bit>,
    x_loads_lane: DFF<Bit>,
    x_stores_lane: DFF<Bit>,
    x_stores_vector: DFF<Bit>,
    x_compares: DFF<Bit>,
    x_extracts: DFF<Bit>,
    x_rounding: DFF<Bits<2>>,
    x_word: DFF<Bits<20>>,
    x1_stores_vector: DFF<Bit>,
    last_beat: Constant<Bits<3>>,
}

impl Control {
    /// The control of a core with `beats` beats.
    pub fn new(beats: usize) -> Self {
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
            read_a: Signal::default(),
            read_b: Signal::default(),
            source_a: Signal::default(),
            from_store: Signal::default(),
            source_b: Signal::default(),
            mask_beat: Signal::default(),
            by_mask: Signal::default(),
            take_b: Signal::default(),
            forward_a: Signal::default(),
            forward_b: Signal::default(),
            shared: Signal::default(),
            kept: Signal::default(),
            result: Signal::default(),
            subtract: Signal::default(),
            saturate: Signal::default(),
            order: Signal::default(),
            invert: Signal::default(),
            right: Signal::default(),
            by_immediate: Signal::default(),
            by_compare: Signal::default(),
            draws: Signal::default(),
            loads0: Signal::default(),
            loads1: Signal::default(),
            loads_lane: Signal::default(),
            stores_lane: Signal::default(),
            at_lane: Signal::default(),
            stores_vector: Signal::default(),
            owns_write: Signal::default(),
            store_word: Signal::default(),
            x_beat: Signal::default(),
            x1_beat: Signal::default(),
            compares: Signal::default(),
            extracts: Signal::default(),
            extract_lane: Signal::default(),
            shift: Signal::default(),
            mask: Signal::default(),
            half: Signal::default(),
            late: Signal::default(),
            clamp: Signal::default(),
            writes: Signal::default(),
            number: Signal::default(),
            write_word: Signal::default(),
            number_d: Join::default(),
            d_table: LaneTable::default(),
            m_table: LaneTable::default(),
            operand_a: OperandControl::new(beats),
            operand_b: OperandControl::new(beats),
            fill: Fill::default(),
            kept_mask: ShiftMask::default(),
            behind: LateControl::new(beats),
            own_beat: Signal::default(),
            live: Signal::default(),
            go: Signal::default(),
            unused: Signal::default(),
            a_op: DFF::default(),
            a_rd: DFF::default(),
            a_first: DFF::default(),
            a_second: DFF::default(),
            a_word: DFF::default(),
            a_one: DFF::default(),
            m_valid: DFF::default(),
            m_check: DFF::default(),
            m_op: DFF::default(),
            m_number: DFF::default(),
            m_immediate: DFF::default(),
            m_word: DFF::default(),
            x_writes: DFF::default(),
            x_number: DFF::default(),
            x_shared: DFF::default(),
            x_kept: DFF::default(),
            x_result: DFF::default(),
            x_subtract: DFF::default(),
            x_saturate: DFF::default(),
            x_order: DFF::default(),
            x_invert: DFF::default(),
            x_right: DFF::default(),
            x_by_immediate: DFF::default(),
            x_late: DFF::default(),
            x_by_compare: DFF::default(),
            x_draws: DFF::default(),
            x_loads0: DFF::default(),
            x_loads1: DFF::default(),
            x_loads_lane: DFF::default(),
            x_stores_lane: DFF::default(),
            x_stores_vector: DFF::default(),
            x_compares: DFF::default(),
            x_extracts: DFF::default(),
            x_rounding: DFF::default(),
            x_word: DFF::default(),
            x1_stores_vector: DFF::default(),
            last_beat: Constant::new((beats as u64 - 1).into()),
        }
    }
}

impl Logic for Control {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module control (kept): what a group of lanes shares, from A to W");
        dff_setup!(
            self,
            clock,
            a_op,
            a_rd,
            a_first,
            a_second,
            a_word,
            a_one,
            m_valid,
            m_check,
            m_op,
            m_number,
            m_immediate,
            m_word,
            x_writes,
            x_number,
            x_shared,
            x_kept,
            x_result,
            x_subtract,
            x_saturate,
            x_order,
            x_invert,
            x_right,
            x_by_immediate,
            x_late,
            x_by_compare,
            x_draws,
            x_loads0,
            x_loads1,
            x_loads_lane,
            x_stores_lane,
            x_stores_vector,
            x_compares,
            x_extracts,
            x_rounding,
            x_word,
            x1_stores_vector
        );

        comment!("Behind X.");
        self.go.next = !self.halt.val();
        self.behind.clock.next = self.clock.val();
        self.behind.x_writes.next = self.x_writes.q.val() & self.go.val();
        self.behind.x_number.next = self.x_number.q.val();
        self.behind.x_late.next = self.x_late.q.val();
        self.behind.x_saturate.next = self.x_saturate.q.val();
        self.behind.x_rounding.next = self.x_rounding.q.val();
        self.behind.x_low.next = self.x_shared.q.val().get_bits::<5>(0);
        self.behind.x_loads_lane.next = self.x_loads_lane.q.val();
        self.behind.x_compares.next = self.x_compares.q.val() & self.go.val();
        self.behind.x_extracts.next = self.x_extracts.q.val() & self.go.val();
        self.behind.fault.next = self.fault.val();
        self.compares.next = self.behind.compares.val();
        self.extracts.next = self.behind.extracts.val();
        self.extract_lane.next = self.behind.extract_lane.val();
        self.x1_beat.next = self.behind.x1_number.val().get_bits::<3>(0);
        self.shift.next = self.behind.shift.val();
        self.mask.next = self.behind.mask.val();
        self.half.next = self.behind.half.val();
        self.late.next = self.behind.late.val();
        self.clamp.next = self.behind.clamp.val();
        self.writes.next = self.behind.w_writes.val();
        self.number.next = self.behind.w_number.val();
        self.write_word.next = self.behind.write_word.val();

        comment!("D: the operands. Some instructions read what they write to.");
        self.d_table.op.next = self.enter_op.val();
        if self.take.val() {
            self.a_op.d.next = self.enter_op.val();
            self.a_rd.d.next = self.enter_rd.val();
            self.a_first.d.next = self.enter_rs1.val();
            if self.d_table.old_a.val() {
                self.a_first.d.next = self.enter_rd.val();
            }
            self.a_second.d.next = self.enter_rs2.val();
            if self.d_table.old_b.val() {
                self.a_second.d.next = self.enter_rd.val();
            }
            self.a_word.d.next = self.d_table.word_a.val();
            self.a_one.d.next = self.d_table.one_b.val();
        }

        comment!(
            "A: where they come from. Of a core with one beat, that it is zero must be known here."
        );
        self.own_beat.next = self.beat.val() & self.last_beat.val();
        self.operand_a.field.next = self.a_first.q.val();
        self.operand_b.field.next = self.a_second.q.val();
        self.operand_a.fixed.next = self.a_word.q.val();
        self.operand_b.fixed.next = self.a_one.q.val();
        comment!("M: a load of what a VSTOREV just ahead stores takes it from there.");
        self.operand_a.stored.next = self.x1_stores_vector.q.val() & self.same_as_before.val();
        self.operand_a.stored_ahead.next = self.x_stores_vector.q.val() & self.same_as_ahead.val();
        self.operand_b.stored.next = false;
        self.operand_b.stored_ahead.next = false;
        self.operand_a.clock.next = self.clock.val();
        self.operand_a.beat.next = self.own_beat.val();
        self.operand_a.writes[0].next = self.x_writes.q.val();
        self.operand_a.written[0].next = self.x_number.q.val();
        self.operand_a.writes[1].next = self.behind.x1_writes.val();
        self.operand_a.written[1].next = self.behind.x1_number.val();
        self.operand_a.writes[2].next = self.behind.x2_writes.val();
        self.operand_a.written[2].next = self.behind.x2_number.val();
        self.operand_a.writes[3].next = self.behind.x3_writes.val();
        self.operand_a.written[3].next = self.behind.x3_number.val();
        self.operand_a.writes[4].next = self.behind.w_writes.val();
        self.operand_a.written[4].next = self.behind.w_number.val();
        self.read_a.next = self.operand_a.read.val();
        self.source_a.next = self.operand_a.source.val();
        self.from_store.next = self.operand_a.from_store.val();
        self.forward_a.next = self.operand_a.forward.val();
        self.operand_b.clock.next = self.clock.val();
        self.operand_b.beat.next = self.own_beat.val();
        self.operand_b.writes[0].next = self.x_writes.q.val();
        self.operand_b.written[0].next = self.x_number.q.val();
        self.operand_b.writes[1].next = self.behind.x1_writes.val();
        self.operand_b.written[1].next = self.behind.x1_number.val();
        self.operand_b.writes[2].next = self.behind.x2_writes.val();
        self.operand_b.written[2].next = self.behind.x2_number.val();
        self.operand_b.writes[3].next = self.behind.x3_writes.val();
        self.operand_b.written[3].next = self.behind.x3_number.val();
        self.operand_b.writes[4].next = self.behind.w_writes.val();
        self.operand_b.written[4].next = self.behind.w_number.val();
        self.read_b.next = self.operand_b.read.val();
        self.source_b.next = self.operand_b.source.val();
        self.forward_b.next = self.operand_b.forward.val();
        self.number_d.high.next = self.a_rd.q.val();
        self.number_d.low.next = self.own_beat.val();
        self.m_valid.d.next = self.issue.val() & self.go.val();
        self.m_check.d.next = self.check.val();
        self.m_op.d.next = self.a_op.q.val();
        self.m_number.d.next = self.number_d.whole.val();
        self.m_immediate.d.next = self.immediate.val();
        self.m_word.d.next = self.word.val();

        comment!("M: what to do in X.");
        self.m_table.op.next = self.m_op.q.val();
        self.live.next = (self.m_valid.q.val() & !self.drop.val()) & self.go.val();
        self.mask_beat.next = self.m_number.q.val().get_bits::<3>(0);
        self.by_mask.next = self.m_table.by_mask.val();
        self.take_b.next = self.m_table.take_b.val();
        self.fill.sign.next = self.scalar.val().get_bit(31);
        self.fill.low.next = self.scalar.val().get_bits::<15>(0);
        self.x_shared.d.next = self.m_immediate.q.val();
        match self.m_table.shared.val().index() {
            1 => {
                self.x_shared.d.next = self.fill.y.val();
            }
            2 => {
                self.x_shared.d.next = self.scalar.val().get_bits::<16>(0);
            }
            _ => {}
        }
        self.unused.next = self.scalar.val().get_bits::<15>(16);
        self.kept_mask.count.next = self.m_immediate.q.val().get_bits::<4>(0);
        self.x_kept.d.next = bits::<15>(0);
        if self.m_table.masked_add.val() {
            self.x_kept.d.next = self.kept_mask.mask.val();
        }
        self.x_writes.d.next =
            (self.live.val() & self.m_table.writes.val()) & !self.m_check.q.val();
        self.x_number.d.next = self.m_number.q.val();
        self.x_word.d.next = self.m_word.q.val();
        self.x_by_compare.d.next = self.mask_from_compare.val();
        self.x_result.d.next = self.m_table.result.val();
        self.x_subtract.d.next = self.m_table.subtract.val();
        self.x_saturate.d.next = self.m_table.saturate.val();
        self.x_order.d.next = self.m_table.order.val();
        self.x_invert.d.next = self.m_table.invert.val();
        self.x_right.d.next = self.m_table.right.val();
        self.x_by_immediate.d.next = self.m_table.by_immediate.val();
        self.x_late.d.next = self.m_table.late.val();
        self.x_rounding.d.next = self.m_table.rounding.val();
        self.x_draws.d.next = self.live.val() & self.m_table.draws.val();
        self.x_loads0.d.next = self.live.val() & self.m_table.loads0.val();
        self.x_loads1.d.next = self.live.val() & self.m_table.loads1.val();
        self.x_loads_lane.d.next = self.live.val() & self.m_table.loads_lane.val();
        self.x_stores_lane.d.next = self.live.val() & self.m_table.stores_lane.val();
        self.x_stores_vector.d.next = self.live.val() & self.m_table.stores_vector.val();
        self.x_compares.d.next = self.live.val() & self.m_table.compares.val();
        self.x_extracts.d.next = self.live.val() & self.m_table.extracts.val();

        comment!(
            "X: nothing is changed while halted. A load of a lane-local word changes nothing."
        );
        self.loads_lane.next = self.x_loads_lane.q.val();
        self.at_lane.next = self.x_loads_lane.q.val() | self.x_stores_lane.q.val();
        self.shared.next = self.x_shared.q.val();
        self.kept.next = self.x_kept.q.val();
        self.result.next = self.x_result.q.val();
        self.subtract.next = self.x_subtract.q.val();
        self.saturate.next = self.x_saturate.q.val();
        self.order.next = self.x_order.q.val();
        self.invert.next = self.x_invert.q.val();
        self.right.next = self.x_right.q.val();
        self.by_immediate.next = self.x_by_immediate.q.val();
        self.by_compare.next = self.x_by_compare.q.val();
        self.draws.next = self.x_draws.q.val() & self.go.val();
        self.loads0.next = self.x_loads0.q.val() & self.go.val();
        self.loads1.next = self.x_loads1.q.val() & self.go.val();
        self.stores_lane.next = self.x_stores_lane.q.val() & self.go.val();
        self.stores_vector.next = self.x_stores_vector.q.val() & self.go.val();
        self.owns_write.next = self.x_stores_vector.q.val();
        self.store_word.next = self.x_word.q.val();
        self.x1_stores_vector.d.next = self.x_stores_vector.q.val();
        self.x_beat.next = self.x_number.q.val().get_bits::<3>(0);
    }
}
