//! The CSR that an address means.

use rust_hdl::prelude::*;
use spikevec_isa::csr::{CSRS, Csr};

/// What an address means: a leaf whose Verilog is written from the table of CSRs.
#[derive(LogicBlock, Default)]
pub struct CsrDecode {
    /// The address.
    pub address: Signal<In, Bits<12>>,
    /// There is such a CSR.
    pub known: Signal<Out, Bit>,
    /// It is read only.
    pub read_only: Signal<Out, Bit>,
    /// What it reads: 0 zero, 1 `mcountinhibit`, 2 `mcycle`, 3 `mcycleh`, 4 `minstret`,
    /// 5 `minstreth`, 6 a register of DMA.
    pub source: Signal<Out, Bits<3>>,
    /// A register of DMA. Its control registers read zero.
    pub dma: Signal<Out, Bit>,
    /// Which direction: to external memory, not from it.
    pub dma_channel: Signal<Out, Bit>,
    /// Which register: 0 source, 1 destination, 2 count, 3 control, 4 status.
    pub dma_register: Signal<Out, Bits<3>>,
}

/// Source, and channel and register of DMA.
fn meaning(csr: Csr) -> (u64, Option<(bool, u64)>) {
    match csr {
        Csr::Mcountinhibit => (1, None),
        Csr::Mcycle => (2, None),
        Csr::Mcycleh => (3, None),
        Csr::Minstret => (4, None),
        Csr::Minstreth => (5, None),
        Csr::Mm2sSrcAddr => (6, Some((false, 0))),
        Csr::Mm2sDstAddr => (6, Some((false, 1))),
        Csr::Mm2sCount => (6, Some((false, 2))),
        Csr::Mm2sControl => (0, Some((false, 3))),
        Csr::Mm2sStatus => (6, Some((false, 4))),
        Csr::S2mmSrcAddr => (6, Some((true, 0))),
        Csr::S2mmDstAddr => (6, Some((true, 1))),
        Csr::S2mmCount => (6, Some((true, 2))),
        Csr::S2mmControl => (0, Some((true, 3))),
        Csr::S2mmStatus => (6, Some((true, 4))),
    }
}

impl Logic for CsrDecode {
    fn update(&mut self) {
        let csr = Csr::from_address(self.address.val().to_u32());
        let (source, dma) = csr.map_or((0, None), meaning);
        self.known.next = csr.is_some();
        self.read_only.next = csr.is_some_and(Csr::is_read_only);
        self.source.next = source.into();
        self.dma.next = dma.is_some();
        self.dma_channel.next = dma.is_some_and(|(channel, _)| channel);
        self.dma_register.next = dma.map_or(0, |(_, register)| register).into();
    }

    fn connect(&mut self) {
        self.known.connect();
        self.read_only.connect();
        self.source.connect();
        self.dma.connect();
        self.dma_channel.connect();
        self.dma_register.connect();
    }

    fn hdl(&self) -> Verilog {
        let all = "{known, read_only, source, dma, dma_channel, dma_register}";
        let mut text = String::from(
            "// module csr_decode\n// Made from the table of CSRs.\n\
             always @(*) begin\n    case (address)\n",
        );
        for (csr, address, name, _) in CSRS {
            let (source, dma) = meaning(csr);
            let (channel, register) = dma.unwrap_or_default();
            text.push_str(&format!(
                "        12'h{address:x}: {all} = \
                 {{1'b1, 1'b{}, 3'd{source}, 1'b{}, 1'b{}, 3'd{register}}}; // {name}\n",
                u8::from(csr.is_read_only()),
                u8::from(dma.is_some()),
                u8::from(channel),
            ));
        }
        text.push_str(&format!(
            "        default: {all} = 10'd0;\n    endcase\nend"
        ));
        Verilog::Custom(text)
    }
}
