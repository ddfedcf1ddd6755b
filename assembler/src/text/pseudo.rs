//! Pseudo-instructions: other spellings of one instruction of the table.

use spikevec_isa::Op;
use spikevec_isa::Operand::{self, *};

/// A spelling: its operands fill the fields of `op`, the rest is preset.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pseudo {
    pub name: &'static str,
    pub operands: &'static [Operand],
    pub op: Op,
    pub rd: u8,
    pub rs1: u8,
    pub imm: i32,
}

const fn row(name: &'static str, operands: &'static [Operand], op: Op) -> Pseudo {
    Pseudo {
        name,
        operands,
        op,
        rd: 0,
        rs1: 0,
        imm: 0,
    }
}

impl Pseudo {
    const fn rd(self, rd: u8) -> Self {
        Pseudo { rd, ..self }
    }

    const fn rs1(self, rs1: u8) -> Self {
        Pseudo { rs1, ..self }
    }

    const fn imm(self, imm: i32) -> Self {
        Pseudo { imm, ..self }
    }
}

/// Link register.
const RA: u8 = 1;

/// The spellings. A name may stand several times, and may be a real mnemonic that
/// also takes other operands; what fits first is taken, the real one before all.
pub(crate) const PSEUDO: &[Pseudo] = &[
    row("nop", &[], Op::Addi),
    row("mv", &[XRd, XRs1], Op::Addi),
    row("move", &[XRd, XRs1], Op::Addi),
    row("not", &[XRd, XRs1], Op::Xori).imm(-1),
    row("neg", &[XRd, XRs2], Op::Sub),
    row("zext.b", &[XRd, XRs1], Op::Andi).imm(255),
    row("seqz", &[XRd, XRs1], Op::Sltiu).imm(1),
    row("snez", &[XRd, XRs2], Op::Sltu),
    row("sltz", &[XRd, XRs1], Op::Slt),
    row("sgtz", &[XRd, XRs2], Op::Slt),
    row("sgt", &[XRd, XRs2, XRs1], Op::Slt),
    row("sgtu", &[XRd, XRs2, XRs1], Op::Sltu),
    // Immediates under the names of the register forms, as GNU's assembler takes them.
    row("add", &[XRd, XRs1, Imm12], Op::Addi),
    row("and", &[XRd, XRs1, Imm12], Op::Andi),
    row("or", &[XRd, XRs1, Imm12], Op::Ori),
    row("xor", &[XRd, XRs1, Imm12], Op::Xori),
    row("slt", &[XRd, XRs1, Imm12], Op::Slti),
    row("sltu", &[XRd, XRs1, Imm12], Op::Sltiu),
    row("sll", &[XRd, XRs1, Shamt5], Op::Slli),
    row("srl", &[XRd, XRs1, Shamt5], Op::Srli),
    row("sra", &[XRd, XRs1, Shamt5], Op::Srai),
    // Branches.
    row("beqz", &[XRs1, Branch], Op::Beq),
    row("bnez", &[XRs1, Branch], Op::Bne),
    row("bltz", &[XRs1, Branch], Op::Blt),
    row("bgez", &[XRs1, Branch], Op::Bge),
    row("blez", &[XRs2, Branch], Op::Bge),
    row("bgtz", &[XRs2, Branch], Op::Blt),
    row("bgt", &[XRs2, XRs1, Branch], Op::Blt),
    row("ble", &[XRs2, XRs1, Branch], Op::Bge),
    row("bgtu", &[XRs2, XRs1, Branch], Op::Bltu),
    row("bleu", &[XRs2, XRs1, Branch], Op::Bgeu),
    // Jumps. Instruction memory is at most 1 MiB, so one `jal` reaches everything.
    row("j", &[Jump], Op::Jal),
    row("tail", &[Jump], Op::Jal),
    row("jal", &[Jump], Op::Jal).rd(RA),
    row("call", &[Jump], Op::Jal).rd(RA),
    row("jr", &[XRs1], Op::Jalr),
    row("jr", &[Load], Op::Jalr),
    row("jalr", &[XRs1], Op::Jalr).rd(RA),
    row("jalr", &[Load], Op::Jalr).rd(RA),
    row("jalr", &[XRd, XRs1], Op::Jalr),
    row("jalr", &[XRd, XRs1, Imm12], Op::Jalr),
    row("ret", &[], Op::Jalr).rs1(RA),
    // CSRs and the rest.
    row("csrr", &[XRd, Csr], Op::Csrrs),
    row("csrw", &[Csr, XRs1], Op::Csrrw),
    row("csrs", &[Csr, XRs1], Op::Csrrs),
    row("csrc", &[Csr, XRs1], Op::Csrrc),
    row("csrwi", &[Csr, Zimm5], Op::Csrrwi),
    row("csrsi", &[Csr, Zimm5], Op::Csrrsi),
    row("csrci", &[Csr, Zimm5], Op::Csrrci),
    row("fence", &[], Op::Fence).imm(255),
    // Vector unit.
    row("vmv", &[VRd, VRs1], Op::Vslli),
    row("vtgt", &[XRd, VRs2, VRs1], Op::Vtlt),
    row("vtle", &[XRd, VRs2, VRs1], Op::Vtge),
];

/// The spellings of one name.
pub(crate) fn named(name: &str) -> impl Iterator<Item = Pseudo> {
    PSEUDO.iter().copied().filter(move |row| row.name == name)
}

/// Spellings that stand for more than one instruction.
pub(crate) const CONSTANTS: [&str; 3] = ["li", "la", "lla"];
