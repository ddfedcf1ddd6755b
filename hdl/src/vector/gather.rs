//! From lanes to a scalar register.

use rust_hdl::prelude::*;

use super::Pick;
use crate::comment;
use crate::leaf::Pack;

/// X1: what VTEQ, VTNE, VTLT, VTGE and VEXTRACT give to the scalar side. Beats add up: the value is
/// that of the instruction in its last beat. The lane of a VEXTRACT is picked in X already.
#[derive(LogicBlock)]
pub struct Gather<const LANES: usize> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The lanes' bits of the comparison.
    pub holds: [Signal<In, Bit>; LANES],
    /// X: the lanes' first operands.
    pub value: [Signal<In, Bits<16>>; LANES],
    /// A comparison is in X1.
    pub compares: Signal<In, Bit>,
    /// A VEXTRACT is in X1.
    pub extracts: Signal<In, Bit>,
    /// X: the lane that a VEXTRACT there asks for, of all beats.
    pub x_lane: Signal<In, Bits<5>>,
    /// VEXTRACT's lane, of all beats.
    pub lane: Signal<In, Bits<5>>,
    /// The beat.
    pub beat: Signal<In, Bits<3>>,
    /// The value of this and earlier beats.
    pub gathered: Signal<Out, Bits<32>>,
    pack: Pack<LANES, 1, LANES>,
    pick: Pick<LANES>,
    wide: Signal<Local, Bits<32>>,
    amount: Signal<Local, Bits<8>>,
    lane_beat: Signal<Local, Bits<5>>,
    own: Signal<Local, Bits<32>>,
    extended: Signal<Local, Signed<32>>,
    picked: Signal<Local, Signed<16>>,
    kept: Signal<Local, Bits<32>>,
    all: Signal<Local, Bits<32>>,
    earlier: DFF<Bits<32>>,
    one: DFF<Bits<16>>,
    lane_bits: Constant<Bits<3>>,
}

impl<const LANES: usize> Default for Gather<LANES> {
    fn default() -> Self {
        Self {
            clock: Signal::default(),
            holds: std::array::from_fn(|_| Signal::default()),
            value: std::array::from_fn(|_| Signal::default()),
            compares: Signal::default(),
            extracts: Signal::default(),
            x_lane: Signal::default(),
            lane: Signal::default(),
            beat: Signal::default(),
            gathered: Signal::default(),
            pack: Pack::default(),
            pick: Pick::default(),
            wide: Signal::default(),
            amount: Signal::default(),
            lane_beat: Signal::default(),
            own: Signal::default(),
            extended: Signal::default(),
            picked: Signal::default(),
            kept: Signal::default(),
            all: Signal::default(),
            earlier: DFF::default(),
            one: DFF::default(),
            lane_bits: Constant::new(u64::from(LANES.trailing_zeros()).into()),
        }
    }
}

impl<const LANES: usize> Logic for Gather<LANES> {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module gather: the bits of a comparison, or a lane's value, over the beats");
        dff_setup!(self, clock, earlier, one);
        for i in 0..LANES {
            self.pack.part[i].next = self.holds[i].val().into();
            self.pick.from[i].next = self.value[i].val();
        }
        self.pick.index.next = self.x_lane.val();
        self.wide.next = bit_cast::<32, LANES>(self.pack.whole.val());
        self.amount.next = bit_cast::<8, 3>(self.beat.val());
        self.one.d.next = self.pick.picked.val();
        self.picked.next = signed_cast(self.one.q.val());
        self.extended.next = signed_bit_cast::<32, 16>(self.picked.val());
        self.lane_beat.next = self.lane.val() >> self.lane_bits.val();
        self.own.next = bits::<32>(0);
        if self.compares.val() {
            self.own.next = self.wide.val() << (self.amount.val() << self.lane_bits.val());
        }
        if self.extracts.val() & (self.lane_beat.val() == bit_cast::<5, 3>(self.beat.val())) {
            self.own.next = unsigned_cast(self.extended.val());
        }
        self.kept.next = self.earlier.q.val();
        if self.beat.val() == 0 {
            self.kept.next = bits::<32>(0);
        }
        self.all.next = self.kept.val() | self.own.val();
        self.earlier.d.next = self.all.val();
        self.gathered.next = self.all.val();
    }
}
