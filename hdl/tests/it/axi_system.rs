//! Whole systems on AXI: programs with DMA, against the simulator.

use std::sync::OnceLock;

use spikevec_hdl::axi::AxiRegister;
use spikevec_hdl::core::{Config, cause};
use spikevec_isa::{LANES, Memory, Target};
use spikevec_simulator::{Limits, Machine};
use spikevec_verilated::{Handle, Instance, Model};

use crate::axi_host::{AxiHost, OKAY, SLVERR, at};
use crate::axi_memory::AxiMemory;
use crate::bench::{Random, have_tools};

const BASE: u64 = 0x8_7654_3000;
const EXTERNAL: usize = 256 << 10;

/// Vectors that go in, and out.
const VECTORS: u32 = 100;

/// Brings vectors in, adds each to the one before, clamped, counts in scalar memory, and takes them out to another place,
/// while the first ones come in again.
const PROGRAM: &str = "
    .text
        li      s0, 4160
        csrw    mm2s_src_addr, s0
        li      s1, 1024
        csrw    mm2s_dst_addr, s1
        li      s2, 6400
        csrw    mm2s_count, s2
        csrwi   mm2s_control, 1
    wait:
        csrr    t0, mm2s_status
        andi    t0, t0, 2
        beqz    t0, wait
        li      a0, 1024
        li      a1, 100
        vlui    v1, 0
        vlui    v3, 126
        li      a3, 0
    each:
        vloadv  v2, 0(a0)
        vadd.s  v1, v1, v2
        vstorev v1, 0(a0)
        vand    v4, v2, v3
        vstorel v1, 0(v4)
        addi    a0, a0, 64
        lw      a2, 8(zero)
        addi    a2, a2, 3
        sw      a2, 8(zero)
        addi    a1, a1, -1
        bnez    a1, each
        csrw    s2mm_src_addr, s1
        li      s0, 131136
        csrw    s2mm_dst_addr, s0
        csrw    s2mm_count, s2
        li      s1, 16384
        csrw    mm2s_dst_addr, s1
        csrwi   s2mm_control, 1
        csrwi   mm2s_control, 1
    out:
        csrr    t0, s2mm_status
        andi    t0, t0, 2
        beqz    t0, out
    again:
        csrr    t1, mm2s_status
        andi    t1, t1, 2
        beqz    t1, again
        csrr    t0, s2mm_status
        csrr    t1, mm2s_status
        sw      t0, 12(zero)
        sw      t1, 16(zero)
        ecall
";

fn config(name: &str) -> Config {
    let mut config = Config::named(name).unwrap();
    config.target.external_bytes = EXTERNAL as u32;
    config
}

struct System {
    circuit: Instance,
    clock: Handle,
    reset: Handle,
    host: AxiHost,
    memory: AxiMemory,
    random: Random,
    target: Target,
}

impl System {
    fn new(model: &Model, config: &Config) -> Self {
        let width = 2 * config.target.lanes as usize;
        let mut memory = AxiMemory::of_system(model, width, EXTERNAL);
        memory.base = BASE;
        let mut system = Self {
            circuit: model.instance(),
            clock: model.input("aclk").unwrap(),
            reset: model.input("aresetn").unwrap(),
            host: AxiHost::new(model, "s_axi_"),
            memory,
            random: Random(1),
            target: config.target.clone(),
        };
        system.circuit.set(system.reset, 0);
        for _ in 0..16 {
            system.circuit.tick(system.clock);
        }
        system.circuit.set(system.reset, 1);
        system.circuit.eval();
        system
    }

    fn tick(&mut self) {
        self.host.drive(&mut self.circuit, &mut self.random);
        self.memory.drive(&mut self.circuit, &mut self.random);
        self.circuit.eval();
        self.host.sample(&mut self.circuit);
        self.memory.sample(&mut self.circuit);
        self.circuit.tick(self.clock);
    }

    fn settle(&mut self) {
        for _ in 0..1_000_000 {
            if self.host.is_idle() {
                return;
            }
            self.tick();
        }
        panic!("no answer");
    }

    fn read(&mut self, register: AxiRegister) -> u64 {
        self.host.ask_read(at(register));
        self.settle();
        let (value, response) = *self.host.read.last().unwrap();
        assert_eq!(response, OKAY, "{register:?}");
        value
    }

    fn write(&mut self, register: AxiRegister, value: u64) -> u64 {
        self.host.ask_write(at(register), value, 15);
        self.settle();
        *self.host.written.last().unwrap()
    }

    fn select(&mut self, memory: u64, address: u64) {
        assert_eq!(self.write(AxiRegister::Memory, memory), OKAY);
        assert_eq!(self.write(AxiRegister::Address, address), OKAY);
    }

    fn load(&mut self, memory: u64, address: u64, words: impl Iterator<Item = u32>) {
        self.select(memory, address);
        let before = self.host.written.len();
        for word in words {
            self.host.ask_write(at(AxiRegister::Data), word.into(), 15);
        }
        self.settle();
        assert!(self.host.written[before..].iter().all(|r| *r == OKAY));
    }

    fn dump(&mut self, memory: u64, address: u64, words: usize) -> Vec<u32> {
        self.select(memory, address);
        let before = self.host.read.len();
        for _ in 0..words {
            self.host.ask_read(at(AxiRegister::Data));
        }
        self.settle();
        let answers = &self.host.read[before..];
        assert!(answers.iter().all(|(_, response)| *response == OKAY));
        answers.iter().map(|(word, _)| *word as u32).collect()
    }

    fn wait(&mut self) -> u64 {
        for _ in 0..200_000 {
            let status = self.read(AxiRegister::Status);
            if status & 3 == 0 {
                return status;
            }
        }
        panic!("it runs on");
    }
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> {
    let words = bytes.chunks_exact(4);
    words.map(|c| u32::from_le_bytes(c.try_into().unwrap()))
}

fn code(source: &str) -> Vec<u32> {
    spikevec_assembler::assemble(source, "axi.s").unwrap().code
}

fn model(name: &str) -> Option<&'static Model> {
    static TINY: OnceLock<Model> = OnceLock::new();
    static HALF: OnceLock<Model> = OnceLock::new();
    let place = if name == "tiny" { &TINY } else { &HALF };
    if place.get().is_none() && !have_tools() {
        return None;
    }
    let build = || Model::new(&config(name).axi_design().unwrap()).unwrap();
    Some(place.get_or_init(build))
}

#[test]
fn verilator_has_no_warning_for_any_configuration_on_axi() {
    if !have_tools() {
        return;
    }
    for name in Config::NAMES {
        let design = Config::named(name).unwrap().axi_design().unwrap();
        assert_eq!(design.top, "spikevec_axi");
        assert_eq!(spikevec_verilated::lint(&design).unwrap(), "", "{name}");
    }
}

/// The same program in the simulator, and over both buses at several paces: all memories, and the count of instructions.
fn program_ends_as_in_the_simulator(name: &str, paces: &[u64]) {
    let Some(model) = model(name) else { return };
    let config = config(name);
    let mut random = Random(2026);
    let code = code(PROGRAM);
    for pace in paces {
        let external: Vec<u8> = (0..EXTERNAL).map(|_| random.next() as u8).collect();
        let vectors: Vec<u8> = (0..32 << 10).map(|_| random.next() as u8).collect();
        let mut machine = Machine::new(&config.target).unwrap();
        machine.load_code(&code).unwrap();
        machine.write(Memory::External, 0, &external).unwrap();
        machine.write(Memory::Vector, 0, &vectors).unwrap();
        let stop = machine.run(&Limits::default());
        assert_eq!(stop.cause, spikevec_simulator::Cause::Ecall);

        let mut system = System::new(model, &config);
        system.memory.bytes.clone_from(&external);
        system.load(2, 0, words(&vectors));
        system.host.pace = *pace;
        system.memory.pace = *pace;
        assert_eq!(system.write(AxiRegister::BaseLow, BASE & 0xffff_ffff), OKAY);
        assert_eq!(system.write(AxiRegister::BaseHigh, BASE >> 32), OKAY);
        system.load(0, 0, code.iter().copied());
        assert_eq!(system.dump(0, 0, code.len()), code);
        assert_eq!(system.write(AxiRegister::Control, 1), OKAY);
        assert_eq!(system.write(AxiRegister::Data, 0), SLVERR, "it runs");
        assert_eq!(system.wait(), u64::from(cause::ECALL) << 8 | 4);
        assert_eq!(
            system.read(AxiRegister::StopPc),
            4 * (code.len() as u64 - 1)
        );
        assert_eq!(system.write(AxiRegister::Control, 4), OKAY);
        system.host.pace = 8;
        let mut wanted = vec![0; EXTERNAL];
        machine.read(Memory::External, 0, &mut wanted).unwrap();
        assert!(wanted != external);
        assert!(system.memory.bytes == wanted, "{name}: external memory");
        let lane = system.target.lane_local_bytes * LANES as u32;
        for (number, memory, bytes) in [
            (1, Memory::Scalar, 64),
            (2, Memory::Vector, vectors.len()),
            (3, Memory::LaneLocal, lane as usize),
        ] {
            let mut wanted = vec![0; bytes];
            machine.read(memory, 0, &mut wanted).unwrap();
            let found = system.dump(number, 0, bytes / 4);
            let wanted: Vec<u32> = words(&wanted).collect();
            assert!(found == wanted, "{name}: {memory}");
        }
        // Three transfers, in and out with pieces of their own.
        let moved: u64 = system.memory.bursts.iter().map(|burst| burst.words).sum();
        let beats = u64::from(config.target.beats());
        assert_eq!(moved, 3 * u64::from(VECTORS) * beats);
        let clocks = system.read(AxiRegister::ClocksLow);
        let retired = system.read(AxiRegister::RetiredLow);
        // Polling counts too.
        assert!(retired >= machine.retired() && clocks > retired);
        assert_eq!(
            system.read(AxiRegister::Status),
            u64::from(cause::ECALL) << 8
        );
    }
}

#[test]
fn a_program_with_dma_ends_as_in_the_simulator() {
    program_ends_as_in_the_simulator("tiny", &[8, 4, 1]);
}

#[test]
fn a_program_with_dma_ends_as_in_the_simulator_on_16_lanes() {
    program_ends_as_in_the_simulator("half", &[6]);
}

/// Three transfers at once, and what their status says.
const TRANSFER: &str = "
    .text
        li      s0, 8192
        csrw    mm2s_src_addr, s0
        csrw    mm2s_dst_addr, zero
        csrw    s2mm_src_addr, zero
        csrw    s2mm_dst_addr, s0
        li      s2, 6400
        csrw    mm2s_count, s2
        csrw    s2mm_count, s2
        csrwi   mm2s_control, 1
    wait:
        csrr    t0, mm2s_status
        andi    t1, t0, 2
        beqz    t1, wait
        csrwi   s2mm_control, 1
    out:
        csrr    t2, s2mm_status
        andi    t1, t2, 2
        beqz    t1, out
        sw      t0, 0(zero)
        sw      t2, 4(zero)
        ecall
";

#[test]
fn errors_of_the_bus_reach_the_program() {
    use spikevec_isa::dma::status::{DONE, IDLE, SLAVE_ERROR};
    let Some(model) = model("tiny") else { return };
    let config = config("tiny");
    let mut system = System::new(model, &config);
    system.memory.pace = 5;
    assert_eq!(system.write(AxiRegister::BaseLow, BASE & 0xffff_ffff), OKAY);
    assert_eq!(system.write(AxiRegister::BaseHigh, BASE >> 32), OKAY);
    system.load(0, 0, code(TRANSFER).into_iter());
    let (good, failed) = (IDLE | DONE, IDLE | SLAVE_ERROR);
    let start = BASE + 8192;
    for (bad, wanted) in [
        (0..0, good),
        (start + 6392..start + 6400, failed),
        (start..start + 8, failed),
        (start + 6400..start + 9000, good),
    ] {
        system.memory.bad = bad.clone();
        assert_eq!(system.write(AxiRegister::Control, 1), OKAY);
        assert_eq!(system.wait(), u64::from(cause::ECALL) << 8);
        assert_eq!(system.dump(1, 0, 2), [wanted, wanted], "{bad:x?}");
    }
}

/// The table of docs/axi.md: from the clock that takes the request to that of its answer.
#[test]
fn the_window_takes_the_clocks_that_the_page_says() {
    let Some(model) = model("tiny") else { return };
    let mut system = System::new(model, &config("tiny"));
    for (memory, read, write) in [(0, 6, 6), (1, 6, 5), (2, 7, 5), (3, 10, 10)] {
        for (reads, wanted) in [(true, read), (false, write)] {
            system.select(memory, 64);
            match reads {
                true => system.host.ask_read(at(AxiRegister::Data)),
                false => system.host.ask_write(at(AxiRegister::Data), 1, 15),
            }
            let mut clocks = 0;
            while !system.host.is_idle() {
                system.tick();
                clocks += 1;
            }
            assert_eq!(clocks - 1, wanted, "memory {memory}, reads: {reads}");
        }
    }
}

#[test]
fn a_reset_stops_the_core_and_its_transfers() {
    let Some(model) = model("tiny") else { return };
    let config = config("tiny");
    let mut system = System::new(model, &config);
    let mut random = Random(77);
    for round in 0..40 {
        assert_eq!(system.write(AxiRegister::BaseLow, BASE & 0xffff_ffff), OKAY);
        assert_eq!(system.write(AxiRegister::BaseHigh, BASE >> 32), OKAY);
        system.load(0, 0, code(TRANSFER).into_iter());
        system.memory.pace = 3;
        assert_eq!(system.write(AxiRegister::Control, 1), OKAY);
        for _ in 0..random.below(6000) {
            system.tick();
        }
        system.circuit.set(system.reset, 0);
        system.memory.forget();
        system.host.forget();
        for name in ["arready", "awready", "wready", "bvalid", "rvalid"] {
            let pin = model.input(&format!("m_axi_{name}")).unwrap();
            system.circuit.set(pin, 0);
        }
        for _ in 0..16 {
            system.circuit.tick(system.clock);
        }
        system.circuit.set(system.reset, 1);
        let status = system.read(AxiRegister::Status);
        assert_eq!(status & 7, 0, "{round}: {status:x}");
        let cause = (status >> 8) as u32;
        assert!([cause::ECALL, cause::HOST].contains(&cause), "{cause}");
        assert_eq!(system.read(AxiRegister::BaseLow), 0);
    }
}
