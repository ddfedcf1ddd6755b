//! The scalar registers.

use rust_hdl::prelude::*;

use super::Style;

/// 32 registers of 32 bits with two combinational read ports and one write port, zero at first.
///
/// A register reads as it was before the clock edge that writes it. Register 0 is a register like
/// the others: whoever uses the block never writes it. Each read port has an array of its own, as
/// devices build it from LUTs.
#[derive(LogicBlock, Default)]
pub struct Registers {
    /// Clock of the write port.
    pub clock: Signal<In, Clock>,
    /// Write at the rising edge.
    pub write_enable: Signal<In, Bit>,
    /// Register to write.
    pub write_address: Signal<In, Bits<5>>,
    /// What to write.
    pub write_data: Signal<In, Bits<32>>,
    /// Register that each port reads.
    pub read_address: [Signal<In, Bits<5>>; 2],
    /// Its value.
    pub read_data: [Signal<Out, Bits<32>>; 2],
    _words: [Bits<32>; 32],
}

impl Logic for Registers {
    fn update(&mut self) {
        if self.clock.pos_edge() && self.write_enable.val() {
            self._words[self.write_address.val().index()] = self.write_data.val();
        }
        for port in 0..2 {
            let word = self._words[self.read_address[port].val().index()];
            self.read_data[port].next = word;
        }
    }

    fn connect(&mut self) {
        self.read_data.iter_mut().for_each(|data| data.connect());
    }

    fn hdl(&self) -> Verilog {
        let style = Style::Distributed.attribute();
        let mut text = String::from("// module registers\ninteger word;\n\n");
        for port in 0..2 {
            let array = format!("words_{port}");
            text.push_str(&format!(
                "(* ram_style = \"{style}\" *)\n\
                 reg [31:0] {array} [0:31];\n\n\
                 initial for (word = 0; word < 32; word = word + 1) {array}[word] = 32'd0;\n\n\
                 always @(posedge clock) if (write_enable) {array}[write_address] <= write_data;\n\n\
                 always @(*) read_data_{port} = {array}[read_address_{port}];\n\n"
            ));
        }
        Verilog::Custom(text)
    }

    fn timing(&self) -> Vec<TimingInfo> {
        vec![TimingInfo {
            name: "registers".into(),
            clock: "clock".into(),
            inputs: ["write_enable", "write_address", "write_data"]
                .map(String::from)
                .to_vec(),
            outputs: vec![],
        }]
    }
}
