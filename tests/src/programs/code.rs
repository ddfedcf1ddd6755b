//! Instructions as they are written down.

use spikevec_isa::csr::Csr;
use spikevec_isa::{Instruction, Op};

/// A program that grows.
#[derive(Debug, Clone, Default)]
pub struct Code {
    list: Vec<Instruction>,
}

impl Code {
    /// Adds an instruction; fields that it does not have are zero.
    pub fn op(&mut self, op: Op, rd: u8, rs1: u8, rs2: u8, imm: i32) {
        self.push(Instruction {
            op,
            rd,
            rs1,
            rs2,
            imm,
        });
    }

    /// Adds an instruction.
    pub fn push(&mut self, instruction: Instruction) {
        self.list.push(instruction);
    }

    /// Adds instructions.
    pub fn extend(&mut self, list: &[Instruction]) {
        self.list.extend_from_slice(list);
    }

    /// `x[rd]` = value, in one or two instructions.
    pub fn li(&mut self, rd: u8, value: u32) {
        let low = (value << 20) as i32 >> 20;
        let high = value.wrapping_sub(low as u32) >> 12;
        if high != 0 {
            self.op(Op::Lui, rd, 0, 0, high as i32);
        }
        if low != 0 || high == 0 {
            let base = if high == 0 { 0 } else { rd };
            self.op(Op::Addi, rd, base, 0, low);
        }
    }

    /// `x[rd]` = the CSR called `name`.
    pub fn csr_read(&mut self, rd: u8, name: &str) {
        self.op(Op::Csrrs, rd, 0, 0, csr(name));
    }

    /// The CSR called `name` = `x[rs1]`.
    pub fn csr_write(&mut self, name: &str, rs1: u8) {
        self.op(Op::Csrrw, 0, rs1, 0, csr(name));
    }

    /// The instructions.
    pub fn list(&self) -> &[Instruction] {
        &self.list
    }

    /// Address of the next instruction.
    pub fn here(&self) -> u32 {
        4 * self.list.len() as u32
    }

    /// Lets the branch or jump at `from` go to the next instruction.
    ///
    /// # Panics
    /// Where there is none.
    pub fn land(&mut self, from: u32) {
        let distance = self.here() - from;
        self.list[from as usize / 4].imm = distance as i32;
    }

    /// The words.
    ///
    /// # Panics
    /// Where an instruction cannot be encoded: the generator is wrong then.
    pub fn words(&self) -> Vec<u32> {
        let encode = |i: &Instruction| match i.encode() {
            Ok(word) => word,
            Err(error) => panic!("{i:?}: {error}"),
        };
        self.list.iter().map(encode).collect()
    }
}

/// Address of a CSR.
///
/// # Panics
/// Where there is none of that name.
pub fn csr(name: &str) -> i32 {
    match Csr::from_name(name) {
        Some(csr) => csr.address() as i32,
        None => panic!("no CSR {name}"),
    }
}
