//! What a system says of itself.

use rust_hdl::prelude::*;

use spikevec_isa::protocol::{MAGIC, PAYLOAD_WORDS, PROTOCOL_VERSION};

use super::SystemConfig;
use crate::comment;

/// Words of the answers to `query` and `status`, one a clock in their order.
#[derive(LogicBlock)]
pub struct Facts {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Of the status; otherwise of the configuration.
    pub status: Signal<In, Bit>,
    /// Number of the word. Words 2 and 3, and 4 and 5, of the status are asked for one after the other.
    pub number: Signal<In, Bits<4>>,
    /// The word.
    pub word: Signal<Out, Bits<32>>,
    /// The core runs.
    pub running: Signal<In, Bit>,
    /// A transfer is under way.
    pub dma_busy: Signal<In, Bit>,
    /// Why the core stopped.
    pub cause: Signal<In, Bits<4>>,
    /// Where.
    pub stop_pc: Signal<In, Bits<32>>,
    /// Clocks of the run.
    pub clocks: Signal<In, Bits<64>>,
    /// Instructions that have retired.
    pub retired: Signal<In, Bits<64>>,
    /// Number of the last run.
    pub runs: Signal<In, Bits<32>>,
    /// Frames that were begun and were not good.
    pub dropped: Signal<In, Bits<32>>,
    upper: DFF<Bits<32>>,
    state: Signal<Local, Bits<32>>,
    from_cause: Signal<Local, Bits<32>>,
    fixed: [Constant<Bits<32>>; 12],
}

impl Facts {
    /// Those of a system.
    pub fn new(config: &SystemConfig) -> Self {
        let target = &config.core.target;
        let words = [
            MAGIC,
            PROTOCOL_VERSION,
            config.core.target.lanes,
            target.instruction_bytes,
            target.scalar_bytes,
            target.vector_bytes,
            target.lane_local_bytes,
            target.external_bytes,
            config.clock_khz(),
            config.baud,
            u32::from(target.external_bytes != 0),
            PAYLOAD_WORDS,
        ];
        Self {
            clock: Signal::default(),
            status: Signal::default(),
            number: Signal::default(),
            word: Signal::default(),
            running: Signal::default(),
            dma_busy: Signal::default(),
            cause: Signal::default(),
            stop_pc: Signal::default(),
            clocks: Signal::default(),
            retired: Signal::default(),
            runs: Signal::default(),
            dropped: Signal::default(),
            upper: DFF::default(),
            state: Signal::default(),
            from_cause: Signal::default(),
            fixed: words.map(|word| Constant::new(u64::from(word).to_bits())),
        }
    }
}

impl Logic for Facts {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module facts: what a system says of itself");
        dff_setup!(self, clock, upper);
        self.from_cause.next = bit_cast::<32, 4>(self.cause.val());
        self.state.next = self.from_cause.val() << 8;
        if self.running.val() {
            self.state.next = (self.from_cause.val() << 8) | 1;
        }
        if self.dma_busy.val() {
            self.state.next = (self.from_cause.val() << 8) | 2;
        }
        if self.running.val() & self.dma_busy.val() {
            self.state.next = (self.from_cause.val() << 8) | 3;
        }

        comment!("The upper half of a counter is that of the clock that gave the lower one.");
        if self.number.val() == 2 {
            self.upper.d.next = self.clocks.val().get_bits::<32>(32);
        }
        if self.number.val() == 4 {
            self.upper.d.next = self.retired.val().get_bits::<32>(32);
        }
        self.word.next = 0.into();
        if self.status.val() {
            match self.number.val().index() {
                0 => {
                    self.word.next = self.state.val();
                }
                1 => {
                    self.word.next = self.stop_pc.val();
                }
                2 => {
                    self.word.next = self.clocks.val().get_bits::<32>(0);
                }
                3 => {
                    self.word.next = self.upper.q.val();
                }
                4 => {
                    self.word.next = self.retired.val().get_bits::<32>(0);
                }
                5 => {
                    self.word.next = self.upper.q.val();
                }
                6 => {
                    self.word.next = self.runs.val();
                }
                7 => {
                    self.word.next = self.dropped.val();
                }
                _ => {}
            }
        } else {
            match self.number.val().index() {
                0 => {
                    self.word.next = self.fixed[0].val();
                }
                1 => {
                    self.word.next = self.fixed[1].val();
                }
                2 => {
                    self.word.next = self.fixed[2].val();
                }
                3 => {
                    self.word.next = self.fixed[3].val();
                }
                4 => {
                    self.word.next = self.fixed[4].val();
                }
                5 => {
                    self.word.next = self.fixed[5].val();
                }
                6 => {
                    self.word.next = self.fixed[6].val();
                }
                7 => {
                    self.word.next = self.fixed[7].val();
                }
                8 => {
                    self.word.next = self.fixed[8].val();
                }
                9 => {
                    self.word.next = self.fixed[9].val();
                }
                10 => {
                    self.word.next = self.fixed[10].val();
                }
                11 => {
                    self.word.next = self.fixed[11].val();
                }
                _ => {}
            }
        }
    }
}
