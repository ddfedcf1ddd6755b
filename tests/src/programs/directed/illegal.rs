//! Stops that are not about addresses.

use spikevec_isa::table::TABLE;
use spikevec_isa::{Instruction, Op};

use super::Program;
use super::fault::{Fault, program};

/// `ecall`, `ebreak`, and words that are a fixed bit away from an instruction.
pub fn programs() -> Vec<Program> {
    let mut all = Vec::new();
    for op in [Op::Ecall, Op::Ebreak] {
        let name = op.spec().mnemonic.to_owned();
        let fault = Fault::Instruction(Instruction::new(op));
        all.push(program(name, &[], fault, Vec::new()));
    }
    for word in [0, u32::MAX, 0x0000_0001, 0x8000_0073, 0x0020_0073] {
        all.push(program(
            format!("word {word:08x}"),
            &[],
            Fault::Word(word),
            Vec::new(),
        ));
    }
    for (row, spec) in TABLE.iter().enumerate() {
        let flips = (0..32).map(|k| spec.bits ^ (1 << ((k * 7 + row) % 32)));
        let reserved = flips.filter(|word| {
            let flipped = word ^ spec.bits;
            spec.mask & flipped != 0 && Instruction::decode(*word).is_err()
        });
        for word in reserved.take(2) {
            let name = format!("{} as {word:08x}", spec.mnemonic);
            all.push(program(name, &[], Fault::Word(word), Vec::new()));
        }
    }
    all
}
