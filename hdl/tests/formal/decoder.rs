//! What the decoder must say, from the instruction table by another way than the decoder's own: rows are compared with
//! masks, and immediates must encode to the word's bits.

use std::fmt::Write;

use spikevec_hdl::decode::Use;
use spikevec_isa::table::TABLE;
use spikevec_isa::{Instruction, Op, Operand, Spec};

/// The module `specification` for the decoder.
pub fn specification() -> String {
    let mut text = String::from(
        "// Made from the instruction table.\nmodule specification (input wire [31:0] word);\n    \
         wire [6:0] op;\n    wire illegal;\n    wire [7:0] uses;\n    wire [31:0] immediate;\n    \
         wire [4:0] rd, rs1, rs2;\n\n    \
         decoder block (\n        .word(word), .op(op), .illegal(illegal), .uses(uses),\n        \
         .immediate(immediate), .rd(rd), .rs1(rs1), .rs2(rs2)\n    );\n\n",
    );
    let rows = TABLE.len();
    writeln!(text, "    wire [{}:0] hit;\n", rows - 1).unwrap();
    for (row, spec) in TABLE.iter().enumerate() {
        let (mask, bits) = (spec.mask, spec.bits);
        writeln!(
            text,
            "    assign hit[{row}] = (word & 32'h{mask:08x}) == 32'h{bits:08x}; // {}",
            spec.mnemonic
        )
        .unwrap();
    }
    text.push_str(
        "\n    always @(*) begin\n        // One row or none.\n        \
         assert ((hit & (hit - 1'b1)) == 0);\n        assert (illegal == (hit == 0));\n        \
         assert (rd == word[11:7] && rs1 == word[19:15] && rs2 == word[24:20]);\n        \
         if (illegal) assert (op == 0 && uses == 0 && immediate == 0);\n",
    );
    for (row, spec) in TABLE.iter().enumerate() {
        writeln!(text, "        if (hit[{row}]) begin // {}", spec.mnemonic).unwrap();
        if row == rows - 1 {
            let wrong = row - 1;
            writeln!(
                text,
                "`ifdef WRONG_ROW\n            assert (op == {wrong});\n`endif"
            )
            .unwrap();
        }
        if spec.op == Op::Bgeu {
            text.push_str(
                "`ifdef WRONG_BIT\n            assert (immediate[11] == word[31]);\n`endif\n",
            );
        }
        writeln!(text, "            assert (op == {row});").unwrap();
        writeln!(text, "            assert (uses == 8'd{});", uses(spec)).unwrap();
        for line in immediate(spec) {
            writeln!(text, "            assert ({line});").unwrap();
        }
        text.push_str("        end\n");
    }
    text + "    end\nendmodule\n"
}

/// What the row touches, from the registers that an instruction of it is said to read and write.
fn uses(spec: &Spec) -> u32 {
    let told = Instruction {
        rd: 1,
        rs1: 2,
        rs2: 3,
        ..Instruction::new(spec.op)
    };
    let scalar: Vec<u8> = told.scalar_reads().collect();
    let vector: Vec<u8> = told.vector_reads().collect();
    let all = [
        (Use::WritesX, told.scalar_write() == Some(1)),
        (Use::ReadsX1, scalar.contains(&2)),
        (Use::ReadsX2, scalar.contains(&3)),
        (Use::WritesV, told.vector_write() == Some(1)),
        (Use::ReadsV1, vector.contains(&2)),
        (Use::ReadsV2, vector.contains(&3)),
        (Use::ReadsVd, vector.contains(&1)),
        (Use::StepsRng, spec.steps_rng),
    ];
    all.iter()
        .map(|(bit, holds)| u32::from(*holds) << *bit as u32)
        .sum()
}

/// The immediate by what the encoder does with it: each of its bits stands somewhere in the word, or equals one that does.
fn immediate(spec: &Spec) -> Vec<String> {
    let bounded = spec.operands.iter().find_map(|operand| {
        let bounds = operand.bounds().filter(|_| *operand != Operand::Zimm5)?;
        Some((*operand, bounds))
    });
    let Some((operand, bounds)) = bounded else {
        return vec!["immediate == 0".to_owned()];
    };
    // The value of `lui` and `auipc` is held shifted by the decoder.
    let up = if operand == Operand::Imm20 { 12 } else { 0 };
    let place = |value: i32| {
        let instruction = Instruction {
            imm: value,
            ..Instruction::new(spec.op)
        };
        instruction.encode().unwrap() ^ spec.bits
    };
    let mut lines = Vec::new();
    let highest = 31 - bounds.max.leading_zeros();
    for bit in 0..32u32 {
        let from = match bit.checked_sub(up) {
            None => "1'b0".to_owned(),
            Some(bit) if 1 << bit < i64::from(bounds.align) => "1'b0".to_owned(),
            Some(bit) if bit <= highest => {
                let word = place(1 << bit);
                assert_eq!(word.count_ones(), 1, "{}: bit {bit}", spec.mnemonic);
                format!("word[{}]", word.trailing_zeros())
            }
            Some(_) if bounds.min < 0 => {
                // Of the lowest number only the sign is set.
                format!("word[{}]", place(bounds.min).trailing_zeros())
            }
            Some(_) => "1'b0".to_owned(),
        };
        lines.push(format!("immediate[{bit}] == {from}"));
    }
    lines
}
