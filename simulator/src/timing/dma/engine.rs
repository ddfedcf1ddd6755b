//! The engine, clock by clock.

use spikevec_isa::VECTOR_BYTES;

use super::DmaParameters;
use super::port::{Burst, ByteMemory, ExternalPort, Pins, Word};
use super::registers::{Registers, Transfer};
use super::words::{DEPTH, Queue};
use super::{Channel, Register};

/// Ports of vector memory that the core has in a clock, so that the engine gets no grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PortsBusy {
    /// The read port.
    pub read: bool,
    /// The write port.
    pub write: bool,
}

/// What is left of a transfer.
#[derive(Debug, Clone, Default)]
struct Bursts {
    address: u32,
    left: u32,
    failed: bool,
}

impl Bursts {
    fn load(&mut self, address: u32, vectors: u32) {
        *self = Bursts {
            address,
            left: vectors,
            failed: false,
        };
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BurstPort {
    Free,
    Requesting,
    Moving,
}

/// The engine without its external memory. All it drives comes from its registers, so what it
/// drives in a clock can be asked for at any time before [`DmaEngine::clock`] ends that clock.
#[derive(Debug, Clone)]
pub struct DmaEngine {
    word_bytes: usize,
    most: u32,
    registers: [Registers; 2],
    bursts: [Bursts; 2],
    port: BurstPort,
    owner: Channel,
    /// To vector memory: words to write, and where the first one goes.
    incoming: Queue,
    write_at: usize,
    /// To external memory: words that were read, where the next one is, and how many are left of the burst.
    outgoing: Queue,
    read_at: usize,
    to_read: u32,
    /// The word on the read port, which the clock before has read.
    arriving: Option<Word>,
    pending: Option<(Channel, Register, u32)>,
}

impl DmaEngine {
    /// An idle engine.
    pub fn new(parameters: &DmaParameters) -> Self {
        let (vector, external) = (parameters.vector_bytes, parameters.external_bytes);
        DmaEngine {
            word_bytes: 2 * parameters.lanes as usize,
            most: parameters.burst_vectors.max(1),
            registers: [
                Registers::new(external, vector),
                Registers::new(vector, external),
            ],
            bursts: Default::default(),
            port: BurstPort::Free,
            owner: Channel::ToVector,
            incoming: Queue::new(),
            write_at: 0,
            outgoing: Queue::new(),
            read_at: 0,
            to_read: 0,
            arriving: None,
            pending: None,
        }
    }

    /// True where no clock changes anything until a register is written.
    #[inline]
    pub fn is_idle(&self) -> bool {
        self.pending.is_none() && !self.is_busy()
    }

    /// A channel is starting or transferring.
    #[inline]
    pub fn is_busy(&self) -> bool {
        !(self.registers[0].is_idle() && self.registers[1].is_idle())
    }

    /// Value of a register in this clock.
    pub fn read(&self, channel: Channel, register: Register) -> u32 {
        self.registers[channel as usize].read(register)
    }

    /// Writes a register in this clock; the next one reads it. A second write in the same clock
    /// replaces the first.
    pub fn write(&mut self, channel: Channel, register: Register, value: u32) {
        self.pending = Some((channel, register, value));
    }

    /// Byte address of the word of vector memory that it wants to read in this clock.
    pub fn wants_read(&self) -> Option<usize> {
        let held = self.outgoing.len() + usize::from(self.arriving.is_some());
        (self.to_read > 0 && held < DEPTH).then_some(self.read_at)
    }

    /// Byte address and bytes of the word of vector memory that it wants to write in this clock.
    pub fn wants_write(&self) -> Option<(usize, &[u8])> {
        let word = &self.incoming.head()[..self.word_bytes];
        (self.incoming.len() > 0).then_some((self.write_at, word))
    }

    /// What it drives towards external memory in this clock.
    pub fn pins(&self) -> Pins {
        let moves = |channel| self.port == BurstPort::Moving && self.owner == channel;
        Pins {
            request: self.port == BurstPort::Requesting,
            burst: self.burst(self.owner),
            read_ready: moves(Channel::ToVector) && self.incoming.len() < DEPTH,
            write_valid: moves(Channel::ToExternal) && self.outgoing.len() > 0,
        }
    }

    /// The word that goes with `write_valid`.
    pub fn word(&self) -> &[u8] {
        &self.outgoing.head()[..self.word_bytes]
    }

    fn burst(&self, channel: Channel) -> Burst {
        let bursts = &self.bursts[channel as usize];
        Burst {
            write: channel == Channel::ToExternal,
            address: bursts.address,
            vectors: bursts.left.min(self.most),
        }
    }

    /// True where nothing of the channel's transfer is left to do.
    fn is_over(&self, channel: Channel) -> bool {
        let open = self.port != BurstPort::Free && self.owner == channel;
        let held = channel == Channel::ToVector && self.incoming.len() > 0;
        self.bursts[channel as usize].left == 0 && !open && !held
    }

    /// Who gets the burst port, if it is free.
    fn choice(&self) -> Option<Channel> {
        let wanted = |channel: Channel| self.bursts[channel as usize].left > 0;
        let other = match self.owner {
            Channel::ToVector => Channel::ToExternal,
            Channel::ToExternal => Channel::ToVector,
        };
        let turns = [other, self.owner];
        let found = turns.into_iter().find(|channel| wanted(*channel));
        found.filter(|_| self.port == BurstPort::Free)
    }

    /// Ends a clock in which `busy` ports of vector memory were the core's.
    pub fn clock(
        &mut self,
        busy: PortsBusy,
        vector: &mut (impl ByteMemory + ?Sized),
        external: &mut impl ExternalPort,
    ) {
        // What the clock shows, before anything changes.
        let (pins, answer) = (self.pins(), external.answer());
        let over = [Channel::ToVector, Channel::ToExternal].map(|channel| {
            self.is_over(channel)
                .then(|| self.bursts[channel as usize].failed)
        });
        let choice = self.choice();
        let mut from_external = [0; VECTOR_BYTES as usize];
        if answer.read_valid && pins.read_ready {
            external.read_word(&mut from_external[..self.word_bytes]);
        }
        external.clock(&pins, self.word());

        self.move_out(busy.read, pins.write_valid && answer.write_ready, vector);
        if let Some((address, word)) = self.wants_write().filter(|_| !busy.write) {
            vector.write(address, word);
            self.write_at += self.word_bytes;
            self.incoming.take();
        }
        if answer.read_valid && pins.read_ready {
            self.incoming.put(&from_external);
        }
        if pins.request && answer.accept {
            let bursts = &mut self.bursts[self.owner as usize];
            bursts.address += pins.burst.vectors * VECTOR_BYTES;
            bursts.left -= pins.burst.vectors;
            self.port = BurstPort::Moving;
        } else if self.port == BurstPort::Moving && answer.done {
            self.end_burst(answer.error);
        }
        if let Some(channel) = choice {
            self.port = BurstPort::Requesting;
            self.owner = channel;
            if channel == Channel::ToExternal {
                self.to_read =
                    self.burst(channel).vectors * (VECTOR_BYTES / self.word_bytes as u32);
            }
        }
        self.registers_clock(over);
    }

    /// Words to external memory: one leaves, the one that was read arrives, one is read.
    fn move_out(&mut self, busy: bool, leaves: bool, vector: &(impl ByteMemory + ?Sized)) {
        let read = self.wants_read().filter(|_| !busy);
        if leaves {
            self.outgoing.take();
        }
        if let Some(word) = self.arriving.take() {
            self.outgoing.put(&word);
        }
        if let Some(address) = read {
            let mut word = [0; VECTOR_BYTES as usize];
            vector.read(address, &mut word[..self.word_bytes]);
            self.arriving = Some(word);
            self.read_at += self.word_bytes;
            self.to_read -= 1;
        }
    }

    fn end_burst(&mut self, error: bool) {
        self.port = BurstPort::Free;
        if error {
            let bursts = &mut self.bursts[self.owner as usize];
            bursts.left = 0;
            bursts.failed = true;
        }
        if self.owner == Channel::ToExternal {
            self.outgoing.clear();
            self.arriving = None;
            self.to_read = 0;
        }
    }

    fn registers_clock(&mut self, over: [Option<bool>; 2]) {
        let pending = self.pending.take();
        for channel in [Channel::ToVector, Channel::ToExternal] {
            let write = pending.filter(|write| write.0 == channel);
            let write = write.map(|(_, register, value)| (register, value));
            let at = channel as usize;
            let Some(transfer) = self.registers[at].clock(over[at], write) else {
                continue;
            };
            let Transfer {
                source,
                destination,
                vectors,
            } = transfer;
            if channel == Channel::ToVector {
                self.bursts[at].load(source, vectors);
                self.write_at = destination as usize;
            } else {
                self.bursts[at].load(destination, vectors);
                self.read_at = source as usize;
            }
        }
    }
}
