//! Rounding and shifting of an exact value.

use rust_hdl::prelude::*;

use crate::comment;

/// `(value + ((sample & mask) | half)) >> shift`, registered.
///
/// `mask` and `half` are [`super::Rounding`]'s of the same shift. Then the result has 32 bits for
/// every 32-bit value: where something is added, the shift is at least one.
#[derive(LogicBlock, Default)]
pub struct RoundShift {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// An exact product, or a lane's value with its sign extended.
    pub value: Signal<In, Signed<32>>,
    /// The shift, 0 to 15.
    pub shift: Signal<In, Bits<4>>,
    /// Bits of the sample that count.
    pub mask: Signal<In, Bits<15>>,
    /// Half of the result's lowest bit.
    pub half: Signal<In, Bits<15>>,
    /// The low 15 bits of a random sample.
    pub sample: Signal<In, Bits<15>>,
    /// The result, one edge later.
    pub y: Signal<Out, Signed<32>>,
    increment: Signal<Local, Bits<15>>,
    addend: Signal<Local, Signed<33>>,
    wide: Signal<Local, Signed<33>>,
    sum: Signal<Local, Signed<33>>,
    extended: Signal<Local, Signed<47>>,
    shifted: Signal<Local, Bits<47>>,
    unused: Signal<Local, Bits<15>>,
    result: DFF<Signed<32>>,
}

impl Logic for RoundShift {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module round_shift: (value + ((sample & mask) | half)) >> shift");
        dff_setup!(self, clock, result);
        self.increment.next = (self.sample.val() & self.mask.val()) | self.half.val();
        self.addend.next = signed_cast(bit_cast::<33, 15>(self.increment.val()));
        self.wide.next = signed_bit_cast::<33, 32>(self.value.val());
        self.sum.next = self.wide.val() + self.addend.val();
        comment!(
            "An arithmetic shift: the sign extended by the largest amount, then a logical one."
        );
        self.extended.next = signed_bit_cast::<47, 33>(self.sum.val());
        self.shifted.next = unsigned_cast(self.extended.val()) >> self.shift.val();
        self.unused.next = self.shifted.val().get_bits::<15>(32);
        self.result.d.next = signed_cast(self.shifted.val().get_bits::<32>(0));
        self.y.next = self.result.q.val();
    }
}
