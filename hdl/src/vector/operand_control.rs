//! Where an operand of a group of lanes comes from.

use rust_hdl::prelude::*;

use super::{RegisterWord, Source};
use crate::comment;
use crate::leaf::Join;

/// The way of an operand from A to X: the word to read, the choice in M, and the choice in X.
///
/// ```text
///  A: field, beat --> read        M                       X
///             \----> source --|source|--> source
///             \--------------|number|--> same as X? --|forward|--> forward
/// ```
#[derive(LogicBlock)]
pub struct OperandControl {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// A: the operand's register.
    pub field: Signal<In, Bits<5>>,
    /// A: the beat.
    pub beat: Signal<In, Bits<3>>,
    /// A: the operand is no register.
    pub fixed: Signal<In, Bit>,
    /// M: if it is a word of vector memory, the beat now in X1 stores it.
    pub stored: Signal<In, Bit>,
    /// M: the beat now in X does.
    pub stored_ahead: Signal<In, Bit>,
    /// The beats now in X, X1, X2, X3 and W write.
    pub writes: [Signal<In, Bit>; 5],
    /// Their physical registers.
    pub written: [Signal<In, Bits<8>>; 5],
    /// A: word of the register file.
    pub read: Signal<Out, Bits<8>>,
    /// M: [`Source`]'s choice.
    pub source: Signal<Out, Bits<3>>,
    /// M: in its place, take what the VSTOREV in X1 stores.
    pub from_store: Signal<Out, Bit>,
    /// X: take the result of the beat just ahead.
    pub forward: Signal<Out, Bit>,
    file_word: RegisterWord,
    whole_number: Join<5, 3, 8>,
    in_m: Source,
    m_number: DFF<Bits<8>>,
    m_fixed: DFF<Bit>,
    m_source: DFF<Bits<3>>,
    x_forward: DFF<Bit>,
}

impl OperandControl {
    /// Of a core with `beats` beats.
    pub fn new(beats: usize) -> Self {
        Self {
            clock: Signal::default(),
            field: Signal::default(),
            beat: Signal::default(),
            fixed: Signal::default(),
            stored: Signal::default(),
            stored_ahead: Signal::default(),
            writes: Default::default(),
            written: Default::default(),
            read: Signal::default(),
            source: Signal::default(),
            from_store: Signal::default(),
            forward: Signal::default(),
            file_word: RegisterWord::new(beats),
            whole_number: Join::default(),
            in_m: Source::default(),
            m_number: DFF::default(),
            m_fixed: DFF::default(),
            m_source: DFF::default(),
            x_forward: DFF::default(),
        }
    }
}

impl Logic for OperandControl {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module operand_control: where an operand comes from, in A, M and X");
        dff_setup!(self, clock, m_number, m_fixed, m_source, x_forward);
        self.file_word.register.next = self.field.val();
        self.file_word.beat.next = self.beat.val();
        self.read.next = self.file_word.word.val();
        self.whole_number.high.next = self.field.val();
        self.whole_number.low.next = self.beat.val();
        self.in_m.fixed.next = self.fixed.val();
        self.in_m.number.next = self.whole_number.whole.val();
        for i in 0..5 {
            self.in_m.writes[i].next = self.writes[i].val();
            self.in_m.written[i].next = self.written[i].val();
        }
        self.m_source.d.next = self.in_m.from.val();
        self.m_number.d.next = self.whole_number.whole.val();
        self.m_fixed.d.next = self.fixed.val();
        self.source.next = self.m_source.q.val();
        self.from_store.next = self.m_fixed.q.val() & self.stored.val();
        self.x_forward.d.next =
            self.writes[0].val() & (self.written[0].val() == self.m_number.q.val());
        if self.m_fixed.q.val() {
            self.x_forward.d.next = self.stored_ahead.val();
        }
        self.forward.next = self.x_forward.q.val();
    }
}
