//! The registers of one channel.

use rust_hdl::prelude::*;

use spikevec_isa::dma::Register;

use crate::comment;
use crate::leaf::Pack;

// The text of the block has them as plain numbers.
const _: () = {
    assert!(Register::Source as u8 == 0 && Register::Destination as u8 == 1);
    assert!(Register::Count as u8 == 2 && Register::Control as u8 == 3);
    assert!(Register::Status as u8 == 4);
};

/// Source, destination, count and status of one direction, and the check of a start.
///
/// ```text
///                start          good, not empty          finished
///   idle ----------------> starting ------------> transferring ------> idle, done or slave error
///                             |  good, empty ----> idle, done
///                             +- not good -------> idle, decode error
/// ```
#[derive(LogicBlock)]
pub struct DmaChannel {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Write `data` to the selected register of this channel.
    pub write: Signal<In, Bit>,
    /// The register, by its number ([`Register`]).
    pub register: Signal<In, Bits<3>>,
    /// What to write.
    pub data: Signal<In, Bits<32>>,
    /// The selected register.
    pub value: Signal<Out, Bits<32>>,
    /// Everything has been moved, or never will be.
    pub finished: Signal<In, Bit>,
    /// With `finished`: external memory has answered with an error.
    pub failed: Signal<In, Bit>,
    /// A transfer with the following parameters begins.
    pub load: Signal<Out, Bit>,
    /// First byte to read.
    pub source: Signal<Out, Bits<32>>,
    /// First byte to write.
    pub destination: Signal<Out, Bits<32>>,
    /// Vectors to move.
    pub vectors: Signal<Out, Bits<26>>,
    /// Starting or transferring.
    pub busy: Signal<Out, Bit>,
    source_address: DFF<Bits<32>>,
    destination_address: DFF<Bits<32>>,
    count: DFF<Bits<32>>,
    starting: DFF<Bit>,
    transferring: DFF<Bit>,
    slave_error: DFF<Bit>,
    decode_error: DFF<Bit>,
    internal_error: DFF<Bit>,
    done: DFF<Bit>,
    status: Pack<8, 1, 8>,
    start: Signal<Local, Bit>,
    source_end: Signal<Local, Bits<33>>,
    destination_end: Signal<Local, Bits<33>>,
    low_bits: Signal<Local, Bits<6>>,
    good: Signal<Local, Bit>,
    some: Signal<Local, Bit>,
    source_bytes: Constant<Bits<33>>,
    destination_bytes: Constant<Bits<33>>,
}

impl DmaChannel {
    /// A channel between memories of these sizes in bytes.
    pub fn new(source_bytes: u32, destination_bytes: u32) -> Self {
        Self {
            clock: Signal::default(),
            write: Signal::default(),
            register: Signal::default(),
            data: Signal::default(),
            value: Signal::default(),
            finished: Signal::default(),
            failed: Signal::default(),
            load: Signal::default(),
            source: Signal::default(),
            destination: Signal::default(),
            vectors: Signal::default(),
            busy: Signal::default(),
            source_address: DFF::default(),
            destination_address: DFF::default(),
            count: DFF::default(),
            starting: DFF::default(),
            transferring: DFF::default(),
            slave_error: DFF::default(),
            decode_error: DFF::default(),
            internal_error: DFF::default(),
            done: DFF::default(),
            status: Pack::default(),
            start: Signal::default(),
            source_end: Signal::default(),
            destination_end: Signal::default(),
            low_bits: Signal::default(),
            good: Signal::default(),
            some: Signal::default(),
            source_bytes: Constant::new(u64::from(source_bytes).into()),
            destination_bytes: Constant::new(u64::from(destination_bytes).into()),
        }
    }
}

impl Logic for DmaChannel {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module dma_channel: the registers of one direction, and the check of a start");
        dff_setup!(
            self,
            clock,
            source_address,
            destination_address,
            count,
            starting,
            transferring,
            slave_error,
            decode_error,
            internal_error,
            done
        );
        self.busy.next = self.starting.q.val() | self.transferring.q.val();
        comment!("A start is checked in the clock after it, on the registers as they are then.");
        self.source_end.next = bit_cast::<33, 32>(self.source_address.q.val())
            + bit_cast::<33, 32>(self.count.q.val());
        self.destination_end.next = bit_cast::<33, 32>(self.destination_address.q.val())
            + bit_cast::<33, 32>(self.count.q.val());
        self.low_bits.next = (self.source_address.q.val().get_bits::<6>(0)
            | self.destination_address.q.val().get_bits::<6>(0))
            | self.count.q.val().get_bits::<6>(0);
        self.good.next = (!self.low_bits.val().any()
            & (self.source_end.val() <= self.source_bytes.val()))
            & (self.destination_end.val() <= self.destination_bytes.val());
        self.some.next = self.count.q.val().any();
        self.load.next = (self.starting.q.val() & self.good.val()) & self.some.val();
        self.source.next = self.source_address.q.val();
        self.destination.next = self.destination_address.q.val();
        self.vectors.next = self.count.q.val().get_bits::<26>(6);
        if self.starting.q.val() {
            self.starting.d.next = false;
            self.transferring.d.next = self.good.val() & self.some.val();
            self.done.d.next = self.good.val() & !self.some.val();
            self.decode_error.d.next = !self.good.val();
        }
        if self.transferring.q.val() & self.finished.val() {
            self.transferring.d.next = false;
            self.done.d.next = !self.failed.val();
            self.slave_error.d.next = self.failed.val();
        }
        comment!("Writes. A start while busy is only noted.");
        if self.write.val() & (self.register.val() == 0) {
            self.source_address.d.next = self.data.val();
        }
        if self.write.val() & (self.register.val() == 1) {
            self.destination_address.d.next = self.data.val();
        }
        if self.write.val() & (self.register.val() == 2) {
            self.count.d.next = self.data.val();
        }
        self.start.next =
            (self.write.val() & (self.register.val() == 3)) & self.data.val().get_bit(0);
        if self.start.val() & self.busy.val() {
            self.internal_error.d.next = true;
        }
        if self.start.val() & !self.busy.val() {
            self.starting.d.next = true;
            self.slave_error.d.next = false;
            self.decode_error.d.next = false;
            self.internal_error.d.next = false;
            self.done.d.next = false;
        }
        comment!("Reads.");
        self.status.part[0].next = bits::<1>(0);
        self.status.part[1].next = (!self.busy.val()).into();
        self.status.part[2].next = self.starting.q.val().into();
        self.status.part[3].next = self.transferring.q.val().into();
        self.status.part[4].next = self.slave_error.q.val().into();
        self.status.part[5].next = self.decode_error.q.val().into();
        self.status.part[6].next = self.internal_error.q.val().into();
        self.status.part[7].next = self.done.q.val().into();
        self.value.next = bits::<32>(0);
        match self.register.val().index() {
            0 => {
                self.value.next = self.source_address.q.val();
            }
            1 => {
                self.value.next = self.destination_address.q.val();
            }
            2 => {
                self.value.next = self.count.q.val();
            }
            4 => {
                self.value.next = bit_cast::<32, 8>(self.status.whole.val());
            }
            _ => {}
        }
    }
}
