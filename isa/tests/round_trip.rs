//! Encode and decode are inverse to each other, over the whole table and over random words.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use spikevec_isa::table::TABLE;
use spikevec_isa::testing::instruction;
use spikevec_isa::{EncodeError, Instruction, Op};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn decode_undoes_encode(instruction in instruction()) {
        let word = instruction.encode().unwrap();
        prop_assert_eq!(Instruction::decode(word).unwrap(), instruction);
    }

    #[test]
    fn a_word_re_encodes_to_itself_or_is_illegal(word in any::<u32>()) {
        if let Ok(instruction) = Instruction::decode(word) {
            prop_assert_eq!(instruction.encode().unwrap(), word);
        }
    }

    #[test]
    fn near_misses_re_encode_or_are_illegal(instruction in instruction(), bit in 0..32u32) {
        let word = instruction.encode().unwrap() ^ (1 << bit);
        if let Ok(other) = Instruction::decode(word) {
            prop_assert_eq!(other.encode().unwrap(), word);
        }
    }
}

#[test]
fn rows_do_not_overlap() {
    for (k, a) in TABLE.iter().enumerate() {
        assert_eq!(a.op as usize, k);
        assert_eq!(
            a.bits & !a.mask,
            0,
            "{} has bits outside its mask",
            a.mnemonic
        );
        let fields: u32 = a.operands.iter().map(|o| o.mask().count_ones()).sum();
        assert_eq!(
            fields,
            a.mask.count_zeros(),
            "{}'s operands overlap",
            a.mnemonic
        );
        for b in &TABLE[k + 1..] {
            let common = a.mask & b.mask;
            assert_ne!(
                a.bits & common,
                b.bits & common,
                "{} and {}",
                a.mnemonic,
                b.mnemonic
            );
            assert_ne!(a.mnemonic, b.mnemonic);
        }
    }
}

#[test]
fn reserved_fields_are_illegal() {
    let vadd = Instruction {
        rd: 1,
        rs1: 2,
        rs2: 3,
        ..Instruction::new(Op::Vadd)
    }
    .encode()
    .unwrap();
    let vmul = Instruction::new(Op::Vmul).encode().unwrap();
    let vlui = Instruction::new(Op::Vlui).encode().unwrap();
    let vtlt = Instruction::new(Op::Vtlt).encode().unwrap();
    let vsel = Instruction::new(Op::Vsel).encode().unwrap();
    let vslli = Instruction::new(Op::Vslli).encode().unwrap();
    let vsrai = Instruction::new(Op::Vsrai).encode().unwrap();
    let cases = [
        (vadd | 1 << 25, "shift of vadd"),
        (vadd | 1 << 29, "rounding of vadd"),
        (
            Instruction::new(Op::Vand).encode().unwrap() | 1 << 31,
            "saturation of vand",
        ),
        (vmul | 3 << 29, "rounding mode 3"),
        (vlui | 1 << 28, "vlui bit 16"),
        (vtlt | 1 << 25, "funct7 of vtlt"),
        (vsel | 1 << 12, "funct3 of vsel"),
        (vsel | 1 << 25, "funct7 of vsel"),
        (
            Instruction::new(Op::Vfill).encode().unwrap() | 1 << 20,
            "immediate of vfill",
        ),
        (
            Instruction::new(Op::Vextract).encode().unwrap() | 1 << 25,
            "lane 32",
        ),
        (
            Instruction::new(Op::Vandadd).encode().unwrap() | 1 << 29,
            "funct7 bit 4 of vandadd",
        ),
        (vslli | 1 << 24, "rounding of vslli"),
        (vsrai | 3 << 24, "rounding mode 3 of vsrai"),
        (vsrai | 1 << 26, "upper immediate of vsrai"),
        (
            Instruction::new(Op::Vrng).encode().unwrap() | 1 << 15,
            "rs1 of vrng",
        ),
        (0, "zero"),
        (u32::MAX, "ones"),
    ];
    for (word, what) in cases {
        assert!(
            Instruction::decode(word).is_err(),
            "{what} ({word:#010x}) decodes"
        );
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let addi = Instruction {
        imm: 2048,
        ..Instruction::new(Op::Addi)
    };
    assert!(matches!(
        addi.encode(),
        Err(EncodeError::Range {
            value: 2048,
            max: 2047,
            ..
        })
    ));
    let odd = Instruction {
        imm: 3,
        ..Instruction::new(Op::Beq)
    };
    assert!(matches!(
        odd.encode(),
        Err(EncodeError::Alignment {
            value: 3,
            align: 2,
            ..
        })
    ));
    let high = Instruction {
        rd: 32,
        ..Instruction::new(Op::Add)
    };
    assert!(matches!(
        high.encode(),
        Err(EncodeError::Register { number: 32, .. })
    ));
    let extra = Instruction {
        imm: 1,
        ..Instruction::new(Op::Add)
    };
    assert!(matches!(
        extra.encode(),
        Err(EncodeError::UnusedField {
            field: "immediate",
            ..
        })
    ));
    let extra = Instruction {
        rs2: 1,
        ..Instruction::new(Op::Vrng)
    };
    assert!(matches!(
        extra.encode(),
        Err(EncodeError::UnusedField { field: "rs2", .. })
    ));
}

#[test]
fn known_words_and_texts() {
    // Words that GNU's assembler gives for the scalar part.
    for (word, text) in [
        (0x0000_0073, "ecall"),
        (0x0010_0073, "ebreak"),
        (0x0ff0_000f, "fence iorw, iorw"),
        (0xfe00_0ee3, "beq zero, zero, .-4"),
        (0x0080_006f, "jal zero, .+8"),
        (0x6010_1013 | 5 << 7 | 6 << 15, "ctz t0, t1"),
        (0x7ff1_0113, "addi sp, sp, 2047"),
        (0xb000_22f3, "csrrs t0, mcycle, zero"),
        (0x3202_d073, "csrrwi zero, mcountinhibit, 5"),
    ] {
        assert_eq!(Instruction::decode(word).unwrap().to_string(), text);
    }
}
