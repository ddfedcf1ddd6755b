//! Every instruction of the machine against its meaning in `isa`, from random states, with all
//! that it reads, writes and stops for.

use super::common::{inst, machine, small_target};
use proptest::prelude::*;
use spikevec_isa::csr::{CSRS, Csr};
use spikevec_isa::table::TABLE;
use spikevec_isa::testing::{Plain, instruction_of, vector, word};
use spikevec_isa::{Cause, Class, Instruction, LANES, Memory, Operand, Rng};
use spikevec_simulator::{Limits, Machine};

/// Scalar registers that often hold an address: small, and often aligned.
fn register() -> impl Strategy<Value = u32> {
    prop_oneof![
        word(),
        (0u32..1100),
        (0u32..18).prop_map(|k| 64 * k),
        (0u32..64).prop_map(|k| 4 * k),
    ]
}

/// Lanes that are often addresses of lane-local memory.
fn lanes() -> impl Strategy<Value = [i16; LANES]> {
    let addresses = prop::collection::vec((-1i16..33).prop_map(|k| 2 * k), LANES);
    prop_oneof![
        vector(),
        addresses.prop_map(|list| std::array::from_fn(|k| list[k]))
    ]
}

/// The counters stand still: their clocks have tests of their own. `mcountinhibit` and the
/// registers of DMA start things, and are left out here.
fn accessible(address: u32) -> bool {
    use Csr::{Mcycle, Mcycleh, Minstret, Minstreth};
    Csr::from_address(address)
        .is_none_or(|csr| matches!(csr, Mcycle | Mcycleh | Minstret | Minstreth))
}

/// An instruction whose immediate is often small, so that accesses hit the small memories.
fn instruction() -> impl Strategy<Value = Instruction> {
    let csr = prop::sample::select(CSRS.iter().map(|row| row.1).collect::<Vec<_>>());
    let row = instruction_of(TABLE.iter().collect(), 8);
    (row, small(), csr, any::<bool>()).prop_map(|(mut i, small, csr, near)| {
        let spec = i.op.spec();
        if spec.class == Class::Csr {
            i.imm = csr as i32;
        } else if near && spec.access_bytes().is_some() {
            i.imm = small;
        }
        i
    })
}

fn small() -> impl Strategy<Value = i32> {
    prop_oneof![Just(0), -64i32..64]
}

/// A plain machine with the instruction as all of its code.
fn plain() -> impl Strategy<Value = Plain> {
    let filled = |bytes| prop::collection::vec(any::<u8>(), bytes);
    let registers = (
        prop::collection::vec(register(), 8),
        prop::collection::vec(lanes(), 8),
    );
    let generators = (prop::array::uniform32(any::<u16>()), any::<[u16; LANES]>());
    let memories = (filled(256), filled(1024), filled(64 * LANES));
    (instruction(), registers, generators, memories).prop_map(
        |(i, (x, v), (s0, s1), (scalar, vector, local))| {
            let mut plain = Plain::new(&small_target());
            plain.x[..8].copy_from_slice(&x);
            plain.x[0] = 0;
            plain.v[..8].copy_from_slice(&v);
            (plain.rng.s0, plain.rng.s1) = (s0, s1);
            plain.code = vec![i.encode().unwrap()];
            (plain.scalar, plain.vector) = (scalar, vector);
            plain.lane_local = local.chunks(64).map(<[u8]>::to_vec).collect();
            plain
        },
    )
}

/// The same state in the simulator.
fn simulated(plain: &Plain) -> Machine {
    let mut machine = machine();
    machine.load_code(&plain.code).unwrap();
    (machine.x, machine.v) = (plain.x, plain.v);
    machine.rng = plain.rng.clone();
    machine.write(Memory::Scalar, 0, &plain.scalar).unwrap();
    machine.write(Memory::Vector, 0, &plain.vector).unwrap();
    machine
        .write(Memory::LaneLocal, 0, &plain.lane_local.concat())
        .unwrap();
    machine
}

fn bytes(machine: &Machine, memory: Memory, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    machine.read(memory, 0, &mut bytes).unwrap();
    bytes
}

/// Does the instruction in both machines and compares all that it can have changed.
fn compare(plain: &Plain) {
    let mut expected = plain.clone();
    let mut found = simulated(plain);
    let told = expected.step();
    let stop = found.run(&Limits {
        budget: 1,
        strict: false,
    });
    assert_eq!(stop.cause, told.err().unwrap_or(Cause::Budget));
    assert_eq!(found.pc, expected.pc);
    assert_eq!(found.x, expected.x);
    assert_eq!(found.v, expected.v);
    assert_eq!(&found.rng, &expected.rng);
    assert_eq!(bytes(&found, Memory::Scalar, 256), expected.scalar);
    assert_eq!(bytes(&found, Memory::Vector, 1024), expected.vector);
    assert_eq!(
        bytes(&found, Memory::LaneLocal, 64 * LANES),
        expected.lane_local.concat()
    );
}

/// Each pair of edges at every shift and rounding, a pair a lane.
#[test]
fn products_of_edges() {
    let edges = [
        i16::MIN,
        i16::MIN + 1,
        -1,
        0,
        1,
        i16::MAX - 1,
        i16::MAX,
        181,
    ];
    let pairs = edges
        .iter()
        .flat_map(|&a| edges.iter().map(move |&b| (a, b)));
    let pairs: Vec<(i16, i16)> = pairs.collect();
    let products = TABLE
        .iter()
        .filter(|spec| spec.class == Class::VectorMultiply);
    let programs = products.flat_map(|spec| (0..16).map(|shift| inst(spec.op, 3, 1, 2, shift)));
    for i in programs {
        for chunk in pairs.chunks(LANES) {
            let mut plain = Plain::new(&small_target());
            plain.rng = Rng::from_seed(3, 0);
            plain.v[1] = std::array::from_fn(|k| chunk[k].0);
            plain.v[2] = std::array::from_fn(|k| chunk[k].1);
            plain.code = vec![i.encode().unwrap()];
            compare(&plain);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6000))]

    #[test]
    fn an_instruction_does_what_it_means(plain in plain()) {
        let i = Instruction::decode(plain.code[0]).unwrap();
        prop_assume!(!i.op.spec().has(Operand::Csr) || accessible(i.imm as u32));
        compare(&plain);
    }
}
