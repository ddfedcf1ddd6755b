//! One operand of a lane.

use rust_hdl::prelude::*;

use crate::comment;

/// The operand of X: in M the register file or what is being written to it, into a register; in X that
/// register, or the result of a beat ahead.
///
/// ```text
///  file, W, after W, fixed --> M mux --|operand|--> X mux --> y
///                                  X1, X2, X3, W --^
/// ```
#[derive(LogicBlock, Default)]
pub struct Operand {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// M: [`Source`](super::Source)'s choice.
    pub source: Signal<In, Bits<2>>,
    /// M: what the register file gives.
    pub file: Signal<In, Bits<16>>,
    /// M: after W, what it wrote at the edge of the read.
    pub after: Signal<In, Bits<16>>,
    /// M: the operand where it is no register.
    pub fixed: Signal<In, Bits<16>>,
    /// X: [`Forward`](super::Forward)'s choice.
    pub from: Signal<In, Bits<3>>,
    /// The result in X1.
    pub x1: Signal<In, Bits<16>>,
    /// The result in X2.
    pub x2: Signal<In, Bits<16>>,
    /// The result in X3.
    pub x3: Signal<In, Bits<16>>,
    /// The result in W.
    pub w: Signal<In, Bits<16>>,
    /// The operand in X.
    pub y: Signal<Out, Bits<16>>,
    operand: DFF<Bits<16>>,
}

impl Logic for Operand {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module operand: an operand of X, read in M or forwarded");
        dff_setup!(self, clock, operand);
        self.operand.d.next = self.file.val();
        match self.source.val().index() {
            1 => {
                self.operand.d.next = self.w.val();
            }
            2 => {
                self.operand.d.next = self.after.val();
            }
            3 => {
                self.operand.d.next = self.fixed.val();
            }
            _ => {}
        }
        self.y.next = self.operand.q.val();
        match self.from.val().index() {
            1 => {
                self.y.next = self.x1.val();
            }
            2 => {
                self.y.next = self.x2.val();
            }
            3 => {
                self.y.next = self.x3.val();
            }
            4 => {
                self.y.next = self.w.val();
            }
            _ => {}
        }
    }
}
