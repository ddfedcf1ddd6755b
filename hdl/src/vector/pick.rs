//! One of many values.

use rust_hdl::prelude::*;

/// `from[index]` of `COUNT` values, a power of two; upper bits of the index do not matter. A leaf, for
/// rust-hdl has no indexing of signals.
#[derive(LogicBlock)]
pub struct Pick<const COUNT: usize> {
    /// The values.
    pub from: [Signal<In, Bits<16>>; COUNT],
    /// Which one.
    pub index: Signal<In, Bits<5>>,
    /// That one.
    pub picked: Signal<Out, Bits<16>>,
}

impl<const COUNT: usize> Default for Pick<COUNT> {
    fn default() -> Self {
        const { assert!(COUNT.is_power_of_two() && COUNT > 1 && COUNT <= 32) };
        Self {
            from: std::array::from_fn(|_| Signal::default()),
            index: Signal::default(),
            picked: Signal::default(),
        }
    }
}

impl<const COUNT: usize> Logic for Pick<COUNT> {
    fn update(&mut self) {
        self.picked.next = self.from[self.index.val().index() % COUNT].val();
    }

    fn connect(&mut self) {
        self.picked.connect();
    }

    fn hdl(&self) -> Verilog {
        let bits = COUNT.trailing_zeros();
        let values: Vec<_> = (0..COUNT).rev().map(|i| format!("from_{i}")).collect();
        let unused = match bits {
            5 => String::new(),
            _ => format!("wire unused = &index[4:{bits}];\n"),
        };
        Verilog::Custom(format!(
            "// module pick_{COUNT}\n{unused}wire [{}:0] all = {{{}}};\n\n\
             always @(*) picked = all[index[{}:0] * 16 +: 16];",
            COUNT * 16 - 1,
            values.join(", "),
            bits - 1
        ))
    }
}
