//! Control and status registers.

use rust_hdl::prelude::*;

use super::{Counter, CsrDecode};
use crate::comment;
use crate::leaf::Join;

/// The counters, and the CSR instructions' way to them and to the registers of DMA.
///
/// ```text
///  address --> decode --> register --+--> select --> value --+--> write, set, clear --> counters, dma_data
///               counters, dma_value -+               operand-+
/// ```
/// The address is decoded a clock before; all else happens in the clock of `access`, and a write is what the next clock
/// reads. A counter
/// that is written does not count in that clock, neither half; the inhibit bits count from the
/// next clock on. DMA holds its own registers and is told of writes.
#[derive(LogicBlock, Default)]
pub struct Csrs {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// A CSR instruction acts in this clock.
    pub access: Signal<In, Bit>,
    /// A CSR instruction may act from the next clock on.
    pub take: Signal<In, Bit>,
    /// The CSR that it names.
    pub address: Signal<In, Bits<12>>,
    /// 0 write, 1 set, 2 clear.
    pub operation: Signal<In, Bits<2>>,
    /// It only reads: a set or clear whose rs1 field is zero.
    pub no_write: Signal<In, Bit>,
    /// rs1 or the immediate.
    pub operand: Signal<In, Bits<32>>,
    /// The clock is one that `mcycle` counts.
    pub running: Signal<In, Bit>,
    /// An instruction retires.
    pub retire: Signal<In, Bit>,
    /// The retiring instruction has written `minstret` or `minstreth`.
    pub retire_uncounted: Signal<In, Bit>,
    /// What the register of DMA at `dma_channel`, `dma_register` holds.
    pub dma_value: Signal<In, Bits<32>>,
    /// The CSR's value; 0 where there is none.
    pub value: Signal<Out, Bits<32>>,
    /// The access is an illegal instruction, and writes nothing: there is no such CSR, or it is
    /// read only and would be written.
    pub illegal: Signal<Out, Bit>,
    /// The access writes `minstret` or `minstreth`.
    pub wrote_instret: Signal<Out, Bit>,
    /// Write `dma_data` to the register of DMA; never to a status register.
    pub dma_write: Signal<Out, Bit>,
    /// Which direction of DMA: 0 to vector memory, 1 to external memory.
    pub dma_channel: Signal<Out, Bit>,
    /// 0 source, 1 destination, 2 count, 3 control (which reads 0, whatever `dma_value`), 4 status.
    pub dma_register: Signal<Out, Bits<3>>,
    /// What to write to it.
    pub dma_data: Signal<Out, Bits<32>>,
    decode: CsrDecode,
    known: DFF<Bit>,
    read_only: DFF<Bit>,
    source: DFF<Bits<3>>,
    dma: DFF<Bit>,
    channel: DFF<Bit>,
    register: DFF<Bits<3>>,
    cycle: Counter,
    instret: Counter,
    cycle_counts: DFF<Bit>,
    instret_counts: DFF<Bit>,
    inhibit_bits: Join<1, 2, 3>,
    cycle_bit: Signal<Local, Bits<2>>,
    instret_bit: Signal<Local, Bits<1>>,
    old: Signal<Local, Bits<32>>,
    fresh: Signal<Local, Bits<32>>,
    refused: Signal<Local, Bit>,
    writes: Signal<Local, Bit>,
}

impl Logic for Csrs {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module csrs: counters, and access to them and to DMA");
        dff_setup!(
            self,
            clock,
            cycle_counts,
            instret_counts,
            known,
            read_only,
            source,
            dma,
            channel,
            register
        );
        self.cycle.clock.next = self.clock.val();
        self.instret.clock.next = self.clock.val();
        self.decode.address.next = self.address.val();
        if self.take.val() {
            self.known.d.next = self.decode.known.val();
            self.read_only.d.next = self.decode.read_only.val();
            self.source.d.next = self.decode.source.val();
            self.dma.d.next = self.decode.dma.val();
            self.channel.d.next = self.decode.dma_channel.val();
            self.register.d.next = self.decode.dma_register.val();
        }

        comment!("Both counters stand at reset: what is held is the opposite of an inhibit bit.");
        self.cycle_bit.next = bits::<2>(1);
        if self.cycle_counts.q.val() {
            self.cycle_bit.next = bits::<2>(0);
        }
        self.instret_bit.next = bits::<1>(1);
        if self.instret_counts.q.val() {
            self.instret_bit.next = bits::<1>(0);
        }
        self.inhibit_bits.low.next = self.cycle_bit.val();
        self.inhibit_bits.high.next = self.instret_bit.val();

        self.old.next = bits::<32>(0);
        match self.source.q.val().index() {
            1 => {
                self.old.next = bit_cast::<32, 3>(self.inhibit_bits.whole.val());
            }
            2 => {
                self.old.next = self.cycle.low.val();
            }
            3 => {
                self.old.next = self.cycle.high.val();
            }
            4 => {
                self.old.next = self.instret.low.val();
            }
            5 => {
                self.old.next = self.instret.high.val();
            }
            6 => {
                self.old.next = self.dma_value.val();
            }
            _ => {}
        }
        self.value.next = self.old.val();

        self.fresh.next = self.operand.val();
        match self.operation.val().index() {
            1 => {
                self.fresh.next = self.old.val() | self.operand.val();
            }
            2 => {
                self.fresh.next = self.old.val() & !self.operand.val();
            }
            _ => {}
        }
        self.refused.next = !self.known.q.val() | (self.read_only.q.val() & !self.no_write.val());
        self.illegal.next = self.access.val() & self.refused.val();
        self.writes.next = (self.access.val() & !self.refused.val()) & !self.no_write.val();

        self.cycle.count.next = self.running.val() & self.cycle_counts.q.val();
        self.cycle.write_low.next = self.writes.val() & (self.source.q.val() == 2);
        self.cycle.write_high.next = self.writes.val() & (self.source.q.val() == 3);
        self.cycle.data.next = self.fresh.val();
        self.instret.count.next =
            (self.retire.val() & !self.retire_uncounted.val()) & self.instret_counts.q.val();
        self.instret.write_low.next = self.writes.val() & (self.source.q.val() == 4);
        self.instret.write_high.next = self.writes.val() & (self.source.q.val() == 5);
        self.instret.data.next = self.fresh.val();
        self.wrote_instret.next =
            self.writes.val() & ((self.source.q.val() == 4) | (self.source.q.val() == 5));
        if self.writes.val() & (self.source.q.val() == 1) {
            self.cycle_counts.d.next = !self.fresh.val().get_bit(0);
            self.instret_counts.d.next = !self.fresh.val().get_bit(2);
        }

        self.dma_write.next = self.writes.val() & self.dma.q.val();
        self.dma_channel.next = self.channel.q.val();
        self.dma_register.next = self.register.q.val();
        self.dma_data.next = self.fresh.val();
    }
}
