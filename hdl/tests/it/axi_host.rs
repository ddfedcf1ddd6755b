//! A host on AXI4-Lite that takes its time, and watches the rules.

use std::collections::VecDeque;

use spikevec_hdl::axi::AxiRegister;
use spikevec_verilated::{Handle, Instance, Model};

use crate::bench::Random;

pub const OKAY: u64 = 0;
pub const SLVERR: u64 = 2;

struct Pins {
    awvalid: Handle,
    awready: Handle,
    awaddr: Handle,
    wvalid: Handle,
    wready: Handle,
    wdata: Handle,
    wstrb: Handle,
    bvalid: Handle,
    bready: Handle,
    bresp: Handle,
    arvalid: Handle,
    arready: Handle,
    araddr: Handle,
    rvalid: Handle,
    rready: Handle,
    rdata: Handle,
    rresp: Handle,
}

/// The sending side of a channel: what waits, and whether the first of it is shown.
#[derive(Default)]
struct Sender<T> {
    queue: VecDeque<T>,
    shown: bool,
}

impl<T> Sender<T> {
    /// Shows something in this clock, or not yet. What is shown stays.
    fn show(&mut self, pace: u64, random: &mut Random) -> bool {
        self.shown = !self.queue.is_empty() && (self.shown || random.below(8) < pace);
        self.shown
    }

    fn taken(&mut self) {
        self.queue.pop_front();
        self.shown = false;
    }
}

/// Requests wait in queues, one a channel; answers are collected in their order.
pub struct AxiHost {
    pins: Pins,
    /// Of eight clocks, those in which something is sent or taken.
    pub pace: u64,
    aw: Sender<u64>,
    w: Sender<(u64, u64)>,
    ar: Sender<u64>,
    /// Requests that were taken: addresses, words, reads.
    taken: [u64; 3],
    /// Responses to writes.
    pub written: Vec<u64>,
    /// Words and responses of reads.
    pub read: Vec<(u64, u64)>,
    open_b: Option<u64>,
    open_r: Option<(u64, u64)>,
}

impl AxiHost {
    pub fn new(model: &Model, prefix: &str) -> Self {
        let input = |name: &str| model.input(&format!("{prefix}{name}")).unwrap();
        let output = |name: &str| model.output(&format!("{prefix}{name}")).unwrap();
        let pins = Pins {
            awvalid: input("awvalid"),
            awready: output("awready"),
            awaddr: input("awaddr"),
            wvalid: input("wvalid"),
            wready: output("wready"),
            wdata: input("wdata"),
            wstrb: input("wstrb"),
            bvalid: output("bvalid"),
            bready: input("bready"),
            bresp: output("bresp"),
            arvalid: input("arvalid"),
            arready: output("arready"),
            araddr: input("araddr"),
            rvalid: output("rvalid"),
            rready: input("rready"),
            rdata: output("rdata"),
            rresp: output("rresp"),
        };
        Self {
            pins,
            pace: 8,
            aw: Sender::default(),
            w: Sender::default(),
            ar: Sender::default(),
            taken: [0; 3],
            written: Vec::new(),
            read: Vec::new(),
            open_b: None,
            open_r: None,
        }
    }

    pub fn ask_write(&mut self, address: u64, data: u64, strobes: u64) {
        self.aw.queue.push_back(address);
        self.w.queue.push_back((data, strobes));
    }

    pub fn ask_read(&mut self, address: u64) {
        self.ar.queue.push_back(address);
    }

    /// All requests have been sent and answered.
    pub fn is_idle(&self) -> bool {
        let [aw, w, ar] = self.taken;
        self.aw.queue.is_empty()
            && self.w.queue.is_empty()
            && self.ar.queue.is_empty()
            && aw == self.written.len() as u64
            && w == aw
            && ar == self.read.len() as u64
    }

    /// Drives the inputs of a clock.
    pub fn drive(&mut self, circuit: &mut Instance, random: &mut Random) {
        let pins = &self.pins;
        let pace = self.pace;
        circuit.set(pins.awvalid, self.aw.show(pace, random).into());
        circuit.set(pins.wvalid, self.w.show(pace, random).into());
        circuit.set(pins.arvalid, self.ar.show(pace, random).into());
        // What is not valid is anything.
        let mut any = random.next();
        let address = self.aw.queue.front().filter(|_| self.aw.shown);
        circuit.set(pins.awaddr, *address.unwrap_or(&any));
        any = any.rotate_left(13);
        let word = self.w.queue.front().filter(|_| self.w.shown);
        let (data, strobes) = *word.unwrap_or(&(any, any >> 40));
        circuit.set(pins.wdata, data);
        circuit.set(pins.wstrb, strobes);
        any = any.rotate_left(13);
        let address = self.ar.queue.front().filter(|_| self.ar.shown);
        circuit.set(pins.araddr, *address.unwrap_or(&any));
        circuit.set(pins.bready, (random.below(8) < pace).into());
        circuit.set(pins.rready, (random.below(8) < pace).into());
    }

    /// Before the edge: takes note of what moves, and checks the slave.
    pub fn sample(&mut self, circuit: &mut Instance) {
        let mut on = |pin| circuit.get(pin);
        let pins = &self.pins;
        let b = (on(pins.bvalid) != 0).then(|| on(pins.bresp));
        let r = (on(pins.rvalid) != 0).then(|| (on(pins.rdata), on(pins.rresp)));
        assert!(
            self.open_b.is_none() || self.open_b == b,
            "B changed before it was taken: {:?}, {b:?}",
            self.open_b
        );
        assert!(
            self.open_r.is_none() || self.open_r == r,
            "R changed before it was taken: {:?}, {r:?}",
            self.open_r
        );
        let [aw, w, ar] = self.taken;
        if b.is_some() {
            let answered = self.written.len() as u64;
            assert!(answered < aw.min(w), "an answer to no write");
        }
        if r.is_some() {
            assert!((self.read.len() as u64) < ar, "an answer to no read");
        }
        self.open_b = b;
        self.open_r = r;
        if on(pins.bready) != 0 {
            self.written.extend(self.open_b.take());
        }
        if on(pins.rready) != 0 {
            self.read.extend(self.open_r.take());
        }
        if self.aw.shown && on(pins.awready) != 0 {
            self.aw.taken();
            self.taken[0] += 1;
        }
        if self.w.shown && on(pins.wready) != 0 {
            self.w.taken();
            self.taken[1] += 1;
        }
        if self.ar.shown && on(pins.arready) != 0 {
            self.ar.taken();
            self.taken[2] += 1;
        }
    }

    /// A reset takes what is under way with it.
    pub fn forget(&mut self) {
        self.aw = Sender::default();
        self.w = Sender::default();
        self.ar = Sender::default();
        self.taken = [0; 3];
        self.written.clear();
        self.read.clear();
        self.open_b = None;
        self.open_r = None;
    }
}

/// The byte address of a register, as the bus has it.
pub fn at(register: AxiRegister) -> u64 {
    u64::from(register.offset())
}
