//! M and X of the scalar side: scalar memory, products, operands that come late.

use rust_hdl::prelude::*;

use super::flags::{FLAGS, Flags};
use super::{SCALAR_ADDRESS, ScalarOperand};
use crate::comment;
use crate::leaf::{Memory, Style};
use crate::scalar::{BitCount, LoadAlign, ScalarMultiply, StoreAlign};

/// What goes with an instruction from A to X1, and the memory that it uses on its way.
///
/// ```text
///        A --> | M: word, product, late operand | X: store | --> X1
///                        ^                          ^
///               X, X1 --+ (late operand)     X1 --+
/// ```
#[derive(LogicBlock)]
pub struct Access {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Drop what is here.
    pub kill: Signal<In, Bit>,
    /// A beat comes from A.
    pub enter: Signal<In, Bit>,
    /// The instruction's address.
    pub enter_pc: Signal<In, Bits<32>>,
    /// Its word.
    pub enter_word: Signal<In, Bits<32>>,
    /// Why it stops the core, or zero.
    pub enter_fault: Signal<In, Bits<4>>,
    /// What it is.
    pub enter_flags: Signal<In, Bits<FLAGS>>,
    /// It writes a scalar register.
    pub enter_writes_x: Signal<In, Bit>,
    /// It writes a vector register.
    pub enter_writes_v: Signal<In, Bit>,
    /// Field rd.
    pub enter_rd: Signal<In, Bits<5>>,
    /// The beat.
    pub enter_beat: Signal<In, Bits<3>>,
    /// The last one.
    pub enter_last: Signal<In, Bit>,
    /// Its scalar result, where A has it.
    pub enter_result: Signal<In, Bits<32>>,
    /// Its address in memory.
    pub enter_address: Signal<In, Bits<32>>,
    /// The operand that can still come.
    pub enter_late: Signal<In, Bits<32>>,
    /// Its register.
    pub enter_late_register: Signal<In, Bits<5>>,
    /// First factor.
    pub enter_a: Signal<In, Bits<32>>,
    /// Second factor.
    pub enter_b: Signal<In, Bits<32>>,
    /// The first factor is signed.
    pub enter_a_signed: Signal<In, Bit>,
    /// The second factor is signed.
    pub enter_b_signed: Signal<In, Bit>,
    /// The upper half of the product is wanted.
    pub enter_high: Signal<In, Bit>,
    /// Which bits are counted.
    pub enter_count_operation: Signal<In, Bits<2>>,
    /// Width of a scalar access.
    pub enter_width: Signal<In, Bits<2>>,
    /// A scalar load extends the sign.
    pub enter_load_signed: Signal<In, Bit>,
    /// The instruction writes `minstret`.
    pub enter_uncounted: Signal<In, Bit>,
    /// A store in M or X is about to write.
    pub conflict: Signal<Out, Bit>,
    /// X1 writes a scalar register.
    pub commit_writes: Signal<In, Bit>,
    /// Which one.
    pub commit_rd: Signal<In, Bits<5>>,
    /// What.
    pub commit_value: Signal<In, Bits<32>>,
    /// Whether M, X hold something.
    pub valid: [Signal<Out, Bit>; 2],
    /// Whether it writes a scalar register.
    pub writes: [Signal<Out, Bit>; 2],
    /// Whether it writes a vector register.
    pub writes_v: [Signal<Out, Bit>; 2],
    /// Which one.
    pub rd: [Signal<Out, Bits<5>>; 2],
    /// The scalar result.
    pub value: [Signal<Out, Bits<32>>; 2],
    /// What it is.
    pub flags: [Signal<Out, Bits<FLAGS>>; 2],
    /// Its beat.
    pub beat: [Signal<Out, Bits<3>>; 2],
    /// M: the scalar operand of a vector instruction.
    pub operand: Signal<Out, Bits<32>>,
    /// M: VSEL takes its mask from the comparison directly ahead.
    pub mask_from_compare: Signal<Out, Bit>,
    /// X: the instruction's address.
    pub pc: Signal<Out, Bits<32>>,
    /// X: its word.
    pub word: Signal<Out, Bits<32>>,
    /// X: why it stops the core.
    pub fault: Signal<Out, Bits<4>>,
    /// M: what is there stops the core.
    pub faulty: Signal<Out, Bit>,
    /// X: the last beat.
    pub last: Signal<Out, Bit>,
    /// X: it writes `minstret`.
    pub uncounted: Signal<Out, Bit>,
    /// X: a scalar store writes.
    pub store: Signal<Out, Bit>,
    /// X: where.
    pub store_address: Signal<Out, Bits<32>>,
    /// X: which bytes.
    pub store_mask: Signal<Out, Bits<4>>,
    /// X: what.
    pub store_data: Signal<Out, Bits<32>>,
    /// The core runs, so that the host has no access.
    pub running: Signal<In, Bit>,
    /// Word that the host reads or writes.
    pub host_address: Signal<In, Bits<SCALAR_ADDRESS>>,
    /// The host writes.
    pub host_write: Signal<In, Bit>,
    /// What it writes.
    pub host_data: Signal<In, Bits<32>>,
    /// What it has read.
    pub host_value: Signal<Out, Bits<32>>,
    memory: Memory<32, SCALAR_ADDRESS, 4, 1>,
    multiplier: ScalarMultiply,
    counter: BitCount,
    load_align: LoadAlign,
    store_align: StoreAlign,
    in_m: Flags,
    in_x: Flags,
    late_m: ScalarOperand,
    late_x: ScalarOperand,
    m_valid: DFF<Bit>,
    m_pc: DFF<Bits<32>>,
    m_word: DFF<Bits<32>>,
    m_fault: DFF<Bits<4>>,
    m_flags: DFF<Bits<FLAGS>>,
    m_writes_x: DFF<Bit>,
    m_writes_v: DFF<Bit>,
    m_rd: DFF<Bits<5>>,
    m_beat: DFF<Bits<3>>,
    m_last: DFF<Bit>,
    m_result: DFF<Bits<32>>,
    m_address: DFF<Bits<32>>,
    m_late: DFF<Bits<32>>,
    m_late_register: DFF<Bits<5>>,
    m_high: DFF<Bit>,
    m_width: DFF<Bits<2>>,
    m_load_signed: DFF<Bit>,
    m_uncounted: DFF<Bit>,
    x_valid: DFF<Bit>,
    x_pc: DFF<Bits<32>>,
    x_word: DFF<Bits<32>>,
    x_fault: DFF<Bits<4>>,
    x_flags: DFF<Bits<FLAGS>>,
    x_writes_x: DFF<Bit>,
    x_writes_v: DFF<Bit>,
    x_rd: DFF<Bits<5>>,
    x_beat: DFF<Bits<3>>,
    x_last: DFF<Bit>,
    x_value: DFF<Bits<32>>,
    x_address: DFF<Bits<32>>,
    x_late: DFF<Bits<32>>,
    x_late_register: DFF<Bits<5>>,
    x_width: DFF<Bits<2>>,
    x_uncounted: DFF<Bit>,
    m_writes: Signal<Local, Bit>,
    x_writes: Signal<Local, Bit>,
    m_value: Signal<Local, Bits<32>>,
    m_final: Signal<Local, Bits<32>>,
    stores: Signal<Local, Bit>,
    single_beat: Constant<Bit>,
}

impl Access {
    /// With a scalar memory of `bytes`, for a core whose vector instructions take `beats`.
    pub fn new(beats: u32, bytes: u32) -> Self {
        Self {
            clock: Signal::default(),
            kill: Signal::default(),
            enter: Signal::default(),
            enter_pc: Signal::default(),
            enter_word: Signal::default(),
            enter_fault: Signal::default(),
            enter_flags: Signal::default(),
            enter_writes_x: Signal::default(),
            enter_writes_v: Signal::default(),
            enter_rd: Signal::default(),
            enter_beat: Signal::default(),
            enter_last: Signal::default(),
            enter_result: Signal::default(),
            enter_address: Signal::default(),
            enter_late: Signal::default(),
            enter_late_register: Signal::default(),
            enter_a: Signal::default(),
            enter_b: Signal::default(),
            enter_a_signed: Signal::default(),
            enter_b_signed: Signal::default(),
            enter_high: Signal::default(),
            enter_count_operation: Signal::default(),
            enter_width: Signal::default(),
            enter_load_signed: Signal::default(),
            enter_uncounted: Signal::default(),
            conflict: Signal::default(),
            commit_writes: Signal::default(),
            commit_rd: Signal::default(),
            commit_value: Signal::default(),
            valid: Default::default(),
            writes: Default::default(),
            writes_v: Default::default(),
            rd: Default::default(),
            value: Default::default(),
            flags: Default::default(),
            beat: Default::default(),
            operand: Signal::default(),
            mask_from_compare: Signal::default(),
            pc: Signal::default(),
            word: Signal::default(),
            fault: Signal::default(),
            faulty: Signal::default(),
            last: Signal::default(),
            uncounted: Signal::default(),
            store: Signal::default(),
            store_address: Signal::default(),
            store_mask: Signal::default(),
            store_data: Signal::default(),
            running: Signal::default(),
            host_address: Signal::default(),
            host_write: Signal::default(),
            host_data: Signal::default(),
            host_value: Signal::default(),
            memory: Memory::with_depth(Style::Block, bytes as usize / 4),
            multiplier: ScalarMultiply::default(),
            counter: BitCount::default(),
            load_align: LoadAlign::default(),
            store_align: StoreAlign::default(),
            in_m: Flags::default(),
            in_x: Flags::default(),
            late_m: ScalarOperand::default(),
            late_x: ScalarOperand::default(),
            m_valid: DFF::default(),
            m_pc: DFF::default(),
            m_word: DFF::default(),
            m_fault: DFF::default(),
            m_flags: DFF::default(),
            m_writes_x: DFF::default(),
            m_writes_v: DFF::default(),
            m_rd: DFF::default(),
            m_beat: DFF::default(),
            m_last: DFF::default(),
            m_result: DFF::default(),
            m_address: DFF::default(),
            m_late: DFF::default(),
            m_late_register: DFF::default(),
            m_high: DFF::default(),
            m_width: DFF::default(),
            m_load_signed: DFF::default(),
            m_uncounted: DFF::default(),
            x_valid: DFF::default(),
            x_pc: DFF::default(),
            x_word: DFF::default(),
            x_fault: DFF::default(),
            x_flags: DFF::default(),
            x_writes_x: DFF::default(),
            x_writes_v: DFF::default(),
            x_rd: DFF::default(),
            x_beat: DFF::default(),
            x_last: DFF::default(),
            x_value: DFF::default(),
            x_address: DFF::default(),
            x_late: DFF::default(),
            x_late_register: DFF::default(),
            x_width: DFF::default(),
            x_uncounted: DFF::default(),
            m_writes: Signal::default(),
            x_writes: Signal::default(),
            m_value: Signal::default(),
            m_final: Signal::default(),
            stores: Signal::default(),
            single_beat: Constant::new(beats == 1),
        }
    }
}

impl Logic for Access {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module access: scalar memory, products, late operands");
        dff_setup!(
            self,
            clock,
            m_valid,
            m_pc,
            m_word,
            m_fault,
            m_flags,
            m_writes_x,
            m_writes_v,
            m_rd,
            m_beat,
            m_last,
            m_result,
            m_address,
            m_late,
            m_late_register,
            m_high,
            m_width,
            m_load_signed,
            m_uncounted,
            x_valid,
            x_pc,
            x_word,
            x_fault,
            x_flags,
            x_writes_x,
            x_writes_v,
            x_rd,
            x_beat,
            x_last,
            x_value,
            x_address,
            x_late,
            x_late_register,
            x_width,
            x_uncounted
        );
        self.memory.clock.next = self.clock.val();
        self.multiplier.clock.next = self.clock.val();
        self.in_m.flags.next = self.m_flags.q.val();
        self.in_x.flags.next = self.x_flags.q.val();

        comment!("A to M.");
        self.m_valid.d.next = self.enter.val() & !self.kill.val();
        self.m_pc.d.next = self.enter_pc.val();
        self.m_word.d.next = self.enter_word.val();
        self.m_fault.d.next = self.enter_fault.val();
        self.m_flags.d.next = self.enter_flags.val();
        self.m_writes_x.d.next = self.enter_writes_x.val();
        self.m_writes_v.d.next = self.enter_writes_v.val();
        self.m_rd.d.next = self.enter_rd.val();
        self.m_beat.d.next = self.enter_beat.val();
        self.m_last.d.next = self.enter_last.val();
        self.m_result.d.next = self.enter_result.val();
        self.m_address.d.next = self.enter_address.val();
        self.m_late.d.next = self.enter_late.val();
        self.m_late_register.d.next = self.enter_late_register.val();
        self.m_high.d.next = self.enter_high.val();
        self.m_width.d.next = self.enter_width.val();
        self.m_load_signed.d.next = self.enter_load_signed.val();
        self.m_uncounted.d.next = self.enter_uncounted.val();

        comment!("The word of a load and the product arrive in M.");
        self.memory.read_enable[0].next = true;
        self.memory.read_address[0].next = self.enter_address.val().get_bits::<SCALAR_ADDRESS>(2);
        if !self.running.val() {
            self.memory.read_address[0].next = self.host_address.val();
        }
        self.host_value.next = self.memory.read_data[0].val();
        self.load_align.word.next = self.memory.read_data[0].val();
        self.load_align.offset.next = self.m_address.q.val().get_bits::<2>(0);
        self.load_align.width.next = self.m_width.q.val();
        self.load_align.load_signed.next = self.m_load_signed.q.val();
        self.counter.clock.next = self.clock.val();
        self.counter.operation.next = self.enter_count_operation.val();
        self.counter.x.next = self.enter_a.val();
        self.multiplier.a.next = self.enter_a.val();
        self.multiplier.b.next = self.enter_b.val();
        self.multiplier.a_signed.next = self.enter_a_signed.val();
        self.multiplier.b_signed.next = self.enter_b_signed.val();
        self.multiplier.high.next = self.m_high.q.val();
        self.m_value.next = self.m_result.q.val();
        if self.in_m.load.val() {
            self.m_value.next = self.memory.read_data[0].val();
        }
        if self.in_m.multiply.val() {
            self.m_value.next = self.counter.y.val();
        }

        comment!("Slow results are not for those who look into M: parts of a word, products.");
        self.m_final.next = self.m_value.val();
        if self.in_m.slow.val() {
            self.m_final.next = self.multiplier.y.val();
            if self.in_m.load.val() {
                self.m_final.next = self.load_align.value.val();
            }
        }

        comment!("M to X.");
        self.x_valid.d.next = self.m_valid.q.val() & !self.kill.val();
        self.x_pc.d.next = self.m_pc.q.val();
        self.x_word.d.next = self.m_word.q.val();
        self.x_fault.d.next = self.m_fault.q.val();
        self.faulty.next = self.m_fault.q.val() != 0;
        self.x_flags.d.next = self.m_flags.q.val();
        self.x_writes_x.d.next = self.m_writes_x.q.val();
        self.x_writes_v.d.next = self.m_writes_v.q.val();
        self.x_rd.d.next = self.m_rd.q.val();
        self.x_beat.d.next = self.m_beat.q.val();
        self.x_last.d.next = self.m_last.q.val();
        self.x_value.d.next = self.m_final.val();
        self.x_address.d.next = self.m_address.q.val();
        self.x_late_register.d.next = self.m_late_register.q.val();
        self.x_width.d.next = self.m_width.q.val();
        self.x_uncounted.d.next = self.m_uncounted.q.val();
        self.m_writes.next = self.m_valid.q.val() & self.m_writes_x.q.val();
        self.x_writes.next = self.x_valid.q.val() & self.x_writes_x.q.val();

        comment!("The late operand: what X and X1 write is taken in M, what X1 writes in X.");
        self.late_m.register.next = self.m_late_register.q.val();
        self.late_m.held.next = self.m_late.q.val();
        self.late_m.writes[0].next = self.x_writes.val();
        self.late_m.rd[0].next = self.x_rd.q.val();
        self.late_m.stage[0].next = self.x_value.q.val();
        self.late_m.writes[1].next = self.commit_writes.val();
        self.late_m.rd[1].next = self.commit_rd.val();
        self.late_m.stage[1].next = self.commit_value.val();
        for i in 2..4 {
            self.late_m.writes[i].next = false;
            self.late_m.rd[i].next = 0.into();
            self.late_m.stage[i].next = 0.into();
        }
        self.operand.next = self.late_m.value.val();
        self.x_late.d.next = self.late_m.value.val();
        self.mask_from_compare.next = self.in_x.compares.val()
            & self.in_m.select.val()
            & self.late_m.hit[0].val()
            & self.single_beat.val();
        self.late_x.register.next = self.x_late_register.q.val();
        self.late_x.held.next = self.x_late.q.val();
        self.late_x.writes[0].next = self.commit_writes.val();
        self.late_x.rd[0].next = self.commit_rd.val();
        self.late_x.stage[0].next = self.commit_value.val();
        for i in 1..4 {
            self.late_x.writes[i].next = false;
            self.late_x.rd[i].next = 0.into();
            self.late_x.stage[i].next = 0.into();
        }

        comment!("Stores write at the end of X.");
        self.stores.next = self.x_valid.q.val()
            & self.in_x.store.val()
            & (self.x_fault.q.val() == 0)
            & !self.kill.val();
        self.store_align.value.next = self.late_x.value.val();
        self.store_align.offset.next = self.x_address.q.val().get_bits::<2>(0);
        self.store_align.width.next = self.x_width.q.val();
        self.memory.write_enable.next = 0.into();
        self.memory.write_address.next = self.x_address.q.val().get_bits::<SCALAR_ADDRESS>(2);
        self.memory.write_data.next = self.store_align.data.val();
        if self.stores.val() {
            self.memory.write_enable.next = self.store_align.mask.val();
        }
        if self.host_write.val() {
            self.memory.write_enable.next = 15.into();
        }
        if !self.running.val() {
            self.memory.write_address.next = self.host_address.val();
            self.memory.write_data.next = self.host_data.val();
        }
        self.store.next = self.stores.val();
        self.store_address.next = self.x_address.q.val() & 0xfffffffcu64;
        self.store_mask.next = self.store_align.mask.val();
        self.store_data.next = self.store_align.data.val();

        comment!(
            "A load must not overtake a store. Whether to its word is not looked at: that would be known late."
        );
        self.conflict.next = (self.m_valid.q.val() & self.in_m.store.val())
            | (self.x_valid.q.val() & self.in_x.store.val());

        comment!("As it stands.");
        self.valid[0].next = self.m_valid.q.val();
        self.valid[1].next = self.x_valid.q.val();
        self.writes[0].next = self.m_writes.val();
        self.writes[1].next = self.x_writes.val();
        self.writes_v[0].next = self.m_writes_v.q.val();
        self.writes_v[1].next = self.x_writes_v.q.val();
        self.rd[0].next = self.m_rd.q.val();
        self.rd[1].next = self.x_rd.q.val();
        self.value[0].next = self.m_value.val();
        self.value[1].next = self.x_value.q.val();
        self.flags[0].next = self.m_flags.q.val();
        self.flags[1].next = self.x_flags.q.val();
        self.beat[0].next = self.m_beat.q.val();
        self.beat[1].next = self.x_beat.q.val();
        self.pc.next = self.x_pc.q.val();
        self.word.next = self.x_word.q.val();
        self.fault.next = self.x_fault.q.val();
        self.last.next = self.x_last.q.val();
        self.uncounted.next = self.x_uncounted.q.val();
    }
}
