//! Random instructions and values, with the edges of every operation often among them.

use proptest::prelude::*;

use crate::operand::Bounds;
use crate::table::{Spec, TABLE};
use crate::{Instruction, LANES, Operand, Vector};

fn immediates(bounds: Bounds) -> BoxedStrategy<i32> {
    let Bounds { min, max, align } = bounds;
    prop_oneof![
        prop::sample::select(vec![min, max, 0, align, (max / 2) / align * align]),
        (min / align..=max / align).prop_map(move |k| k * align)
    ]
    .boxed()
}

/// An instruction of one of `rows` with any operands it can have and registers below `registers`
/// (at most 32): few, so that instructions of a program meet.
pub fn instruction_of(
    rows: Vec<&'static Spec>,
    registers: u8,
) -> impl Strategy<Value = Instruction> {
    let fields = [0..registers, 0..registers, 0..registers];
    (prop::sample::select(rows), fields).prop_flat_map(|(spec, [rd, rs1, rs2])| {
        let mut base = Instruction::new(spec.op);
        let mut imm = Just(0).boxed();
        for operand in spec.operands {
            match operand {
                Operand::XRd | Operand::VRd => base.rd = rd,
                Operand::XRs1 | Operand::VRs1 | Operand::Zimm5 => base.rs1 = rs1,
                Operand::XRs2 | Operand::VRs2 => base.rs2 = rs2,
                other => {
                    if matches!(
                        other,
                        Operand::Load | Operand::Store | Operand::LaneLoad | Operand::LaneStore
                    ) {
                        base.rs1 = rs1;
                    }
                    if let Some(bounds) = other.bounds() {
                        imm = immediates(bounds);
                    }
                }
            }
        }
        imm.prop_map(move |imm| Instruction { imm, ..base })
    })
}

/// Any instruction of the table.
pub fn instruction() -> impl Strategy<Value = Instruction> {
    instruction_of(TABLE.iter().collect(), 32)
}

/// A lane.
pub fn lane() -> impl Strategy<Value = i16> {
    let edges = [
        i16::MIN,
        i16::MIN + 1,
        -2,
        -1,
        0,
        1,
        2,
        16383,
        16384,
        i16::MAX - 1,
        i16::MAX,
    ];
    prop_oneof![
        2 => prop::sample::select(edges.to_vec()),
        1 => -20i16..20,
        2 => any::<i16>(),
    ]
}

/// A vector register.
pub fn vector() -> impl Strategy<Value = Vector> {
    prop::collection::vec(lane(), LANES)
        .prop_map(|lanes| std::array::from_fn(|k| lanes.get(k).copied().unwrap_or(0)))
}

/// A scalar register.
pub fn word() -> impl Strategy<Value = u32> {
    let edges = [
        0,
        1,
        2,
        31,
        32,
        0x7fff,
        0x8000,
        0xffff,
        0x1_0000,
        0x7fff_ffff,
        0x8000_0000,
        0x8000_0001,
        0xffff_ffff,
    ];
    prop_oneof![
        2 => prop::sample::select(edges.to_vec()),
        2 => any::<u32>(),
        1 => any::<i8>().prop_map(|small| i32::from(small) as u32),
    ]
}
