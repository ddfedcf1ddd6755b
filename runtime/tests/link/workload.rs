//! The same things done on a machine behind a link and on the simulator.

use spikevec_assembler::image::Segment;
use spikevec_assembler::{Builder, Image, build};
use spikevec_isa::{LANES, Memory, Op, Target};
use spikevec_runtime::link::Line;
use spikevec_runtime::{Backend, LinkBackend, SimulatorBackend, SimulatorOptions};
use spikevec_simulator::Timing;

use crate::faulty::Random;

/// Counts its runs in scalar memory, accumulates and draws random numbers in vector memory, and adds them to the
/// lanes' own memories. A run that is lost, or done twice, shows.
pub fn image() -> Image {
    let mut b = Builder::new();
    for instruction in [
        build::load(Op::Lw, 5, 0, 0),
        build::i(Op::Addi, 5, 5, 1),
        build::store(Op::Sw, 5, 0, 0),
        build::load_rng(Op::Vloadr0, 0, 0),
        build::load_rng(Op::Vloadr1, 64, 0),
        build::load(Op::Vloadv, 1, 128, 0),
        build::r(Op::Vadd, 2, 2, 1),
        build::d(Op::Vrng, 3),
        build::r(Op::Vadd, 2, 2, 3),
        build::store(Op::Vstorev, 2, 192, 0),
        build::store(Op::Vstorev, 2, 0, 0),
        build::load(Op::Vloadl, 4, 8, 0),
        build::r(Op::Vadd, 4, 4, 2),
        build::store(Op::Vstorel, 4, 8, 0),
        build::op(Op::Ecall),
    ] {
        b.emit(instruction);
    }
    let bytes = |seed: u64, count: usize| {
        let mut random = Random(seed);
        (0..count).map(|_| random.next() as u8).collect()
    };
    let segment = |memory, address, bytes| Segment {
        memory,
        address,
        bytes,
    };
    Image {
        code: b.finish().unwrap().code,
        segments: vec![
            segment(Memory::Scalar, 13, bytes(1, 50)),
            segment(Memory::Vector, 0, bytes(2, 192)),
            segment(Memory::LaneLocal, 6, bytes(3, 21)),
        ],
        ..Image::default()
    }
}

fn size(target: &Target, memory: Memory) -> u32 {
    match memory {
        Memory::LaneLocal => target.lane_local_bytes * LANES as u32,
        other => target.bytes(other),
    }
}

/// Loads, then runs, writes and reads `rounds` times, and compares everything; with clocks where the machine's lanes
/// are given.
pub fn run<L: Line>(
    machine: &mut LinkBackend<L>,
    timing: Option<Timing>,
    rounds: u32,
    random: &mut Random,
) {
    let target = machine.description().target.clone();
    let mut simulator = SimulatorBackend::new(&target, SimulatorOptions::default()).unwrap();
    simulator.set_timing(timing);
    let image = image();
    simulator.load(&image).unwrap();
    machine.load(&image).unwrap();
    for round in 0..rounds {
        let expected = simulator.run(1000).unwrap();
        let found = machine.run(1000).unwrap();
        assert_eq!(found.instructions, expected.instructions);
        if timing.is_some() {
            assert_eq!(found.clocks, expected.clocks);
        }
        // The code stays as it is: it is only read.
        for memory in [Memory::Scalar, Memory::Vector, Memory::LaneLocal] {
            let limit =
                u64::from(size(&target, memory).min(if round % 8 == 0 { 4096 } else { 300 }));
            let address = random.below(limit - 1) as u32;
            let length = 1 + random.below((limit - u64::from(address)).min(200));
            let bytes: Vec<u8> = (0..length).map(|_| random.next() as u8).collect();
            simulator.write(memory, address, &bytes).unwrap();
            machine.write(memory, address, &bytes).unwrap();
            compare(machine, &simulator, memory, 0, limit as u32);
        }
    }
    assert_eq!(machine.counters().runs, u64::from(rounds));
    assert_eq!(
        machine.counters().instructions,
        simulator.counters().instructions
    );
}

fn compare<L: Line>(
    machine: &mut LinkBackend<L>,
    simulator: &SimulatorBackend,
    memory: Memory,
    address: u32,
    length: u32,
) {
    let mut expected = vec![0; length as usize];
    let mut found = vec![1; length as usize];
    simulator
        .machine()
        .read(memory, address, &mut expected)
        .unwrap();
    machine.read(memory, address, &mut found).unwrap();
    let at = expected.iter().zip(&found).position(|(a, b)| a != b);
    assert_eq!(at, None, "{memory}");
}
