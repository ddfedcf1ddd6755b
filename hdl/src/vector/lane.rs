//! A physical lane.

use rust_hdl::prelude::*;

use super::{LocalMemory, Operand, VectorParameters};
use crate::comment;
use crate::lane::{AddSubtract, And, AndAdd, Compare, Generator, MultiplyPath, Select, Shift};
use crate::leaf::Memory;

/// Sixteen bits of everything: vector registers, arithmetic, generators, lane-local memory and a
/// column of vector memory.
///
/// ```text
///  A           M            X                      X1         X2          X3        W
///  registers --- a, b |---- one-clock results ---|r_x1|-----|r_x2|------|r_x3|--+-|r_w|-- registers
///  vector memory -----|  |- lane-local address ---- memory ----^                |   |
///                        |- factors ------------|- multiply -|- round_shift -|- narrow  after
/// ```
/// The control of each stage comes from [`Control`](super::Control).
#[derive(LogicBlock)]
pub struct Lane {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// A: word of the register file to read for the first operand.
    pub read_a: Signal<In, Bits<8>>,
    /// A: and for the second.
    pub read_b: Signal<In, Bits<8>>,
    /// A: the word to read.
    pub memory_read_address: Signal<In, Bits<20>>,
    /// M: source of the first operand.
    pub source_a: Signal<In, Bits<3>>,
    /// M: source of the second operand.
    pub source_b: Signal<In, Bits<3>>,
    /// M: the first operand is what a VSTOREV in X1 stores.
    pub from_store: Signal<In, Bit>,
    /// M: the lane's bit of the scalar.
    pub mask_bit: Signal<In, Bit>,
    /// M: choose by it.
    pub by_mask: Signal<In, Bit>,
    /// M: else, choose the second operand.
    pub take_b: Signal<In, Bit>,
    /// X: the beat just ahead gives the first operand.
    pub forward_a: Signal<In, Bit>,
    /// X: the beat just ahead gives the second operand.
    pub forward_b: Signal<In, Bit>,
    /// X: the value that all lanes share.
    pub shared: Signal<In, Bits<16>>,
    /// X: bits of the first operand that a masked add keeps.
    pub kept: Signal<In, Bits<15>>,
    /// X: which result goes on.
    pub result: Signal<In, Bits<3>>,
    /// X: subtract.
    pub subtract: Signal<In, Bit>,
    /// X: saturate a sum.
    pub saturate: Signal<In, Bit>,
    /// X: compare the order.
    pub order: Signal<In, Bit>,
    /// X: the opposite comparison.
    pub invert: Signal<In, Bit>,
    /// X: shift right.
    pub right: Signal<In, Bit>,
    /// X: shift by the shared value.
    pub by_immediate: Signal<In, Bit>,
    /// X: choose by the comparison in X1.
    pub by_compare: Signal<In, Bit>,
    /// X: step the generator.
    pub draws: Signal<In, Bit>,
    /// X: load the generator's first word.
    pub loads0: Signal<In, Bit>,
    /// X: load the generator's second word.
    pub loads1: Signal<In, Bit>,
    /// X: an access to lane-local memory.
    pub at_lane: Signal<In, Bit>,
    /// X: load from lane-local memory.
    pub loads_lane: Signal<In, Bit>,
    /// X: store to lane-local memory.
    pub stores_lane: Signal<In, Bit>,
    /// X: store to vector memory.
    pub stores_vector: Signal<In, Bit>,
    /// X: the beat.
    pub beat: Signal<In, Bits<3>>,
    /// X: word of vector memory, of VSTOREV or DMA.
    pub memory_write_address: Signal<In, Bits<20>>,
    /// X2: the shift.
    pub shift: Signal<In, Bits<4>>,
    /// X2: bits of the sample that count.
    pub mask: Signal<In, Bits<15>>,
    /// X2: half of the result's lowest bit.
    pub half: Signal<In, Bits<15>>,
    /// X3: the result is that of the multiplier's path.
    pub late: Signal<In, Bit>,
    /// X3: saturate.
    pub clamp: Signal<In, Bit>,
    /// W: write the register file.
    pub writes: Signal<In, Bit>,
    /// W: its word.
    pub write_word: Signal<In, Bits<8>>,
    /// DMA: write vector memory, the port being free.
    pub memory_write: Signal<In, Bit>,
    /// DMA: what to write.
    pub memory_write_data: Signal<In, Bits<16>>,
    /// Host: use lane-local memory.
    pub host: Signal<In, Bit>,
    /// Host: write this lane's.
    pub host_write: Signal<In, Bit>,
    /// Host: halfword of it.
    pub host_address: Signal<In, Bits<17>>,
    /// Host: what to write.
    pub host_data: Signal<In, Bits<16>>,
    /// M: the word of vector memory.
    pub memory_data: Signal<Out, Bits<16>>,
    /// X: the second operand: what is stored.
    pub stored: Signal<Out, Bits<16>>,
    /// X: VSTOREL writes here.
    pub local_writes: Signal<Out, Bit>,
    /// X: the byte address in lane-local memory.
    pub local_address: Signal<Out, Bits<17>>,
    /// X: the first operand: what VEXTRACT takes.
    pub extracted: Signal<Out, Bits<16>>,
    /// X1: the comparison's bit.
    pub holds: Signal<Out, Bit>,
    /// X: the lane-local address is bad.
    pub fails: Signal<Out, Bit>,
    /// X: it is odd.
    pub odd: Signal<Out, Bit>,
    /// X1: the word of lane-local memory.
    pub local_word: Signal<Out, Bits<16>>,
    /// W: what is written.
    pub w: Signal<Out, Bits<16>>,
    registers: Memory<16, 8, 1, 2>,
    vector_memory: Memory<16, 20, 1, 1>,
    own_memory: LocalMemory,
    generator: Generator,
    a: Operand,
    b: Operand,
    add_subtract: AddSubtract,
    compare: Compare,
    bitwise_and: And,
    shifter: Shift,
    and_add: AndAdd,
    select: Select,
    multiply_path: MultiplyPath,
    picked: Signal<Local, Bit>,
    to_x2: Signal<Local, Bits<16>>,
    to_w: Signal<Local, Bits<16>>,
    chosen: DFF<Bit>,
    held: DFF<Bit>,
    r_x1: DFF<Bits<16>>,
    r_x2: DFF<Bits<16>>,
    r_x3: DFF<Bits<16>>,
    r_w: DFF<Bits<16>>,
    after: DFF<Bits<16>>,
}

impl Lane {
    /// A lane of a core with `beats` beats.
    pub fn new(parameters: &VectorParameters, beats: usize) -> Self {
        Self {
            clock: Signal::default(),
            read_a: Signal::default(),
            read_b: Signal::default(),
            memory_read_address: Signal::default(),
            source_a: Signal::default(),
            from_store: Signal::default(),
            source_b: Signal::default(),
            mask_bit: Signal::default(),
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
            at_lane: Signal::default(),
            loads_lane: Signal::default(),
            stores_lane: Signal::default(),
            stores_vector: Signal::default(),
            beat: Signal::default(),
            memory_write_address: Signal::default(),
            shift: Signal::default(),
            mask: Signal::default(),
            half: Signal::default(),
            late: Signal::default(),
            clamp: Signal::default(),
            writes: Signal::default(),
            write_word: Signal::default(),
            memory_write: Signal::default(),
            memory_write_data: Signal::default(),
            host: Signal::default(),
            host_write: Signal::default(),
            host_address: Signal::default(),
            host_data: Signal::default(),
            memory_data: Signal::default(),
            stored: Signal::default(),
            local_writes: Signal::default(),
            local_address: Signal::default(),
            extracted: Signal::default(),
            holds: Signal::default(),
            fails: Signal::default(),
            odd: Signal::default(),
            local_word: Signal::default(),
            w: Signal::default(),
            registers: Memory::with_depth(parameters.register_style, 32 * beats),
            vector_memory: Memory::with_depth(parameters.vector_style, parameters.vector_words),
            own_memory: LocalMemory::new(parameters.local_style, parameters.local_halfwords, beats),
            generator: Generator::new(beats),
            a: Operand::default(),
            b: Operand::default(),
            add_subtract: AddSubtract::default(),
            compare: Compare::default(),
            bitwise_and: And::default(),
            shifter: Shift::default(),
            and_add: AndAdd::default(),
            select: Select::default(),
            multiply_path: MultiplyPath::default(),
            picked: Signal::default(),
            to_x2: Signal::default(),
            to_w: Signal::default(),
            chosen: DFF::default(),
            held: DFF::default(),
            r_x1: DFF::default(),
            r_x2: DFF::default(),
            r_x3: DFF::default(),
            r_w: DFF::default(),
            after: DFF::default(),
        }
    }
}

impl Logic for Lane {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module lane: sixteen bits of the vector side");
        dff_setup!(self, clock, chosen, held, r_x1, r_x2, r_x3, r_w, after);

        comment!("A to M: registers and vector memory are read.");
        self.registers.clock.next = self.clock.val();
        self.registers.read_enable[0].next = true;
        self.registers.read_enable[1].next = true;
        self.registers.read_address[0].next = self.read_a.val();
        self.registers.read_address[1].next = self.read_b.val();
        self.registers.write_enable.next = self.writes.val().into();
        self.registers.write_address.next = self.write_word.val();
        self.registers.write_data.next = self.r_w.q.val();
        self.vector_memory.clock.next = self.clock.val();
        self.vector_memory.read_enable[0].next = true;
        self.vector_memory.read_address[0].next = self.memory_read_address.val();
        self.vector_memory.write_enable.next =
            (self.stores_vector.val() | self.memory_write.val()).into();
        self.vector_memory.write_address.next = self.memory_write_address.val();
        self.vector_memory.write_data.next = self.memory_write_data.val();
        if self.stores_vector.val() {
            self.vector_memory.write_data.next = self.b.y.val();
        }
        self.memory_data.next = self.vector_memory.read_data[0].val();

        comment!("What comes late: words of lane-local memory in X1, products in X3.");
        self.to_x2.next = self.r_x1.q.val();
        if self.own_memory.take.val() {
            self.to_x2.next = self.own_memory.word.val();
        }
        self.to_w.next = self.r_x3.q.val();
        if self.late.val() {
            self.to_w.next = self.multiply_path.y.val();
        }

        comment!("M and X: the operands.");
        self.a.clock.next = self.clock.val();
        self.a.source.next = self.source_a.val();
        self.a.file.next = self.registers.read_data[0].val();
        self.a.own_word.next = self.own_memory.word.val();
        self.a.takes_own.next = self.own_memory.take.val();
        self.a.x2.next = self.r_x2.q.val();
        self.a.to_w.next = self.to_w.val();
        self.a.w.next = self.r_w.q.val();
        self.a.after.next = self.after.q.val();
        self.a.fixed.next = self.vector_memory.read_data[0].val();
        self.a.from_store.next = self.from_store.val();
        self.a.forward.next = self.forward_a.val();
        self.a.x1.next = self.r_x1.q.val();
        self.b.clock.next = self.clock.val();
        self.b.source.next = self.source_b.val();
        self.b.file.next = self.registers.read_data[1].val();
        self.b.own_word.next = self.own_memory.word.val();
        self.b.takes_own.next = self.own_memory.take.val();
        self.b.x2.next = self.r_x2.q.val();
        self.b.to_w.next = self.to_w.val();
        self.b.w.next = self.r_w.q.val();
        self.b.after.next = self.after.q.val();
        self.b.fixed.next = bits::<16>(1);
        self.b.from_store.next = false;
        self.b.forward.next = self.forward_b.val();
        self.b.x1.next = self.r_x1.q.val();
        self.chosen.d.next = self.take_b.val();
        if self.by_mask.val() {
            self.chosen.d.next = self.mask_bit.val();
        }
        self.picked.next = self.chosen.q.val();
        if self.by_compare.val() {
            self.picked.next = self.held.q.val();
        }

        comment!("X: arithmetic of one clock.");
        self.add_subtract.a.next = signed_cast(self.a.y.val());
        self.add_subtract.b.next = signed_cast(self.b.y.val());
        self.add_subtract.subtract.next = self.subtract.val();
        self.add_subtract.saturate.next = self.saturate.val();
        self.compare.a.next = self.a.y.val();
        self.compare.b.next = self.b.y.val();
        self.compare.negative.next = self.add_subtract.negative.val();
        self.compare.order.next = self.order.val();
        self.compare.invert.next = self.invert.val();
        self.held.d.next = self.compare.y.val();
        self.bitwise_and.a.next = self.a.y.val();
        self.bitwise_and.b.next = self.b.y.val();
        self.shifter.a.next = self.a.y.val();
        self.shifter.own.next = self.b.y.val().get_bits::<4>(0);
        self.shifter.immediate.next = self.shared.val().get_bits::<4>(0);
        self.shifter.by_immediate.next = self.by_immediate.val();
        self.shifter.right.next = self.right.val();
        self.and_add.a.next = self.a.y.val().get_bits::<15>(0);
        self.and_add.mask.next = self.kept.val();
        self.and_add.x.next = self.shared.val();
        self.select.chosen.next = self.picked.val();
        self.select.b.next = self.b.y.val();
        self.select.old.next = self.a.y.val();
        self.generator.clock.next = self.clock.val();
        self.generator.step.next = self.draws.val();
        self.generator.load0.next = self.loads0.val();
        self.generator.load1.next = self.loads1.val();
        self.generator.word.next = self.a.y.val();
        self.r_x1.d.next = self.add_subtract.y.val();
        match self.result.val().index() {
            1 => {
                self.r_x1.d.next = self.bitwise_and.y.val();
            }
            2 => {
                self.r_x1.d.next = self.shifter.y.val();
            }
            3 => {
                self.r_x1.d.next = self.and_add.y.val();
            }
            4 => {
                self.r_x1.d.next = self.select.y.val();
            }
            5 => {
                self.r_x1.d.next = self.generator.sample.val() >> 1;
            }
            6 => {
                self.r_x1.d.next = self.generator.sample.val();
            }
            _ => {}
        }
        self.stored.next = self.b.y.val();
        self.extracted.next = self.a.y.val();
        self.holds.next = self.held.q.val();

        comment!("X and X1: lane-local memory.");
        self.own_memory.clock.next = self.clock.val();
        self.own_memory.base.next = signed_cast(self.a.y.val());
        self.own_memory.offset.next = signed_cast(self.shared.val());
        self.own_memory.beat.next = self.beat.val();
        self.own_memory.access.next = self.at_lane.val();
        self.own_memory.load.next = self.loads_lane.val();
        self.own_memory.store.next = self.stores_lane.val();
        self.own_memory.data.next = self.b.y.val();
        self.own_memory.host.next = self.host.val();
        self.own_memory.host_write.next = self.host_write.val();
        self.own_memory.host_address.next = self.host_address.val();
        self.own_memory.host_data.next = self.host_data.val();
        self.local_writes.next = self.own_memory.writes.val();
        self.local_address.next = self.own_memory.address.val();
        self.local_word.next = self.own_memory.word.val();
        self.fails.next = self.own_memory.fails.val();
        self.odd.next = self.own_memory.odd.val();
        self.r_x2.d.next = self.to_x2.val();

        comment!(
            "X1 to X3: products. The sample of a rounding has come with the result's registers."
        );
        self.multiply_path.clock.next = self.clock.val();
        self.multiply_path.a.next = signed_cast(self.a.y.val());
        self.multiply_path.b.next = signed_cast(self.b.y.val());
        self.multiply_path.shift_x2.next = self.shift.val();
        self.multiply_path.mask_x2.next = self.mask.val();
        self.multiply_path.half_x2.next = self.half.val();
        self.multiply_path.sample_x2.next = self.r_x2.q.val().get_bits::<15>(0);
        self.multiply_path.saturate_x3.next = self.clamp.val();
        self.r_x3.d.next = self.r_x2.q.val();
        self.r_w.d.next = self.to_w.val();
        self.after.d.next = self.r_w.q.val();
        self.w.next = self.r_w.q.val();
    }
}
