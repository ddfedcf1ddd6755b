//! The instruction table. A row is an instruction: everything else follows from it.

use crate::class::Class;
use crate::fixed::{Overflow, Rounding};
use crate::operand::Operand::{self, *};

/// The group of instructions that a row belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Extension {
    /// RV32I base integer instructions.
    Rv32i,
    /// Integer multiplication and division.
    M,
    /// CSR instructions.
    Zicsr,
    /// The part of Zbb that the core has.
    Zbb,
    /// The vector base set, as published for FeNN.
    Vector,
}

impl Extension {
    /// Heading in the manual.
    pub const fn title(self) -> &'static str {
        match self {
            Extension::Rv32i => "RV32I",
            Extension::M => "M: multiplication and division",
            Extension::Zicsr => "Zicsr: control and status registers",
            Extension::Zbb => "Zbb subset: bit counting and sign extension",
            Extension::Vector => "Vector base set",
        }
    }
}

/// A row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// The row's instruction.
    pub op: Op,
    /// Name in assembly.
    pub mnemonic: &'static str,
    /// Group.
    pub extension: Extension,
    /// Kind of work.
    pub class: Class,
    /// Fixed bits of the word; zero outside `mask`.
    pub bits: u32,
    /// Which bits are fixed: all that no operand occupies.
    pub mask: u32,
    /// Operands in the order of the text.
    pub operands: &'static [Operand],
    /// True where an unselected lane keeps rd's old value, so that rd is read.
    pub reads_rd: bool,
    /// True where the instruction steps the random number generators.
    pub steps_rng: bool,
    /// What becomes of a lane's result beyond 16 bits, and of the bits that a right shift drops.
    arithmetic: (Overflow, Option<Rounding>),
    /// Meaning, as the manual prints it.
    pub operation: &'static str,
}

impl Spec {
    /// True where the row has `operand`.
    pub fn has(&self, operand: Operand) -> bool {
        self.operands.contains(&operand)
    }

    /// What becomes of a lane's result that does not fit 16 bits.
    pub const fn overflow(&self) -> Overflow {
        self.arithmetic.0
    }

    /// How a lane's right shift by an immediate, that of a product included, treats the bits
    /// that it drops; `None` where there is no such shift.
    pub const fn rounding(&self) -> Option<Rounding> {
        self.arithmetic.1
    }

    /// Bytes that a load or store accesses, of lane-local memory in each lane: the
    /// alignment of its address as well. `None` where no memory is accessed.
    pub const fn access_bytes(&self) -> Option<u32> {
        match self.class {
            // The two low bits of funct3, as RISC-V has them.
            Class::Load | Class::Store => Some(1 << (self.bits >> 12 & 3)),
            Class::VectorLoad | Class::GeneratorLoad | Class::VectorStore => {
                Some(crate::VECTOR_BYTES)
            }
            Class::LaneLoad | Class::LaneStore => Some(2),
            _ => None,
        }
    }
}

impl Op {
    /// The instruction's row.
    pub fn spec(self) -> &'static Spec {
        &TABLE[self as usize]
    }

    /// The instruction called `mnemonic`.
    pub fn from_mnemonic(mnemonic: &str) -> Option<Self> {
        TABLE
            .iter()
            .find(|spec| spec.mnemonic == mnemonic)
            .map(|spec| spec.op)
    }
}

const fn fixed_mask(operands: &[Operand]) -> u32 {
    let mut used = 0;
    let mut k = 0;
    while k < operands.len() {
        used |= operands[k].mask();
        k += 1;
    }
    !used
}

/// What a row can say beyond its operands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flag {
    ReadsRd,
    Draws,
    Saturates,
    Truncates,
    Nearest,
    Stochastic,
}

const fn flagged(flags: &[Flag], wanted: Flag) -> bool {
    let mut k = 0;
    while k < flags.len() {
        if flags[k] as u8 == wanted as u8 {
            return true;
        }
        k += 1;
    }
    false
}

const fn arithmetic(flags: &[Flag]) -> (Overflow, Option<Rounding>) {
    let overflow = if flagged(flags, Flag::Saturates) {
        Overflow::Saturate
    } else {
        Overflow::Wrap
    };
    let rounding = if flagged(flags, Flag::Nearest) {
        Some(Rounding::Nearest)
    } else if flagged(flags, Flag::Stochastic) {
        Some(Rounding::Stochastic)
    } else if flagged(flags, Flag::Truncates) {
        Some(Rounding::Truncate)
    } else {
        None
    };
    (overflow, rounding)
}

/// Declares [`Op`] and [`TABLE`] from one list of rows.
macro_rules! instructions {
    ($($op:ident $mnemonic:literal $ext:ident $class:ident $bits:literal [$($operand:ident),*] $({$($flag:ident),+})? $operation:literal;)+) => {
        /// An instruction: the index of its row in [`TABLE`].
        #[allow(missing_docs)] // each variant's meaning is its row's `operation`
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Op { $($op),+ }

        /// Every instruction of the core.
        pub static TABLE: &[Spec] = &[$(
            Spec {
                op: Op::$op,
                mnemonic: $mnemonic,
                extension: Extension::$ext,
                class: Class::$class,
                bits: $bits,
                mask: fixed_mask(&[$($operand),*]),
                operands: &[$($operand),*],
                reads_rd: flagged(&[$($(Flag::$flag),+)?], Flag::ReadsRd),
                steps_rng: flagged(&[$($(Flag::$flag),+)?], Flag::Draws)
                    || flagged(&[$($(Flag::$flag),+)?], Flag::Stochastic),
                arithmetic: arithmetic(&[$($(Flag::$flag),+)?]),
                operation: $operation,
            }
        ),+];
    };
}

instructions! {
    // RV32I
    Lui "lui" Rv32i Upper 0x00000037 [XRd, Imm20] "x[rd] = imm20 << 12";
    Auipc "auipc" Rv32i Upper 0x00000017 [XRd, Imm20] "x[rd] = pc + (imm20 << 12)";
    Jal "jal" Rv32i Jump 0x0000006f [XRd, Jump] "x[rd] = pc + 4; pc = target";
    Jalr "jalr" Rv32i Jump 0x00000067 [XRd, Load] "x[rd] = pc + 4; pc = (x[rs1] + imm12) & ~1";
    Beq "beq" Rv32i Branch 0x00000063 [XRs1, XRs2, Branch] "if x[rs1] == x[rs2]: pc = target";
    Bne "bne" Rv32i Branch 0x00001063 [XRs1, XRs2, Branch] "if x[rs1] != x[rs2]: pc = target";
    Blt "blt" Rv32i Branch 0x00004063 [XRs1, XRs2, Branch] "if x[rs1] < x[rs2] (signed): pc = target";
    Bge "bge" Rv32i Branch 0x00005063 [XRs1, XRs2, Branch] "if x[rs1] >= x[rs2] (signed): pc = target";
    Bltu "bltu" Rv32i Branch 0x00006063 [XRs1, XRs2, Branch] "if x[rs1] < x[rs2] (unsigned): pc = target";
    Bgeu "bgeu" Rv32i Branch 0x00007063 [XRs1, XRs2, Branch] "if x[rs1] >= x[rs2] (unsigned): pc = target";
    Lb "lb" Rv32i Load 0x00000003 [XRd, Load] "x[rd] = the sign-extended byte of scalar memory at x[rs1] + imm12";
    Lh "lh" Rv32i Load 0x00001003 [XRd, Load] "x[rd] = the sign-extended halfword of scalar memory at x[rs1] + imm12";
    Lw "lw" Rv32i Load 0x00002003 [XRd, Load] "x[rd] = the word of scalar memory at x[rs1] + imm12";
    Lbu "lbu" Rv32i Load 0x00004003 [XRd, Load] "x[rd] = the zero-extended byte of scalar memory at x[rs1] + imm12";
    Lhu "lhu" Rv32i Load 0x00005003 [XRd, Load] "x[rd] = the zero-extended halfword of scalar memory at x[rs1] + imm12";
    Sb "sb" Rv32i Store 0x00000023 [XRs2, Store] "the byte of scalar memory at x[rs1] + imm12 = the low 8 bits of x[rs2]";
    Sh "sh" Rv32i Store 0x00001023 [XRs2, Store] "the halfword of scalar memory at x[rs1] + imm12 = the low 16 bits of x[rs2]";
    Sw "sw" Rv32i Store 0x00002023 [XRs2, Store] "the word of scalar memory at x[rs1] + imm12 = x[rs2]";
    Addi "addi" Rv32i Arithmetic 0x00000013 [XRd, XRs1, Imm12] "x[rd] = x[rs1] + imm12";
    Slti "slti" Rv32i Arithmetic 0x00002013 [XRd, XRs1, Imm12] "x[rd] = x[rs1] < imm12 (signed) ? 1 : 0";
    Sltiu "sltiu" Rv32i Arithmetic 0x00003013 [XRd, XRs1, Imm12] "x[rd] = x[rs1] < imm12 (unsigned, after sign extension) ? 1 : 0";
    Xori "xori" Rv32i Arithmetic 0x00004013 [XRd, XRs1, Imm12] "x[rd] = x[rs1] ^ imm12";
    Ori "ori" Rv32i Arithmetic 0x00006013 [XRd, XRs1, Imm12] "x[rd] = x[rs1] | imm12";
    Andi "andi" Rv32i Arithmetic 0x00007013 [XRd, XRs1, Imm12] "x[rd] = x[rs1] & imm12";
    Slli "slli" Rv32i Shift 0x00001013 [XRd, XRs1, Shamt5] "x[rd] = x[rs1] << shift";
    Srli "srli" Rv32i Shift 0x00005013 [XRd, XRs1, Shamt5] "x[rd] = x[rs1] >> shift, zero filled";
    Srai "srai" Rv32i Shift 0x40005013 [XRd, XRs1, Shamt5] "x[rd] = x[rs1] >> shift, sign filled";
    Add "add" Rv32i Arithmetic 0x00000033 [XRd, XRs1, XRs2] "x[rd] = x[rs1] + x[rs2]";
    Sub "sub" Rv32i Arithmetic 0x40000033 [XRd, XRs1, XRs2] "x[rd] = x[rs1] - x[rs2]";
    Sll "sll" Rv32i Shift 0x00001033 [XRd, XRs1, XRs2] "x[rd] = x[rs1] << x[rs2][4:0]";
    Slt "slt" Rv32i Arithmetic 0x00002033 [XRd, XRs1, XRs2] "x[rd] = x[rs1] < x[rs2] (signed) ? 1 : 0";
    Sltu "sltu" Rv32i Arithmetic 0x00003033 [XRd, XRs1, XRs2] "x[rd] = x[rs1] < x[rs2] (unsigned) ? 1 : 0";
    Xor "xor" Rv32i Arithmetic 0x00004033 [XRd, XRs1, XRs2] "x[rd] = x[rs1] ^ x[rs2]";
    Srl "srl" Rv32i Shift 0x00005033 [XRd, XRs1, XRs2] "x[rd] = x[rs1] >> x[rs2][4:0], zero filled";
    Sra "sra" Rv32i Shift 0x40005033 [XRd, XRs1, XRs2] "x[rd] = x[rs1] >> x[rs2][4:0], sign filled";
    Or "or" Rv32i Arithmetic 0x00006033 [XRd, XRs1, XRs2] "x[rd] = x[rs1] | x[rs2]";
    And "and" Rv32i Arithmetic 0x00007033 [XRd, XRs1, XRs2] "x[rd] = x[rs1] & x[rs2]";
    Fence "fence" Rv32i Fence 0x0000000f [FenceSets] "no effect: memory accesses of the core are in order";
    Ecall "ecall" Rv32i Environment 0x00000073 [] "the program ends; pc stays";
    Ebreak "ebreak" Rv32i Environment 0x00100073 [] "stops for the debugger; pc stays";
    // M
    Mul "mul" M Multiply 0x02000033 [XRd, XRs1, XRs2] "x[rd] = the low word of x[rs1] * x[rs2]";
    Mulh "mulh" M Multiply 0x02001033 [XRd, XRs1, XRs2] "x[rd] = the high word of x[rs1] * x[rs2], both signed";
    Mulhsu "mulhsu" M Multiply 0x02002033 [XRd, XRs1, XRs2] "x[rd] = the high word of x[rs1] (signed) * x[rs2] (unsigned)";
    Mulhu "mulhu" M Multiply 0x02003033 [XRd, XRs1, XRs2] "x[rd] = the high word of x[rs1] * x[rs2], both unsigned";
    Div "div" M Divide 0x02004033 [XRd, XRs1, XRs2] "x[rd] = x[rs1] / x[rs2], towards zero; -1 for a divisor of 0, the dividend on overflow";
    Divu "divu" M Divide 0x02005033 [XRd, XRs1, XRs2] "x[rd] = x[rs1] / x[rs2], unsigned; all ones for a divisor of 0";
    Rem "rem" M Divide 0x02006033 [XRd, XRs1, XRs2] "x[rd] = the remainder with the sign of x[rs1]; x[rs1] for a divisor of 0, 0 on overflow";
    Remu "remu" M Divide 0x02007033 [XRd, XRs1, XRs2] "x[rd] = the unsigned remainder; x[rs1] for a divisor of 0";
    // Zicsr
    Csrrw "csrrw" Zicsr Csr 0x00001073 [XRd, Csr, XRs1] "x[rd] = csr; csr = x[rs1]";
    Csrrs "csrrs" Zicsr Csr 0x00002073 [XRd, Csr, XRs1] "x[rd] = csr; csr |= x[rs1] unless rs1 is x0";
    Csrrc "csrrc" Zicsr Csr 0x00003073 [XRd, Csr, XRs1] "x[rd] = csr; csr &= ~x[rs1] unless rs1 is x0";
    Csrrwi "csrrwi" Zicsr Csr 0x00005073 [XRd, Csr, Zimm5] "x[rd] = csr; csr = uimm5";
    Csrrsi "csrrsi" Zicsr Csr 0x00006073 [XRd, Csr, Zimm5] "x[rd] = csr; csr |= uimm5 unless it is 0";
    Csrrci "csrrci" Zicsr Csr 0x00007073 [XRd, Csr, Zimm5] "x[rd] = csr; csr &= ~uimm5 unless it is 0";
    // Zbb subset
    Clz "clz" Zbb BitCount 0x60001013 [XRd, XRs1] "x[rd] = number of leading zeros of x[rs1]; 32 for 0";
    Ctz "ctz" Zbb BitCount 0x60101013 [XRd, XRs1] "x[rd] = number of trailing zeros of x[rs1]; 32 for 0";
    Cpop "cpop" Zbb BitCount 0x60201013 [XRd, XRs1] "x[rd] = number of ones in x[rs1]";
    SextB "sext.b" Zbb SignExtend 0x60401013 [XRd, XRs1] "x[rd] = byte 0 of x[rs1], sign-extended";
    SextH "sext.h" Zbb SignExtend 0x60501013 [XRd, XRs1] "x[rd] = halfword 0 of x[rs1], sign-extended";
    // Vector base set: arithmetic
    Vadd "vadd" Vector VectorAdd 0x00000002 [VRd, VRs1, VRs2] "v[rd][i] = v[rs1][i] + v[rs2][i], low 16 bits";
    VaddS "vadd.s" Vector VectorAdd 0x80000002 [VRd, VRs1, VRs2] {Saturates} "v[rd][i] = v[rs1][i] + v[rs2][i], clamped to -32768..32767";
    Vsub "vsub" Vector VectorAdd 0x00002002 [VRd, VRs1, VRs2] "v[rd][i] = v[rs1][i] - v[rs2][i], low 16 bits";
    VsubS "vsub.s" Vector VectorAdd 0x80002002 [VRd, VRs1, VRs2] {Saturates} "v[rd][i] = v[rs1][i] - v[rs2][i], clamped to -32768..32767";
    Vand "vand" Vector VectorLogic 0x00003002 [VRd, VRs1, VRs2] "v[rd][i] = v[rs1][i] & v[rs2][i]";
    Vsll "vsll" Vector VectorShift 0x00001002 [VRd, VRs1, VRs2] "v[rd][i] = v[rs1][i] << v[rs2][i][3:0]";
    Vsra "vsra" Vector VectorShift 0x00005002 [VRd, VRs1, VRs2] "v[rd][i] = v[rs1][i] >> v[rs2][i][3:0], sign filled";
    Vmul "vmul" Vector VectorMultiply 0x00004002 [VRd, VRs1, VRs2, Shift7] {Truncates} "v[rd][i] = (v[rs1][i] * v[rs2][i]) >> shift; low 16 bits";
    VmulRn "vmul.rn" Vector VectorMultiply 0x20004002 [VRd, VRs1, VRs2, Shift7] {Nearest} "v[rd][i] = (v[rs1][i] * v[rs2][i] + half) >> shift, half = 1 << (shift - 1), 0 for shift 0; low 16 bits";
    VmulRs "vmul.rs" Vector VectorMultiply 0x40004002 [VRd, VRs1, VRs2, Shift7] {Stochastic} "v[rd][i] = (v[rs1][i] * v[rs2][i] + (sample & ((1 << shift) - 1))) >> shift, a fresh sample a lane; low 16 bits";
    VmulS "vmul.s" Vector VectorMultiply 0x80004002 [VRd, VRs1, VRs2, Shift7] {Saturates, Truncates} "v[rd][i] = (v[rs1][i] * v[rs2][i]) >> shift; clamped to -32768..32767";
    VmulSRn "vmul.s.rn" Vector VectorMultiply 0xa0004002 [VRd, VRs1, VRs2, Shift7] {Nearest, Saturates} "v[rd][i] = (v[rs1][i] * v[rs2][i] + half) >> shift, half = 1 << (shift - 1), 0 for shift 0; clamped to -32768..32767";
    VmulSRs "vmul.s.rs" Vector VectorMultiply 0xc0004002 [VRd, VRs1, VRs2, Shift7] {Stochastic, Saturates} "v[rd][i] = (v[rs1][i] * v[rs2][i] + (sample & ((1 << shift) - 1))) >> shift, a fresh sample a lane; clamped to -32768..32767";
    Vslli "vslli" Vector VectorShift 0x00000026 [VRd, VRs1, ShiftI] "v[rd][i] = v[rs1][i] << shift";
    Vsrai "vsrai" Vector VectorShift 0x00001026 [VRd, VRs1, ShiftI] {Truncates} "v[rd][i] = v[rs1][i] >> shift, sign filled";
    VsraiRn "vsrai.rn" Vector RoundedShift 0x01001026 [VRd, VRs1, ShiftI] {Nearest} "v[rd][i] = (v[rs1][i] + half) >> shift, half = 1 << (shift - 1), 0 for shift 0";
    VsraiRs "vsrai.rs" Vector RoundedShift 0x02001026 [VRd, VRs1, ShiftI] {Stochastic} "v[rd][i] = (v[rs1][i] + (sample & ((1 << shift) - 1))) >> shift, a fresh sample a lane";
    // Vector base set: compare and select
    Vteq "vteq" Vector Compare 0x0000000a [XRd, VRs1, VRs2] "bit i of x[rd] = v[rs1][i] == v[rs2][i]";
    Vtne "vtne" Vector Compare 0x0000200a [XRd, VRs1, VRs2] "bit i of x[rd] = v[rs1][i] != v[rs2][i]";
    Vtlt "vtlt" Vector Compare 0x0000400a [XRd, VRs1, VRs2] "bit i of x[rd] = v[rs1][i] < v[rs2][i] (signed)";
    Vtge "vtge" Vector Compare 0x0000600a [XRd, VRs1, VRs2] "bit i of x[rd] = v[rs1][i] >= v[rs2][i] (signed)";
    Vsel "vsel" Vector Select 0x0000000e [VRd, XRs1, VRs2] {ReadsRd} "v[rd][i] = v[rs2][i] where bit i of x[rs1] is set, else kept";
    // Vector base set: memory
    Vloadv "vloadv" Vector VectorLoad 0x00000012 [VRd, Load] "v[rd] = the vector at x[rs1] + imm12, 64-byte aligned";
    Vloadl "vloadl" Vector LaneLoad 0x00002012 [VRd, LaneLoad] {ReadsRd} "v[rd][i] = the halfword of lane i's memory at v[rs1][i] + imm12; kept where v[rs1][i] is negative";
    Vloadr0 "vloadr0" Vector GeneratorLoad 0x00001012 [Load] "s0 of the generators = the vector at x[rs1] + imm12";
    Vloadr1 "vloadr1" Vector GeneratorLoad 0x00005012 [Load] "s1 of the generators = the vector at x[rs1] + imm12";
    Vstorev "vstorev" Vector VectorStore 0x00000016 [VRs2, Store] "the vector at x[rs1] + imm12 = v[rs2], 64-byte aligned";
    Vstorel "vstorel" Vector LaneStore 0x00002016 [VRs2, LaneStore] "the halfword of lane i's memory at v[rs1][i] + imm12 = v[rs2][i]; nothing where v[rs1][i] is negative";
    // Vector base set: moves and the rest
    Vlui "vlui" Vector VectorImmediate 0x00000006 [VRd, VImm16] "v[rd][i] = imm16";
    Vfill "vfill" Vector Broadcast 0x0000001a [VRd, XRs1] "v[rd][i] = bit 31 of x[rs1] as the sign bit, bits 14:0 as the rest";
    Vextract "vextract" Vector Extract 0x0000101a [XRd, VRs1, Lane] "x[rd] = v[rs1][lane], sign-extended";
    Vrng "vrng" Vector Random 0x00000022 [VRd] {Draws} "v[rd][i] = a fresh sample of lane i >> 1";
    Vandadd "vandadd" Vector MaskedAdd 0x00001022 [VRd, VRs1, XRs2, Shift7] "v[rd][i] = (v[rs1][i] & ((1 << shift) - 1)) + x[rs2], low 16 bits";
}
