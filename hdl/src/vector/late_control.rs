//! The control of a group of lanes behind X.

use rust_hdl::prelude::*;

use super::RegisterWord;
use crate::comment;
use crate::lane::Rounding;

/// What a beat that has left X still does, up to its write in W. A register's suffix is its stage.
#[derive(LogicBlock)]
pub struct LateControl {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// X: a register is written, nothing being halted.
    pub x_writes: Signal<In, Bit>,
    /// X: the physical register.
    pub x_number: Signal<In, Bits<8>>,
    /// X: the result comes from the multiplier's path.
    pub x_late: Signal<In, Bit>,
    /// X: saturate it.
    pub x_saturate: Signal<In, Bit>,
    /// X: its rounding.
    pub x_rounding: Signal<In, Bits<2>>,
    /// X: the immediate: a shift, or VEXTRACT's lane.
    pub x_low: Signal<In, Bits<5>>,
    /// X: VLOADL.
    pub x_loads_lane: Signal<In, Bit>,
    /// X: a comparison.
    pub x_compares: Signal<In, Bit>,
    /// X: VEXTRACT.
    pub x_extracts: Signal<In, Bit>,
    /// X1: a lane's address is bad.
    pub fault: Signal<In, Bit>,
    /// X1: the bits of a comparison are gathered.
    pub compares: Signal<Out, Bit>,
    /// X1: a lane's value is gathered.
    pub extracts: Signal<Out, Bit>,
    /// X1: that lane.
    pub extract_lane: Signal<Out, Bits<5>>,
    /// X1: a register will be written.
    pub x1_writes: Signal<Out, Bit>,
    /// X1: that register.
    pub x1_number: Signal<Out, Bits<8>>,
    /// X2: a register will be written.
    pub x2_writes: Signal<Out, Bit>,
    /// X2: that register.
    pub x2_number: Signal<Out, Bits<8>>,
    /// X2: the shift.
    pub shift: Signal<Out, Bits<4>>,
    /// X2: bits of the sample that count.
    pub mask: Signal<Out, Bits<15>>,
    /// X2: half of the result's lowest bit.
    pub half: Signal<Out, Bits<15>>,
    /// X3: a register will be written.
    pub x3_writes: Signal<Out, Bit>,
    /// X3: that register.
    pub x3_number: Signal<Out, Bits<8>>,
    /// X3: the result is that of the multiplier's path.
    pub late: Signal<Out, Bit>,
    /// X3: saturate it.
    pub clamp: Signal<Out, Bit>,
    /// W: a register is written.
    pub w_writes: Signal<Out, Bit>,
    /// W: that register.
    pub w_number: Signal<Out, Bits<8>>,
    /// W: its word of the register file.
    pub write_word: Signal<Out, Bits<8>>,
    rounding: Rounding,
    file_word: RegisterWord,
    keeps: Signal<Local, Bit>,
    writes_1: DFF<Bit>,
    number_1: DFF<Bits<8>>,
    late_1: DFF<Bit>,
    saturate_1: DFF<Bit>,
    rounding_1: DFF<Bits<2>>,
    low_1: DFF<Bits<5>>,
    loads_lane_1: DFF<Bit>,
    compares_1: DFF<Bit>,
    extracts_1: DFF<Bit>,
    writes_2: DFF<Bit>,
    number_2: DFF<Bits<8>>,
    late_2: DFF<Bit>,
    saturate_2: DFF<Bit>,
    shift_2: DFF<Bits<4>>,
    mask_2: DFF<Bits<15>>,
    half_2: DFF<Bits<15>>,
    writes_3: DFF<Bit>,
    number_3: DFF<Bits<8>>,
    late_3: DFF<Bit>,
    saturate_3: DFF<Bit>,
    writes_w: DFF<Bit>,
    number_w: DFF<Bits<8>>,
}

impl LateControl {
    /// Of a core with `beats` beats.
    pub fn new(beats: usize) -> Self {
        Self {
            clock: Signal::default(),
            x_writes: Signal::default(),
            x_number: Signal::default(),
            x_late: Signal::default(),
            x_saturate: Signal::default(),
            x_rounding: Signal::default(),
            x_low: Signal::default(),
            x_loads_lane: Signal::default(),
            x_compares: Signal::default(),
            x_extracts: Signal::default(),
            fault: Signal::default(),
            compares: Signal::default(),
            extracts: Signal::default(),
            extract_lane: Signal::default(),
            x1_writes: Signal::default(),
            x1_number: Signal::default(),
            x2_writes: Signal::default(),
            x2_number: Signal::default(),
            shift: Signal::default(),
            mask: Signal::default(),
            half: Signal::default(),
            x3_writes: Signal::default(),
            x3_number: Signal::default(),
            late: Signal::default(),
            clamp: Signal::default(),
            w_writes: Signal::default(),
            w_number: Signal::default(),
            write_word: Signal::default(),
            rounding: Rounding::default(),
            file_word: RegisterWord::new(beats),
            keeps: Signal::default(),
            writes_1: DFF::default(),
            number_1: DFF::default(),
            late_1: DFF::default(),
            saturate_1: DFF::default(),
            rounding_1: DFF::default(),
            low_1: DFF::default(),
            loads_lane_1: DFF::default(),
            compares_1: DFF::default(),
            extracts_1: DFF::default(),
            writes_2: DFF::default(),
            number_2: DFF::default(),
            late_2: DFF::default(),
            saturate_2: DFF::default(),
            shift_2: DFF::default(),
            mask_2: DFF::default(),
            half_2: DFF::default(),
            writes_3: DFF::default(),
            number_3: DFF::default(),
            late_3: DFF::default(),
            saturate_3: DFF::default(),
            writes_w: DFF::default(),
            number_w: DFF::default(),
        }
    }
}

impl Logic for LateControl {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module late_control: what a beat does from X1 to W");
        dff_setup!(
            self,
            clock,
            writes_1,
            number_1,
            late_1,
            saturate_1,
            rounding_1,
            low_1,
            loads_lane_1,
            compares_1,
            extracts_1,
            writes_2,
            number_2,
            late_2,
            saturate_2,
            shift_2,
            mask_2,
            half_2,
            writes_3,
            number_3,
            late_3,
            saturate_3,
            writes_w,
            number_w
        );
        self.writes_1.d.next = self.x_writes.val();
        self.number_1.d.next = self.x_number.val();
        self.late_1.d.next = self.x_late.val();
        self.saturate_1.d.next = self.x_saturate.val();
        self.rounding_1.d.next = self.x_rounding.val();
        self.low_1.d.next = self.x_low.val();
        self.loads_lane_1.d.next = self.x_loads_lane.val();
        self.compares_1.d.next = self.x_compares.val();
        self.extracts_1.d.next = self.x_extracts.val();

        comment!("X1: a VLOADL with a bad lane writes nothing.");
        self.compares.next = self.compares_1.q.val();
        self.extracts.next = self.extracts_1.q.val();
        self.extract_lane.next = self.low_1.q.val();
        self.x1_writes.next = self.writes_1.q.val();
        self.x1_number.next = self.number_1.q.val();
        self.keeps.next = self.loads_lane_1.q.val() & self.fault.val();
        self.writes_2.d.next = self.writes_1.q.val() & !self.keeps.val();
        self.number_2.d.next = self.number_1.q.val();
        self.late_2.d.next = self.late_1.q.val();
        self.saturate_2.d.next = self.saturate_1.q.val();
        self.shift_2.d.next = self.low_1.q.val().get_bits::<4>(0);
        self.rounding.shift.next = self.low_1.q.val().get_bits::<4>(0);
        self.rounding.mode.next = self.rounding_1.q.val();
        self.mask_2.d.next = self.rounding.mask.val();
        self.half_2.d.next = self.rounding.half.val();

        comment!("X2, X3 and W.");
        self.shift.next = self.shift_2.q.val();
        self.mask.next = self.mask_2.q.val();
        self.half.next = self.half_2.q.val();
        self.x2_writes.next = self.writes_2.q.val();
        self.x2_number.next = self.number_2.q.val();
        self.writes_3.d.next = self.writes_2.q.val();
        self.number_3.d.next = self.number_2.q.val();
        self.late_3.d.next = self.late_2.q.val();
        self.saturate_3.d.next = self.saturate_2.q.val();
        self.late.next = self.late_3.q.val();
        self.clamp.next = self.saturate_3.q.val();
        self.x3_writes.next = self.writes_3.q.val();
        self.x3_number.next = self.number_3.q.val();
        self.writes_w.d.next = self.writes_3.q.val();
        self.number_w.d.next = self.number_3.q.val();
        self.w_writes.next = self.writes_w.q.val();
        self.w_number.next = self.number_w.q.val();
        self.file_word.register.next = self.number_w.q.val().get_bits::<5>(3);
        self.file_word.beat.next = self.number_w.q.val().get_bits::<3>(0);
        self.write_word.next = self.file_word.word.val();
    }
}
