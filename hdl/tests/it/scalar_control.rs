//! The control table against the words' own fields and the operand kinds.

use spikevec_hdl::scalar::{AluOp, ScalarControl};
use spikevec_isa::Operand;
use spikevec_isa::table::{Extension, Spec, TABLE};

use crate::bench::{Bench, instance};

/// Opcode, funct3 and funct7 as the RISC-V tables print them.
fn fields(spec: &Spec) -> (u32, u32, u32) {
    (spec.bits & 0x7f, spec.bits >> 12 & 7, spec.bits >> 25)
}

/// The ALU's operation by opcode, funct3 and funct7.
fn operation(spec: &Spec) -> AluOp {
    let (opcode, funct3, funct7) = fields(spec);
    let other = funct7 == 0x20;
    match (opcode, funct3, funct7) {
        (0x37, ..) => AluOp::PassB,
        (0x33, _, 1) => AluOp::Add,
        (0x13, 1, 0x30) => {
            let count = [AluOp::LeadingZeros, AluOp::TrailingZeros, AluOp::Ones];
            let extend = [AluOp::ExtendByte, AluOp::ExtendHalf];
            let which = (spec.bits >> 20 & 31) as usize;
            *count.get(which).unwrap_or_else(|| &extend[which - 4])
        }
        (0x13 | 0x33, 0, _) if opcode == 0x33 && other => AluOp::Subtract,
        (0x13 | 0x33, ..) => [
            AluOp::Add,
            AluOp::ShiftLeft,
            AluOp::Less,
            AluOp::Below,
            AluOp::Xor,
            if other {
                AluOp::ShiftRightSigned
            } else {
                AluOp::ShiftRight
            },
            AluOp::Or,
            AluOp::And,
        ][funct3 as usize],
        _ => AluOp::Add,
    }
}

/// What each output must be: from the encoding, not from the row's name.
fn expected(spec: &Spec) -> Vec<(&'static str, u64)> {
    let (opcode, funct3, funct7) = fields(spec);
    let bit = u64::from;
    let of = |opcodes: &[u32]| opcodes.contains(&opcode);
    let m = opcode == 0x33 && funct7 == 1;
    let csr = opcode == 0x73 && funct3 != 0;
    let scalar_memory = of(&[0x03, 0x23]);
    let vector_memory = of(&[0x12, 0x16]) && funct3 != 2;
    let gathers = spec.extension == Extension::Vector && spec.has(Operand::XRd);
    let late =
        spec.extension == Extension::Vector && (spec.has(Operand::XRs1) || spec.has(Operand::XRs2));
    let rounds = funct7 >> 4 & 3 != 0 || spec.bits >> 24 & 3 != 0;
    let width = match (scalar_memory, vector_memory) {
        (true, _) => funct3 & 3,
        (_, true) => 3,
        _ => 0,
    };
    let immediate = of(&[0x13, 0x37, 0x17, 0x6f, 0x67, 0x03, 0x23])
        && !(opcode == 0x13 && funct3 == 1 && funct7 == 0x30);
    vec![
        ("alu", operation(spec) as u64),
        ("a_is_pc", bit(of(&[0x17, 0x6f]))),
        ("b_is_immediate", bit(immediate || vector_memory)),
        ("branch", bit(of(&[0x63]))),
        ("jump", bit(of(&[0x6f]))),
        ("jump_register", bit(of(&[0x67]))),
        ("load", bit(of(&[0x03]))),
        ("store", bit(of(&[0x23]))),
        ("multiply", bit(m && funct3 < 4)),
        ("divide", bit(m && funct3 >= 4)),
        ("csr", bit(csr)),
        ("ecall", bit(spec.bits == 0x73)),
        ("ebreak", bit(spec.bits == 0x0010_0073)),
        ("vector", bit(spec.bits & 3 == 2)),
        ("vector_load", bit(opcode == 0x12 && funct3 != 2)),
        ("vector_store", bit(opcode == 0x16 && funct3 == 0)),
        ("lane_load", bit(spec.has(Operand::LaneLoad))),
        ("lane_store", bit(spec.has(Operand::LaneStore))),
        ("scalar_late", bit(late)),
        ("late_is_rs2", bit(late && spec.has(Operand::XRs2))),
        ("gathers", bit(gathers)),
        ("compares", bit(opcode == 0x0a)),
        (
            "long_result",
            bit(opcode == 0x02 && funct3 == 4 || opcode == 0x26 && funct3 == 1 && rounds),
        ),
        ("select", bit(opcode == 0x0e)),
        ("condition", u64::from(if of(&[0x63]) { funct3 } else { 0 })),
        ("width", u64::from(width)),
        ("load_signed", bit(of(&[0x03]) && funct3 < 2)),
        ("multiply_high", bit(m && (1..4).contains(&funct3))),
        ("multiply_a_signed", bit(m && [1, 2].contains(&funct3))),
        ("multiply_b_signed", bit(m && funct3 == 1)),
        ("divide_signed", bit(m && [4, 6].contains(&funct3))),
        ("divide_remainder", bit(m && funct3 >= 6)),
        (
            "csr_operation",
            u64::from(if csr { (funct3 & 3) - 1 } else { 0 }),
        ),
        ("csr_immediate", bit(csr && funct3 >= 4)),
    ]
}

fn read(bench: &mut Bench, names: &[&str]) -> Vec<u64> {
    let port = |name: &&str| bench.output(&format!("scalar_control_{name}"));
    let ports: Vec<_> = names.iter().map(port).collect();
    ports.into_iter().map(|p| bench.instance.get(p)).collect()
}

#[test]
fn every_row_has_its_control() {
    let Some(mut bench) = instance() else { return };
    let op = bench.input("scalar_control_op");
    for spec in TABLE {
        bench.drive([op], [spec.op as u64]);
        let (names, expected): (Vec<_>, Vec<_>) = expected(spec).into_iter().unzip();
        let model = ScalarControl::values(spec);
        assert_eq!(names, model.iter().map(|v| v.0).collect::<Vec<_>>());
        let got = read(&mut bench, &names);
        let pairs = names.iter().zip(got.iter().zip(&expected));
        let wrong: Vec<_> = pairs.filter(|(_, (got, want))| got != want).collect();
        assert!(wrong.is_empty(), "{}: {wrong:?}", spec.mnemonic);
        let of_model: Vec<_> = model.iter().map(|v| v.2).collect();
        assert_eq!(got, of_model, "{}", spec.mnemonic);
    }
    let names: Vec<_> = ScalarControl::values(&TABLE[0])
        .iter()
        .map(|v| v.0)
        .collect();
    for op_beyond in TABLE.len()..128 {
        bench.drive([op], [op_beyond as u64]);
        assert!(read(&mut bench, &names).iter().all(|&value| value == 0));
    }
}
