//! F: the program counter and instruction memory.

use rust_hdl::prelude::*;

use super::{INSTRUCTION_ADDRESS, NOTE, Predecode};
use crate::comment;
use crate::leaf::{Memory, Style};

/// Fetches one word a clock.
///
/// ```text
///  target --+                  +--------------------+
///           +--> next address->| instruction memory |--> word --> D
///  pc + 4 --+        |         |  and notes         |--> note --> D
///                    |         +--------------------+
///                    +-------->| program counter    |--> pc
/// ```
/// The word appears in the clock after its address. While D does not take it, it stays. The host has the
/// memory while the core is stopped.
#[derive(LogicBlock)]
pub struct Fetch {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Begin at address zero.
    pub start: Signal<In, Bit>,
    /// The core runs.
    pub running: Signal<In, Bit>,
    /// Drop what was fetched and go on at `target`.
    pub redirect: Signal<In, Bit>,
    /// Where to.
    pub target: Signal<In, Bits<32>>,
    /// D takes the word at this edge.
    pub accept: Signal<In, Bit>,
    /// There is a word.
    pub valid: Signal<Out, Bit>,
    /// Its address.
    pub pc: Signal<Out, Bits<32>>,
    /// The word.
    pub word: Signal<Out, Bits<32>>,
    /// Its [note](Predecode).
    pub note: Signal<Out, Bits<NOTE>>,
    /// The address is outside the memory.
    pub fault: Signal<Out, Bit>,
    /// Word that the host reads or writes.
    pub host_address: Signal<In, Bits<INSTRUCTION_ADDRESS>>,
    /// The host writes; `word` would have it after two more clocks.
    pub host_write: Signal<In, Bit>,
    /// What it writes.
    pub host_data: Signal<In, Bits<32>>,
    memory: Memory<32, INSTRUCTION_ADDRESS, 1, 1>,
    notes: Memory<NOTE, INSTRUCTION_ADDRESS, 1, 1>,
    predecode: Predecode,
    written: DFF<Bit>,
    written_address: DFF<Bits<INSTRUCTION_ADDRESS>>,
    written_word: DFF<Bits<32>>,
    written_note: DFF<Bits<NOTE>>,
    counter: DFF<Bits<32>>,
    present: DFF<Bit>,
    advance: Signal<Local, Bit>,
    next: Signal<Local, Bits<32>>,
    limit: Constant<Bits<32>>,
}

impl Fetch {
    /// With an instruction memory of `bytes`.
    pub fn new(bytes: u32) -> Self {
        Self {
            clock: Signal::default(),
            start: Signal::default(),
            running: Signal::default(),
            redirect: Signal::default(),
            target: Signal::default(),
            accept: Signal::default(),
            valid: Signal::default(),
            pc: Signal::default(),
            word: Signal::default(),
            note: Signal::default(),
            fault: Signal::default(),
            host_address: Signal::default(),
            host_write: Signal::default(),
            host_data: Signal::default(),
            memory: Memory::with_depth(Style::Block, bytes as usize / 4),
            notes: Memory::with_depth(Style::Block, bytes as usize / 4),
            predecode: Predecode::default(),
            written: DFF::default(),
            written_address: DFF::default(),
            written_word: DFF::default(),
            written_note: DFF::default(),
            counter: DFF::default(),
            present: DFF::default(),
            advance: Signal::default(),
            next: Signal::default(),
            limit: Constant::new(u64::from(bytes).to_bits()),
        }
    }
}

impl Logic for Fetch {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module fetch: program counter and instruction memory");
        dff_setup!(
            self,
            clock,
            counter,
            present,
            written,
            written_address,
            written_word,
            written_note
        );
        self.memory.clock.next = self.clock.val();
        self.notes.clock.next = self.clock.val();
        self.advance.next = self.redirect.val() | self.accept.val() | !self.present.q.val();
        self.next.next = self.counter.q.val() + 4;
        if self.redirect.val() {
            self.next.next = self.target.val();
        }
        if self.running.val() & self.advance.val() {
            self.counter.d.next = self.next.val();
            self.present.d.next = true;
        }
        if !self.running.val() {
            self.present.d.next = false;
        }
        if self.start.val() {
            comment!("One word before the first.");
            self.counter.d.next = 0xfffffffcu64.into();
        }
        comment!(
            "While the core is stopped nothing is present, and every clock reads for the host."
        );
        self.memory.read_enable[0].next = self.advance.val();
        self.memory.read_address[0].next = self.next.val().get_bits::<INSTRUCTION_ADDRESS>(2);
        if !self.running.val() {
            self.memory.read_address[0].next = self.host_address.val();
        }
        self.notes.read_enable[0].next = self.advance.val();
        self.notes.read_address[0].next = self.next.val().get_bits::<INSTRUCTION_ADDRESS>(2);

        comment!("What the host writes is decoded on its way.");
        self.predecode.word.next = self.host_data.val();
        self.written.d.next = self.host_write.val();
        self.written_address.d.next = self.host_address.val();
        self.written_word.d.next = self.host_data.val();
        self.written_note.d.next = self.predecode.note.val();
        self.memory.write_enable.next = bit_cast::<1, 1>(self.written.q.val().into());
        self.memory.write_address.next = self.written_address.q.val();
        self.memory.write_data.next = self.written_word.q.val();
        self.notes.write_enable.next = bit_cast::<1, 1>(self.written.q.val().into());
        self.notes.write_address.next = self.written_address.q.val();
        self.notes.write_data.next = self.written_note.q.val();
        self.note.next = self.notes.read_data[0].val();
        self.word.next = self.memory.read_data[0].val();
        self.pc.next = self.counter.q.val();
        self.valid.next = self.present.q.val();
        self.fault.next = self.counter.q.val() >= self.limit.val();
    }
}
