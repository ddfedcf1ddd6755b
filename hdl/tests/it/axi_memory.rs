//! A memory on AXI4 that takes its time, and watches the rules.

use std::collections::VecDeque;
use std::ops::Range;

use spikevec_verilated::{Handle, Instance, Model};

use crate::bench::Random;

/// The names of an address channel's pins: valid, ready, address, words less one.
type AddressNames = [&'static str; 4];

struct Pins {
    ar: [Handle; 4],
    aw: [Handle; 4],
    rvalid: Handle,
    rready: Handle,
    rdata: Handle,
    rresp: Handle,
    rlast: Handle,
    wvalid: Handle,
    wready: Handle,
    wdata: Handle,
    wstrb: Handle,
    wlast: Handle,
    bvalid: Handle,
    bready: Handle,
    bresp: Handle,
    /// Outputs that never change, and what they are.
    fixed: Vec<(Handle, u64)>,
}

/// What a memory waits for before it takes the address or the words of a write. A master must bear all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// For nothing.
    Any,
    /// Words, for their address.
    AddressFirst,
    /// The address, for all words.
    WordsFirst,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Burst {
    pub write: bool,
    pub address: u64,
    pub words: u64,
}

/// A word and its place in its burst.
type Word = (Vec<u8>, bool);

/// A memory of bytes from `base` on. One burst of each kind at a time, words and answers at random.
pub struct AxiMemory {
    pins: Pins,
    /// Bytes of a word.
    width: usize,
    /// Bus address of the first byte.
    pub base: u64,
    pub bytes: Vec<u8>,
    /// Bus addresses that answer with an error, besides those outside.
    pub bad: Range<u64>,
    /// Of eight clocks, those in which something is sent or taken.
    pub pace: u64,
    pub order: Order,
    /// All bursts that were taken, in order.
    pub bursts: Vec<Burst>,
    /// End the next burst that is read one word too soon, by its last flag only.
    pub early_last: bool,
    reads: Option<(Burst, u64)>,
    shown: Option<(Word, u64)>,
    writes: Option<Burst>,
    words: VecDeque<Word>,
    answer: Option<u64>,
    answer_shown: bool,
    open: [Option<(u64, u64)>; 2],
    open_word: Option<Word>,
    ready: [bool; 3],
}

impl AxiMemory {
    /// The memory for the pins of a whole system.
    pub fn of_system(model: &Model, width: usize, bytes: usize) -> Self {
        let ar = ["arvalid", "arready", "araddr", "arlen"];
        let aw = ["awvalid", "awready", "awaddr", "awlen"];
        let mut memory = Self::new(model, "m_axi_", ar, aw, width, bytes);
        let output = |name: &str| model.output(&format!("m_axi_{name}")).unwrap();
        for channel in ["ar", "aw"] {
            let size = u64::from(width.ilog2());
            for (name, value) in [("size", size), ("burst", 1), ("lock", 0), ("cache", 3)] {
                let pin = output(&format!("{channel}{name}"));
                memory.pins.fixed.push((pin, value));
            }
            memory
                .pins
                .fixed
                .push((output(&format!("{channel}prot")), 0));
        }
        memory
    }

    /// The memory for a block whose address channels have these pins.
    pub fn new(
        model: &Model,
        prefix: &str,
        ar: AddressNames,
        aw: AddressNames,
        width: usize,
        bytes: usize,
    ) -> Self {
        let input = |name: &str| model.input(&format!("{prefix}{name}")).unwrap();
        let output = |name: &str| model.output(&format!("{prefix}{name}")).unwrap();
        let channel = |names: AddressNames| {
            let [valid, ready, address, length] = names;
            [output(valid), input(ready), output(address), output(length)]
        };
        let pins = Pins {
            ar: channel(ar),
            aw: channel(aw),
            rvalid: input("rvalid"),
            rready: output("rready"),
            rdata: input("rdata"),
            rresp: input("rresp"),
            rlast: input("rlast"),
            wvalid: output("wvalid"),
            wready: input("wready"),
            wdata: output("wdata"),
            wstrb: output("wstrb"),
            wlast: output("wlast"),
            bvalid: input("bvalid"),
            bready: output("bready"),
            bresp: input("bresp"),
            fixed: Vec::new(),
        };
        Self {
            pins,
            width,
            base: 0,
            bytes: vec![0; bytes],
            bad: 0..0,
            pace: 8,
            order: Order::Any,
            bursts: Vec::new(),
            early_last: false,
            reads: None,
            shown: None,
            writes: None,
            words: VecDeque::new(),
            answer: None,
            answer_shown: false,
            open: [None; 2],
            open_word: None,
            ready: [false; 3],
        }
    }

    /// No burst is under way.
    pub fn is_idle(&self) -> bool {
        self.reads.is_none() && self.writes.is_none() && self.answer.is_none()
    }

    /// A reset of the bus.
    pub fn forget(&mut self) {
        self.reads = None;
        self.shown = None;
        self.writes = None;
        self.words.clear();
        self.answer = None;
        self.answer_shown = false;
        self.open = [None; 2];
        self.open_word = None;
    }

    /// OKAY, SLVERR or DECERR.
    fn response(&self, address: u64) -> u64 {
        let inside = address >= self.base
            && address - self.base + self.width as u64 <= self.bytes.len() as u64;
        match (inside, self.bad.contains(&address)) {
            (false, _) => 3,
            (true, true) => 2,
            (true, false) => 0,
        }
    }

    fn place(&self, address: u64) -> Range<usize> {
        let start = (address - self.base) as usize;
        start..start + self.width
    }

    /// Drives the inputs of a clock.
    pub fn drive(&mut self, circuit: &mut Instance, random: &mut Random) {
        let mut now = || random.below(8) < self.pace;
        // Words may be taken before their address; after one burst's words only its address.
        let full = self.words.back().is_some_and(|word| word.1);
        self.ready = [
            self.reads.is_none() && now(),
            self.writes.is_none()
                && self.answer.is_none()
                && (full || self.order != Order::WordsFirst)
                && now(),
            !full
                && self.answer.is_none()
                && (self.writes.is_some() || self.order != Order::AddressFirst)
                && now(),
        ];
        circuit.set(self.pins.ar[1], self.ready[0].into());
        circuit.set(self.pins.aw[1], self.ready[1].into());
        circuit.set(self.pins.wready, self.ready[2].into());
        let show = now();
        self.answer_shown = self.answer.is_some() && (self.answer_shown || now());
        circuit.set(self.pins.bvalid, self.answer_shown.into());
        circuit.set(self.pins.bresp, self.answer.unwrap_or(random.below(4)));
        if let (None, Some((burst, done)), true) = (&self.shown, self.reads, show) {
            let address = burst.address + done * self.width as u64;
            let response = self.response(address);
            let bytes = match response {
                0 => self.bytes[self.place(address)].to_vec(),
                _ => (0..self.width).map(|_| random.next() as u8).collect(),
            };
            let early = self.early_last && done + 2 == burst.words;
            let last = done + 1 == burst.words;
            self.shown = Some(((bytes, last || early), response));
        }
        circuit.set(self.pins.rvalid, self.shown.is_some().into());
        if let Some(((bytes, last), response)) = &self.shown {
            let words: Vec<u32> = bytes
                .chunks_exact(4)
                .map(|c| u32::from_le_bytes(c.try_into().unwrap()))
                .collect();
            circuit.set_words(self.pins.rdata, &words);
            circuit.set(self.pins.rlast, (*last).into());
            circuit.set(self.pins.rresp, *response);
        } else {
            circuit.set(self.pins.rlast, random.below(2));
            circuit.set(self.pins.rresp, random.below(4));
            circuit.set(self.pins.rdata, random.next());
        }
    }

    fn check(&self, burst: &Burst) {
        let bytes = burst.words * self.width as u64;
        assert!(burst.words <= 256);
        assert_eq!(burst.address % self.width as u64, 0, "{burst:x?}");
        assert_eq!(
            burst.address / 4096,
            (burst.address + bytes - 1) / 4096,
            "{burst:x?} leads across 4 KiB"
        );
    }

    /// Before the edge: takes note of what moves, and checks the master.
    pub fn sample(&mut self, circuit: &mut Instance) {
        for (pin, value) in &self.pins.fixed {
            assert_eq!(circuit.get(*pin), *value);
        }
        let channels = [(self.pins.ar, false), (self.pins.aw, true)];
        for (k, (pins, write)) in channels.into_iter().enumerate() {
            let valid = circuit.get(pins[0]) != 0;
            let shown = valid.then(|| (circuit.get(pins[2]), circuit.get(pins[3])));
            assert!(
                self.open[k].is_none() || self.open[k] == shown,
                "an address changed before it was taken: {:x?}, {shown:x?}",
                self.open[k]
            );
            self.open[k] = shown.filter(|_| !self.ready[k]);
            let Some((address, length)) = shown.filter(|_| self.ready[k]) else {
                continue;
            };
            let burst = Burst {
                write,
                address,
                words: length + 1,
            };
            self.check(&burst);
            self.bursts.push(burst);
            match write {
                true => self.writes = Some(burst),
                false => self.reads = Some((burst, 0)),
            }
        }
        self.sample_read(circuit);
        self.sample_write(circuit);
    }

    fn sample_read(&mut self, circuit: &mut Instance) {
        if self.shown.is_none() || circuit.get(self.pins.rready) == 0 {
            return;
        }
        self.shown = None;
        if let Some((burst, done)) = &mut self.reads {
            *done += 1;
            if *done == burst.words {
                self.reads = None;
            }
        }
    }

    fn sample_write(&mut self, circuit: &mut Instance) {
        let pins = &self.pins;
        if self.answer_shown && circuit.get(pins.bready) != 0 {
            self.answer = None;
            self.answer_shown = false;
        }
        let valid = circuit.get(pins.wvalid) != 0;
        let word = valid.then(|| {
            let mut words = vec![0; self.width / 4];
            circuit.get_words(pins.wdata, &mut words);
            assert_eq!(circuit.get(pins.wstrb), u64::MAX >> (64 - self.width));
            let bytes: Vec<u8> = words.into_iter().flat_map(u32::to_le_bytes).collect();
            (bytes, circuit.get(pins.wlast) != 0)
        });
        assert!(
            self.open_word.is_none() || self.open_word == word,
            "a word changed before it was taken"
        );
        self.open_word = None;
        match self.ready[2] {
            true => self.words.extend(word),
            false => self.open_word = word,
        }
        let Some(burst) = self.writes else {
            return;
        };
        assert!(self.words.len() as u64 <= burst.words);
        for (k, (_, last)) in self.words.iter().enumerate() {
            assert_eq!(*last, k as u64 + 1 == burst.words, "the last word's mark");
        }
        if self.words.len() as u64 != burst.words {
            return;
        }
        let mut answer = 0;
        for (k, (bytes, _)) in std::mem::take(&mut self.words).into_iter().enumerate() {
            let address = burst.address + (k * self.width) as u64;
            let response = self.response(address);
            answer = answer.max(response);
            if response == 0 {
                let place = self.place(address);
                self.bytes[place].copy_from_slice(&bytes);
            }
        }
        self.writes = None;
        self.answer = Some(answer);
    }
}
