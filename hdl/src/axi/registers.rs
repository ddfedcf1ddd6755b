//! What the registers of the map do.

use rust_hdl::prelude::*;

use super::map::{AxiRegister, MAP_VERSION};
use crate::comment;
use crate::core::Config;
use spikevec_isa::protocol::MAGIC;

/// The registers of [`AxiRegister`] in front of a core's host port.
///
/// An access is done in its first clock, but that of `DATA`, which waits for the host port. One that is refused does nothing.
#[derive(LogicBlock)]
pub struct AxiRegisters {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Sets the registers to zero and stops the core.
    pub reset: Signal<In, Bit>,
    /// There is an access, until `done`.
    pub access: Signal<In, Bit>,
    /// It writes.
    pub write: Signal<In, Bit>,
    /// The register's number.
    pub word: Signal<In, Bits<10>>,
    /// It is not of a whole word, and must be refused.
    pub partial: Signal<In, Bit>,
    /// What to write.
    pub data: Signal<In, Bits<32>>,
    /// The access is over.
    pub done: Signal<Out, Bit>,
    /// It was refused.
    pub error: Signal<Out, Bit>,
    /// What was read; zero of a refused access.
    pub value: Signal<Out, Bits<32>>,
    /// Where external memory begins on the bus.
    pub base: Signal<Out, Bits<64>>,
    /// Start the core.
    pub host_start: Signal<Out, Bit>,
    /// Stop it.
    pub host_stop: Signal<Out, Bit>,
    /// Read a word of a memory.
    pub host_read: Signal<Out, Bit>,
    /// Write one.
    pub host_write: Signal<Out, Bit>,
    /// The memory.
    pub host_memory: Signal<Out, Bits<3>>,
    /// Byte address.
    pub host_address: Signal<Out, Bits<32>>,
    /// What to write.
    pub host_data: Signal<Out, Bits<32>>,
    /// The core takes the access.
    pub host_ready: Signal<In, Bit>,
    /// The access is done.
    pub host_valid: Signal<In, Bit>,
    /// It was refused.
    pub host_error: Signal<In, Bit>,
    /// What was read.
    pub host_value: Signal<In, Bits<32>>,
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
    memory: DFF<Bits<3>>,
    address: DFF<Bits<32>>,
    base_low: DFF<Bits<32>>,
    base_high: DFF<Bits<32>>,
    clocks_upper: DFF<Bits<32>>,
    retired_upper: DFF<Bits<32>>,
    sticky: DFF<Bit>,
    waiting: DFF<Bit>,
    start: DFF<Bit>,
    stop: DFF<Bit>,
    busy: Signal<Local, Bit>,
    writable: Signal<Local, Bit>,
    starts: Signal<Local, Bit>,
    stops: Signal<Local, Bit>,
    refuse: Signal<Local, Bit>,
    takes: Signal<Local, Bit>,
    window: Signal<Local, Bit>,
    plain: Signal<Local, Bit>,
    over: Signal<Local, Bit>,
    failed: Signal<Local, Bit>,
    picked: Signal<Local, Bits<32>>,
    flags: Signal<Local, Bits<32>>,
    running_flag: Signal<Local, Bits<32>>,
    dma_flag: Signal<Local, Bits<32>>,
    sticky_flag: Signal<Local, Bits<32>>,
    cause_field: Signal<Local, Bits<32>>,
    fixed: [Constant<Bits<32>>; 8],
    at: [Constant<Bits<10>>; 8],
    at_control: Constant<Bits<10>>,
    at_status: Constant<Bits<10>>,
    at_stop_pc: Constant<Bits<10>>,
    at_clocks_low: Constant<Bits<10>>,
    at_clocks_high: Constant<Bits<10>>,
    at_retired_low: Constant<Bits<10>>,
    at_retired_high: Constant<Bits<10>>,
    at_memory: Constant<Bits<10>>,
    at_address: Constant<Bits<10>>,
    at_data: Constant<Bits<10>>,
    at_base_low: Constant<Bits<10>>,
    at_base_high: Constant<Bits<10>>,
    count: Constant<Bits<10>>,
}

impl AxiRegisters {
    /// Those of a core.
    pub fn new(config: &Config) -> Self {
        let target = &config.target;
        let place = |register: AxiRegister| Constant::new(u64::from(register.word()).to_bits());
        let fixed = [
            (AxiRegister::Magic, MAGIC),
            (AxiRegister::Version, MAP_VERSION),
            (AxiRegister::Lanes, config.target.lanes),
            (AxiRegister::InstructionBytes, target.instruction_bytes),
            (AxiRegister::ScalarBytes, target.scalar_bytes),
            (AxiRegister::VectorBytes, target.vector_bytes),
            (AxiRegister::LaneLocalBytes, target.lane_local_bytes),
            (AxiRegister::ExternalBytes, target.external_bytes),
        ];
        Self {
            clock: Signal::default(),
            reset: Signal::default(),
            access: Signal::default(),
            write: Signal::default(),
            word: Signal::default(),
            partial: Signal::default(),
            data: Signal::default(),
            done: Signal::default(),
            error: Signal::default(),
            value: Signal::default(),
            base: Signal::default(),
            host_start: Signal::default(),
            host_stop: Signal::default(),
            host_read: Signal::default(),
            host_write: Signal::default(),
            host_memory: Signal::default(),
            host_address: Signal::default(),
            host_data: Signal::default(),
            host_ready: Signal::default(),
            host_valid: Signal::default(),
            host_error: Signal::default(),
            host_value: Signal::default(),
            running: Signal::default(),
            dma_busy: Signal::default(),
            cause: Signal::default(),
            stop_pc: Signal::default(),
            clocks: Signal::default(),
            retired: Signal::default(),
            memory: DFF::default(),
            address: DFF::default(),
            base_low: DFF::default(),
            base_high: DFF::default(),
            clocks_upper: DFF::default(),
            retired_upper: DFF::default(),
            sticky: DFF::default(),
            waiting: DFF::default(),
            start: DFF::default(),
            stop: DFF::default(),
            busy: Signal::default(),
            writable: Signal::default(),
            starts: Signal::default(),
            stops: Signal::default(),
            refuse: Signal::default(),
            takes: Signal::default(),
            window: Signal::default(),
            plain: Signal::default(),
            over: Signal::default(),
            failed: Signal::default(),
            picked: Signal::default(),
            flags: Signal::default(),
            running_flag: Signal::default(),
            dma_flag: Signal::default(),
            sticky_flag: Signal::default(),
            cause_field: Signal::default(),
            fixed: fixed.map(|(_, value)| Constant::new(u64::from(value).to_bits())),
            at: fixed.map(|(register, _)| place(register)),
            at_control: place(AxiRegister::Control),
            at_status: place(AxiRegister::Status),
            at_stop_pc: place(AxiRegister::StopPc),
            at_clocks_low: place(AxiRegister::ClocksLow),
            at_clocks_high: place(AxiRegister::ClocksHigh),
            at_retired_low: place(AxiRegister::RetiredLow),
            at_retired_high: place(AxiRegister::RetiredHigh),
            at_memory: place(AxiRegister::Memory),
            at_address: place(AxiRegister::Address),
            at_data: place(AxiRegister::Data),
            at_base_low: place(AxiRegister::BaseLow),
            at_base_high: place(AxiRegister::BaseHigh),
            count: Constant::new((AxiRegister::ALL.len() as u64).to_bits()),
        }
    }
}

impl Logic for AxiRegisters {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("module axi_registers: the register map in front of the host port");
        dff_setup!(
            self,
            clock,
            memory,
            address,
            base_low,
            base_high,
            clocks_upper,
            retired_upper,
            sticky,
            waiting,
            start,
            stop
        );
        comment!("What is refused here; the host port refuses more.");
        self.busy.next = self.running.val() | self.dma_busy.val();
        self.writable.next = (self.word.val() == self.at_control.val())
            | (self.word.val() == self.at_memory.val())
            | (self.word.val() == self.at_address.val())
            | (self.word.val() == self.at_data.val())
            | (self.word.val() == self.at_base_low.val())
            | (self.word.val() == self.at_base_high.val());
        self.stops.next = self.data.val().get_bit(1);
        self.starts.next = self.data.val().get_bit(0) & !self.stops.val();
        self.refuse.next = self.partial.val() | (self.word.val() >= self.count.val());
        if self.write.val() {
            if !self.writable.val() {
                self.refuse.next = true;
            }
            if (self.word.val() == self.at_control.val()) & self.starts.val() & self.busy.val() {
                self.refuse.next = true;
            }
            if (self.word.val() == self.at_memory.val()) & (self.data.val() > 3) {
                self.refuse.next = true;
            }
            if (self.word.val() == self.at_base_low.val())
                & (self.busy.val() | (self.data.val().get_bits::<12>(0) != 0))
            {
                self.refuse.next = true;
            }
            if (self.word.val() == self.at_base_high.val()) & self.busy.val() {
                self.refuse.next = true;
            }
        }

        comment!("The window: the host port takes the request, and answers later.");
        self.window.next =
            self.access.val() & !self.refuse.val() & (self.word.val() == self.at_data.val());
        self.host_read.next = self.window.val() & !self.waiting.q.val() & !self.write.val();
        self.host_write.next = self.window.val() & !self.waiting.q.val() & self.write.val();
        self.host_memory.next = self.memory.q.val();
        self.host_address.next = self.address.q.val();
        self.host_data.next = self.data.val();
        if self.window.val() & self.host_ready.val() {
            self.waiting.d.next = true;
        }
        self.plain.next = self.access.val() & !self.window.val();
        self.over.next = self.plain.val() | (self.waiting.q.val() & self.host_valid.val());
        self.failed.next = (self.plain.val() & self.refuse.val())
            | (self.waiting.q.val() & self.host_valid.val() & self.host_error.val());
        self.done.next = self.over.val();
        self.error.next = self.failed.val();
        if self.waiting.q.val() & self.host_valid.val() {
            self.waiting.d.next = false;
            if !self.host_error.val() {
                self.address.d.next = self.address.q.val() + 4;
            }
        }

        comment!("Reads.");
        self.running_flag.next = bit_cast::<32, 1>(self.running.val().into());
        self.dma_flag.next = bit_cast::<32, 1>(self.dma_busy.val().into());
        self.sticky_flag.next = bit_cast::<32, 1>(self.sticky.q.val().into());
        self.cause_field.next = bit_cast::<32, 4>(self.cause.val());
        self.flags.next = (self.running_flag.val() | (self.dma_flag.val() << 1))
            | ((self.sticky_flag.val() << 2) | (self.cause_field.val() << 8));
        self.picked.next = 0.into();
        for i in 0..8 {
            if self.word.val() == self.at[i].val() {
                self.picked.next = self.fixed[i].val();
            }
        }
        if self.word.val() == self.at_status.val() {
            self.picked.next = self.flags.val();
        }
        if self.word.val() == self.at_stop_pc.val() {
            self.picked.next = self.stop_pc.val();
        }
        if self.word.val() == self.at_clocks_low.val() {
            self.picked.next = self.clocks.val().get_bits::<32>(0);
        }
        if self.word.val() == self.at_clocks_high.val() {
            self.picked.next = self.clocks_upper.q.val();
        }
        if self.word.val() == self.at_retired_low.val() {
            self.picked.next = self.retired.val().get_bits::<32>(0);
        }
        if self.word.val() == self.at_retired_high.val() {
            self.picked.next = self.retired_upper.q.val();
        }
        if self.word.val() == self.at_memory.val() {
            self.picked.next = bit_cast::<32, 3>(self.memory.q.val());
        }
        if self.word.val() == self.at_address.val() {
            self.picked.next = self.address.q.val();
        }
        if self.word.val() == self.at_data.val() {
            self.picked.next = self.host_value.val();
        }
        if self.word.val() == self.at_base_low.val() {
            self.picked.next = self.base_low.q.val();
        }
        if self.word.val() == self.at_base_high.val() {
            self.picked.next = self.base_high.q.val();
        }
        self.value.next = self.picked.val();
        if self.failed.val() {
            self.value.next = 0.into();
        }
        self.base.next = bit_cast::<64, 32>(self.base_low.q.val())
            | (bit_cast::<64, 32>(self.base_high.q.val()) << 32);

        comment!("Effects.");
        self.host_start.next = self.start.q.val();
        self.host_stop.next = self.stop.q.val();
        self.start.d.next = false;
        self.stop.d.next = self.reset.val();
        self.takes.next = self.plain.val() & !self.refuse.val();
        if self.takes.val() & !self.write.val() {
            if self.word.val() == self.at_clocks_low.val() {
                self.clocks_upper.d.next = self.clocks.val().get_bits::<32>(32);
            }
            if self.word.val() == self.at_retired_low.val() {
                self.retired_upper.d.next = self.retired.val().get_bits::<32>(32);
            }
        }
        if self.takes.val() & self.write.val() {
            if self.word.val() == self.at_control.val() {
                self.start.d.next = self.starts.val() & !self.reset.val();
                self.stop.d.next = self.stops.val() | self.reset.val();
                if self.data.val().get_bit(2) {
                    self.sticky.d.next = false;
                }
            }
            if self.word.val() == self.at_memory.val() {
                self.memory.d.next = self.data.val().get_bits::<3>(0);
            }
            if self.word.val() == self.at_address.val() {
                self.address.d.next = self.data.val();
            }
            if self.word.val() == self.at_base_low.val() {
                self.base_low.d.next = self.data.val();
            }
            if self.word.val() == self.at_base_high.val() {
                self.base_high.d.next = self.data.val();
            }
        }
        if self.failed.val() {
            self.sticky.d.next = true;
        }
        if self.reset.val() {
            self.memory.d.next = 0.into();
            self.address.d.next = 0.into();
            self.base_low.d.next = 0.into();
            self.base_high.d.next = 0.into();
            self.clocks_upper.d.next = 0.into();
            self.retired_upper.d.next = 0.into();
            self.sticky.d.next = false;
            self.waiting.d.next = false;
        }
    }
}
