//! One of many values, in two clocks.

use rust_hdl::prelude::*;

/// As [`Pick`](super::Pick), with registers after the first step: of each quarter of the values, then of the quarters. `picked`
/// is `from[index]` of the clock before; `index` is the same in both. For the host, which has time, and values that come from all over the device.
#[derive(LogicBlock)]
pub struct SlowPick<const COUNT: usize> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The values.
    pub from: [Signal<In, Bits<16>>; COUNT],
    /// Which one; upper bits do not matter.
    pub index: Signal<In, Bits<5>>,
    /// That one, of the clock before.
    pub picked: Signal<Out, Bits<16>>,
    _quarters: [Bits<16>; 4],
}

impl<const COUNT: usize> Default for SlowPick<COUNT> {
    fn default() -> Self {
        const { assert!(COUNT.is_power_of_two() && COUNT >= 4 && COUNT <= 32) };
        Self {
            clock: Signal::default(),
            from: std::array::from_fn(|_| Signal::default()),
            index: Signal::default(),
            picked: Signal::default(),
            _quarters: Default::default(),
        }
    }
}

impl<const COUNT: usize> Logic for SlowPick<COUNT> {
    fn update(&mut self) {
        let each = COUNT / 4;
        let index = self.index.val().index() % COUNT;
        if self.clock.pos_edge() {
            for quarter in 0..4 {
                self._quarters[quarter] = self.from[quarter * each + index % each].val();
            }
        }
        self.picked.next = self._quarters[index / each];
    }

    fn connect(&mut self) {
        self.picked.connect();
    }

    fn hdl(&self) -> Verilog {
        let (bits, each) = (COUNT.trailing_zeros(), COUNT / 4);
        let low = match bits {
            2 => "0".to_owned(),
            _ => format!("index[{}:0]", bits - 3),
        };
        let mut text = format!("// module slow_pick_{COUNT}\n");
        if bits < 5 {
            text.push_str(&format!("wire unused = &index[4:{bits}];\n"));
        }
        for quarter in 0..4 {
            let values: Vec<_> = (0..each)
                .rev()
                .map(|i| format!("from_{}", quarter * each + i))
                .collect();
            text.push_str(&format!(
                "wire [{}:0] all_{quarter} = {{{}}};\n",
                each * 16 - 1,
                values.join(", ")
            ));
        }
        text.push_str("reg [63:0] quarters = 64'd0;\n\nalways @(posedge clock) begin\n");
        for quarter in 0..4 {
            text.push_str(&format!(
                "    quarters[{} +: 16] <= all_{quarter}[{low} * 16 +: 16];\n",
                quarter * 16
            ));
        }
        text.push_str(&format!(
            "end\n\nalways @(*) picked = quarters[index[{}:{}] * 16 +: 16];",
            bits - 1,
            bits - 2
        ));
        Verilog::Custom(text)
    }

    fn timing(&self) -> Vec<TimingInfo> {
        let mut inputs: Vec<String> = (0..COUNT).map(|i| format!("from${i}")).collect();
        inputs.push("index".into());
        vec![TimingInfo {
            name: "slow_pick".into(),
            clock: "clock".into(),
            inputs,
            outputs: vec!["picked".into()],
        }]
    }
}
