//! Any program under budget: each engine, timed and untimed, in one run or in pieces, leaves what
//! the plain meaning of the instructions does.

use spikevec_isa::csr::Csr;
use spikevec_isa::table::TABLE;
use spikevec_isa::testing::Plain;
use spikevec_isa::{Cause, Instruction, LANES, Memory, Op, Operand, Rng, Target};
use spikevec_simulator::{EngineKind, Limits, Machine, Timing};

use crate::Bytes;

/// Instructions of a run.
const BUDGET: u64 = 3000;

/// Words of code, and of the memory that it is in.
const WORDS: usize = 96;
const MEMORY_WORDS: usize = 112;

/// The engines; one that is missing here does not compile.
fn engines() -> Vec<EngineKind> {
    let all = vec![EngineKind::Interpreter];
    for kind in &all {
        match kind {
            EngineKind::Interpreter => {}
        }
    }
    all
}

/// A machine with memories small enough to be compared after every program.
fn target() -> Target {
    Target {
        instruction_bytes: 4 * MEMORY_WORDS as u32,
        scalar_bytes: 256,
        vector_bytes: 1024,
        lane_local_bytes: 64,
        ..Target::base()
    }
}

pub fn run(input: &[u8]) {
    let begin = plain(&mut Bytes::new(input));
    let mut expected = begin.clone();
    let (cause, executed) = execute(&mut expected);
    let timings = [None, Timing::named("base"), Timing::named("tiny")];
    for engine in engines() {
        for timing in timings {
            for piece in [BUDGET, 1 + u64::from(input.first().copied().unwrap_or(7))] {
                let mut machine = simulated(&begin, engine, timing);
                let (found, count) = in_pieces(&mut machine, piece);
                let what = format!("{engine:?}, {timing:?}, {piece} instructions at a time");
                assert_eq!((found, count), (cause, executed), "{what}");
                compare(&machine, &expected, &what);
            }
        }
    }
}

/// The plain meaning: why it stopped, and the instructions, that of the stop included.
fn execute(plain: &mut Plain) -> (Cause, u64) {
    for done in 0..BUDGET {
        if let Err(cause) = plain.step() {
            let fetched = !matches!(cause, Cause::FetchFault { .. });
            return (cause, done + u64::from(fetched));
        }
    }
    (Cause::Budget, BUDGET)
}

/// Runs `piece` instructions at a time until the program stops or the budget is used.
fn in_pieces(machine: &mut Machine, piece: u64) -> (Cause, u64) {
    let mut left = BUDGET;
    loop {
        let budget = piece.min(left);
        let strict = false;
        let stop = machine.run(&Limits { budget, strict });
        left -= stop.instructions.min(left);
        if stop.cause != Cause::Budget || left == 0 {
            return (stop.cause, BUDGET - left);
        }
    }
}

/// The state that a run begins with.
fn plain(bytes: &mut Bytes) -> Plain {
    let mut plain = Plain::new(&target());
    bytes.byte();
    for register in &mut plain.x[1..8] {
        *register = match bytes.byte() {
            small @ 0..224 => 4 * u32::from(small),
            _ => bytes.word(),
        };
    }
    for register in &mut plain.v[..4] {
        let lane = bytes.lane();
        *register = std::array::from_fn(|k| lane.wrapping_mul(2 * k as i16 + 1));
    }
    if bytes.seldom() {
        plain.rng = Rng::from_seed(bytes.byte().into(), 0);
    }
    while !bytes.is_empty() && plain.code.len() < WORDS {
        plain.code.push(word(bytes));
    }
    plain.code.resize(MEMORY_WORDS, 0);
    for memory in [&mut plain.scalar, &mut plain.vector] {
        for (k, byte) in memory.iter_mut().enumerate() {
            *byte = (37 * k) as u8;
        }
    }
    plain
}

/// A word of code: an instruction of the table with few registers and near operands, or any word.
fn word(bytes: &mut Bytes) -> u32 {
    let kind = bytes.byte();
    if kind >= 240 {
        return without_effects(bytes.word());
    }
    let spec = &TABLE[bytes.below(TABLE.len())];
    let mut instruction = Instruction::new(spec.op);
    let registers = bytes.word();
    let register = |k: u32| (registers >> (8 * k) & 7) as u8;
    let near = (registers >> 24) as i32;
    for operand in spec.operands {
        match operand {
            Operand::XRd | Operand::VRd => instruction.rd = register(0),
            Operand::XRs1 | Operand::VRs1 | Operand::Zimm5 => instruction.rs1 = register(1),
            Operand::XRs2 | Operand::VRs2 => instruction.rs2 = register(2),
            other => {
                if matches!(
                    other,
                    Operand::Load | Operand::Store | Operand::LaneLoad | Operand::LaneStore
                ) {
                    instruction.rs1 = register(1);
                }
                if let Some(bounds) = other.bounds() {
                    let wanted = if kind >= 200 {
                        bytes.word() as i32
                    } else {
                        (near - 64) * bounds.align
                    };
                    let wanted = wanted.clamp(bounds.min, bounds.max);
                    instruction.imm = wanted / bounds.align * bounds.align;
                }
            }
        }
    }
    // What cannot be encoded is an operand that another instruction's bounds would allow.
    let word = instruction.encode().unwrap_or(0);
    without_effects(word)
}

/// The word, or a `nop` in place of what starts counters and DMA, which the plain machine lacks.
fn without_effects(word: u32) -> u32 {
    use Csr::{Mcycle, Mcycleh, Minstret, Minstreth};
    let Ok(instruction) = Instruction::decode(word) else {
        return word;
    };
    let csr = instruction.op.spec().has(Operand::Csr);
    let csr = csr
        .then(|| Csr::from_address(instruction.imm as u32))
        .flatten();
    match csr {
        None | Some(Mcycle | Mcycleh | Minstret | Minstreth) => word,
        Some(_) => Instruction::new(Op::Addi).encode().unwrap_or(0),
    }
}

/// The same state in the simulator.
fn simulated(plain: &Plain, engine: EngineKind, timing: Option<Timing>) -> Machine {
    let mut machine = Machine::new(&target()).unwrap_or_else(|error| panic!("{error}"));
    machine.set_engine(engine);
    let loaded = machine.load_code(&plain.code);
    loaded.unwrap_or_else(|error| panic!("{error}"));
    machine.set_timing(timing);
    (machine.x, machine.v) = (plain.x, plain.v);
    machine.rng = plain.rng.clone();
    let local = plain.lane_local.concat();
    for (memory, bytes) in [
        (Memory::Scalar, &plain.scalar),
        (Memory::Vector, &plain.vector),
        (Memory::LaneLocal, &local),
    ] {
        let written = machine.write(memory, 0, bytes);
        written.unwrap_or_else(|error| panic!("{error}"));
    }
    machine
}

fn compare(machine: &Machine, expected: &Plain, what: &str) {
    assert_eq!(machine.pc, expected.pc, "{what}: pc");
    assert_eq!(machine.x, expected.x, "{what}: scalar registers");
    assert_eq!(machine.v, expected.v, "{what}: vector registers");
    assert_eq!(machine.rng, expected.rng, "{what}: generators");
    let local = expected.lane_local.concat();
    debug_assert_eq!(local.len(), 64 * LANES);
    for (memory, wanted) in [
        (Memory::Scalar, &expected.scalar),
        (Memory::Vector, &expected.vector),
        (Memory::LaneLocal, &local),
    ] {
        let mut found = vec![0; wanted.len()];
        let read = machine.read(memory, 0, &mut found);
        read.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(&found, wanted, "{what}: {memory}");
    }
}
