//! One operand of a lane.

use rust_hdl::prelude::*;

use crate::comment;

/// The operand of X: in M the register file's word or the result of a beat that is two or more ahead, into a register; in X that
/// register, or the result of the beat just ahead.
///
/// ```text
///  file, X1, local, X2, X3, W, after W, fixed --> M mux --|operand|--> X mux --> y
///                                                             x1 --------^
/// ```
/// X has arithmetic behind its multiplexer and so gets the small one. A word of lane-local memory, which takes X1's place,
/// comes late out of its block RAM and so has an input of its own.
#[derive(LogicBlock, Default)]
pub struct Operand {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// M: [`Source`](super::Source)'s choice.
    pub source: Signal<In, Bits<3>>,
    /// M: what the register file gives.
    pub file: Signal<In, Bits<16>>,
    /// M: the word of lane-local memory in X1.
    pub own_word: Signal<In, Bits<16>>,
    /// M: it is X1's result.
    pub takes_own: Signal<In, Bit>,
    /// M: the result in X2.
    pub x2: Signal<In, Bits<16>>,
    /// M: what X3 gives to W.
    pub to_w: Signal<In, Bits<16>>,
    /// M: the result in W.
    pub w: Signal<In, Bits<16>>,
    /// M: after W, what it wrote at the edge of the read.
    pub after: Signal<In, Bits<16>>,
    /// M: the operand where it is no register.
    pub fixed: Signal<In, Bits<16>>,
    /// M: take X1's result, whatever the choice is; known late.
    pub from_store: Signal<In, Bit>,
    /// X: the beat just ahead writes the register.
    pub forward: Signal<In, Bit>,
    /// X: its result, in X1.
    pub x1: Signal<In, Bits<16>>,
    /// The operand in X.
    pub y: Signal<Out, Bits<16>>,
    operand: DFF<Bits<16>>,
    choice: Signal<Local, Bits<3>>,
}

impl Logic for Operand {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module operand: an operand of X, read in M or forwarded");
        dff_setup!(self, clock, operand);
        self.operand.d.next = self.file.val();
        self.choice.next = self.source.val();
        if (self.source.val() == 1) & self.takes_own.val() {
            self.choice.next = bits::<3>(7);
        }
        match self.choice.val().index() {
            1 => {
                self.operand.d.next = self.x1.val();
            }
            7 => {
                self.operand.d.next = self.own_word.val();
            }
            2 => {
                self.operand.d.next = self.x2.val();
            }
            3 => {
                self.operand.d.next = self.to_w.val();
            }
            4 => {
                self.operand.d.next = self.w.val();
            }
            5 => {
                self.operand.d.next = self.after.val();
            }
            6 => {
                self.operand.d.next = self.fixed.val();
            }
            _ => {}
        }
        if self.from_store.val() {
            self.operand.d.next = self.x1.val();
        }
        self.y.next = self.operand.q.val();
        if self.forward.val() {
            self.y.next = self.x1.val();
        }
    }
}
