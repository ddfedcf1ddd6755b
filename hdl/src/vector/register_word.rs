//! Where a vector register stands in a lane's register file.

use rust_hdl::prelude::*;

use crate::comment;

/// Word `register * beats + beat`: a file has no words for beats that the core does not have.
#[derive(LogicBlock)]
pub struct RegisterWord {
    /// The architectural register.
    pub register: Signal<In, Bits<5>>,
    /// The beat.
    pub beat: Signal<In, Bits<3>>,
    /// The word.
    pub word: Signal<Out, Bits<8>>,
    wide: Signal<Local, Bits<8>>,
    beat_bits: Constant<Bits<3>>,
}

impl RegisterWord {
    /// Of a core with `beats` beats.
    pub fn new(beats: usize) -> Self {
        Self {
            register: Signal::default(),
            beat: Signal::default(),
            word: Signal::default(),
            wide: Signal::default(),
            beat_bits: Constant::new(u64::from(beats.trailing_zeros()).into()),
        }
    }
}

impl Logic for RegisterWord {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module register_word: where a beat of a vector register stands in the file");
        self.wide.next = bit_cast::<8, 5>(self.register.val());
        self.word.next =
            (self.wide.val() << self.beat_bits.val()) | bit_cast::<8, 3>(self.beat.val());
    }
}
