//! The lane-local memory of a physical lane.

use rust_hdl::prelude::*;

use crate::comment;
use crate::leaf::{Memory, Style};

/// A lane's own memory, addressed by the lane's own register.
///
/// ```text
///  X:  base + offset --> word --> read, or written at the end of X
///                   \--> masked, bad
///  X1: word, take, bad, misaligned
/// ```
/// A lane whose base is negative is masked off. A bad address is odd or outside the memory; it is not written.
#[derive(LogicBlock)]
pub struct LocalMemory {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// X: the lane's register.
    pub base: Signal<In, Signed<16>>,
    /// X: the instruction's offset.
    pub offset: Signal<In, Signed<16>>,
    /// X: the beat.
    pub beat: Signal<In, Bits<3>>,
    /// X: VLOADL or VSTOREL, perhaps dropped.
    pub access: Signal<In, Bit>,
    /// X: VLOADL, perhaps dropped.
    pub load: Signal<In, Bit>,
    /// X: VSTOREL, not dropped.
    pub store: Signal<In, Bit>,
    /// X: what is stored.
    pub data: Signal<In, Bits<16>>,
    /// Host: use `host_address`.
    pub host: Signal<In, Bit>,
    /// Host: write this lane.
    pub host_write: Signal<In, Bit>,
    /// Host: halfword of the column.
    pub host_address: Signal<In, Bits<17>>,
    /// Host: what to write.
    pub host_data: Signal<In, Bits<16>>,
    /// X: this lane writes.
    pub writes: Signal<Out, Bit>,
    /// X: the byte address.
    pub address: Signal<Out, Bits<17>>,
    /// X1: what was read.
    pub word: Signal<Out, Bits<16>>,
    /// X1: this lane of a VLOADL takes the word.
    pub take: Signal<Out, Bit>,
    /// X: the access is to a bad address.
    pub fails: Signal<Out, Bit>,
    /// X: it is odd.
    pub odd: Signal<Out, Bit>,
    column: Memory<16, 17, 1, 1>,
    wide_base: Signal<Local, Signed<17>>,
    wide_offset: Signal<Local, Signed<17>>,
    sum: Signal<Local, Signed<17>>,
    bits: Signal<Local, Bits<17>>,
    halfword: Signal<Local, Bits<16>>,
    place: Signal<Local, Bits<17>>,
    active: Signal<Local, Bit>,
    wrong: Signal<Local, Bit>,
    taken: DFF<Bit>,
    outside: Constant<Bits<16>>,
    beat_bits: Constant<Bits<3>>,
}

impl LocalMemory {
    /// A memory of `halfwords`, a power of two, for each of `beats` architectural lanes.
    pub fn new(style: Style, halfwords: usize, beats: usize) -> Self {
        Self {
            clock: Signal::default(),
            base: Signal::default(),
            offset: Signal::default(),
            beat: Signal::default(),
            access: Signal::default(),
            load: Signal::default(),
            store: Signal::default(),
            data: Signal::default(),
            host: Signal::default(),
            host_write: Signal::default(),
            host_address: Signal::default(),
            host_data: Signal::default(),
            writes: Signal::default(),
            address: Signal::default(),
            word: Signal::default(),
            take: Signal::default(),
            fails: Signal::default(),
            odd: Signal::default(),
            column: Memory::with_depth(style, halfwords * beats),
            wide_base: Signal::default(),
            wide_offset: Signal::default(),
            sum: Signal::default(),
            bits: Signal::default(),
            halfword: Signal::default(),
            place: Signal::default(),
            active: Signal::default(),
            wrong: Signal::default(),
            taken: DFF::default(),
            outside: Constant::new((0xffff & !(halfwords as u64 - 1)).into()),
            beat_bits: Constant::new(u64::from(beats.trailing_zeros()).into()),
        }
    }
}

impl Logic for LocalMemory {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module local_memory: a lane's own memory, with the lane's own addresses");
        dff_setup!(self, clock, taken);
        self.wide_base.next = signed_bit_cast::<17, 16>(self.base.val());
        self.wide_offset.next = signed_bit_cast::<17, 16>(self.offset.val());
        self.sum.next = self.wide_base.val() + self.wide_offset.val();
        self.bits.next = unsigned_cast(self.sum.val());
        self.address.next = self.bits.val();
        self.active.next = !self.base.val().get_bit(15);
        comment!(
            "A negative sum is a large halfword: bits above those of an address find both bounds, for the size is a power of two."
        );
        self.halfword.next = self.bits.val().get_bits::<16>(1);
        self.wrong.next =
            self.bits.val().get_bit(0) | (self.halfword.val() & self.outside.val()).any();

        self.place.next = bit_cast::<17, 16>(self.halfword.val());
        self.column.clock.next = self.clock.val();
        self.column.read_address[0].next =
            (self.place.val() << self.beat_bits.val()) | bit_cast::<17, 3>(self.beat.val());
        if self.host.val() {
            self.column.read_address[0].next = self.host_address.val();
        }
        self.column.write_address.next =
            (self.place.val() << self.beat_bits.val()) | bit_cast::<17, 3>(self.beat.val());
        self.column.write_data.next = self.data.val();
        self.writes.next = (self.store.val() & self.active.val()) & !self.wrong.val();
        self.column.write_enable.next = self.writes.val().into();
        if self.host.val() {
            self.column.write_address.next = self.host_address.val();
            self.column.write_data.next = self.host_data.val();
            self.column.write_enable.next = self.host_write.val().into();
        }
        self.column.read_enable[0].next = self.load.val() | self.host.val();
        self.word.next = self.column.read_data[0].val();

        self.taken.d.next = self.load.val() & self.active.val();
        self.fails.next = (self.access.val() & self.active.val()) & self.wrong.val();
        self.odd.next = self.bits.val().get_bit(0);
        self.take.next = self.taken.q.val();
    }
}
