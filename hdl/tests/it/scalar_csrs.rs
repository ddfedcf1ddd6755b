//! The CSRs against a model that is written from docs/core.md, clock by clock.

use rust_hdl::prelude::*;
use spikevec_hdl::scalar::CsrDecode;
use spikevec_isa::csr::{CSRS, Csr};

use crate::bench::{Bench, Random, instance};

/// The simulator's own, which it does not export.
#[path = "../../../simulator/src/state/counters.rs"]
mod counters;

const INPUTS: [&str; 10] = [
    "take",
    "access",
    "address",
    "operation",
    "no_write",
    "operand",
    "running",
    "retire",
    "retire_uncounted",
    "dma_value",
];
const OUTPUTS: [&str; 7] = [
    "value",
    "illegal",
    "wrote_instret",
    "dma_write",
    "dma_channel",
    "dma_register",
    "dma_data",
];

struct Model {
    cycle: u64,
    instret: u64,
    inhibit: u32,
}

/// One clock's inputs but for DMA's value.
#[derive(Debug, Clone, Copy)]
struct Clocked {
    access: bool,
    address: u32,
    operation: u64,
    no_write: bool,
    operand: u32,
    running: bool,
    retire: bool,
    uncounted: bool,
}

/// Channel and register: from the place of the address in DMA's table.
fn dma(address: u32) -> Option<(u64, u64)> {
    let channel = u64::from(address >> 4 & 1);
    match address {
        0xbc0..=0xbc3 | 0xbd0..=0xbd3 => Some((channel, u64::from(address & 3))),
        0xfc0 | 0xfd0 => Some((channel, 4)),
        _ => None,
    }
}

impl Model {
    fn read(&self, csr: Csr, dma_value: u32) -> u32 {
        match csr {
            Csr::Mcountinhibit => self.inhibit,
            Csr::Mcycle => self.cycle as u32,
            Csr::Mcycleh => (self.cycle >> 32) as u32,
            Csr::Minstret => self.instret as u32,
            Csr::Minstreth => (self.instret >> 32) as u32,
            Csr::Mm2sControl | Csr::S2mmControl => 0,
            _ => dma_value,
        }
    }

    /// Outputs of the clock; then its end.
    fn clock(&mut self, c: Clocked, dma_value: u32) -> [Option<u64>; 7] {
        let csr = Csr::from_address(c.address);
        let old = csr.map_or(0, |csr| self.read(csr, dma_value));
        let legal = csr.is_some_and(|csr| c.no_write || !csr.is_read_only());
        let new = match c.operation {
            0 => c.operand,
            1 => old | c.operand,
            _ => old & !c.operand,
        };
        let written = csr.filter(|_| c.access && legal && !c.no_write);
        let transfer = dma(c.address);
        let dma_write = written.is_some() && transfer.is_some();
        let out = [
            Some(old.into()),
            Some(u64::from(c.access && !legal)),
            Some(matches!(written, Some(Csr::Minstret | Csr::Minstreth)).into()),
            Some(dma_write.into()),
            transfer.map(|t| t.0),
            transfer.map(|t| t.1),
            dma_write.then_some(new.into()),
        ];
        let (cycle, instret) = (self.cycle, self.instret);
        if c.running && self.inhibit & 1 == 0 {
            self.cycle = cycle.wrapping_add(1);
        }
        if c.retire && !c.uncounted && self.inhibit & 4 == 0 {
            self.instret = instret.wrapping_add(1);
        }
        let low = |counter: u64| counter >> 32 << 32 | u64::from(new);
        let high = |counter: u64| counter & 0xffff_ffff | u64::from(new) << 32;
        match written {
            Some(Csr::Mcountinhibit) => self.inhibit = new & 5,
            Some(Csr::Mcycle) => self.cycle = low(cycle),
            Some(Csr::Mcycleh) => self.cycle = high(cycle),
            Some(Csr::Minstret) => self.instret = low(instret),
            Some(Csr::Minstreth) => self.instret = high(instret),
            _ => {}
        }
        out
    }
}

fn step(bench: &mut Bench, model: &mut Model, c: Clocked, dma_value: u32) {
    let inputs = bench.inputs("csrs", INPUTS);
    let outputs = bench.outputs("csrs", OUTPUTS);
    let clock = bench.input("csrs_clock");
    choose(bench, c.address);
    let values = [
        0,
        c.access.into(),
        c.address.into(),
        c.operation,
        c.no_write.into(),
        c.operand.into(),
        c.running.into(),
        c.retire.into(),
        c.uncounted.into(),
        dma_value.into(),
    ];
    bench.drive(inputs, values);
    let got = outputs.map(|port| bench.instance.get(port));
    let expected = model.clock(c, dma_value);
    for ((got, expected), name) in got.into_iter().zip(expected).zip(OUTPUTS) {
        let expected = expected.unwrap_or(got);
        assert_eq!(got, expected, "{name}: {c:x?} {dma_value:#x}");
    }
    bench.instance.tick(clock);
}

/// The clock before an access, in which the address is decoded and nothing counts.
fn choose(bench: &mut Bench, address: u32) {
    let inputs = bench.inputs("csrs", INPUTS);
    bench.drive(inputs, [1, 0, address.into(), 0, 0, 0, 0, 0, 0, 0]);
    let clock = bench.input("csrs_clock");
    bench.instance.tick(clock);
}

/// Whether a write of `minstret` came out, for its instruction's retirement.
fn wrote_instret(bench: &mut Bench) -> bool {
    let port = bench.output("csrs_wrote_instret");
    bench.instance.get(port) == 1
}

fn reset() -> Model {
    Model {
        cycle: 0,
        instret: 0,
        inhibit: 5,
    }
}

#[test]
fn counters_follow_every_clock() {
    let Some(mut bench) = instance() else { return };
    let mut model = reset();
    let mut random = Random(50);
    let (mut carries, mut counted) = (0, 0);
    for _ in 0..300_000 {
        let among = if random.below(3) > 0 { 5 } else { 15 };
        let (_, address, ..) = CSRS[random.below(among) as usize];
        let address = match random.below(32) {
            0 => random.below(4096) as u32,
            1 => address ^ 1 << random.below(12),
            _ => address,
        };
        let operand = match (address, random.below(4)) {
            (0x320, 1..) => random.below(8) as u32 & random.below(8) as u32,
            (_, 0) => !(random.below(4) as u32),
            _ => random.bits(32) as u32,
        };
        let operation = random.below(3);
        let c = Clocked {
            access: random.below(5) == 0,
            address,
            operation,
            no_write: operation != 0 && random.below(4) == 0,
            operand,
            running: random.below(8) > 0,
            retire: random.below(4) > 0,
            uncounted: random.below(16) == 0,
        };
        let dma_value = random.bits(32) as u32;
        let before = [model.cycle, model.instret];
        step(&mut bench, &mut model, c, dma_value);
        for (was, is) in before.into_iter().zip([model.cycle, model.instret]) {
            counted += u32::from(is == was.wrapping_add(1));
            carries += u32::from(is == was.wrapping_add(1) && was as u32 == u32::MAX);
        }
    }
    assert!(counted > 100_000 && carries > 100, "{counted} {carries}");
}

#[test]
fn every_address_and_reset_value() {
    let Some(mut bench) = instance() else { return };
    let mut model = reset();
    for address in 0..4096 {
        for (no_write, operation) in [(true, 1), (true, 2)] {
            let c = Clocked {
                access: true,
                address,
                operation,
                no_write,
                operand: 0,
                running: true,
                retire: true,
                uncounted: false,
            };
            step(&mut bench, &mut model, c, 0x82);
        }
    }
    assert_eq!([model.cycle, model.instret], [0, 0]);
    for address in 0..4096 {
        let c = Clocked {
            access: true,
            address,
            operation: 0,
            no_write: false,
            operand: 0x5a5a_5a5a,
            running: false,
            retire: false,
            uncounted: false,
        };
        step(&mut bench, &mut model, c, 0x82);
    }
}

/// `minstret` and `mcountinhibit` as the simulator has them: CSR instructions retire three clocks
/// after they act, with nothing older or younger under way, as the pipeline sees to.
#[test]
fn retired_instructions_are_the_simulators() {
    let Some(mut bench) = instance() else { return };
    let inputs = bench.inputs("csrs", INPUTS);
    let [clock, value] = [bench.input("csrs_clock"), bench.output("csrs_value")];
    let mut counters = counters::Counters::default();
    let mut random = Random(51);
    let mut values = std::collections::BTreeSet::new();
    for now in 0..200_000 {
        if random.below(3) > 0 {
            bench.drive(inputs, [0, 0, 0, 0, 0, 0, 1, 1, 0, 0]);
            bench.instance.tick(clock);
            continue;
        }
        let among = [Csr::Minstret, Csr::Minstreth, Csr::Mcountinhibit];
        let csr = among[random.below(3) as usize];
        let (operation, operand) = (random.below(3), random.bits(32) as u32);
        let no_write = operation > 0 && random.below(2) == 0;
        let of_csr = [1, csr.address().into(), operation, no_write.into()];
        let [access, address, operation, keep] = of_csr;
        choose(&mut bench, csr.address());
        let operand_in = operand.into();
        bench.drive(
            inputs,
            [0, access, address, operation, keep, operand_in, 1, 0, 0, 0],
        );
        let now = counters::Now {
            retired: now,
            clock: now,
            inhibited_from: now,
        };
        let old = counters.read(csr, now).unwrap();
        // The simulator's mcycle has no clock, and its inhibit bit is not this test's matter.
        let mask = if csr == Csr::Mcountinhibit {
            4
        } else {
            u32::MAX
        };
        let got = bench.instance.get(value) as u32;
        assert_eq!(
            got & mask,
            old & mask,
            "{csr:?} before instruction {}",
            now.retired
        );
        values.insert(got);
        if !no_write {
            let new = [operand, got | operand, got & !operand][operation as usize];
            assert!(counters.write(csr, new, now));
        }
        let uncounted = wrote_instret(&mut bench);
        bench.instance.tick(clock);
        for retire in [false, false, true] {
            let retires = [retire.into(), (retire && uncounted).into()];
            bench.drive(inputs, [0, 0, 0, 0, 0, 0, 1, retires[0], retires[1], 0]);
            bench.instance.tick(clock);
        }
    }
    assert!(values.len() > 10_000, "{}", values.len());
}

#[test]
fn the_decoder_of_addresses_agrees_with_its_model() {
    let Some(mut bench) = instance() else { return };
    let mut model = CsrDecode::default();
    model.connect_all();
    let address = bench.input("csr_decode_address");
    let flags = ["known", "read_only", "dma", "dma_channel"];
    let flags = bench.outputs("csr_decode", flags);
    let [register, source] = bench.outputs("csr_decode", ["dma_register", "source"]);
    for at in 0..4096u64 {
        bench.drive([address], [at]);
        model.address.next = at.into();
        assert!(simulate(&mut model, 10));
        let of_model = [
            &model.known,
            &model.read_only,
            &model.dma,
            &model.dma_channel,
        ]
        .map(|port| port.val());
        let got = flags.map(|port| bench.instance.get(port) == 1);
        assert_eq!(got, of_model, "{at:#x}");
        let which = bench.instance.get(register);
        assert_eq!(which, model.dma_register.val().to_u64(), "{at:#x}");
        let reads = bench.instance.get(source);
        assert_eq!(reads, model.source.val().to_u64(), "{at:#x}");
    }
}
