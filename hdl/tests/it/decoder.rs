//! The decoder against the instruction table.

use spikevec_hdl::decode::{Format, Use};
use spikevec_isa::table::TABLE;
use spikevec_isa::{Instruction, Operand};
use spikevec_verilated::Handle;

use crate::bench::{Bench, Random, instance};

struct Ports {
    word: Handle,
    out: [Handle; 7],
}

fn ports(bench: &Bench) -> Ports {
    let names = ["op", "illegal", "uses", "immediate", "rd", "rs1", "rs2"];
    Ports {
        word: bench.input("decoder_word"),
        out: bench.outputs("decoder", names),
    }
}

/// What the decoder must say: op, illegal, uses, immediate; and the fields of the word.
fn expected(word: u32) -> [u64; 7] {
    let field = |low: u32| u64::from(word >> low & 31);
    let fields = [field(7), field(15), field(20)];
    let [rd, rs1, rs2] = fields;
    let Ok(i) = Instruction::decode(word) else {
        return [0, 1, 0, 0, rd, rs1, rs2];
    };
    let spec = i.op.spec();
    let mut uses = 0;
    let mut set = |which: Use, holds: bool| uses |= u64::from(holds) << which as u8;
    set(Use::WritesX, spec.has(Operand::XRd));
    set(Use::WritesV, i.vector_write().is_some());
    set(Use::StepsRng, spec.steps_rng);
    // Reads are taken from the decoded form with registers that are told apart.
    let told = Instruction {
        rd: 1,
        rs1: 2,
        rs2: 3,
        ..i
    };
    let x: Vec<_> = told.scalar_reads().collect();
    let v: Vec<_> = told.vector_reads().collect();
    set(Use::ReadsX1, x.contains(&2));
    set(Use::ReadsX2, x.contains(&3));
    set(Use::ReadsVd, v.contains(&1));
    set(Use::ReadsV1, v.contains(&2));
    set(Use::ReadsV2, v.contains(&3));
    let immediate = match spec.has(Operand::Imm20) {
        true => (i.imm as u32) << 12,
        false => i.imm as u32,
    };
    [i.op as u64, 0, uses, u64::from(immediate), rd, rs1, rs2]
}

fn check(bench: &mut Bench, ports: &Ports, word: u32) -> bool {
    bench.drive([ports.word], [u64::from(word)]);
    let got = ports.out.map(|port| bench.instance.get(port));
    let want = expected(word);
    assert_eq!(got, want, "{word:#010x}: {:?}", Instruction::decode(word));
    want[1] == 0
}

#[test]
fn rows_with_random_operands_and_their_neighbours() {
    let Some(mut bench) = instance() else { return };
    let ports = ports(&bench);
    let mut random = Random(1);
    let mut near_misses = 0;
    for spec in TABLE {
        for _ in 0..200 {
            let word = spec.bits | (random.next() as u32 & !spec.mask);
            assert!(check(&mut bench, &ports, word), "{}", spec.mnemonic);
            for bit in 0..32 {
                near_misses += u32::from(!check(&mut bench, &ports, word ^ (1 << bit)));
            }
        }
    }
    assert!(near_misses > 10_000, "{near_misses}");
}

#[test]
fn a_million_random_words() {
    let Some(mut bench) = instance() else { return };
    let ports = ports(&bench);
    let mut random = Random(2);
    let mut legal = 0;
    for _ in 0..1_000_000 {
        legal += u32::from(check(&mut bench, &ports, random.next() as u32));
    }
    assert!(legal > 10_000, "{legal}");
}

#[test]
fn a_row_has_one_immediate() {
    for spec in TABLE {
        let formats = spec
            .operands
            .iter()
            .filter(|o| o.bounds().is_some() && **o != Operand::Zimm5);
        assert!(formats.count() <= 1, "{}", spec.mnemonic);
        let none = Format::of(spec) == Format::None;
        let has = spec
            .operands
            .iter()
            .any(|o| o.bounds().is_some() && *o != Operand::Zimm5);
        assert_eq!(none, !has, "{}", spec.mnemonic);
    }
}
