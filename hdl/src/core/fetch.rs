//! F: the program counter and instruction memory.

use rust_hdl::prelude::*;

use super::{INSTRUCTION_ADDRESS, NOTE, Predecode};
use crate::comment;
use crate::leaf::{Memory, Style};

/// Fetches one word a clock.
///
/// ```text
///  target --+                  +--------------------+
///           +--> next address->| instruction memory |--+-----> word, note --> D
///  pc + 4 --+        |         |  and notes         |  |  |
///                    |         +--------------------+  +--+-- what D did not take
///                    +-------->| program counter    |--> pc
/// ```
/// The word appears in the clock after its address. The memory reads in every clock, so that its enable does not wait
/// for what D decides; a word that D does not take is kept beside it. The host has the memory while the core is stopped.
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
    /// The host writes; `word` would have it after three more clocks.
    pub host_write: Signal<In, Bit>,
    /// What it writes.
    pub host_data: Signal<In, Bits<32>>,
    memory: Memory<32, INSTRUCTION_ADDRESS, 1, 1>,
    notes: Memory<NOTE, INSTRUCTION_ADDRESS, 1, 1>,
    predecode: Predecode,
    written: DFF<Bit>,
    written_address: DFF<Bits<INSTRUCTION_ADDRESS>>,
    written_word: DFF<Bits<32>>,
    noted: DFF<Bit>,
    noted_address: DFF<Bits<INSTRUCTION_ADDRESS>>,
    noted_word: DFF<Bits<32>>,
    noted_note: DFF<Bits<NOTE>>,
    again: DFF<Bit>,
    kept_word: DFF<Bits<32>>,
    kept_note: DFF<Bits<NOTE>>,
    here: Signal<Local, Bits<32>>,
    here_note: Signal<Local, Bits<NOTE>>,
    counter: DFF<Bits<32>>,
    present: DFF<Bit>,
    advance: Signal<Local, Bit>,
    next: Signal<Local, Bits<32>>,
    in_order: Signal<Local, Bits<INSTRUCTION_ADDRESS>>,
    read_address: Signal<Local, Bits<INSTRUCTION_ADDRESS>>,
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
            noted: DFF::default(),
            noted_address: DFF::default(),
            noted_word: DFF::default(),
            noted_note: DFF::default(),
            again: DFF::default(),
            kept_word: DFF::default(),
            kept_note: DFF::default(),
            here: Signal::default(),
            here_note: Signal::default(),
            counter: DFF::default(),
            present: DFF::default(),
            advance: Signal::default(),
            next: Signal::default(),
            in_order: Signal::default(),
            read_address: Signal::default(),
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
            noted,
            noted_address,
            noted_word,
            noted_note,
            again,
            kept_word,
            kept_note
        );
        self.memory.clock.next = self.clock.val();
        self.notes.clock.next = self.clock.val();
        self.advance.next = self.redirect.val() | self.accept.val() | !self.present.q.val();
        self.next.next = self.counter.q.val() + 4;
        if self.redirect.val() {
            self.next.next = self.target.val();
        }
        comment!(
            "While the core is stopped the counter counts, which is nobody's business: a start sets it."
        );
        if self.advance.val() {
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
            "The address: a jump's, else in order; of the host while the core is stopped, when nothing jumps."
        );
        self.in_order.next = self.counter.q.val().get_bits::<INSTRUCTION_ADDRESS>(2)
            + bits::<INSTRUCTION_ADDRESS>(1);
        if !self.running.val() {
            self.in_order.next = self.host_address.val();
        }
        self.read_address.next = self.in_order.val();
        if self.redirect.val() {
            self.read_address.next = self.target.val().get_bits::<INSTRUCTION_ADDRESS>(2);
        }
        self.memory.read_enable[0].next = true;
        self.memory.read_address[0].next = self.read_address.val();
        self.notes.read_enable[0].next = true;
        self.notes.read_address[0].next = self.read_address.val();

        comment!("A word that is not taken is here again.");
        self.here.next = self.memory.read_data[0].val();
        self.here_note.next = self.notes.read_data[0].val();
        if self.again.q.val() {
            self.here.next = self.kept_word.q.val();
            self.here_note.next = self.kept_note.q.val();
        }
        self.again.d.next = self.running.val() & !self.advance.val();
        self.kept_word.d.next = self.here.val();
        self.kept_note.d.next = self.here_note.val();
        self.word.next = self.here.val();
        self.note.next = self.here_note.val();

        comment!("What the host writes is decoded on its way, in a clock of its own.");
        self.written.d.next = self.host_write.val();
        self.written_address.d.next = self.host_address.val();
        self.written_word.d.next = self.host_data.val();
        self.predecode.word.next = self.written_word.q.val();
        self.noted.d.next = self.written.q.val();
        self.noted_address.d.next = self.written_address.q.val();
        self.noted_word.d.next = self.written_word.q.val();
        self.noted_note.d.next = self.predecode.note.val();
        self.memory.write_enable.next = bit_cast::<1, 1>(self.noted.q.val().into());
        self.memory.write_address.next = self.noted_address.q.val();
        self.memory.write_data.next = self.noted_word.q.val();
        self.notes.write_enable.next = bit_cast::<1, 1>(self.noted.q.val().into());
        self.notes.write_address.next = self.noted_address.q.val();
        self.notes.write_data.next = self.noted_note.q.val();
        self.pc.next = self.counter.q.val();
        self.valid.next = self.present.q.val();
        self.fault.next = self.counter.q.val() >= self.limit.val();
    }
}
