//! A signed multiplier wider than rust-hdl's 16 by 16.

use rust_hdl::prelude::*;

/// `a * b`, both signed, after `STAGES` rising edges (1 to 3). `P` is `A + B`.
///
/// The scalar unit's multiplications are all 33 by 33: an operand that is unsigned gets a zero,
/// one that is signed its sign as bit 32. The stages are registers in a row without logic between
/// them, which synthesis moves into the DSP blocks.
#[derive(LogicBlock)]
pub struct Multiplier<const A: usize, const B: usize, const P: usize, const STAGES: usize> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// First factor.
    pub a: Signal<In, Signed<A>>,
    /// Second factor.
    pub b: Signal<In, Signed<B>>,
    /// The product of the factors of `STAGES` edges ago.
    pub product: Signal<Out, Signed<P>>,
    _stages: [Signed<P>; STAGES],
}

impl<const A: usize, const B: usize, const P: usize, const STAGES: usize> Default
    for Multiplier<A, B, P, STAGES>
{
    fn default() -> Self {
        const { assert!(A + B == P, "P is A + B") };
        const { assert!(STAGES > 0 && STAGES < 4, "1 to 3 stages") };
        Self {
            clock: Signal::default(),
            a: Signal::default(),
            b: Signal::default(),
            product: Signal::default(),
            _stages: [Signed::default(); STAGES],
        }
    }
}

impl<const A: usize, const B: usize, const P: usize, const STAGES: usize> Logic
    for Multiplier<A, B, P, STAGES>
{
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self._stages.rotate_right(1);
            self._stages[0] = Signed::from(self.a.val().bigint() * self.b.val().bigint());
            self.product.next = self._stages[STAGES - 1];
        }
    }

    fn connect(&mut self) {
        self.product.connect();
    }

    fn hdl(&self) -> Verilog {
        let mut text = format!("// module multiplier_{A}x{B}_{STAGES}\n");
        for stage in 1..STAGES {
            text.push_str(&format!("reg signed [{}:0] stage_{stage};\n", P - 1));
        }
        text.push_str("\nalways @(posedge clock) begin\n");
        let name = |stage: usize| match stage {
            _ if stage == STAGES => "product".to_owned(),
            _ => format!("stage_{stage}"),
        };
        text.push_str(&format!("    {} <= a * b;\n", name(1)));
        for stage in 2..=STAGES {
            text.push_str(&format!("    {} <= {};\n", name(stage), name(stage - 1)));
        }
        Verilog::Custom(text + "end")
    }

    fn timing(&self) -> Vec<TimingInfo> {
        vec![TimingInfo {
            name: "multiplier".into(),
            clock: "clock".into(),
            inputs: vec!["a".into(), "b".into()],
            outputs: vec!["product".into()],
        }]
    }
}
