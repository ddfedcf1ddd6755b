//! Operand kinds: where a field sits in the word, what it may hold, how it is written.

use crate::instruction::Instruction;

/// One operand of an instruction, as it is written in assembly.
///
/// The order of a row's operands is the order of the text. A memory operand
/// (`Load`, `Store`, ...) is an offset and a base register and counts as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operand {
    /// Scalar destination, bits 11:7.
    XRd,
    /// Scalar source, bits 19:15.
    XRs1,
    /// Scalar source, bits 24:20.
    XRs2,
    /// Vector destination, bits 11:7.
    VRd,
    /// Vector source, bits 19:15.
    VRs1,
    /// Vector source, bits 24:20.
    VRs2,
    /// Signed 12-bit immediate, bits 31:20.
    Imm12,
    /// Shift amount of a scalar shift, 0 to 31, bits 24:20.
    Shamt5,
    /// Upper immediate of `lui` and `auipc`, 0 to 0xfffff, bits 31:12.
    Imm20,
    /// Signed 16-bit immediate of `vlui`, bits 27:12; bits 31:28 are reserved.
    VImm16,
    /// Branch distance in bytes, even, within 4 KiB.
    Branch,
    /// Jump distance in bytes, even, within 1 MiB.
    Jump,
    /// CSR address, bits 31:20.
    Csr,
    /// Unsigned 5-bit immediate in the place of rs1.
    Zimm5,
    /// `offset(x rs1)` with an I-type offset.
    Load,
    /// `offset(x rs1)` with an S-type offset.
    Store,
    /// `offset(v rs1)` with an I-type offset: every lane has its own address.
    LaneLoad,
    /// `offset(v rs1)` with an S-type offset.
    LaneStore,
    /// Shift or bit count 0 to 15 in the low four bits of funct7, bits 28:25.
    Shift7,
    /// Shift amount 0 to 15 in the low four bits of the immediate, bits 23:20.
    ShiftI,
    /// Lane index 0 to 31, bits 24:20.
    Lane,
    /// The two `iorw` sets of `fence`: predecessor bits 27:24, successor bits 23:20.
    FenceSets,
}

use Operand::*;

/// The immediate of a field: its bounds (inclusive) and the multiple it must be of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Smallest value.
    pub min: i32,
    /// Largest value.
    pub max: i32,
    /// The value is a multiple of this.
    pub align: i32,
}

const fn bounds(min: i32, max: i32, align: i32) -> Option<Bounds> {
    Some(Bounds { min, max, align })
}

/// Takes `width` bits of `word` from `low` up.
const fn bits(word: u32, low: u32, width: u32) -> u32 {
    (word >> low) & ((1 << width) - 1)
}

/// Sign-extends the low `width` bits.
const fn sext(value: u32, width: u32) -> i32 {
    ((value << (32 - width)) as i32) >> (32 - width)
}

impl Operand {
    /// The bits of the word that this operand occupies.
    pub const fn mask(self) -> u32 {
        match self {
            XRd | VRd => 0x0000_0f80,
            XRs1 | VRs1 | Zimm5 => 0x000f_8000,
            XRs2 | VRs2 | Shamt5 | Lane => 0x01f0_0000,
            Imm12 | Csr => 0xfff0_0000,
            Imm20 | Jump => 0xffff_f000,
            VImm16 => 0x0fff_f000,
            Branch => 0xfe00_0f80,
            Load | LaneLoad => 0xffff_8000,
            Store | LaneStore => 0xfe0f_8f80,
            Shift7 => 0x1e00_0000,
            ShiftI => 0x00f0_0000,
            FenceSets => 0x0ff0_0000,
        }
    }

    /// Bounds of the operand's immediate, or `None` where it has none.
    pub const fn bounds(self) -> Option<Bounds> {
        match self {
            Imm12 | Load | Store | LaneLoad | LaneStore => bounds(-2048, 2047, 1),
            Shamt5 | Zimm5 | Lane => bounds(0, 31, 1),
            Imm20 => bounds(0, 0xf_ffff, 1),
            VImm16 => bounds(-32768, 32767, 1),
            Branch => bounds(-4096, 4094, 2),
            Jump => bounds(-(1 << 20), (1 << 20) - 2, 2),
            Csr => bounds(0, 0xfff, 1),
            Shift7 | ShiftI => bounds(0, 15, 1),
            FenceSets => bounds(0, 255, 1),
            XRd | XRs1 | XRs2 | VRd | VRs1 | VRs2 => None,
        }
    }

    /// What the manual and error messages call it.
    pub const fn name(self) -> &'static str {
        match self {
            XRd => "scalar rd",
            XRs1 => "scalar rs1",
            XRs2 => "scalar rs2",
            VRd => "vector rd",
            VRs1 => "vector rs1",
            VRs2 => "vector rs2",
            Imm12 => "12-bit immediate",
            Shamt5 => "shift amount",
            Imm20 => "20-bit upper immediate",
            VImm16 => "16-bit immediate",
            Branch => "branch target",
            Jump => "jump target",
            Csr => "CSR",
            Zimm5 => "5-bit immediate",
            Load | Store => "memory operand",
            LaneLoad | LaneStore => "lane-local memory operand",
            Shift7 | ShiftI => "shift amount",
            Lane => "lane index",
            FenceSets => "fence sets",
        }
    }

    /// The operand as the manual's syntax column shows it.
    pub const fn syntax(self) -> &'static str {
        match self {
            XRd => "xd",
            XRs1 => "xs1",
            XRs2 => "xs2",
            VRd => "vd",
            VRs1 => "vs1",
            VRs2 => "vs2",
            Imm12 => "imm12",
            Shamt5 | Shift7 | ShiftI => "shift",
            Imm20 => "imm20",
            VImm16 => "imm16",
            Branch | Jump => "target",
            Csr => "csr",
            Zimm5 => "uimm5",
            Load | Store => "imm12(xs1)",
            LaneLoad | LaneStore => "imm12(vs1)",
            Lane => "lane",
            FenceSets => "pred, succ",
        }
    }

    /// Reads the operand's fields out of `word` into `out`.
    pub(crate) const fn extract(self, word: u32, out: &mut Instruction) {
        let rs1 = bits(word, 15, 5) as u8;
        match self {
            XRd | VRd => out.rd = bits(word, 7, 5) as u8,
            XRs1 | VRs1 => out.rs1 = rs1,
            XRs2 | VRs2 => out.rs2 = bits(word, 20, 5) as u8,
            Imm12 => out.imm = (word as i32) >> 20,
            Shamt5 | Lane => out.imm = bits(word, 20, 5) as i32,
            Imm20 => out.imm = bits(word, 12, 20) as i32,
            VImm16 => out.imm = sext(bits(word, 12, 16), 16),
            Branch => {
                let raw = (bits(word, 31, 1) << 12)
                    | (bits(word, 7, 1) << 11)
                    | (bits(word, 25, 6) << 5)
                    | (bits(word, 8, 4) << 1);
                out.imm = sext(raw, 13);
            }
            Jump => {
                let raw = (bits(word, 31, 1) << 20)
                    | (bits(word, 12, 8) << 12)
                    | (bits(word, 20, 1) << 11)
                    | (bits(word, 21, 10) << 1);
                out.imm = sext(raw, 21);
            }
            Csr => out.imm = bits(word, 20, 12) as i32,
            // Zimm5 shares a word with Csr, so it keeps to the rs1 field of the decoded form.
            Zimm5 => out.rs1 = rs1,
            Load | LaneLoad => {
                out.rs1 = rs1;
                out.imm = (word as i32) >> 20;
            }
            Store | LaneStore => {
                out.rs1 = rs1;
                out.imm = sext((bits(word, 25, 7) << 5) | bits(word, 7, 5), 12);
            }
            Shift7 => out.imm = bits(word, 25, 4) as i32,
            ShiftI => out.imm = bits(word, 20, 4) as i32,
            FenceSets => out.imm = bits(word, 20, 8) as i32,
        }
    }

    /// The operand's bits for `i`, whose fields the caller has checked.
    pub(crate) const fn insert(self, i: &Instruction) -> u32 {
        let imm = i.imm as u32;
        let rs1 = (i.rs1 as u32) << 15;
        match self {
            XRd | VRd => (i.rd as u32) << 7,
            XRs1 | VRs1 | Zimm5 => rs1,
            XRs2 | VRs2 => (i.rs2 as u32) << 20,
            Imm12 | Csr => imm << 20,
            Shamt5 | Lane | ShiftI | FenceSets => imm << 20,
            Imm20 => imm << 12,
            VImm16 => (imm & 0xffff) << 12,
            Branch => {
                (bits(imm, 12, 1) << 31)
                    | (bits(imm, 11, 1) << 7)
                    | (bits(imm, 5, 6) << 25)
                    | (bits(imm, 1, 4) << 8)
            }
            Jump => {
                (bits(imm, 20, 1) << 31)
                    | (bits(imm, 12, 8) << 12)
                    | (bits(imm, 11, 1) << 20)
                    | (bits(imm, 1, 10) << 21)
            }
            Load | LaneLoad => (imm << 20) | rs1,
            Store | LaneStore => (bits(imm, 5, 7) << 25) | (bits(imm, 0, 5) << 7) | rs1,
            Shift7 => imm << 25,
        }
    }
}
