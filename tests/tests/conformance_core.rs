//! Every program of ../shared/data/conformance on the core: it leaves the state that an
//! independent simulator left behind.
//!
//! The host port reaches no registers, so that a program before sets them from memory and
//! one after stores them; the core keeps registers from run to run.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use serde::Deserialize;
use spikevec_assembler::assemble;
use spikevec_hdl::core::Config;
use spikevec_isa::StopCode;
use spikevec_isa::csr::Csr;
use spikevec_isa::{Instruction, LANES, Memory, Operand, rng};
use spikevec_tests::conformance::{MEMORIES, cases, image, words};
use spikevec_tests::shared;
use spikevec_verilated::burst::ExternalTiming;
use spikevec_verilated::device::{BurstMemory, Device};
use spikevec_verilated::{Model, VerilatedError, check_tools};

/// Clocks that a program may take.
const BUDGET: u64 = 10_000_000;
/// Samples drawn to see the generators' state.
const SAMPLES: u32 = 4;
/// Of memory that a case neither sets nor changes, one word in so many is read back.
const SPARSE: usize = 64;

#[derive(Deserialize)]
struct Case {
    name: String,
    stop: String,
    pc: u32,
    instruction_words: u32,
    scalar_bytes: u32,
    vector_halfwords: u32,
    lane_local_halfwords: u32,
    dram_bytes: u32,
    unchanged: Vec<String>,
}

fn run(device: &mut Device, text: &str) {
    let program = assemble(text, "registers.s").unwrap();
    device.load_program(&program.code).unwrap();
    device.start().unwrap();
    let stop = device.run(BUDGET).unwrap();
    assert_eq!(stop.cause, StopCode::Ecall);
}

/// Sets all registers and generators; leaves the memories it needs changed.
fn set_registers(device: &mut Device, vectors: &[u8], scalars: &[u8], rng: &[u8]) {
    device.write(Memory::Vector, 0, vectors).unwrap();
    device.write(Memory::Vector, 2048, rng).unwrap();
    device.write(Memory::Scalar, 0, scalars).unwrap();
    let mut text = "li x1, 2048\nvloadr0 0(x1)\nvloadr1 64(x1)\n".to_owned();
    for k in 0..32 {
        text.push_str(&format!("vloadv v{k}, {}(x0)\n", 64 * k));
    }
    for k in 1..32 {
        text.push_str(&format!("lw x{k}, {}(x0)\n", 4 * k));
    }
    run(device, &(text + "ecall\n"));
}

/// All registers, and what the generators draw next, in the memories' first bytes.
fn get_registers(device: &mut Device) -> (Vec<u8>, Vec<u8>, Vec<u8>) {
    let mut text = String::new();
    for k in 1..32 {
        text.push_str(&format!("sw x{k}, {}(x0)\n", 4 * k));
    }
    for k in 0..32 {
        text.push_str(&format!("vstorev v{k}, {}(x0)\n", 64 * k));
    }
    text.push_str("li x1, 2048\n");
    for k in 0..SAMPLES {
        text.push_str(&format!("vrng v0\nvstorev v0, {}(x1)\n", 64 * k));
    }
    run(device, &(text + "ecall\n"));
    let mut read = |memory, address, bytes: usize| {
        let mut out = vec![0; bytes];
        device.read(memory, address, &mut out).unwrap();
        out
    };
    let vectors = read(Memory::Vector, 0, 2048);
    let drawn = read(Memory::Vector, 2048, 64 * SAMPLES as usize);
    let mut scalars = read(Memory::Scalar, 0, 128);
    scalars[..4].fill(0);
    (vectors, scalars, drawn)
}

/// What generators in this state draw.
fn draws(state: &[u8]) -> Vec<u8> {
    let pairs = state.chunks_exact(2);
    let state: Vec<u16> = pairs.map(|b| u16::from_le_bytes([b[0], b[1]])).collect();
    let (mut s0, mut s1) = (state[..LANES].to_vec(), state[LANES..].to_vec());
    let mut out = Vec::new();
    for _ in 0..SAMPLES {
        for lane in 0..LANES {
            let (sample, next0, next1) = rng::step(s0[lane], s1[lane]);
            (s0[lane], s1[lane]) = (next0, next1);
            out.extend((sample >> 1).to_le_bytes());
        }
    }
    out
}

/// The cause in the words of the cases, which give an address or a word as well.
fn agrees(cause: StopCode, told: &str) -> bool {
    let kind = match cause {
        StopCode::Ecall => "ecall",
        StopCode::Ebreak => "ebreak",
        StopCode::Illegal => "Illegal instruction",
        StopCode::MisalignedFetch => "Misaligned fetch",
        StopCode::FetchFault => "Fetch fault",
        StopCode::MisalignedLoad => "Misaligned load",
        StopCode::LoadFault => "Load fault",
        StopCode::MisalignedStore => "Misaligned store",
        StopCode::StoreFault => "Store fault",
        _ => return false,
    };
    told.starts_with(kind)
}

/// Scalar registers that `mcycle` is read into.
fn clock_registers(code: &[u32]) -> impl Iterator<Item = u8> {
    let decoded = code
        .iter()
        .filter_map(|word| Instruction::decode(*word).ok());
    decoded
        .filter(|i| i.op.spec().has(Operand::Csr) && i.imm as u32 == Csr::Mcycle.address())
        .map(|i| i.rd)
}

/// Compares a memory with what it should hold: every word that the case sets or changes, and
/// some of the others.
fn compare(device: &mut Device, case: &Case, name: &str, memory: Memory, init: &[u8], last: &[u8]) {
    let mut at = 0;
    for (k, (before, after)) in init.chunks(64).zip(last.chunks(64)).enumerate() {
        let zero = before.iter().chain(after).all(|byte| *byte == 0);
        if !zero || k % SPARSE == 0 {
            let mut found = vec![0; after.len()];
            device.read(memory, at, &mut found).unwrap();
            assert_eq!(found, after, "{}: {name} from byte {at:#x} on", case.name);
        }
        at += after.len() as u32;
    }
}

/// False where the reference stops for a hazard that the core does not have.
fn check(model: &Model, config: &Config, folder: &Path) -> bool {
    let text = fs::read_to_string(folder.join("case.json")).unwrap();
    let case: Case = serde_json::from_str(&text).unwrap();
    let target = &config.target;
    assert_eq!(case.instruction_words * 4, target.instruction_bytes);
    assert_eq!(case.scalar_bytes, target.scalar_bytes);
    assert_eq!(case.vector_halfwords * 2, target.vector_bytes);
    assert_eq!(case.lane_local_halfwords * 2, target.lane_local_bytes);
    assert_eq!(case.dram_bytes, target.external_bytes);
    let lanes = config.target.lanes as usize;
    let timing = ExternalTiming {
        latency: 8,
        clocks_per_word: 1,
    };
    let external = Box::new(BurstMemory::new(case.dram_bytes as usize, timing, lanes));
    let mut device = Device::from_model(model, lanes, target, external).unwrap();

    let last = |name: &str| {
        let unchanged = case.unchanged.iter().any(|image| image == name);
        image(
            folder,
            &format!("{}_{name}", if unchanged { "init" } else { "final" }),
        )
    };
    let init = |name: &str| image(folder, &format!("init_{name}"));
    set_registers(&mut device, &init("vregs"), &init("xregs"), &init("rng"));
    for (name, memory) in MEMORIES {
        // The device is new, so that only what is not zero, or was used just now, is written.
        for (k, chunk) in init(name).chunks(64).enumerate() {
            if k < 64 || chunk.iter().any(|byte| *byte != 0) {
                device.write(memory, 64 * k as u32, chunk).unwrap();
            }
        }
    }
    device.load_program(&words(&image(folder, "code"))).unwrap();
    device.start().unwrap();
    let stop = device.run(BUDGET).unwrap();
    if case.stop.starts_with("RAW hazard") {
        // The reference stops where a load's result is read too early. The core waits instead and goes on.
        assert_eq!(stop.cause, StopCode::Ecall, "{}", case.name);
        return false;
    }
    assert!(
        agrees(stop.cause, &case.stop),
        "{}: {}, the reference says {}",
        case.name,
        stop.cause,
        case.stop
    );
    assert_eq!(stop.pc, case.pc, "{}: pc", case.name);
    for (name, memory) in MEMORIES {
        compare(&mut device, &case, name, memory, &init(name), &last(name));
    }
    let (vectors, mut scalars, drawn) = get_registers(&mut device);
    let mut expected = last("xregs");
    for register in clock_registers(&words(&image(folder, "code"))) {
        // The reference counts an instruction as a clock; the core takes at least one for each.
        let at = 4 * usize::from(register);
        let [found, told] = [&scalars, &expected].map(|all| words(&all[at..at + 4])[0]);
        assert!(found >= told, "{}: x{register} counts clocks", case.name);
        scalars[at..at + 4].fill(0);
        expected[at..at + 4].fill(0);
    }
    assert_eq!(vectors, last("vregs"), "{}: vector registers", case.name);
    assert_eq!(scalars, expected, "{}: scalar registers", case.name);
    assert_eq!(drawn, draws(&last("rng")), "{}: generators", case.name);
    true
}

/// The lockstep tests run the same programs in a tenth of the time; this one asks the reference itself.
#[test]
#[ignore = "takes minutes: `cargo xtask verify` runs it"]
fn programs_end_on_the_core_as_in_the_reference() {
    let Some(root) = shared::data() else { return };
    if let Err(error @ VerilatedError::Missing { .. }) = check_tools() {
        println!("skipped: {error}");
        return;
    }
    let mut config = Config::named("base").unwrap();
    config.target.external_bytes = 64 << 10;
    let model = Model::new(&config.design().unwrap()).unwrap();
    let folders = cases(&root);
    let agree = folders
        .iter()
        .filter(|folder| check(&model, &config, folder));
    let agree = agree.count();
    println!(
        "{agree} conformance cases agree on the core; {} stop in the reference for a hazard that the core waits out",
        folders.len() - agree
    );
    assert!(agree > 0, "the conformance folder has no case");
}
