//! Loads and stores: every alignment and offset, the ends of memory, and every fault.

use spikevec_isa::table::TABLE;
use spikevec_isa::{Instruction, LANES, Memory, Op, Operand, Spec, Target, Vector};

use super::fault::{Fault, program};
use super::{Code, FIRST, Program, split};
use crate::programs::{Segment, vector_bytes};

/// Base register of scalar and vector addresses.
const BASE: u8 = 26;

/// Base register of lane addresses, and where its vector lies.
const LANE_BASE: u8 = 15;
const LANE_BASE_AT: u32 = 64 * 36;

fn is_lane(spec: &Spec) -> bool {
    spec.has(Operand::LaneLoad) || spec.has(Operand::LaneStore)
}

fn is_store(spec: &Spec) -> bool {
    spec.has(Operand::Store) || spec.has(Operand::LaneStore)
}

/// Memory that a row accesses at `x[rs1] + imm`, with the width of the access.
fn reach(spec: &Spec) -> Option<(Memory, u32)> {
    Some(match spec.op {
        Op::Lb | Op::Lbu | Op::Sb => (Memory::Scalar, 1),
        Op::Lh | Op::Lhu | Op::Sh => (Memory::Scalar, 2),
        Op::Lw | Op::Sw => (Memory::Scalar, 4),
        Op::Vloadv | Op::Vloadr0 | Op::Vloadr1 | Op::Vstorev => (Memory::Vector, 64),
        _ => return None,
    })
}

fn access(spec: &Spec, base: u8, imm: i32, n: usize) -> Instruction {
    let mut i = Instruction::new(spec.op);
    i.rs1 = base;
    i.imm = imm;
    if spec.has(Operand::XRd) {
        i.rd = [21, 22, 23, 0][n % 4];
    }
    if spec.has(Operand::VRd) {
        i.rd = 8 + (n % 6) as u8;
    }
    if spec.has(Operand::XRs2) {
        i.rs2 = FIRST + (n % 16) as u8;
    }
    if spec.has(Operand::VRs2) {
        i.rs2 = 16 + (n % 8) as u8;
    }
    i
}

/// Good accesses: all places of a word or several vectors, by several offsets, and both ends.
fn good(spec: &'static Spec, target: &Target) -> Vec<Program> {
    let Some((memory, width)) = reach(spec) else {
        return Vec::new();
    };
    let size = target.bytes(memory);
    let mut places: Vec<u32> = match memory {
        Memory::Vector => (0..4).map(|k| 64 * k).collect(),
        _ => (0..16 / width).map(|k| 16 + width * k).collect(),
    };
    places.extend([0, size - width, size - 2 * width]);
    let mut groups = Vec::new();
    for place in places {
        for offset in [0, 1, -1, 64, -64, 2047, -2048] {
            let mut code = Code::default();
            code.li(BASE, place.wrapping_sub(offset as u32));
            let n = groups.len();
            code.push(access(spec, BASE, offset, n));
            if is_store(spec) {
                // Read back: at once, and after the store has left.
                let load = if memory == Memory::Vector {
                    Op::Vloadv
                } else {
                    Op::Lw
                };
                let mut back = access(load.spec(), BASE, offset & !3, n);
                if memory == Memory::Scalar {
                    code.li(BASE, place & !3);
                    back.imm = 0;
                } else {
                    back.imm = offset;
                }
                code.push(back);
            }
            if spec.op == Op::Vloadr0 || spec.op == Op::Vloadr1 {
                code.op(Op::Vrng, 8, 0, 0, 0);
            }
            groups.push(code.list().to_vec());
        }
    }
    let mut programs = split(spec.mnemonic, None, &groups);
    for program in &mut programs {
        program.data.extend(ends(target));
    }
    programs
}

/// The last bytes of scalar and vector memory.
fn ends(target: &Target) -> Vec<Segment> {
    let last = |memory, bytes: u32| Segment {
        memory,
        address: target.bytes(memory) - bytes,
        bytes: (0..bytes).map(|k| (k * 37) as u8 ^ 0x91).collect(),
    };
    vec![last(Memory::Scalar, 64), last(Memory::Vector, 128)]
}

/// Misaligned addresses and those outside the memory, or both.
fn faults(spec: &'static Spec, target: &Target) -> Vec<Program> {
    let Some((memory, width)) = reach(spec) else {
        return Vec::new();
    };
    let size = target.bytes(memory);
    let mut addresses = vec![size, size + width, 0u32.wrapping_sub(width), 0x8000_0000];
    // A bit above the memory's size alone: one that an address decoder may have left out.
    addresses.extend(
        (20..32)
            .step_by(3)
            .map(|bit| 1u32 << bit)
            .filter(|&a| a >= size),
    );
    let mut wrong = 1;
    while wrong < width {
        addresses.push(64 + wrong);
        wrong *= 2;
    }
    if width > 1 {
        addresses.extend([64 + width - 1, size - width + width / 2, size + 1, u32::MAX]);
    }
    addresses
        .into_iter()
        .map(|address| {
            let offset = if address % 3 == 0 { -64 } else { 0 };
            let mut setup = Code::default();
            setup.li(BASE, address.wrapping_sub(offset as u32));
            let fault = Fault::Instruction(access(spec, BASE, offset, 1));
            let name = format!("{} at {address:#x}", spec.mnemonic);
            program(name, setup.list(), fault, ends(target))
        })
        .collect()
}

/// Addresses of lanes, and the offset of the instruction.
type Lanes = (&'static str, Vector, i32);

fn lane_cases(target: &Target) -> (Vec<Lanes>, Vec<Lanes>) {
    let size = target.lane_local_bytes as i32;
    let each = |f: &dyn Fn(i32) -> i32| -> Vector { std::array::from_fn(|k| f(k as i32) as i16) };
    let even = each(&|k| 2 * (k % 16));
    let but = |lane: usize, value: i32| {
        let mut vector = even;
        vector[lane] = value as i16;
        vector
    };
    let good = vec![
        ("all lanes", even, 0),
        ("an offset", even, 30),
        ("a negative offset", each(&|k| 64 + 2 * (k % 8)), -64),
        (
            "an odd base with an odd offset",
            each(&|k| 1 + 2 * (k % 8)),
            -1,
        ),
        ("the same address", each(&|_| 6), 4),
        (
            "some masked",
            each(&|k| if k % 3 == 0 { -1 - k } else { 2 * k % 32 }),
            0,
        ),
        ("all masked", each(&|k| -1 - k), 0),
        ("all masked by the least", each(&|_| -32768), 2047),
        ("masked with a bad offset", each(&|k| -2 - k), 2047),
        ("one lane", each(&|k| if k == 13 { 8 } else { -2 }), 0),
        (
            "masked beyond zero",
            each(&|k| if k % 2 == 0 { -4 } else { 4 }),
            8,
        ),
        (
            "the last halfword",
            each(&|k| if k % 5 == 0 { size - 2 } else { 0 }),
            0,
        ),
    ];
    let bad = vec![
        ("lane 0 odd", but(0, 3), 0),
        ("lane 31 odd", but(31, 5), 0),
        (
            "lane 7 past the end",
            but(7, size.min(32766)),
            if size > 32766 { 2 } else { 0 },
        ),
        ("lane 8 odd and past the end", but(8, 32767), 2),
        ("lane 15 by its offset", but(15, (size - 2).min(32766)), 2),
        ("lane 16 below zero", but(16, 0), -2),
        ("lane 24 beyond 16 bits", but(24, 32766), 2046),
        ("all lanes odd by offset", even, 1),
        (
            "one active and bad",
            each(&|k| if k == 9 { 1 } else { -3 }),
            0,
        ),
    ];
    (good, bad)
}

fn base_segment(lanes: Vector) -> Segment {
    Segment {
        memory: Memory::Vector,
        address: LANE_BASE_AT,
        bytes: vector_bytes(&[lanes]),
    }
}

fn load_base(code: &mut Code) {
    code.li(BASE, LANE_BASE_AT);
    code.op(Op::Vloadv, LANE_BASE, BASE, 0, 0);
}

fn lanes(target: &Target) -> Vec<Program> {
    let (good, bad) = lane_cases(target);
    let mut all = Vec::new();
    for spec in TABLE.iter().filter(|spec| is_lane(spec)) {
        for (what, base, offset) in &good {
            let mut code = Code::default();
            load_base(&mut code);
            code.push(access(spec, LANE_BASE, *offset, 1));
            code.push(access(spec, LANE_BASE, *offset, 2));
            // Back from memory, and a load onto its own address.
            code.op(Op::Vloadl, 14, LANE_BASE, 0, *offset);
            code.op(Op::Vloadl, LANE_BASE, LANE_BASE, 0, *offset);
            let mut part = split(
                &format!("{} {what}", spec.mnemonic),
                Some(target),
                &[code.list().to_vec()],
            );
            for program in &mut part {
                program.data.push(base_segment(*base));
                program.data.extend(last_halfwords(target));
            }
            all.extend(part);
        }
        for (what, base, offset) in &bad {
            let mut setup = Code::default();
            load_base(&mut setup);
            let fault = Fault::Instruction(access(spec, LANE_BASE, *offset, 1));
            let name = format!("{} {what}", spec.mnemonic);
            let mut more = vec![base_segment(*base)];
            more.extend(super::lane_data(target));
            all.push(program(name, setup.list(), fault, more));
        }
    }
    all
}

/// The last word of some lanes' memories.
fn last_halfwords(target: &Target) -> Vec<Segment> {
    let size = target.lane_local_bytes;
    (0..LANES as u32)
        .step_by(5)
        .map(|lane| Segment {
            memory: Memory::LaneLocal,
            address: (lane + 1) * size - 4,
            bytes: vec![lane as u8, 0x40, 0x7f, 0x80],
        })
        .collect()
}

/// All of them.
pub fn programs(target: &Target) -> Vec<Program> {
    let mut all = Vec::new();
    for spec in TABLE {
        all.extend(good(spec, target));
        all.extend(faults(spec, target));
    }
    all.extend(lanes(target));
    all
}
