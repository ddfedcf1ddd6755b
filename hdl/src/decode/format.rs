//! The places of immediates in a word.

use rust_hdl::prelude::*;
use spikevec_isa::{Operand, Spec};

/// Where an instruction's immediate stands. One row has one at most: memory operands hold theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Format {
    /// There is none; the value is zero.
    None,
    /// Bits 31:20, sign-extended.
    I,
    /// Bits 31:25 and 11:7, sign-extended.
    S,
    /// A branch's distance.
    B,
    /// Bits 31:12 in their place, zeros below: `lui`'s value itself.
    U,
    /// A jump's distance.
    J,
    /// Bits 27:12, sign-extended: `vlui`.
    V,
    /// Bits 24:20: scalar shifts and lane numbers.
    Five,
    /// Bits 28:25: shifts of VMUL, bits of VANDADD.
    Funct7,
    /// Bits 23:20: VSLLI and VSRAI.
    Four,
    /// Bits 31:20 as they are: CSR addresses.
    Csr,
    /// Bits 27:20: `fence`.
    Fence,
}

/// Bits that a [`Format`] takes.
pub const FORMAT_BITS: usize = 4;

impl Format {
    /// All of them, by number.
    pub const ALL: [Self; 12] = [
        Self::None,
        Self::I,
        Self::S,
        Self::B,
        Self::U,
        Self::J,
        Self::V,
        Self::Five,
        Self::Funct7,
        Self::Four,
        Self::Csr,
        Self::Fence,
    ];

    /// The format of an instruction.
    pub fn of(spec: &Spec) -> Self {
        let format = |operand: &Operand| match operand {
            Operand::Imm12 | Operand::Load | Operand::LaneLoad => Some(Self::I),
            Operand::Store | Operand::LaneStore => Some(Self::S),
            Operand::Branch => Some(Self::B),
            Operand::Imm20 => Some(Self::U),
            Operand::Jump => Some(Self::J),
            Operand::VImm16 => Some(Self::V),
            Operand::Shamt5 | Operand::Lane => Some(Self::Five),
            Operand::Shift7 => Some(Self::Funct7),
            Operand::ShiftI => Some(Self::Four),
            Operand::Csr => Some(Self::Csr),
            Operand::FenceSets => Some(Self::Fence),
            Operand::XRd
            | Operand::XRs1
            | Operand::XRs2
            | Operand::VRd
            | Operand::VRs1
            | Operand::VRs2
            | Operand::Zimm5 => None,
        };
        spec.operands.iter().find_map(format).unwrap_or(Self::None)
    }

    /// The pieces of the value, highest first, as Verilog and as bits of a word.
    const fn pieces(self) -> &'static str {
        match self {
            Self::None => "32'd0",
            Self::I => "{{20{word[31]}}, word[31:20]}",
            Self::S => "{{20{word[31]}}, word[31:25], word[11:7]}",
            Self::B => "{{20{word[31]}}, word[7], word[30:25], word[11:8], 1'b0}",
            Self::U => "{word[31:12], 12'd0}",
            Self::J => "{{12{word[31]}}, word[19:12], word[20], word[30:21], 1'b0}",
            Self::V => "{{16{word[27]}}, word[27:12]}",
            Self::Five => "{27'd0, word[24:20]}",
            Self::Funct7 => "{28'd0, word[28:25]}",
            Self::Four => "{28'd0, word[23:20]}",
            Self::Csr => "{20'd0, word[31:20]}",
            Self::Fence => "{24'd0, word[27:20]}",
        }
    }

    /// The immediate of a word in this format.
    pub const fn immediate(self, word: u32) -> u32 {
        let signed = word as i32;
        match self {
            Self::None => 0,
            Self::I => (signed >> 20) as u32,
            Self::S => (signed >> 25 << 5) as u32 | ((word >> 7) & 0x1f),
            Self::B => {
                (signed >> 31 << 12) as u32
                    | ((word << 4) & 0x800)
                    | ((word >> 20) & 0x7e0)
                    | ((word >> 7) & 0x1e)
            }
            Self::U => word & 0xffff_f000,
            Self::J => {
                (signed >> 31 << 20) as u32
                    | (word & 0xf_f000)
                    | ((word >> 9) & 0x800)
                    | ((word >> 20) & 0x7fe)
            }
            Self::V => (((word >> 12) as i16) as i32) as u32,
            Self::Five => (word >> 20) & 31,
            Self::Funct7 => (word >> 25) & 15,
            Self::Four => (word >> 20) & 15,
            Self::Csr => word >> 20,
            Self::Fence => (word >> 20) & 255,
        }
    }
}

/// The immediate of a word, by its format.
#[derive(LogicBlock, Default)]
pub struct Immediate {
    /// The instruction. Its low seven bits hold no immediate.
    pub word: Signal<In, Bits<32>>,
    /// A [`Format`].
    pub format: Signal<In, Bits<FORMAT_BITS>>,
    /// The value; [`Format`] says how it is extended.
    pub value: Signal<Out, Bits<32>>,
}

impl Logic for Immediate {
    fn update(&mut self) {
        let format = Format::ALL.get(self.format.val().index());
        let word = self.word.val().to_u32();
        let value = format.map_or(0, |format| format.immediate(word));
        self.value.next = value.to_bits();
    }

    fn connect(&mut self) {
        self.value.connect();
    }

    fn hdl(&self) -> Verilog {
        let mut text = String::from(
            "// module immediate\nwire unused = &word[6:0];\n\nalways @(*) begin\n    \
             case (format)\n",
        );
        for format in Format::ALL.iter().skip(1) {
            let (number, pieces) = (*format as u8, format.pieces());
            text.push_str(&format!(
                "        {FORMAT_BITS}'d{number}: value = {pieces}; // {format:?}\n"
            ));
        }
        text.push_str("        default: value = 32'd0;\n    endcase\nend");
        Verilog::Custom(text)
    }
}
