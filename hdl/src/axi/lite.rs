//! The host's side: AXI4-Lite and the registers.

use rust_hdl::prelude::*;

use super::{AxiLitePort, AxiRegisters};
use crate::comment;
use crate::core::Config;

/// A slave of AXI4-Lite with the registers of [`super::AxiRegister`], in front of a core's host port.
#[derive(LogicBlock)]
pub struct AxiLite {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Drops what is under way, sets the registers to zero and stops the core.
    pub reset: Signal<In, Bit>,
    /// AW: there is an address to write to.
    pub awvalid: Signal<In, Bit>,
    /// It is taken.
    pub awready: Signal<Out, Bit>,
    /// It.
    pub awaddr: Signal<In, Bits<12>>,
    /// W: there is a word to write.
    pub wvalid: Signal<In, Bit>,
    /// It is taken.
    pub wready: Signal<Out, Bit>,
    /// It.
    pub wdata: Signal<In, Bits<32>>,
    /// Its bytes: all, or none.
    pub wstrb: Signal<In, Bits<4>>,
    /// B: there is an answer to a write.
    pub bvalid: Signal<Out, Bit>,
    /// It is taken.
    pub bready: Signal<In, Bit>,
    /// OKAY (0) or SLVERR (2).
    pub bresp: Signal<Out, Bits<2>>,
    /// AR: there is an address to read.
    pub arvalid: Signal<In, Bit>,
    /// It is taken.
    pub arready: Signal<Out, Bit>,
    /// It.
    pub araddr: Signal<In, Bits<12>>,
    /// R: there is an answer to a read.
    pub rvalid: Signal<Out, Bit>,
    /// It is taken.
    pub rready: Signal<In, Bit>,
    /// The word.
    pub rdata: Signal<Out, Bits<32>>,
    /// As `bresp`.
    pub rresp: Signal<Out, Bits<2>>,
    /// Where external memory begins on the bus.
    pub base: Signal<Out, Bits<64>>,
    /// Start the core.
    pub host_start: Signal<Out, Bit>,
    /// Stop it.
    pub host_stop: Signal<Out, Bit>,
    /// Read a word of a memory.
    pub host_read: Signal<Out, Bit>,
    /// Write one.
    pub host_write: Signal<Out, Bit>,
    /// The memory.
    pub host_memory: Signal<Out, Bits<3>>,
    /// Byte address.
    pub host_address: Signal<Out, Bits<32>>,
    /// What to write.
    pub host_data: Signal<Out, Bits<32>>,
    /// The core takes the access.
    pub host_ready: Signal<In, Bit>,
    /// The access is done.
    pub host_valid: Signal<In, Bit>,
    /// It was refused.
    pub host_error: Signal<In, Bit>,
    /// What was read.
    pub host_value: Signal<In, Bits<32>>,
    /// The core runs.
    pub running: Signal<In, Bit>,
    /// A transfer is under way.
    pub dma_busy: Signal<In, Bit>,
    /// Why the core stopped.
    pub cause: Signal<In, Bits<4>>,
    /// Where.
    pub stop_pc: Signal<In, Bits<32>>,
    /// Clocks of the run.
    pub clocks: Signal<In, Bits<64>>,
    /// Instructions that have retired.
    pub retired: Signal<In, Bits<64>>,
    port: AxiLitePort,
    registers: AxiRegisters,
}

impl AxiLite {
    /// The host's side of a core.
    pub fn new(config: &Config) -> Self {
        Self {
            clock: Signal::default(),
            reset: Signal::default(),
            awvalid: Signal::default(),
            awready: Signal::default(),
            awaddr: Signal::default(),
            wvalid: Signal::default(),
            wready: Signal::default(),
            wdata: Signal::default(),
            wstrb: Signal::default(),
            bvalid: Signal::default(),
            bready: Signal::default(),
            bresp: Signal::default(),
            arvalid: Signal::default(),
            arready: Signal::default(),
            araddr: Signal::default(),
            rvalid: Signal::default(),
            rready: Signal::default(),
            rdata: Signal::default(),
            rresp: Signal::default(),
            base: Signal::default(),
            host_start: Signal::default(),
            host_stop: Signal::default(),
            host_read: Signal::default(),
            host_write: Signal::default(),
            host_memory: Signal::default(),
            host_address: Signal::default(),
            host_data: Signal::default(),
            host_ready: Signal::default(),
            host_valid: Signal::default(),
            host_error: Signal::default(),
            host_value: Signal::default(),
            running: Signal::default(),
            dma_busy: Signal::default(),
            cause: Signal::default(),
            stop_pc: Signal::default(),
            clocks: Signal::default(),
            retired: Signal::default(),
            port: AxiLitePort::default(),
            registers: AxiRegisters::new(config),
        }
    }
}

impl Logic for AxiLite {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module axi_lite: AXI4-Lite in front of the host port");
        self.port.clock.next = self.clock.val();
        self.port.reset.next = self.reset.val();
        self.registers.clock.next = self.clock.val();
        self.registers.reset.next = self.reset.val();

        comment!("The bus.");
        self.port.awvalid.next = self.awvalid.val();
        self.port.awaddr.next = self.awaddr.val();
        self.awready.next = self.port.awready.val();
        self.port.wvalid.next = self.wvalid.val();
        self.port.wdata.next = self.wdata.val();
        self.port.wstrb.next = self.wstrb.val();
        self.wready.next = self.port.wready.val();
        self.bvalid.next = self.port.bvalid.val();
        self.bresp.next = self.port.bresp.val();
        self.port.bready.next = self.bready.val();
        self.port.arvalid.next = self.arvalid.val();
        self.port.araddr.next = self.araddr.val();
        self.arready.next = self.port.arready.val();
        self.rvalid.next = self.port.rvalid.val();
        self.rdata.next = self.port.rdata.val();
        self.rresp.next = self.port.rresp.val();
        self.port.rready.next = self.rready.val();

        comment!("One access at a time.");
        self.registers.access.next = self.port.access.val();
        self.registers.write.next = self.port.write.val();
        self.registers.word.next = self.port.word.val();
        self.registers.partial.next = self.port.partial.val();
        self.registers.data.next = self.port.data.val();
        self.port.done.next = self.registers.done.val();
        self.port.error.next = self.registers.error.val();
        self.port.value.next = self.registers.value.val();

        comment!("The core.");
        self.base.next = self.registers.base.val();
        self.host_start.next = self.registers.host_start.val();
        self.host_stop.next = self.registers.host_stop.val();
        self.host_read.next = self.registers.host_read.val();
        self.host_write.next = self.registers.host_write.val();
        self.host_memory.next = self.registers.host_memory.val();
        self.host_address.next = self.registers.host_address.val();
        self.host_data.next = self.registers.host_data.val();
        self.registers.host_ready.next = self.host_ready.val();
        self.registers.host_valid.next = self.host_valid.val();
        self.registers.host_error.next = self.host_error.val();
        self.registers.host_value.next = self.host_value.val();
        self.registers.running.next = self.running.val();
        self.registers.dma_busy.next = self.dma_busy.val();
        self.registers.cause.next = self.cause.val();
        self.registers.stop_pc.next = self.stop_pc.val();
        self.registers.clocks.next = self.clocks.val();
        self.registers.retired.next = self.retired.val();
    }
}
