//! The CSR that an address means.

use rust_hdl::prelude::*;
use spikevec_isa::csr::{CSRS, Csr};

/// A CSR's select lines: a leaf whose Verilog is written from the table of CSRs.
#[derive(LogicBlock, Default)]
pub struct CsrDecode {
    /// The address.
    pub address: Signal<In, Bits<12>>,
    /// There is such a CSR.
    pub known: Signal<Out, Bit>,
    /// It is read only.
    pub read_only: Signal<Out, Bit>,
    /// `mcountinhibit`.
    pub inhibit: Signal<Out, Bit>,
    /// `mcycle`.
    pub cycle: Signal<Out, Bit>,
    /// `mcycleh`.
    pub cycle_high: Signal<Out, Bit>,
    /// `minstret`.
    pub instret: Signal<Out, Bit>,
    /// `minstreth`.
    pub instret_high: Signal<Out, Bit>,
    /// A register of DMA.
    pub dma: Signal<Out, Bit>,
    /// Which direction: to external memory, not from it.
    pub dma_channel: Signal<Out, Bit>,
    /// Which register: 0 source, 1 destination, 2 count, 3 control, 4 status.
    pub dma_register: Signal<Out, Bits<3>>,
}

/// Channel and register of a DMA CSR.
fn dma(csr: Csr) -> Option<(bool, u64)> {
    Some(match csr {
        Csr::Mm2sSrcAddr => (false, 0),
        Csr::Mm2sDstAddr => (false, 1),
        Csr::Mm2sCount => (false, 2),
        Csr::Mm2sControl => (false, 3),
        Csr::Mm2sStatus => (false, 4),
        Csr::S2mmSrcAddr => (true, 0),
        Csr::S2mmDstAddr => (true, 1),
        Csr::S2mmCount => (true, 2),
        Csr::S2mmControl => (true, 3),
        Csr::S2mmStatus => (true, 4),
        Csr::Mcountinhibit | Csr::Mcycle | Csr::Minstret | Csr::Mcycleh | Csr::Minstreth => {
            return None;
        }
    })
}

impl Logic for CsrDecode {
    fn update(&mut self) {
        let csr = Csr::from_address(self.address.val().to_u32());
        let transfer = csr.and_then(dma);
        self.known.next = csr.is_some();
        self.read_only.next = csr.is_some_and(Csr::is_read_only);
        self.inhibit.next = csr == Some(Csr::Mcountinhibit);
        self.cycle.next = csr == Some(Csr::Mcycle);
        self.cycle_high.next = csr == Some(Csr::Mcycleh);
        self.instret.next = csr == Some(Csr::Minstret);
        self.instret_high.next = csr == Some(Csr::Minstreth);
        self.dma.next = transfer.is_some();
        self.dma_channel.next = transfer.is_some_and(|(channel, _)| channel);
        self.dma_register.next = transfer.map_or(0, |(_, register)| register).into();
    }

    fn connect(&mut self) {
        self.known.connect();
        self.read_only.connect();
        self.inhibit.connect();
        self.cycle.connect();
        self.cycle_high.connect();
        self.instret.connect();
        self.instret_high.connect();
        self.dma.connect();
        self.dma_channel.connect();
        self.dma_register.connect();
    }

    fn hdl(&self) -> Verilog {
        let all = "{known, read_only, inhibit, cycle, cycle_high, instret, instret_high, \
                   dma, dma_channel, dma_register}";
        let mut text = format!(
            "// module csr_decode\n// Made from the table of CSRs.\n\
             always @(*) begin\n    {all} = 12'd0;\n    case (address)\n"
        );
        for (csr, address, name, _) in CSRS {
            let set = match csr {
                Csr::Mcountinhibit => "inhibit = 1'b1;".to_owned(),
                Csr::Mcycle => "cycle = 1'b1;".to_owned(),
                Csr::Mcycleh => "cycle_high = 1'b1;".to_owned(),
                Csr::Minstret => "instret = 1'b1;".to_owned(),
                Csr::Minstreth => "instret_high = 1'b1;".to_owned(),
                other => match dma(other) {
                    Some((channel, register)) => format!(
                        "{{dma, dma_channel, dma_register}} = {{1'b1, 1'b{}, 3'd{register}}};",
                        u8::from(channel)
                    ),
                    None => String::new(),
                },
            };
            let read_only = u8::from(csr.is_read_only());
            text.push_str(&format!(
                "        12'h{address:x}: begin // {name}\n            \
                 {{known, read_only}} = {{1'b1, 1'b{read_only}}};\n            {set}\n        end\n"
            ));
        }
        text.push_str("        default: ;\n    endcase\nend");
        Verilog::Custom(text)
    }
}
