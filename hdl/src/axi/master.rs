//! DMA's bursts on AXI4.

use rust_hdl::prelude::*;

use crate::comment;
use crate::leaf::{Pack, Unpack};

/// Bytes that an AXI burst must not lead across, and the words that it can have.
const PAGE: u32 = 4096;
const MOST_WORDS: u32 = 256;

/// Vectors of 64 bytes in the largest AXI burst of a core with `lanes` lanes: 64 where 4 KiB bound it, else what has 256 words.
pub const fn piece_vectors(lanes: usize) -> u32 {
    let words = MOST_WORDS * lanes as u32 / 32;
    match words < PAGE / 64 {
        true => words,
        false => PAGE / 64,
    }
}

/// From the engine's burst port (docs/dma.md) to the channels of AXI4.
///
/// A burst of the engine is cut into pieces, each an INCR burst that stays within its [`piece_vectors`]; one follows the other.
///
/// ```text
///  idle -> cut -> issue -> reading -------------+-> cut, or done
///                      \-> writing -> answer ---+
/// ```
/// The base is a multiple of 4096. `WIDE` is 16 `LANES` and `BYTES` 2 `LANES`.
#[derive(LogicBlock)]
pub struct AxiMaster<const LANES: usize, const WIDE: usize, const BYTES: usize> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Drops what is under way; the engine is told that its burst has failed.
    pub reset: Signal<In, Bit>,
    /// Where external memory begins on the bus.
    pub base: Signal<In, Bits<64>>,
    /// The engine wants a burst.
    pub external_request: Signal<In, Bit>,
    /// To external memory.
    pub external_write: Signal<In, Bit>,
    /// Its first byte.
    pub external_address: Signal<In, Bits<32>>,
    /// Its vectors of 64 bytes.
    pub external_vectors: Signal<In, Bits<8>>,
    /// The burst is taken.
    pub external_accept: Signal<Out, Bit>,
    /// There is a word for the engine.
    pub external_read_valid: Signal<Out, Bit>,
    /// The word.
    pub external_read_data: [Signal<Out, Bits<16>>; LANES],
    /// The engine takes it.
    pub external_read_ready: Signal<In, Bit>,
    /// There is a word of the engine's.
    pub external_write_valid: Signal<In, Bit>,
    /// The word.
    pub external_write_data: [Signal<In, Bits<16>>; LANES],
    /// It is taken.
    pub external_write_ready: Signal<Out, Bit>,
    /// The burst ends.
    pub external_done: Signal<Out, Bit>,
    /// It has failed.
    pub external_error: Signal<Out, Bit>,
    /// AR: a burst to read.
    pub arvalid: Signal<Out, Bit>,
    /// It is taken.
    pub arready: Signal<In, Bit>,
    /// AW: a burst to write.
    pub awvalid: Signal<Out, Bit>,
    /// It is taken.
    pub awready: Signal<In, Bit>,
    /// First byte of either.
    pub address: Signal<Out, Bits<64>>,
    /// Its words, less one.
    pub length: Signal<Out, Bits<8>>,
    /// R: there is a word.
    pub rvalid: Signal<In, Bit>,
    /// It is taken.
    pub rready: Signal<Out, Bit>,
    /// The word.
    pub rdata: Signal<In, Bits<WIDE>>,
    /// How its read went.
    pub rresp: Signal<In, Bits<2>>,
    /// It is the burst's last.
    pub rlast: Signal<In, Bit>,
    /// W: there is a word.
    pub wvalid: Signal<Out, Bit>,
    /// It is taken.
    pub wready: Signal<In, Bit>,
    /// The word.
    pub wdata: Signal<Out, Bits<WIDE>>,
    /// Its bytes: all.
    pub wstrb: Signal<Out, Bits<BYTES>>,
    /// It is the burst's last.
    pub wlast: Signal<Out, Bit>,
    /// B: the burst is written.
    pub bvalid: Signal<In, Bit>,
    /// The answer is taken.
    pub bready: Signal<Out, Bit>,
    /// How it went.
    pub bresp: Signal<In, Bits<2>>,
    incoming: Unpack<LANES, 16, WIDE>,
    outgoing: Pack<LANES, 16, WIDE>,
    phase: DFF<Bits<3>>,
    writes: DFF<Bit>,
    failed: DFF<Bit>,
    vector: DFF<Bits<26>>,
    left: DFF<Bits<8>>,
    piece: DFF<Bits<8>>,
    place: DFF<Bits<64>>,
    words: DFF<Bits<9>>,
    beats: DFF<Bits<8>>,
    ar: DFF<Bit>,
    aw: DFF<Bit>,
    room: Signal<Local, Bits<8>>,
    here: Signal<Local, Bits<8>>,
    piece_words: Signal<Local, Bits<9>>,
    last_beat: Signal<Local, Bits<9>>,
    unused_beat: Signal<Local, Bit>,
    unused_low: Signal<Local, Bits<6>>,
    unused_responses: Signal<Local, Bits<2>>,
    reading: Signal<Local, Bit>,
    sending: Signal<Local, Bit>,
    beat: Signal<Local, Bit>,
    last: Signal<Local, Bit>,
    bad: Signal<Local, Bit>,
    over: Signal<Local, Bit>,
    no_bytes: Signal<Local, Bits<BYTES>>,
    most: Constant<Bits<8>>,
    mask: Constant<Bits<8>>,
    beat_shift: Constant<Bits<2>>,
}

impl<const LANES: usize, const WIDE: usize, const BYTES: usize> Default
    for AxiMaster<LANES, WIDE, BYTES>
{
    fn default() -> Self {
        const { assert!(BYTES == 2 * LANES, "BYTES is 2 LANES") };
        let most = piece_vectors(LANES);
        Self {
            clock: Signal::default(),
            reset: Signal::default(),
            base: Signal::default(),
            external_request: Signal::default(),
            external_write: Signal::default(),
            external_address: Signal::default(),
            external_vectors: Signal::default(),
            external_accept: Signal::default(),
            external_read_valid: Signal::default(),
            external_read_data: std::array::from_fn(|_| Signal::default()),
            external_read_ready: Signal::default(),
            external_write_valid: Signal::default(),
            external_write_data: std::array::from_fn(|_| Signal::default()),
            external_write_ready: Signal::default(),
            external_done: Signal::default(),
            external_error: Signal::default(),
            arvalid: Signal::default(),
            arready: Signal::default(),
            awvalid: Signal::default(),
            awready: Signal::default(),
            address: Signal::default(),
            length: Signal::default(),
            rvalid: Signal::default(),
            rready: Signal::default(),
            rdata: Signal::default(),
            rresp: Signal::default(),
            rlast: Signal::default(),
            wvalid: Signal::default(),
            wready: Signal::default(),
            wdata: Signal::default(),
            wstrb: Signal::default(),
            wlast: Signal::default(),
            bvalid: Signal::default(),
            bready: Signal::default(),
            bresp: Signal::default(),
            incoming: Unpack::default(),
            outgoing: Pack::default(),
            phase: DFF::default(),
            writes: DFF::default(),
            failed: DFF::default(),
            vector: DFF::default(),
            left: DFF::default(),
            piece: DFF::default(),
            place: DFF::default(),
            words: DFF::default(),
            beats: DFF::default(),
            ar: DFF::default(),
            aw: DFF::default(),
            room: Signal::default(),
            here: Signal::default(),
            piece_words: Signal::default(),
            last_beat: Signal::default(),
            unused_beat: Signal::default(),
            unused_low: Signal::default(),
            unused_responses: Signal::default(),
            reading: Signal::default(),
            sending: Signal::default(),
            beat: Signal::default(),
            last: Signal::default(),
            bad: Signal::default(),
            over: Signal::default(),
            no_bytes: Signal::default(),
            most: Constant::new(u64::from(most).to_bits()),
            mask: Constant::new(u64::from(most - 1).to_bits()),
            beat_shift: Constant::new(u64::from((32 / LANES).ilog2()).to_bits()),
        }
    }
}

impl<const LANES: usize, const WIDE: usize, const BYTES: usize> Logic
    for AxiMaster<LANES, WIDE, BYTES>
{
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module axi_master: bursts of DMA on AXI4");
        dff_setup!(
            self, clock, phase, writes, failed, vector, left, piece, place, words, beats, ar, aw
        );
        comment!("Phases: 0 idle, 1 cut, 2 issue, 3 reading, 4 writing, 5 answer, 6 done.");
        self.external_accept.next = self.phase.q.val() == 0;
        self.unused_low.next = self.external_address.val().get_bits::<6>(0);
        if (self.phase.q.val() == 0) & self.external_request.val() {
            self.phase.d.next = 1.into();
            self.writes.d.next = self.external_write.val();
            self.vector.d.next = self.external_address.val().get_bits::<26>(6);
            self.left.d.next = self.external_vectors.val();
            self.failed.d.next = false;
        }

        comment!("Up to the next boundary, and no more than is left.");
        self.here.next = self.vector.q.val().get_bits::<8>(0);
        self.room.next = self.most.val() - (self.here.val() & self.mask.val());
        if self.phase.q.val() == 1 {
            self.phase.d.next = 2.into();
            self.piece.d.next = self.room.val();
            if self.left.q.val() < self.room.val() {
                self.piece.d.next = self.left.q.val();
            }
            self.place.d.next = self.base.val() + (bit_cast::<64, 26>(self.vector.q.val()) << 6);
        }
        self.piece_words.next = bit_cast::<9, 8>(self.piece.q.val()) << self.beat_shift.val();
        self.last_beat.next = self.piece_words.val() - 1;
        self.unused_beat.next = self.last_beat.val().get_bit(8);
        self.address.next = self.place.q.val();
        self.length.next = self.beats.q.val();
        self.arvalid.next = self.ar.q.val();
        self.awvalid.next = self.aw.q.val();
        if self.arready.val() {
            self.ar.d.next = false;
        }
        if self.awready.val() {
            self.aw.d.next = false;
        }
        if self.phase.q.val() == 2 {
            self.phase.d.next = 3.into();
            self.ar.d.next = !self.writes.q.val();
            self.aw.d.next = self.writes.q.val();
            if self.writes.q.val() {
                self.phase.d.next = 4.into();
            }
            self.words.d.next = self.piece_words.val();
            self.beats.d.next = self.last_beat.val().get_bits::<8>(0);
            self.left.d.next = self.left.q.val() - self.piece.q.val();
            self.vector.d.next = self.vector.q.val() + bit_cast::<26, 8>(self.piece.q.val());
        }
        self.over.next = false;
        self.bad.next = false;
        self.last.next = self.words.q.val() == 1;

        comment!("Reading. Words from the first bad one on are taken and not given to the engine.");
        self.reading.next = self.phase.q.val() == 3;
        self.rready.next =
            self.reading.val() & (self.external_read_ready.val() | self.failed.q.val());
        self.external_read_valid.next = self.reading.val()
            & self.rvalid.val()
            & !self.rresp.val().get_bit(1)
            & !self.failed.q.val();
        self.incoming.whole.next = self.rdata.val();
        self.beat.next = self.reading.val()
            & self.rvalid.val()
            & (self.external_read_ready.val() | self.failed.q.val());
        if self.beat.val() {
            self.words.d.next = self.words.q.val() - 1;
            self.bad.next = self.rresp.val().get_bit(1) | (self.rlast.val() != self.last.val());
            self.over.next = self.last.val();
        }

        comment!("Writing: address and words do not wait for each other.");
        self.sending.next = (self.phase.q.val() == 4) & self.words.q.val().any();
        self.wvalid.next = self.sending.val() & self.external_write_valid.val();
        self.external_write_ready.next = self.sending.val() & self.wready.val();
        self.wdata.next = self.outgoing.whole.val();
        self.no_bytes.next = 0.into();
        self.wstrb.next = !self.no_bytes.val();
        self.wlast.next = self.last.val();
        if self.sending.val() & self.external_write_valid.val() & self.wready.val() {
            self.words.d.next = self.words.q.val() - 1;
        }
        if (self.phase.q.val() == 4) & !self.words.q.val().any() & !self.aw.q.val() {
            self.phase.d.next = 5.into();
        }
        self.bready.next = self.phase.q.val() == 5;
        if (self.phase.q.val() == 5) & self.bvalid.val() {
            self.bad.next = self.bresp.val().get_bit(1);
            self.over.next = true;
        }
        self.unused_responses.next = self.rresp.val() | self.bresp.val();

        comment!("The end of a piece, and of the burst.");
        if self.bad.val() {
            self.failed.d.next = true;
        }
        if self.over.val() {
            self.phase.d.next = 1.into();
            if (self.left.q.val() == 0) | self.bad.val() | self.failed.q.val() {
                self.phase.d.next = 6.into();
            }
        }
        self.external_done.next = self.phase.q.val() == 6;
        self.external_error.next = (self.phase.q.val() == 6) & self.failed.q.val();
        if self.phase.q.val() == 6 {
            self.phase.d.next = 0.into();
        }
        if self.reset.val() {
            self.ar.d.next = false;
            self.aw.d.next = false;
            self.failed.d.next = true;
            self.phase.d.next = 6.into();
            if self.phase.q.val() == 6 {
                self.phase.d.next = 0.into();
            }
            if (self.phase.q.val() == 0) & !self.external_request.val() {
                self.phase.d.next = 0.into();
            }
        }

        for i in 0..LANES {
            self.external_read_data[i].next = self.incoming.part[i].val();
            self.outgoing.part[i].next = self.external_write_data[i].val();
        }
    }
}
