//! The decoded form of an instruction, and its way to and from a 32-bit word.

use std::fmt;

use crate::csr::Csr;
use crate::operand::Operand;
use crate::registers::{vector_name, x_name};
use crate::table::{Op, TABLE};

/// A decoded instruction.
///
/// A field that the instruction does not have is zero. What `imm` holds follows
/// from the row's operands: a signed immediate, a distance in bytes relative to
/// the instruction's own address, a shift, a lane, or a CSR address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Instruction {
    /// Row of the table.
    pub op: Op,
    /// Destination register, 0 to 31.
    pub rd: u8,
    /// First source register, 0 to 31 (or the 5-bit immediate of `csrr*i`).
    pub rs1: u8,
    /// Second source register, 0 to 31.
    pub rs2: u8,
    /// Immediate.
    pub imm: i32,
}

/// Why an [`Instruction`] has no binary form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// An immediate outside its field.
    #[error("{mnemonic}: {operand} {value} is out of range {min} to {max}")]
    Range {
        /// Mnemonic of the instruction.
        mnemonic: &'static str,
        /// Name of the operand.
        operand: &'static str,
        /// The value given.
        value: i32,
        /// Smallest value the field holds.
        min: i32,
        /// Largest value the field holds.
        max: i32,
    },
    /// A distance that is not a multiple of the field's unit.
    #[error("{mnemonic}: {operand} {value} is not a multiple of {align}")]
    Alignment {
        /// Mnemonic of the instruction.
        mnemonic: &'static str,
        /// Name of the operand.
        operand: &'static str,
        /// The value given.
        value: i32,
        /// The unit.
        align: i32,
    },
    /// A register number above 31.
    #[error("{mnemonic}: register number {number} does not exist (0 to 31)")]
    Register {
        /// Mnemonic of the instruction.
        mnemonic: &'static str,
        /// The number given.
        number: u8,
    },
    /// A field that this instruction does not have is not zero.
    #[error("{mnemonic} has no {field} field, but the instruction sets it")]
    UnusedField {
        /// Mnemonic of the instruction.
        mnemonic: &'static str,
        /// Name of the field.
        field: &'static str,
    },
}

/// A word that is no instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("illegal instruction {word:#010x}")]
pub struct DecodeError {
    /// The word.
    pub word: u32,
}

impl Instruction {
    /// An instruction with every field zero.
    pub const fn new(op: Op) -> Self {
        Instruction {
            op,
            rd: 0,
            rs1: 0,
            rs2: 0,
            imm: 0,
        }
    }

    /// Decodes one word. Reserved bits must be zero.
    ///
    /// # Errors
    /// [`DecodeError`] where no row of the table matches.
    pub fn decode(word: u32) -> Result<Self, DecodeError> {
        let spec = TABLE
            .iter()
            .find(|spec| word & spec.mask == spec.bits)
            .ok_or(DecodeError { word })?;
        let mut out = Instruction::new(spec.op);
        for operand in spec.operands {
            operand.extract(word, &mut out);
        }
        Ok(out)
    }

    /// Encodes to the 32-bit word.
    ///
    /// # Errors
    /// [`EncodeError`] where a field does not fit or is not the instruction's.
    pub fn encode(&self) -> Result<u32, EncodeError> {
        let spec = self.op.spec();
        let mnemonic = spec.mnemonic;
        for number in [self.rd, self.rs1, self.rs2] {
            if number > 31 {
                return Err(EncodeError::Register { mnemonic, number });
            }
        }
        // The word that the operands make decodes to the fields that this
        // instruction really has: whatever else is set is not encodable.
        let mut word = spec.bits;
        for operand in spec.operands {
            if let (Some(bounds), false) = (operand.bounds(), *operand == Operand::Zimm5) {
                let value = self.imm;
                let operand = operand.name();
                let (min, max, align) = (bounds.min, bounds.max, bounds.align);
                if value < min || value > max {
                    return Err(EncodeError::Range {
                        mnemonic,
                        operand,
                        value,
                        min,
                        max,
                    });
                }
                if value % align != 0 {
                    return Err(EncodeError::Alignment {
                        mnemonic,
                        operand,
                        value,
                        align,
                    });
                }
            }
            word |= operand.insert(self);
        }
        let mut kept = Instruction::new(self.op);
        for operand in spec.operands {
            operand.extract(word, &mut kept);
        }
        let unused = |field| EncodeError::UnusedField { mnemonic, field };
        if kept.rd != self.rd {
            return Err(unused("rd"));
        }
        if kept.rs1 != self.rs1 {
            return Err(unused("rs1"));
        }
        if kept.rs2 != self.rs2 {
            return Err(unused("rs2"));
        }
        if kept.imm != self.imm {
            return Err(unused("immediate"));
        }
        Ok(word)
    }

    /// Scalar register that the instruction writes; `x0` counts as none.
    pub fn scalar_write(&self) -> Option<u8> {
        (self.op.spec().has(Operand::XRd) && self.rd != 0).then_some(self.rd)
    }

    /// Vector register that the instruction writes.
    pub fn vector_write(&self) -> Option<u8> {
        self.op.spec().has(Operand::VRd).then_some(self.rd)
    }

    /// Scalar registers that the instruction reads, `x0` left out.
    pub fn scalar_reads(&self) -> impl Iterator<Item = u8> + use<> {
        let mut found = [None; 2];
        for operand in self.op.spec().operands {
            match operand {
                Operand::XRs1 | Operand::Load | Operand::Store => found[0] = Some(self.rs1),
                Operand::XRs2 => found[1] = Some(self.rs2),
                _ => {}
            }
        }
        found.into_iter().flatten().filter(|&r| r != 0)
    }

    /// Vector registers that the instruction reads, `rd` included where an
    /// unselected lane keeps its old value.
    pub fn vector_reads(&self) -> impl Iterator<Item = u8> + use<> {
        let mut found = [None; 3];
        let spec = self.op.spec();
        for operand in spec.operands {
            match operand {
                Operand::VRs1 | Operand::LaneLoad | Operand::LaneStore => {
                    found[0] = Some(self.rs1);
                }
                Operand::VRs2 => found[1] = Some(self.rs2),
                _ => {}
            }
        }
        if spec.reads_rd {
            found[2] = Some(self.rd);
        }
        found.into_iter().flatten()
    }

    /// True where the instruction may leave the straight line: branches, jumps, stops.
    pub fn is_control(&self) -> bool {
        self.op.spec().class.is_control()
    }
}

/// Letters of a fence set, most significant bit first.
const FENCE_LETTERS: [char; 4] = ['i', 'o', 'r', 'w'];

fn fence_set(bits: u32) -> String {
    let set: String = (0..4)
        .filter(|k| bits & (8 >> k) != 0)
        .map(|k| FENCE_LETTERS[k as usize])
        .collect();
    if set.is_empty() { "0".to_owned() } else { set }
}

/// Prints the canonical text: ABI names for scalar registers, targets as a signed
/// distance (`.+8`), immediates in decimal and upper immediates in hexadecimal.
impl fmt::Display for Instruction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spec = self.op.spec();
        f.write_str(spec.mnemonic)?;
        for (k, operand) in spec.operands.iter().enumerate() {
            f.write_str(if k == 0 { " " } else { ", " })?;
            match operand {
                Operand::XRd => f.write_str(x_name(self.rd))?,
                Operand::XRs1 => f.write_str(x_name(self.rs1))?,
                Operand::XRs2 => f.write_str(x_name(self.rs2))?,
                Operand::VRd => f.write_str(vector_name(self.rd))?,
                Operand::VRs1 => f.write_str(vector_name(self.rs1))?,
                Operand::VRs2 => f.write_str(vector_name(self.rs2))?,
                Operand::Imm20 => write!(f, "{:#x}", self.imm)?,
                Operand::Branch | Operand::Jump => write!(f, ".{:+}", self.imm)?,
                Operand::Csr => match Csr::from_address(self.imm as u32) {
                    Some(csr) => f.write_str(csr.name())?,
                    None => write!(f, "{:#x}", self.imm)?,
                },
                Operand::Zimm5 => write!(f, "{}", self.rs1)?,
                Operand::Load | Operand::Store => {
                    write!(f, "{}({})", self.imm, x_name(self.rs1))?;
                }
                Operand::LaneLoad | Operand::LaneStore => {
                    write!(f, "{}({})", self.imm, vector_name(self.rs1))?;
                }
                Operand::FenceSets => {
                    let sets = self.imm as u32;
                    write!(f, "{}, {}", fence_set(sets >> 4), fence_set(sets & 15))?;
                }
                Operand::Imm12
                | Operand::Shamt5
                | Operand::VImm16
                | Operand::Shift7
                | Operand::ShiftI
                | Operand::Lane => write!(f, "{}", self.imm)?,
            }
        }
        Ok(())
    }
}
