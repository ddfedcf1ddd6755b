//! What the integration tests share: a small machine and programs as lists of instructions.

use proptest::prelude::*;
use spikevec_isa::table::TABLE;
use spikevec_isa::testing::instruction_of;
pub use spikevec_isa::testing::{vector as lanes, word};
use spikevec_isa::{Instruction, LANES, Memory, Op, Rng, Spec, Target, Vector};
use spikevec_simulator::{Limits, Machine, Stop};

/// The base instruction set on memories small enough to be compared after every program.
pub fn small_target() -> Target {
    let mut target = Target::base();
    target.scalar_bytes = 256;
    target.vector_bytes = 1024;
    target.lane_local_bytes = 64;
    target.external_bytes = 1024;
    target
}

/// A machine on the engine that is tested.
pub fn machine_for(target: &Target) -> Machine {
    let mut machine = Machine::new(target).unwrap();
    machine.set_engine(super::ENGINE);
    machine
}

pub fn machine() -> Machine {
    machine_for(&small_target())
}

pub fn inst(op: Op, rd: u8, rs1: u8, rs2: u8, imm: i32) -> Instruction {
    Instruction {
        op,
        rd,
        rs1,
        rs2,
        imm,
    }
}

pub fn words(program: &[Instruction]) -> Vec<u32> {
    program.iter().map(|i| i.encode().unwrap()).collect()
}

pub const ECALL: Instruction = Instruction::new(Op::Ecall);

/// Runs `program`, followed by `ecall`, from address 0.
pub fn run(machine: &mut Machine, program: &[Instruction]) -> Stop {
    run_with(machine, program, false)
}

pub fn run_with(machine: &mut Machine, program: &[Instruction], strict: bool) -> Stop {
    let mut code = words(program);
    code.extend(words(&[ECALL]));
    machine.load_code(&code).unwrap();
    machine.restart();
    let budget = 10_000;
    machine.run(&Limits { budget, strict })
}

/// All that a program can see, apart from CSRs.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    pub x: [u32; 32],
    pub v: [Vector; 32],
    pub rng: Rng,
    pub pc: u32,
    pub memories: Vec<Vec<u8>>,
}

pub fn state(machine: &Machine) -> State {
    let sizes = [
        (Memory::Scalar, machine.target().scalar_bytes),
        (Memory::Vector, machine.target().vector_bytes),
        (
            Memory::LaneLocal,
            machine.target().lane_local_bytes * LANES as u32,
        ),
        (Memory::External, machine.target().external_bytes),
    ];
    let memories = sizes
        .iter()
        .map(|&(memory, size)| {
            let mut bytes = vec![0; size as usize];
            machine.read(memory, 0, &mut bytes).unwrap();
            bytes
        })
        .collect();
    State {
        x: machine.x,
        v: machine.v,
        rng: machine.rng.clone(),
        pc: machine.pc,
        memories,
    }
}

pub fn vector(machine: &Machine, address: u32) -> Vector {
    let mut bytes = [0; 64];
    machine.read(Memory::Vector, address, &mut bytes).unwrap();
    std::array::from_fn(|k| i16::from_le_bytes([bytes[2 * k], bytes[2 * k + 1]]))
}

pub fn set_vector(machine: &mut Machine, address: u32, value: &Vector) {
    let bytes: Vec<u8> = value.iter().flat_map(|lane| lane.to_le_bytes()).collect();
    machine.write(Memory::Vector, address, &bytes).unwrap();
}

/// Any encodable instruction that `keep` wants, registers below 8 so that they meet.
pub fn instruction(keep: fn(&Spec) -> bool) -> impl Strategy<Value = Instruction> {
    let rows = TABLE.iter().filter(|spec| keep(spec)).collect();
    instruction_of(rows, 8)
}
