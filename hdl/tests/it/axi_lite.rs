//! The registers on AXI4-Lite, with a core that the test plays.

use std::sync::OnceLock;

use rust_hdl::prelude::*;
use spikevec_design::Design;
use spikevec_hdl::axi::{self, AxiLite, AxiMaster, AxiRegister};
use spikevec_hdl::core::Config;
use spikevec_isa::protocol::MAGIC;
use spikevec_verilated::{Handle, Instance, Model};

use crate::axi_host::{AxiHost, OKAY, SLVERR, at};
use crate::bench::{Random, have_tools};

fn config() -> Config {
    Config::named("small").unwrap()
}

fn design() -> Design {
    let mut blocks: Vec<(&str, Box<dyn Block>)> = vec![
        ("lite", Box::new(AxiLite::new(&config()))),
        ("wide", Box::new(AxiMaster::<32, 512, 64>::default())),
        ("half", Box::new(AxiMaster::<16, 256, 32>::default())),
        ("quarter", Box::new(AxiMaster::<8, 128, 16>::default())),
        ("narrow", Box::new(AxiMaster::<4, 64, 8>::default())),
    ];
    for (_, block) in &mut blocks {
        block.connect_all();
    }
    let blocks: Vec<_> = blocks.iter().map(|(n, b)| (*n, b.as_ref())).collect();
    spikevec_emitter::bench("axi_blocks", &blocks).unwrap()
}

/// A circuit of the host's side and of masters for each number of lanes.
pub fn blocks() -> Option<Instance> {
    static MODEL: OnceLock<Model> = OnceLock::new();
    if MODEL.get().is_none() && !have_tools() {
        return None;
    }
    let build = || Model::new(&design()).unwrap_or_else(|error| panic!("{error}"));
    Some(MODEL.get_or_init(build).instance())
}

/// A core's host port and state, and what was asked of it.
struct Core {
    circuit: Instance,
    host: AxiHost,
    random: Random,
    clock: Handle,
    pins: [Handle; 13],
    /// Counter, and clocks until the request is answered.
    busy: Option<(u64, bool, u64, u64)>,
    /// Requests that were answered: write, memory, address, data.
    asked: Vec<(bool, u64, u64, u64)>,
    starts: u64,
    stops: u64,
    clocks: u64,
    /// The longest answer in clocks.
    slow: u64,
}

/// The played core refuses addresses from here on.
const LIMIT: u64 = 0x1_0000;

impl Core {
    fn new() -> Option<Self> {
        let circuit = blocks()?;
        let model = circuit.model();
        let input = |name: &str| model.input(&format!("lite_{name}")).unwrap();
        let output = |name: &str| model.output(&format!("lite_{name}")).unwrap();
        let pins = [
            output("host_read"),
            output("host_write"),
            output("host_memory"),
            output("host_address"),
            output("host_data"),
            output("host_start"),
            output("host_stop"),
            input("host_ready"),
            input("host_valid"),
            input("host_error"),
            input("host_value"),
            input("clocks"),
            input("retired"),
        ];
        Some(Self {
            host: AxiHost::new(model, "lite_"),
            random: Random(5),
            clock: input("clock"),
            pins,
            busy: None,
            asked: Vec::new(),
            starts: 0,
            stops: 0,
            clocks: 0xffff_ff00,
            slow: 6,
            circuit,
        })
    }

    fn set(&mut self, name: &str, value: u64) {
        let pin = self.circuit.model().input(&format!("lite_{name}")).unwrap();
        self.circuit.set(pin, value);
    }

    fn tick(&mut self) {
        let [
            read,
            write,
            memory,
            address,
            data,
            start,
            stop,
            ready,
            valid,
            error,
            value,
            clocks,
            retired,
        ] = self.pins;
        self.host.drive(&mut self.circuit, &mut self.random);
        let circuit = &mut self.circuit;
        let answers = self.busy.is_some_and(|busy| busy.0 == 0);
        circuit.set(ready, self.busy.is_none().into());
        circuit.set(valid, answers.into());
        // Without an answer the pins show anything.
        circuit.set(error, self.random.below(2));
        circuit.set(value, self.random.next());
        if let Some((0, _, memory, address)) = self.busy {
            circuit.set(error, (address >= LIMIT).into());
            circuit.set(value, word(memory, address));
        }
        self.clocks += 1;
        circuit.set(clocks, self.clocks);
        circuit.set(retired, self.clocks * 3);
        circuit.eval();
        self.host.sample(circuit);
        self.starts += circuit.get(start);
        self.stops += circuit.get(stop);
        let request = (circuit.get(read), circuit.get(write));
        assert_ne!(request, (1, 1));
        match &mut self.busy {
            Some((0, ..)) => self.busy = None,
            Some((left, ..)) => *left -= 1,
            None if request != (0, 0) => {
                let write = request.1 == 1;
                let (memory, address) = (circuit.get(memory), circuit.get(address));
                let data = circuit.get(data);
                self.asked.push((write, memory, address, data));
                let wait = self.random.below(self.slow);
                self.busy = Some((wait, write, memory, address));
            }
            None => {}
        }
        circuit.tick(self.clock);
    }

    fn settle(&mut self) {
        for _ in 0..20_000 {
            if self.host.is_idle() {
                return;
            }
            self.tick();
        }
        panic!("no answer");
    }

    /// Clocks from the one that takes the address to the one that answers, at full pace.
    fn timed(&mut self) -> u64 {
        let before = (self.host.written.len(), self.host.read.len());
        for clocks in 0..100 {
            self.tick();
            if (self.host.written.len(), self.host.read.len()) != before {
                return clocks;
            }
        }
        panic!("no answer");
    }

    fn read(&mut self, register: AxiRegister) -> (u64, u64) {
        self.host.ask_read(at(register));
        self.settle();
        *self.host.read.last().unwrap()
    }

    fn write(&mut self, register: AxiRegister, data: u64) -> u64 {
        self.host.ask_write(at(register), data, 15);
        self.settle();
        *self.host.written.last().unwrap()
    }
}

/// What the played memories hold.
fn word(memory: u64, address: u64) -> u64 {
    (address.wrapping_mul(0x9e37_79b1) ^ (memory << 29)) & 0xffff_ffff
}

#[test]
fn verilator_has_no_warning() {
    if have_tools() {
        assert_eq!(spikevec_verilated::lint(&design()).unwrap(), "");
    }
}

#[test]
fn the_page_has_the_register_map() {
    let page = include_str!("../../../docs/axi.md");
    let table = axi::markdown();
    assert!(page.contains(&table), "docs/axi.md must contain:\n{table}");
    for (k, register) in AxiRegister::ALL.into_iter().enumerate() {
        assert_eq!(register.offset() as usize, 4 * k, "{}", register.name());
    }
}

#[test]
fn registers_read_and_write_as_the_map_says() {
    let Some(mut core) = Core::new() else { return };
    let target = config().target;
    let facts = [
        (AxiRegister::Magic, MAGIC),
        (AxiRegister::Version, axi::MAP_VERSION),
        (AxiRegister::Lanes, 8),
        (AxiRegister::InstructionBytes, target.instruction_bytes),
        (AxiRegister::ScalarBytes, target.scalar_bytes),
        (AxiRegister::VectorBytes, target.vector_bytes),
        (AxiRegister::LaneLocalBytes, target.lane_local_bytes),
        (AxiRegister::ExternalBytes, target.external_bytes),
    ];
    for (register, value) in facts {
        assert_eq!(core.read(register), (value.into(), OKAY), "{register:?}");
    }
    core.set("stop_pc", 0x1234);
    assert_eq!(core.read(AxiRegister::StopPc), (0x1234, OKAY));
    // Writable or not, and what is kept.
    for register in AxiRegister::ALL {
        let response = core.write(register, 0);
        let wanted = if register.is_writable() { OKAY } else { SLVERR };
        assert_eq!(response, wanted, "{register:?}");
    }
    for (register, value) in [
        (AxiRegister::Memory, 3),
        (AxiRegister::Address, 0xdead_beef),
        (AxiRegister::BaseLow, 0x8765_4000),
        (AxiRegister::BaseHigh, 0xffff_fff1),
    ] {
        assert_eq!(core.write(register, value), OKAY);
        assert_eq!(core.read(register), (value, OKAY));
    }
    let base = core.circuit.model().output("lite_base").unwrap();
    assert_eq!(core.circuit.get(base), 0xffff_fff1_8765_4000);
    assert_eq!(core.read(AxiRegister::Control), (0, OKAY));
    // Refused for what is written.
    assert_eq!(core.write(AxiRegister::Memory, 4), SLVERR);
    assert_eq!(core.read(AxiRegister::Memory), (3, OKAY));
    assert_eq!(core.write(AxiRegister::BaseLow, 0x1040), SLVERR);
    assert_eq!(core.read(AxiRegister::BaseLow), (0x8765_4000, OKAY));
    // Refusals are remembered until they are cleared.
    assert_eq!(core.read(AxiRegister::Status), (4, OKAY));
    assert_eq!(core.write(AxiRegister::Control, 4), OKAY);
    assert_eq!(core.read(AxiRegister::Status), (0, OKAY));
    // Outside the map, beside a word, a part of a word.
    let end = at(AxiRegister::BaseHigh) + 4;
    for address in [end, 0xffc, 0x800, 1, 2, 3, at(AxiRegister::Address) + 2] {
        core.host.ask_read(address);
        core.settle();
        assert_eq!(core.host.read.last(), Some(&(0, SLVERR)), "{address:#x}");
        core.host.ask_write(address, 0, 15);
        core.settle();
        assert_eq!(core.host.written.last(), Some(&SLVERR), "{address:#x}");
    }
    for strobes in 0..15 {
        core.host.ask_write(at(AxiRegister::Address), 7, strobes);
        core.settle();
        let wanted = if strobes == 0 { OKAY } else { SLVERR };
        assert_eq!(core.host.written.last(), Some(&wanted), "{strobes:#x}");
        assert_eq!(core.read(AxiRegister::Address), (0xdead_beef, OKAY));
    }
    assert_eq!((core.starts, core.stops), (0, 0));
    assert_eq!(core.asked, [(true, 0, 0, 0)], "DATA was written once");
}

#[test]
fn control_starts_and_stops() {
    let Some(mut core) = Core::new() else { return };
    assert_eq!(core.write(AxiRegister::Control, 1), OKAY);
    assert_eq!((core.starts, core.stops), (1, 0));
    for (running, dma_busy) in [(1, 0), (0, 1), (1, 1)] {
        core.set("running", running);
        core.set("dma_busy", dma_busy);
        core.set("cause", 10);
        let state = running | dma_busy << 1 | 10 << 8;
        assert_eq!(core.read(AxiRegister::Status), (state, OKAY));
        for (register, value) in [
            (AxiRegister::Control, 1),
            (AxiRegister::BaseLow, 0x1000),
            (AxiRegister::BaseHigh, 1),
        ] {
            assert_eq!(core.write(register, value), SLVERR, "{register:?}");
        }
        assert_eq!(core.read(AxiRegister::Status), (state | 4, OKAY));
        assert_eq!(core.write(AxiRegister::Control, 6), OKAY);
    }
    assert_eq!((core.starts, core.stops), (1, 3));
    assert_eq!(core.write(AxiRegister::Control, 3), OKAY);
    assert_eq!((core.starts, core.stops), (1, 4), "a stop goes first");
    assert_eq!(core.read(AxiRegister::BaseLow), (0, OKAY));
    assert_eq!(core.read(AxiRegister::BaseHigh), (0, OKAY));
}

#[test]
fn counters_are_of_one_clock() {
    let Some(mut core) = Core::new() else { return };
    let mut carried = 0;
    for _ in 0..60 {
        core.clocks = (core.clocks | 0xffff_ffff) - core.random.below(12);
        let before = core.clocks;
        let low = core.read(AxiRegister::ClocksLow).0;
        let middle = core.clocks;
        let high = core.read(AxiRegister::ClocksHigh).0;
        let read = high << 32 | low;
        assert!(before < read && read <= middle, "{before:x} {read:x}");
        carried += u64::from(high != core.clocks >> 32);
        let before = core.clocks;
        let low = core.read(AxiRegister::RetiredLow).0;
        let middle = core.clocks;
        let high = core.read(AxiRegister::RetiredHigh).0;
        let read = high << 32 | low;
        assert!(
            3 * before < read && read <= 3 * middle,
            "{before:x} {read:x}"
        );
    }
    assert!(
        carried > 3,
        "{carried}: the halves were always of one value"
    );
}

/// Requests of all kinds in the queues of all channels at any pace: each has its answer, in order, and the core sees what
/// was asked.
#[test]
fn many_requests_are_answered_in_order() {
    let Some(mut core) = Core::new() else { return };
    let mut random = Random(99);
    for round in 0..300 {
        core.host.pace = 1 + random.below(8);
        core.slow = 1 + random.below(9);
        let memory = random.below(4);
        let first = random.below(8) * 0x2000 + 4 * random.below(20);
        let first = if round % 8 == 7 { LIMIT - 16 } else { first };
        assert_eq!(core.write(AxiRegister::Memory, memory), OKAY);
        assert_eq!(core.write(AxiRegister::Address, first), OKAY);
        let writes = random.below(2) == 0;
        let count = 1 + random.below(12);
        let (reads, written, asked) = (
            core.host.read.len(),
            core.host.written.len(),
            core.asked.len(),
        );
        let words: Vec<u64> = (0..count).map(|_| random.next() & 0xffff_ffff).collect();
        for word in &words {
            match writes {
                true => core.host.ask_write(at(AxiRegister::Data), *word, 15),
                false => core.host.ask_read(at(AxiRegister::Data)),
            }
            // The other direction at the same time.
            match writes {
                true => core.host.ask_read(at(AxiRegister::Lanes)),
                false => core.host.ask_write(at(AxiRegister::Lanes), *word, 15),
            }
        }
        core.settle();
        // From the limit on the address stays and the access is refused.
        let address = |k: u64| (first + 4 * k).min(LIMIT);
        for (k, word_written) in (0..).zip(&words) {
            let at = asked + k as usize;
            let (is_write, which, place, data) = core.asked[at];
            assert_eq!((is_write, which, place), (writes, memory, address(k)));
            let refused = place >= LIMIT;
            let response = if refused { SLVERR } else { OKAY };
            if writes {
                assert_eq!(data, *word_written);
                assert_eq!(core.host.written[written + k as usize], response);
                assert_eq!(core.host.read[reads + k as usize], (8, OKAY));
            } else {
                let value = if refused { 0 } else { word(memory, place) };
                assert_eq!(core.host.read[reads + k as usize], (value, response));
                assert_eq!(core.host.written[written + k as usize], SLVERR);
            }
        }
        assert_eq!(core.asked.len(), asked + count as usize);
        assert_eq!(core.read(AxiRegister::Address), (address(count), OKAY));
    }
}

#[test]
fn accesses_take_the_clocks_that_the_page_says() {
    let Some(mut core) = Core::new() else { return };
    core.slow = 1;
    core.host.ask_read(at(AxiRegister::Status));
    assert_eq!(core.timed(), 3, "reading a register");
    core.host.ask_write(at(AxiRegister::Address), 0, 15);
    assert_eq!(core.timed(), 3, "writing a register");
    core.host.ask_write(at(AxiRegister::Data), 0, 15);
    assert_eq!(core.timed(), 4, "a core that answers in the next clock");
    // One after the other.
    for _ in 0..100 {
        core.host.ask_read(at(AxiRegister::Status));
    }
    let clocks = core.clocks;
    core.settle();
    assert!(core.clocks - clocks <= 404, "{}", core.clocks - clocks);
}

#[test]
fn a_reset_empties_all_channels() {
    let Some(mut core) = Core::new() else { return };
    let mut random = Random(3);
    for round in 0..100 {
        core.host.pace = 1 + random.below(8);
        assert_eq!(core.write(AxiRegister::BaseLow, 0x5000), OKAY);
        for _ in 0..4 {
            core.host.ask_write(at(AxiRegister::Data), 1, 15);
            core.host.ask_read(at(AxiRegister::Data));
        }
        for _ in 0..random.below(40) {
            core.tick();
        }
        let stops = core.stops;
        core.host.forget();
        core.set("reset", 1);
        for clock in 0..16 {
            // Inputs are low in a reset, as the standard has it; answers that were shown go.
            core.host.drive(&mut core.circuit, &mut core.random);
            core.circuit.tick(core.clock);
            core.circuit.eval();
            for name in ["bvalid", "rvalid", "host_read", "host_write"] {
                let pin = core
                    .circuit
                    .model()
                    .output(&format!("lite_{name}"))
                    .unwrap();
                assert_eq!(core.circuit.get(pin), 0, "{name} in {clock} of {round}");
            }
        }
        let stop = core.circuit.model().output("lite_host_stop").unwrap();
        assert_eq!(core.circuit.get(stop), 1);
        core.set("reset", 0);
        core.busy = None;
        core.host.forget();
        assert_eq!(core.read(AxiRegister::BaseLow), (0, OKAY));
        assert!(core.stops > stops);
        assert_eq!(core.read(AxiRegister::Status), (0, OKAY));
    }
}
