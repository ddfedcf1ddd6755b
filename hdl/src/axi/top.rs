//! The core on a bus.

use rust_hdl::prelude::*;

use super::{AxiLite, AxiMaster};
use crate::comment;
use crate::core::{Config, Core};

/// A core between AXI4-Lite (`s_axi`, its host) and AXI4 (`m_axi`, external memory), all in one clock.
///
/// The parameters are those of [`Core`]; `BYTES` is 2 `LANES`. Names and widths are those that Vivado's IP packager takes for interfaces.
#[derive(LogicBlock)]
pub struct AxiSystem<
    const GROUPS: usize,
    const EACH: usize,
    const LANES: usize,
    const WIDE: usize,
    const PLACES: usize,
    const BYTES: usize,
> {
    /// The only clock.
    pub aclk: Signal<In, Clock>,
    /// Low: drops what is under way on both buses, sets the registers of `AxiLite` to zero and stops the core.
    pub aresetn: Signal<In, Bit>,
    /// Host, AW: valid.
    pub s_axi_awvalid: Signal<In, Bit>,
    /// Host, AW: taken.
    pub s_axi_awready: Signal<Out, Bit>,
    /// Host, AW: address.
    pub s_axi_awaddr: Signal<In, Bits<12>>,
    /// Host, AW: protection, not looked at.
    pub s_axi_awprot: Signal<In, Bits<3>>,
    /// Host, W: valid.
    pub s_axi_wvalid: Signal<In, Bit>,
    /// Host, W: taken.
    pub s_axi_wready: Signal<Out, Bit>,
    /// Host, W: word.
    pub s_axi_wdata: Signal<In, Bits<32>>,
    /// Host, W: bytes.
    pub s_axi_wstrb: Signal<In, Bits<4>>,
    /// Host, B: valid.
    pub s_axi_bvalid: Signal<Out, Bit>,
    /// Host, B: taken.
    pub s_axi_bready: Signal<In, Bit>,
    /// Host, B: response.
    pub s_axi_bresp: Signal<Out, Bits<2>>,
    /// Host, AR: valid.
    pub s_axi_arvalid: Signal<In, Bit>,
    /// Host, AR: taken.
    pub s_axi_arready: Signal<Out, Bit>,
    /// Host, AR: address.
    pub s_axi_araddr: Signal<In, Bits<12>>,
    /// Host, AR: protection, not looked at.
    pub s_axi_arprot: Signal<In, Bits<3>>,
    /// Host, R: valid.
    pub s_axi_rvalid: Signal<Out, Bit>,
    /// Host, R: taken.
    pub s_axi_rready: Signal<In, Bit>,
    /// Host, R: word.
    pub s_axi_rdata: Signal<Out, Bits<32>>,
    /// Host, R: response.
    pub s_axi_rresp: Signal<Out, Bits<2>>,
    /// Memory, AW: valid.
    pub m_axi_awvalid: Signal<Out, Bit>,
    /// Memory, AW: taken.
    pub m_axi_awready: Signal<In, Bit>,
    /// Memory, AW: address.
    pub m_axi_awaddr: Signal<Out, Bits<64>>,
    /// Memory, AW: words, less one.
    pub m_axi_awlen: Signal<Out, Bits<8>>,
    /// Memory, AW: bytes of a word, as a power of two.
    pub m_axi_awsize: Signal<Out, Bits<3>>,
    /// Memory, AW: INCR.
    pub m_axi_awburst: Signal<Out, Bits<2>>,
    /// Memory, AW: never.
    pub m_axi_awlock: Signal<Out, Bit>,
    /// Memory, AW: normal, bufferable and modifiable.
    pub m_axi_awcache: Signal<Out, Bits<4>>,
    /// Memory, AW: protection: unprivileged, secure, data.
    pub m_axi_awprot: Signal<Out, Bits<3>>,
    /// Memory, W: valid.
    pub m_axi_wvalid: Signal<Out, Bit>,
    /// Memory, W: taken.
    pub m_axi_wready: Signal<In, Bit>,
    /// Memory, W: word.
    pub m_axi_wdata: Signal<Out, Bits<WIDE>>,
    /// Memory, W: bytes.
    pub m_axi_wstrb: Signal<Out, Bits<BYTES>>,
    /// Memory, W: last word.
    pub m_axi_wlast: Signal<Out, Bit>,
    /// Memory, B: valid.
    pub m_axi_bvalid: Signal<In, Bit>,
    /// Memory, B: taken.
    pub m_axi_bready: Signal<Out, Bit>,
    /// Memory, B: response.
    pub m_axi_bresp: Signal<In, Bits<2>>,
    /// Memory, AR: valid.
    pub m_axi_arvalid: Signal<Out, Bit>,
    /// Memory, AR: taken.
    pub m_axi_arready: Signal<In, Bit>,
    /// Memory, AR: address.
    pub m_axi_araddr: Signal<Out, Bits<64>>,
    /// Memory, AR: words, less one.
    pub m_axi_arlen: Signal<Out, Bits<8>>,
    /// Memory, AR: bytes of a word, as a power of two.
    pub m_axi_arsize: Signal<Out, Bits<3>>,
    /// Memory, AR: INCR.
    pub m_axi_arburst: Signal<Out, Bits<2>>,
    /// Memory, AR: never.
    pub m_axi_arlock: Signal<Out, Bit>,
    /// Memory, AR: normal, bufferable and modifiable.
    pub m_axi_arcache: Signal<Out, Bits<4>>,
    /// Memory, AR: protection: unprivileged, secure, data.
    pub m_axi_arprot: Signal<Out, Bits<3>>,
    /// Memory, R: valid.
    pub m_axi_rvalid: Signal<In, Bit>,
    /// Memory, R: taken.
    pub m_axi_rready: Signal<Out, Bit>,
    /// Memory, R: word.
    pub m_axi_rdata: Signal<In, Bits<WIDE>>,
    /// Memory, R: response.
    pub m_axi_rresp: Signal<In, Bits<2>>,
    /// Memory, R: last word.
    pub m_axi_rlast: Signal<In, Bit>,
    core: Core<GROUPS, EACH, LANES, WIDE, PLACES>,
    lite: AxiLite,
    master: AxiMaster<LANES, WIDE, BYTES>,
    reset: Signal<Local, Bit>,
    unused_protection: Signal<Local, Bits<3>>,
    word_size: Constant<Bits<3>>,
}

impl<
    const GROUPS: usize,
    const EACH: usize,
    const LANES: usize,
    const WIDE: usize,
    const PLACES: usize,
    const BYTES: usize,
> AxiSystem<GROUPS, EACH, LANES, WIDE, PLACES, BYTES>
{
    /// The system of a configuration with `LANES` lanes.
    pub fn new(config: &Config) -> Self {
        Self {
            aclk: Signal::default(),
            aresetn: Signal::default(),
            s_axi_awvalid: Signal::default(),
            s_axi_awready: Signal::default(),
            s_axi_awaddr: Signal::default(),
            s_axi_awprot: Signal::default(),
            s_axi_wvalid: Signal::default(),
            s_axi_wready: Signal::default(),
            s_axi_wdata: Signal::default(),
            s_axi_wstrb: Signal::default(),
            s_axi_bvalid: Signal::default(),
            s_axi_bready: Signal::default(),
            s_axi_bresp: Signal::default(),
            s_axi_arvalid: Signal::default(),
            s_axi_arready: Signal::default(),
            s_axi_araddr: Signal::default(),
            s_axi_arprot: Signal::default(),
            s_axi_rvalid: Signal::default(),
            s_axi_rready: Signal::default(),
            s_axi_rdata: Signal::default(),
            s_axi_rresp: Signal::default(),
            m_axi_awvalid: Signal::default(),
            m_axi_awready: Signal::default(),
            m_axi_awaddr: Signal::default(),
            m_axi_awlen: Signal::default(),
            m_axi_awsize: Signal::default(),
            m_axi_awburst: Signal::default(),
            m_axi_awlock: Signal::default(),
            m_axi_awcache: Signal::default(),
            m_axi_awprot: Signal::default(),
            m_axi_wvalid: Signal::default(),
            m_axi_wready: Signal::default(),
            m_axi_wdata: Signal::default(),
            m_axi_wstrb: Signal::default(),
            m_axi_wlast: Signal::default(),
            m_axi_bvalid: Signal::default(),
            m_axi_bready: Signal::default(),
            m_axi_bresp: Signal::default(),
            m_axi_arvalid: Signal::default(),
            m_axi_arready: Signal::default(),
            m_axi_araddr: Signal::default(),
            m_axi_arlen: Signal::default(),
            m_axi_arsize: Signal::default(),
            m_axi_arburst: Signal::default(),
            m_axi_arlock: Signal::default(),
            m_axi_arcache: Signal::default(),
            m_axi_arprot: Signal::default(),
            m_axi_rvalid: Signal::default(),
            m_axi_rready: Signal::default(),
            m_axi_rdata: Signal::default(),
            m_axi_rresp: Signal::default(),
            m_axi_rlast: Signal::default(),
            core: Core::new(config),
            lite: AxiLite::new(config),
            master: AxiMaster::default(),
            reset: Signal::default(),
            unused_protection: Signal::default(),
            word_size: Constant::new(u64::from(BYTES.ilog2()).to_bits()),
        }
    }
}

impl<
    const GROUPS: usize,
    const EACH: usize,
    const LANES: usize,
    const WIDE: usize,
    const PLACES: usize,
    const BYTES: usize,
> Logic for AxiSystem<GROUPS, EACH, LANES, WIDE, PLACES, BYTES>
{
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module spikevec_axi: a core between AXI4-Lite and AXI4");
        self.reset.next = !self.aresetn.val();
        self.core.clock.next = self.aclk.val();
        self.lite.clock.next = self.aclk.val();
        self.lite.reset.next = self.reset.val();
        self.master.clock.next = self.aclk.val();
        self.master.reset.next = self.reset.val();

        comment!("The host's bus.");
        self.lite.awvalid.next = self.s_axi_awvalid.val();
        self.s_axi_awready.next = self.lite.awready.val();
        self.lite.awaddr.next = self.s_axi_awaddr.val();
        self.lite.wvalid.next = self.s_axi_wvalid.val();
        self.s_axi_wready.next = self.lite.wready.val();
        self.lite.wdata.next = self.s_axi_wdata.val();
        self.lite.wstrb.next = self.s_axi_wstrb.val();
        self.s_axi_bvalid.next = self.lite.bvalid.val();
        self.lite.bready.next = self.s_axi_bready.val();
        self.s_axi_bresp.next = self.lite.bresp.val();
        self.lite.arvalid.next = self.s_axi_arvalid.val();
        self.s_axi_arready.next = self.lite.arready.val();
        self.lite.araddr.next = self.s_axi_araddr.val();
        self.s_axi_rvalid.next = self.lite.rvalid.val();
        self.lite.rready.next = self.s_axi_rready.val();
        self.s_axi_rdata.next = self.lite.rdata.val();
        self.s_axi_rresp.next = self.lite.rresp.val();
        self.unused_protection.next = self.s_axi_awprot.val() | self.s_axi_arprot.val();

        comment!("The host port.");
        self.core.host_start.next = self.lite.host_start.val();
        self.core.host_stop.next = self.lite.host_stop.val();
        self.core.host_read.next = self.lite.host_read.val();
        self.core.host_write.next = self.lite.host_write.val();
        self.core.host_memory.next = self.lite.host_memory.val();
        self.core.host_address.next = self.lite.host_address.val();
        self.core.host_data.next = self.lite.host_data.val();
        self.lite.host_ready.next = self.core.host_ready.val();
        self.lite.host_valid.next = self.core.host_valid.val();
        self.lite.host_error.next = self.core.host_error.val();
        self.lite.host_value.next = self.core.host_value.val();
        self.lite.running.next = self.core.running.val();
        self.lite.dma_busy.next = self.core.dma_busy.val();
        self.lite.cause.next = self.core.cause.val();
        self.lite.stop_pc.next = self.core.stop_pc.val();
        self.lite.clocks.next = self.core.clocks.val();
        self.lite.retired.next = self.core.retired.val();

        comment!("DMA.");
        self.master.base.next = self.lite.base.val();
        self.master.external_request.next = self.core.external_request.val();
        self.master.external_write.next = self.core.external_write.val();
        self.master.external_address.next = self.core.external_address.val();
        self.master.external_vectors.next = self.core.external_vectors.val();
        self.master.external_read_ready.next = self.core.external_read_ready.val();
        self.master.external_write_valid.next = self.core.external_write_valid.val();
        self.core.external_accept.next = self.master.external_accept.val();
        self.core.external_read_valid.next = self.master.external_read_valid.val();
        self.core.external_write_ready.next = self.master.external_write_ready.val();
        self.core.external_done.next = self.master.external_done.val();
        self.core.external_error.next = self.master.external_error.val();
        for i in 0..LANES {
            self.core.external_read_data[i].next = self.master.external_read_data[i].val();
            self.master.external_write_data[i].next = self.core.external_write_data[i].val();
        }

        comment!("The memory's bus: bursts of whole words at incrementing addresses.");
        self.m_axi_awvalid.next = self.master.awvalid.val();
        self.master.awready.next = self.m_axi_awready.val();
        self.m_axi_awaddr.next = self.master.address.val();
        self.m_axi_awlen.next = self.master.length.val();
        self.m_axi_awsize.next = self.word_size.val();
        self.m_axi_awburst.next = 1.into();
        self.m_axi_awlock.next = false;
        self.m_axi_awcache.next = 3.into();
        self.m_axi_awprot.next = 0.into();
        self.m_axi_wvalid.next = self.master.wvalid.val();
        self.master.wready.next = self.m_axi_wready.val();
        self.m_axi_wdata.next = self.master.wdata.val();
        self.m_axi_wstrb.next = self.master.wstrb.val();
        self.m_axi_wlast.next = self.master.wlast.val();
        self.master.bvalid.next = self.m_axi_bvalid.val();
        self.m_axi_bready.next = self.master.bready.val();
        self.master.bresp.next = self.m_axi_bresp.val();
        self.m_axi_arvalid.next = self.master.arvalid.val();
        self.master.arready.next = self.m_axi_arready.val();
        self.m_axi_araddr.next = self.master.address.val();
        self.m_axi_arlen.next = self.master.length.val();
        self.m_axi_arsize.next = self.word_size.val();
        self.m_axi_arburst.next = 1.into();
        self.m_axi_arlock.next = false;
        self.m_axi_arcache.next = 3.into();
        self.m_axi_arprot.next = 0.into();
        self.master.rvalid.next = self.m_axi_rvalid.val();
        self.m_axi_rready.next = self.master.rready.val();
        self.master.rdata.next = self.m_axi_rdata.val();
        self.master.rresp.next = self.m_axi_rresp.val();
        self.master.rlast.next = self.m_axi_rlast.val();
    }
}
