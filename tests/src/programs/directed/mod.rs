//! Directed programs: every row of the instruction table with the edges of its operands.
//!
//! A row whose operands are registers and immediates is covered from its operands alone, so
//! that a new row is covered as soon as it is there. Control, memory and CSR instructions need
//! addresses, and have modules of their own.

mod aliases;
mod arithmetic;
mod control;
mod csrs;
mod fault;
mod illegal;
mod late;
mod memory;
mod transfers;

use spikevec_isa::{Instruction, LANES, Memory, Op, Target, Vector};

use super::{Code, Program, Seed, Segment, lane_segments, vector_bytes, word_bytes};

/// Scalar operands: x5 to x20 hold them.
pub const WORDS: [u32; 16] = [
    0,
    1,
    2,
    31,
    32,
    0xffff_ffff,
    0xffff_fffe,
    0x7fff_ffff,
    0x8000_0000,
    0x8000_0001,
    0x5555_5555,
    0xaaaa_aaaa,
    0x0000_7fff,
    0x0000_8000,
    0xffff_8000,
    0x1234_ff80,
];

/// Lanes at the bounds of every operation.
pub const LANE_EDGES: [i16; 11] = [
    i16::MIN,
    i16::MIN + 1,
    -16384,
    -2,
    -1,
    0,
    1,
    2,
    16384,
    i16::MAX - 1,
    i16::MAX,
];

/// First register that holds one of [`WORDS`].
const FIRST: u8 = 5;

/// Most instructions of a program's body.
const BODY: usize = 400;

/// Vectors that v0 to v31 hold: pairs of edges in v0..v3 and v4..v7, results in v8..v15, random
/// ones in v16..v23, shift amounts in v24 and v25, good lane addresses in v26, some negative
/// ones in v27, zero in v28, two seeds of the generators in v29 and v30 and masks in v31.
fn vectors() -> Vec<Vector> {
    let mut seed = Seed::new(1);
    let mut all = vec![[0; LANES]; 32];
    let pairs = LANE_EDGES.len() * LANE_EDGES.len();
    for k in 0..4 {
        let edge = |lane: usize, by: usize| {
            let pair = (LANES * k + lane) % pairs;
            LANE_EDGES[pair / by % LANE_EDGES.len()]
        };
        all[k] = std::array::from_fn(|lane| edge(lane, LANE_EDGES.len()));
        all[4 + k] = std::array::from_fn(|lane| edge(lane, 1));
    }
    for vector in &mut all[16..24] {
        *vector = std::array::from_fn(|_| seed.lane());
    }
    all[24] = std::array::from_fn(|lane| lane as i16);
    all[25] = std::array::from_fn(|lane| (lane as i16).wrapping_mul(-1237) ^ 15);
    all[26] = std::array::from_fn(|lane| (2 * ((lane * 7) % 32)) as i16);
    all[27] = std::array::from_fn(|lane| match lane % 3 {
        0 => -2 - lane as i16,
        _ => (2 * lane) as i16,
    });
    all[29] = std::array::from_fn(|_| seed.bits() as i16 | 1);
    all[30] = std::array::from_fn(|_| seed.bits() as i16);
    all[31] = std::array::from_fn(|lane| (1i32 << (lane % 16)) as i16);
    all
}

/// Data of every directed program: [`WORDS`] at scalar 0, some space after it, [`vectors`] at
/// vector 0 and space after them.
fn data() -> Vec<Segment> {
    let mut words = WORDS.to_vec();
    words.resize(64, 0xdead_beef);
    let mut vectors = vectors();
    vectors.resize(40, [0x1357; LANES]);
    vec![
        Segment {
            memory: Memory::Scalar,
            address: 0,
            bytes: word_bytes(&words),
        },
        Segment {
            memory: Memory::Vector,
            address: 0,
            bytes: vector_bytes(&vectors),
        },
    ]
}

/// The first 64 bytes of each lane's memory.
fn lane_data(target: &Target) -> Vec<Segment> {
    lane_segments(target, 64, |lane, half| {
        (lane as i16) << 8 | half as i16 | if lane % 2 == 1 { i16::MIN } else { 0 }
    })
}

/// Fills x5..x20, all vector registers and the generators.
fn prologue(code: &mut Code) {
    for k in 0..WORDS.len() as u8 {
        code.op(Op::Lw, FIRST + k, 0, 0, 4 * i32::from(k));
    }
    for k in 0..32 {
        code.op(Op::Vloadv, k, 0, 0, 64 * (i32::from(k) % 32));
    }
    code.op(Op::Vloadr0, 0, 0, 0, 64 * 29);
    code.op(Op::Vloadr1, 0, 0, 0, 64 * 30);
}

/// Programs of at most [`BODY`] instructions from groups that stay together.
fn split(name: &str, lanes: Option<&Target>, groups: &[Vec<Instruction>]) -> Vec<Program> {
    let mut programs = Vec::new();
    let mut rest = groups;
    while !rest.is_empty() {
        let mut code = Code::default();
        prologue(&mut code);
        let start = code.here() as usize / 4;
        let mut taken = 0;
        for group in rest {
            let length = code.here() as usize / 4 - start;
            if taken > 0 && length + group.len() > BODY {
                break;
            }
            code.extend(group);
            taken += 1;
        }
        rest = &rest[taken..];
        code.op(Op::Ecall, 0, 0, 0, 0);
        let mut data = data();
        data.extend(lanes.map(lane_data).unwrap_or_default());
        let part = programs.len();
        programs.push(Program {
            name: format!("{name} {part}"),
            seed: None,
            code: code.words(),
            data,
            timed: false,
        });
    }
    programs
}

/// All directed programs for a target. Those that end in a fault go on with a [`super::dump`].
pub fn directed(target: &Target) -> Vec<Program> {
    let mut all = arithmetic::programs();
    all.extend(aliases::programs(target));
    all.extend(control::programs(target));
    all.extend(memory::programs(target));
    all.extend(csrs::programs());
    all.extend(illegal::programs());
    all.extend(fault::behind(target));
    all.extend(late::programs());
    all.extend(transfers::programs());
    let dump = super::dump(target);
    let mut out = Vec::new();
    for program in all {
        out.push(program);
        // Cheap, and a wrong write that shows nowhere shows here.
        out.push(Program {
            name: format!(
                "dump after {}",
                out.last().map_or("", |p: &Program| &p.name)
            ),
            ..dump.clone()
        });
    }
    out
}
