//! The CSR that an address means.

use rust_hdl::prelude::*;
use spikevec_isa::csr::{CSRS, Csr};
use spikevec_isa::dma::{Channel, Register};

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
    /// Which register, by its number ([`Register`]).
    pub dma_register: Signal<Out, Bits<3>>,
}

/// Source, and channel and register of DMA.
fn meaning(csr: Csr) -> (u64, Option<(bool, u64)>) {
    let dma = csr.dma();
    let source = match csr {
        Csr::Mcountinhibit => 1,
        Csr::Mcycle => 2,
        Csr::Mcycleh => 3,
        Csr::Minstret => 4,
        Csr::Minstreth => 5,
        // Control registers hold nothing.
        _ if matches!(dma, Some((_, Register::Control))) => 0,
        _ => 6,
    };
    let numbers = |(channel, register)| (channel == Channel::ToExternal, register as u64);
    (source, dma.map(numbers))
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
