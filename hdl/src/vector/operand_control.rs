//! Where an operand of a group of lanes comes from.

use rust_hdl::prelude::*;

use super::{Forward, RegisterWord, Source};
use crate::comment;
use crate::leaf::Join;

/// The way of an operand from A to X: the word to read, the choice in M, and the choice in X.
///
/// ```text
///  A: field, beat --> read        M                       X
///             \----> source --|source|--> source
///             \--------------|number|--> forward --|from|--> from
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
    /// The beat now in X writes.
    pub x_writes: Signal<In, Bit>,
    /// Its register.
    pub x_number: Signal<In, Bits<8>>,
    /// The beat now in X1 writes.
    pub x1_writes: Signal<In, Bit>,
    /// Its register.
    pub x1_number: Signal<In, Bits<8>>,
    /// The beat now in X2 writes.
    pub x2_writes: Signal<In, Bit>,
    /// Its register.
    pub x2_number: Signal<In, Bits<8>>,
    /// The beat now in X3 writes.
    pub x3_writes: Signal<In, Bit>,
    /// Its register.
    pub x3_number: Signal<In, Bits<8>>,
    /// The beat now in W writes.
    pub w_writes: Signal<In, Bit>,
    /// Its register.
    pub w_number: Signal<In, Bits<8>>,
    /// A: word of the register file.
    pub read: Signal<Out, Bits<8>>,
    /// M: [`Source`]'s choice.
    pub source: Signal<Out, Bits<2>>,
    /// X: [`Forward`]'s choice.
    pub from: Signal<Out, Bits<3>>,
    file_word: RegisterWord,
    whole_number: Join<5, 3, 8>,
    in_m: Source,
    in_x: Forward,
    m_number: DFF<Bits<8>>,
    m_fixed: DFF<Bit>,
    m_source: DFF<Bits<2>>,
    x_from: DFF<Bits<3>>,
}

impl OperandControl {
    /// Of a core with `beats` beats.
    pub fn new(beats: usize) -> Self {
        Self {
            clock: Signal::default(),
            field: Signal::default(),
            beat: Signal::default(),
            fixed: Signal::default(),
            x_writes: Signal::default(),
            x_number: Signal::default(),
            x1_writes: Signal::default(),
            x1_number: Signal::default(),
            x2_writes: Signal::default(),
            x2_number: Signal::default(),
            x3_writes: Signal::default(),
            x3_number: Signal::default(),
            w_writes: Signal::default(),
            w_number: Signal::default(),
            read: Signal::default(),
            source: Signal::default(),
            from: Signal::default(),
            file_word: RegisterWord::new(beats),
            whole_number: Join::default(),
            in_m: Source::default(),
            in_x: Forward::default(),
            m_number: DFF::default(),
            m_fixed: DFF::default(),
            m_source: DFF::default(),
            x_from: DFF::default(),
        }
    }
}

impl Logic for OperandControl {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module operand_control: where an operand comes from, in A, M and X");
        dff_setup!(self, clock, m_number, m_fixed, m_source, x_from);
        self.file_word.register.next = self.field.val();
        self.file_word.beat.next = self.beat.val();
        self.read.next = self.file_word.word.val();
        self.whole_number.high.next = self.field.val();
        self.whole_number.low.next = self.beat.val();
        self.in_m.fixed.next = self.fixed.val();
        self.in_m.number.next = self.whole_number.whole.val();
        self.in_m.x3_writes.next = self.x3_writes.val();
        self.in_m.x3_number.next = self.x3_number.val();
        self.in_m.w_writes.next = self.w_writes.val();
        self.in_m.w_number.next = self.w_number.val();
        self.m_source.d.next = self.in_m.from.val();
        self.m_number.d.next = self.whole_number.whole.val();
        self.m_fixed.d.next = self.fixed.val();
        self.source.next = self.m_source.q.val();
        self.in_x.fixed.next = self.m_fixed.q.val();
        self.in_x.number.next = self.m_number.q.val();
        self.in_x.x_writes.next = self.x_writes.val();
        self.in_x.x_number.next = self.x_number.val();
        self.in_x.x1_writes.next = self.x1_writes.val();
        self.in_x.x1_number.next = self.x1_number.val();
        self.in_x.x2_writes.next = self.x2_writes.val();
        self.in_x.x2_number.next = self.x2_number.val();
        self.in_x.x3_writes.next = self.x3_writes.val();
        self.in_x.x3_number.next = self.x3_number.val();
        self.x_from.d.next = self.in_x.from.val();
        self.from.next = self.x_from.q.val();
    }
}
