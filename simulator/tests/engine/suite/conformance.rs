//! Every program of ../shared/data/conformance: the state that an independent
//! simulator left behind is the state that this one leaves.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::common::machine_for;
use serde::Deserialize;
use spikevec_isa::{LANES, Memory, Target};
use spikevec_simulator::{Cause, Limits, Machine};

#[derive(Deserialize)]
struct Case {
    name: String,
    stop: String,
    pc: u32,
    instructions: u64,
    instruction_words: u32,
    scalar_bytes: u32,
    vector_halfwords: u32,
    lane_local_halfwords: u32,
    dram_bytes: u32,
    unchanged: Vec<String>,
}

const IMAGES: [&str; 7] = [
    "scalar",
    "vector",
    "lanelocal",
    "dram",
    "vregs",
    "rng",
    "xregs",
];

fn image(folder: &Path, name: &str) -> Vec<u8> {
    let path = folder.join(format!("{name}.bin.gz"));
    let file = fs::File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(file)
        .read_to_end(&mut bytes)
        .unwrap();
    bytes
}

fn halfwords(bytes: &[u8]) -> Vec<i16> {
    let pairs = bytes.chunks_exact(2);
    pairs.map(|b| i16::from_le_bytes([b[0], b[1]])).collect()
}

fn words(bytes: &[u8]) -> Vec<u32> {
    let quads = bytes.chunks_exact(4);
    quads
        .map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
        .collect()
}

/// The memory that an image is of, `None` for registers.
fn memory(image: &str) -> Option<Memory> {
    match image {
        "scalar" => Some(Memory::Scalar),
        "vector" => Some(Memory::Vector),
        "lanelocal" => Some(Memory::LaneLocal),
        "dram" => Some(Memory::External),
        _ => None,
    }
}

fn set(machine: &mut Machine, name: &str, bytes: &[u8]) {
    match name {
        "vregs" => machine
            .v
            .as_flattened_mut()
            .copy_from_slice(&halfwords(bytes)),
        "xregs" => machine.x.copy_from_slice(&words(bytes)),
        "rng" => {
            let state: Vec<u16> = halfwords(bytes).iter().map(|&h| h as u16).collect();
            machine.rng.s0.copy_from_slice(&state[..LANES]);
            machine.rng.s1.copy_from_slice(&state[LANES..]);
        }
        _ => machine.write(memory(name).unwrap(), 0, bytes).unwrap(),
    }
}

fn get(machine: &Machine, name: &str, size: usize) -> Vec<u8> {
    let little = |halfwords: &[i16]| halfwords.iter().flat_map(|h| h.to_le_bytes()).collect();
    match name {
        "vregs" => little(machine.v.as_flattened()),
        "xregs" => machine.x.iter().flat_map(|w| w.to_le_bytes()).collect(),
        "rng" => little(machine.rng.to_vectors().as_flattened()),
        _ => {
            let mut bytes = vec![0; size];
            machine.read(memory(name).unwrap(), 0, &mut bytes).unwrap();
            bytes
        }
    }
}

/// The cause in the words of the cases.
fn told(cause: &Cause) -> String {
    match cause {
        Cause::Ecall => "ecall".to_owned(),
        Cause::Ebreak => "ebreak".to_owned(),
        Cause::Illegal { word } => format!("Illegal instruction {word}"),
        Cause::MisalignedFetch { address } => format!("Misaligned fetch at {address}"),
        Cause::FetchFault { address, .. } => format!("Fetch fault at {address}"),
        Cause::MisalignedLoad(access) => format!("Misaligned load at {}", access.address),
        Cause::LoadFault(access) => format!("Load fault at {}", access.address),
        Cause::MisalignedStore(access) => format!("Misaligned store at {}", access.address),
        Cause::StoreFault(access) => format!("Store fault at {}", access.address),
        Cause::Hazard { register } => format!("RAW hazard at {register}"),
        Cause::Budget => "budget".to_owned(),
    }
}

fn check(folder: &Path) {
    let text = fs::read_to_string(folder.join("case.json")).unwrap();
    let case: Case = serde_json::from_str(&text).unwrap();
    let mut target = Target::base();
    target.instruction_bytes = case.instruction_words * 4;
    target.scalar_bytes = case.scalar_bytes;
    target.vector_bytes = case.vector_halfwords * 2;
    target.lane_local_bytes = case.lane_local_halfwords * 2;
    target.external_bytes = case.dram_bytes;
    let mut machine = machine_for(&target);
    machine.load_code(&words(&image(folder, "code"))).unwrap();
    for name in IMAGES {
        set(&mut machine, name, &image(folder, &format!("init_{name}")));
    }

    // The reference always stops on load hazards, so that every case can run so.
    let limits = Limits {
        budget: 1_000_000,
        strict: true,
    };
    let stop = machine.run(&limits);
    assert_eq!(told(&stop.cause), case.stop, "{}: {stop}", case.name);
    assert_eq!(stop.pc, case.pc, "{}: pc", case.name);
    assert_eq!(stop.instructions, case.instructions, "{}", case.name);
    assert_eq!(machine.pc, case.pc, "{}: the machine's pc", case.name);
    for name in IMAGES {
        let unchanged = case.unchanged.iter().any(|image| image == name);
        let moment = if unchanged { "init" } else { "final" };
        let wanted = image(folder, &format!("{moment}_{name}"));
        let found = get(&machine, name, wanted.len());
        if let Some(at) = (0..wanted.len()).find(|&k| wanted[k] != found[k]) {
            panic!(
                "{}: {name} differs from byte {at:#x} on: {} instead of {}",
                case.name, found[at], wanted[at]
            );
        }
    }
}

#[test]
fn programs_end_as_in_the_reference() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/conformance");
    let Ok(entries) = fs::read_dir(&root) else {
        println!("skipped: ../shared/data/conformance is missing");
        return;
    };
    let mut folders: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    for folder in &folders {
        check(folder);
    }
    println!("{} conformance cases agree", folders.len());
    assert!(!folders.is_empty(), "the conformance folder has no case");
}
