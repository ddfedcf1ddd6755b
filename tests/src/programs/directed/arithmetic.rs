//! Rows whose operands are registers and immediates.

use spikevec_isa::table::TABLE;
use spikevec_isa::{Instruction, Op, Operand, Spec};

use super::{FIRST, Program, WORDS, split};

/// True where the operands alone say what is to be tried.
fn is_plain(spec: &Spec) -> bool {
    use Operand::*;
    let apart = [Branch, Jump, Csr, Load, Store, LaneLoad, LaneStore];
    !spec.operands.is_empty() && !spec.operands.iter().any(|o| apart.contains(o))
}

/// Values of an immediate: all of a small field, the edges of a large one.
fn immediates(operand: Operand) -> Vec<i32> {
    let Some(bounds) = operand.bounds() else {
        return vec![0];
    };
    if bounds.max - bounds.min < 64 {
        return (bounds.min..=bounds.max).collect();
    }
    let (min, max) = (bounds.min, bounds.max);
    let mut values = vec![
        min,
        min + 1,
        -1,
        0,
        1,
        2,
        max / 2,
        max / 2 + 1,
        0x2a5,
        max - 1,
        max,
    ];
    values.retain(|value| (min..=max).contains(value));
    values.sort_unstable();
    values.dedup();
    values
}

/// Registers of the sources: all pairs of scalars, the pairs of edge vectors, some others.
fn sources(spec: &Spec) -> Vec<(u8, u8)> {
    use Operand::{VRs1, VRs2, XRs1, XRs2, Zimm5};
    let scalars = || FIRST..FIRST + WORDS.len() as u8;
    let vectors = [0u8, 1, 2, 3, 4, 7, 16, 24, 25];
    let has = |operand| spec.has(operand);
    if has(XRs1) && has(XRs2) {
        return scalars()
            .flat_map(|a| scalars().map(move |b| (a, b)))
            .collect();
    }
    if has(VRs1) && has(VRs2) {
        let mut pairs: Vec<_> = (0..4).map(|k| (k, 4 + k)).collect();
        pairs.extend((0..4).map(|k| (16 + k, 20 + k)));
        pairs.extend([
            (0, 24),
            (1, 24),
            (2, 25),
            (3, 25),
            (16, 31),
            (5, 5),
            (28, 16),
        ]);
        return pairs;
    }
    if has(VRs1) && has(XRs2) {
        return scalars().flat_map(|x| [(16, x), (0, x)]).collect();
    }
    if has(XRs1) && has(VRs2) {
        return scalars().flat_map(|x| [(x, 16), (x, 1)]).collect();
    }
    if has(XRs1) {
        return scalars().map(|x| (x, 0)).collect();
    }
    if has(VRs1) {
        return vectors.map(|v| (v, 0)).to_vec();
    }
    if has(Zimm5) {
        return vec![(0, 0)];
    }
    vec![(0, 0)]
}

fn groups(spec: &'static Spec) -> Vec<Vec<Instruction>> {
    let immediate = spec.operands.iter().find(|o| o.bounds().is_some());
    let values = immediate.map_or(vec![0], |operand| immediates(*operand));
    let scalar = spec.has(Operand::XRd);
    let mut list = Vec::new();
    for (rs1, rs2) in sources(spec) {
        for &imm in &values {
            // Destinations in turn, the sources among them, and x0.
            let n = list.len() as u8;
            let rd = match (spec.has(Operand::VRd), scalar) {
                (true, _) => 8 + n % 8,
                (_, true) => [21, 22, 23, 24, 25, 26, 27, 0][usize::from(n % 8)],
                _ => 0,
            };
            let mut instruction = Instruction::new(spec.op);
            instruction.rd = rd;
            instruction.rs1 = rs1;
            instruction.rs2 = rs2;
            instruction.imm = imm;
            list.push(vec![instruction]);
        }
    }
    // Sources and destination the same: what an operand is must not change under it.
    if let Some(last) = list
        .last()
        .cloned()
        .and_then(|group| group.first().copied())
    {
        let mut same = last;
        let (vector, sources) = (spec.has(Operand::VRd), [Operand::VRs1, Operand::VRs2]);
        if vector && sources.iter().any(|o| spec.has(*o)) {
            same.rd = 8;
            if spec.has(Operand::VRs1) {
                same.rs1 = 8;
            }
            if spec.has(Operand::VRs2) {
                same.rs2 = 8;
            }
        } else if scalar && spec.has(Operand::XRs1) {
            same.rd = 22;
            same.rs1 = 22;
            if spec.has(Operand::XRs2) {
                same.rs2 = 22;
            }
        }
        list.extend(std::iter::repeat_n(vec![same], 3));
    }
    list
}

/// Programs of all such rows.
pub fn programs() -> Vec<Program> {
    let rows = TABLE.iter().filter(|spec| is_plain(spec));
    let mut all: Vec<Program> = rows
        .flat_map(|spec| split(spec.mnemonic, None, &groups(spec)))
        .collect();
    all.extend(split("shift amounts", None, &amounts()));
    all
}

/// Every shift amount with every edge: an edge in all lanes, an amount a lane.
fn amounts() -> Vec<Vec<Instruction>> {
    let mut list = Vec::new();
    for value in super::LANE_EDGES {
        for op in [Op::Vsll, Op::Vsra] {
            let mut fill = Instruction::new(Op::Vlui);
            fill.rd = 8;
            fill.imm = i32::from(value);
            let mut shift = Instruction::new(op);
            (shift.rd, shift.rs1, shift.rs2) = (9, 8, 24);
            list.push(vec![fill, shift]);
        }
    }
    list
}
