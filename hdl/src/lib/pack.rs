//! Concatenation: rust-hdl has no operator for it.

use rust_hdl::prelude::*;

/// `COUNT` parts of `EACH` bits side by side, part 0 lowest. `WHOLE` is `COUNT * EACH`.
#[derive(LogicBlock)]
pub struct Pack<const COUNT: usize, const EACH: usize, const WHOLE: usize> {
    /// The parts.
    pub part: [Signal<In, Bits<EACH>>; COUNT],
    /// All of them.
    pub whole: Signal<Out, Bits<WHOLE>>,
}

impl<const COUNT: usize, const EACH: usize, const WHOLE: usize> Default
    for Pack<COUNT, EACH, WHOLE>
{
    fn default() -> Self {
        const { assert!(COUNT * EACH == WHOLE, "WHOLE is COUNT * EACH") };
        Self {
            part: std::array::from_fn(|_| Signal::default()),
            whole: Signal::default(),
        }
    }
}

impl<const COUNT: usize, const EACH: usize, const WHOLE: usize> Logic for Pack<COUNT, EACH, WHOLE> {
    fn update(&mut self) {
        let mut whole = Bits::<WHOLE>::default();
        for (i, part) in self.part.iter().enumerate() {
            whole.set_bits::<EACH>(i * EACH, part.val());
        }
        self.whole.next = whole;
    }

    fn connect(&mut self) {
        self.whole.connect();
    }

    fn hdl(&self) -> Verilog {
        let parts: Vec<_> = (0..COUNT).rev().map(|i| format!("part_{i}")).collect();
        Verilog::Custom(format!(
            "// module pack_{COUNT}x{EACH}\nalways @(*) whole = {{{}}};",
            parts.join(", ")
        ))
    }
}

/// The reverse of [`Pack`]: a whole cut into `COUNT` parts of `EACH` bits.
#[derive(LogicBlock)]
pub struct Unpack<const COUNT: usize, const EACH: usize, const WHOLE: usize> {
    /// All parts.
    pub whole: Signal<In, Bits<WHOLE>>,
    /// Each of them, part 0 lowest.
    pub part: [Signal<Out, Bits<EACH>>; COUNT],
}

impl<const COUNT: usize, const EACH: usize, const WHOLE: usize> Default
    for Unpack<COUNT, EACH, WHOLE>
{
    fn default() -> Self {
        const { assert!(COUNT * EACH == WHOLE, "WHOLE is COUNT * EACH") };
        Self {
            whole: Signal::default(),
            part: std::array::from_fn(|_| Signal::default()),
        }
    }
}

impl<const COUNT: usize, const EACH: usize, const WHOLE: usize> Logic
    for Unpack<COUNT, EACH, WHOLE>
{
    fn update(&mut self) {
        for (i, part) in self.part.iter_mut().enumerate() {
            part.next = self.whole.val().get_bits::<EACH>(i * EACH);
        }
    }

    fn connect(&mut self) {
        self.part.iter_mut().for_each(|part| part.connect());
    }

    fn hdl(&self) -> Verilog {
        let mut text = format!("// module unpack_{COUNT}x{EACH}\nalways @(*) begin\n");
        for i in 0..COUNT {
            text.push_str(&format!("    part_{i} = whole[{} +: {EACH}];\n", i * EACH));
        }
        Verilog::Custom(text + "end")
    }
}

/// `HIGH` bits above `LOW` bits. `WHOLE` is their sum.
#[derive(LogicBlock)]
pub struct Join<const HIGH: usize, const LOW: usize, const WHOLE: usize> {
    /// The upper bits.
    pub high: Signal<In, Bits<HIGH>>,
    /// The lower bits.
    pub low: Signal<In, Bits<LOW>>,
    /// Both.
    pub whole: Signal<Out, Bits<WHOLE>>,
}

impl<const HIGH: usize, const LOW: usize, const WHOLE: usize> Default for Join<HIGH, LOW, WHOLE> {
    fn default() -> Self {
        const { assert!(HIGH + LOW == WHOLE, "WHOLE is HIGH + LOW") };
        Self {
            high: Signal::default(),
            low: Signal::default(),
            whole: Signal::default(),
        }
    }
}

impl<const HIGH: usize, const LOW: usize, const WHOLE: usize> Logic for Join<HIGH, LOW, WHOLE> {
    fn update(&mut self) {
        let mut whole = Bits::<WHOLE>::default();
        whole.set_bits::<LOW>(0, self.low.val());
        whole.set_bits::<HIGH>(LOW, self.high.val());
        self.whole.next = whole;
    }

    fn connect(&mut self) {
        self.whole.connect();
    }

    fn hdl(&self) -> Verilog {
        Verilog::Custom(format!(
            "// module join_{HIGH}_{LOW}\nalways @(*) whole = {{high, low}};"
        ))
    }
}

/// The bits in the reverse order: one right shifter then serves both directions.
#[derive(LogicBlock, Default)]
pub struct Reverse<const N: usize> {
    /// The bits.
    pub x: Signal<In, Bits<N>>,
    /// Bit `i` is bit `N - 1 - i` of `x`.
    pub y: Signal<Out, Bits<N>>,
}

impl<const N: usize> Logic for Reverse<N> {
    fn update(&mut self) {
        let mut y = Bits::<N>::default();
        for i in 0..N {
            y = y.replace_bit(i, self.x.val().get_bit(N - 1 - i));
        }
        self.y.next = y;
    }

    fn connect(&mut self) {
        self.y.connect();
    }

    fn hdl(&self) -> Verilog {
        let bits: Vec<_> = (0..N).map(|i| format!("x[{i}]")).collect();
        Verilog::Custom(format!(
            "// module reverse_{N}\nalways @(*) y = {{{}}};",
            bits.join(", ")
        ))
    }
}
