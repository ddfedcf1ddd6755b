//! The scalar core: registers, arithmetic, jumps, scalar memory.

use spikevec_isa::{Cause, Instruction, Op};

use super::execute::{load_failed, store_failed};
use crate::state::State;

/// High word of the signed product.
pub(super) fn mulh(a: u32, b: u32) -> u32 {
    ((i64::from(a as i32) * i64::from(b as i32)) >> 32) as u32
}

/// High word of the product of a signed and an unsigned factor.
pub(super) fn mulhsu(a: u32, b: u32) -> u32 {
    ((i64::from(a as i32) * i64::from(b)) >> 32) as u32
}

/// High word of the unsigned product.
pub(super) fn mulhu(a: u32, b: u32) -> u32 {
    ((u64::from(a) * u64::from(b)) >> 32) as u32
}

/// Signed quotient; -1 for a divisor of 0, the dividend on overflow.
pub(super) fn div(a: u32, b: u32) -> u32 {
    if b == 0 {
        u32::MAX
    } else {
        (a as i32).wrapping_div(b as i32) as u32
    }
}

/// Signed remainder; the dividend for a divisor of 0, 0 on overflow.
pub(super) fn rem(a: u32, b: u32) -> u32 {
    if b == 0 {
        a
    } else {
        (a as i32).wrapping_rem(b as i32) as u32
    }
}

// Register numbers are below 32 in every decoded instruction; the mask tells the
// optimiser so.
impl State {
    #[inline(always)]
    pub(super) fn x(&self, register: u8) -> u32 {
        self.x[usize::from(register & 31)]
    }

    #[inline(always)]
    pub(super) fn set_x(&mut self, register: u8, value: u32) {
        self.x[usize::from(register & 31)] = value;
        // Cheaper than a branch on the register's number.
        self.x[0] = 0;
    }

    /// x[rs1] + imm.
    #[inline(always)]
    pub(super) fn address(&self, i: Instruction) -> u32 {
        self.x(i.rs1).wrapping_add(i.imm as u32)
    }

    #[inline(always)]
    pub(super) fn alu(&mut self, i: Instruction, f: impl Fn(u32, u32) -> u32) {
        self.set_x(i.rd, f(self.x(i.rs1), self.x(i.rs2)));
    }

    #[inline(always)]
    pub(super) fn immediate(&mut self, i: Instruction, f: impl Fn(u32, u32) -> u32) {
        self.set_x(i.rd, f(self.x(i.rs1), i.imm as u32));
    }

    #[inline(always)]
    pub(super) fn unary(&mut self, i: Instruction, f: impl Fn(u32) -> u32) {
        self.set_x(i.rd, f(self.x(i.rs1)));
    }

    /// Jumps to `target`; the link register is written only where that is possible.
    #[inline(always)]
    pub(super) fn jump(&mut self, i: Instruction, pc: u32, target: u32) -> Result<u32, Cause> {
        let target = aligned(target)?;
        self.set_x(i.rd, pc.wrapping_add(4));
        Ok(target)
    }

    /// `op` is the instruction's, where the compiler sees which.
    #[inline(always)]
    pub(super) fn branch(&self, op: Op, i: Instruction, pc: u32) -> Result<u32, Cause> {
        if takes(op, self.x(i.rs1), self.x(i.rs2)) {
            aligned(pc.wrapping_add(i.imm as u32))
        } else {
            Ok(pc.wrapping_add(4))
        }
    }

    /// Whether a branch is taken; false for what is no branch.
    #[cold]
    pub(super) fn is_taken(&self, i: Instruction) -> bool {
        takes(i.op, self.x(i.rs1), self.x(i.rs2))
    }

    #[inline(always)]
    pub(super) fn load<const N: usize>(
        &mut self,
        i: Instruction,
        extend: impl Fn([u8; N]) -> u32,
    ) -> Result<(), Cause> {
        let address = self.address(i);
        let bytes = self.memories.scalar.load(address).map_err(load_failed)?;
        self.set_x(i.rd, extend(bytes));
        Ok(())
    }

    #[inline(always)]
    pub(super) fn store<const N: usize>(
        &mut self,
        i: Instruction,
        narrow: impl Fn(u32) -> [u8; N],
    ) -> Result<(), Cause> {
        let (address, value) = (self.address(i), narrow(self.x(i.rs2)));
        let scalar = &mut self.memories.scalar;
        scalar.store(address, value).map_err(store_failed)
    }
}

/// Whether the branch `op` is taken on these values.
#[inline(always)]
fn takes(op: Op, a: u32, b: u32) -> bool {
    match op {
        Op::Beq => a == b,
        Op::Bne => a != b,
        Op::Blt => (a as i32) < b as i32,
        Op::Bge => a as i32 >= b as i32,
        Op::Bltu => a < b,
        Op::Bgeu => a >= b,
        _ => false,
    }
}

/// `address`, if an instruction can be there.
#[inline(always)]
fn aligned(address: u32) -> Result<u32, Cause> {
    if address.is_multiple_of(4) {
        Ok(address)
    } else {
        Err(Cause::MisalignedFetch { address })
    }
}
