//! What every instruction does, as plain functions: the definition that every engine, the
//! hardware and the compiler's interpreter are held against.
//!
//! | module | what |
//! | --- | --- |
//! | here | [`execute`]: the way from an instruction to its meaning |
//! | `state` | [`State`]: what an instruction can see and change |
//! | [`scalar`] | words in, a word out |
//! | [`crate::fixed`] | vectors in, a vector or mask out |
//! | `access` | loads, stores and CSRs |
//!
//! Nothing here is fast, and nothing here has a clock: where two instructions meet, the one
//! that comes first in the program is done before the other begins.

mod access;
pub mod scalar;
mod state;

use crate::fixed;
use crate::table::Op::*;
use crate::{Cause, Instruction};

use access::{csr, generator, load, load_lanes, load_vector, store, store_lanes, store_vector};
pub use state::State;

/// Does one instruction at `pc` and gives the address of the next.
///
/// The match names every row of the table, so that one without a meaning does not compile.
///
/// # Errors
/// What stops the program there; nothing has changed then.
pub fn execute<S: State>(s: &mut S, i: &Instruction, pc: u32) -> Result<u32, Cause> {
    let next = pc.wrapping_add(4);
    let target = pc.wrapping_add(i.imm as u32);
    let (a, b, imm) = (s.x(i.rs1), s.x(i.rs2), i.imm as u32);
    let (va, vb) = (s.v(i.rs1), s.v(i.rs2));
    let spec = i.op.spec();
    let (overflow, rounding) = (spec.overflow(), spec.rounding().unwrap_or_default());
    match i.op {
        Lui => s.set_x(i.rd, imm << 12),
        Auipc => s.set_x(i.rd, pc.wrapping_add(imm << 12)),
        Jal => return jump(s, i.rd, next, target),
        Jalr => return jump(s, i.rd, next, a.wrapping_add(imm) & !1),
        Beq => return branch(a == b, target, next),
        Bne => return branch(a != b, target, next),
        Blt => return branch((a as i32) < b as i32, target, next),
        Bge => return branch(a as i32 >= b as i32, target, next),
        Bltu => return branch(a < b, target, next),
        Bgeu => return branch(a >= b, target, next),
        Lb | Lh | Lw | Lbu | Lhu => load(s, i)?,
        Sb | Sh | Sw => store(s, i)?,
        Addi => s.set_x(i.rd, a.wrapping_add(imm)),
        Slti => s.set_x(i.rd, u32::from((a as i32) < i.imm)),
        Sltiu => s.set_x(i.rd, u32::from(a < imm)),
        Xori => s.set_x(i.rd, a ^ imm),
        Ori => s.set_x(i.rd, a | imm),
        Andi => s.set_x(i.rd, a & imm),
        Slli => s.set_x(i.rd, scalar::shift_left(a, imm)),
        Srli => s.set_x(i.rd, scalar::shift_right(a, imm)),
        Srai => s.set_x(i.rd, scalar::shift_right_signed(a, imm)),
        Add => s.set_x(i.rd, a.wrapping_add(b)),
        Sub => s.set_x(i.rd, a.wrapping_sub(b)),
        Sll => s.set_x(i.rd, scalar::shift_left(a, b)),
        Slt => s.set_x(i.rd, u32::from((a as i32) < b as i32)),
        Sltu => s.set_x(i.rd, u32::from(a < b)),
        Xor => s.set_x(i.rd, a ^ b),
        Srl => s.set_x(i.rd, scalar::shift_right(a, b)),
        Sra => s.set_x(i.rd, scalar::shift_right_signed(a, b)),
        Or => s.set_x(i.rd, a | b),
        And => s.set_x(i.rd, a & b),
        Fence => {}
        Ecall => return Err(Cause::Ecall),
        Ebreak => return Err(Cause::Ebreak),
        Mul => s.set_x(i.rd, a.wrapping_mul(b)),
        Mulh => s.set_x(i.rd, scalar::mulh(a, b)),
        Mulhsu => s.set_x(i.rd, scalar::mulhsu(a, b)),
        Mulhu => s.set_x(i.rd, scalar::mulhu(a, b)),
        Div => s.set_x(i.rd, scalar::div(a, b)),
        Divu => s.set_x(i.rd, scalar::divu(a, b)),
        Rem => s.set_x(i.rd, scalar::rem(a, b)),
        Remu => s.set_x(i.rd, scalar::remu(a, b)),
        Csrrw | Csrrs | Csrrc | Csrrwi | Csrrsi | Csrrci => csr(s, i, pc)?,
        Clz => s.set_x(i.rd, a.leading_zeros()),
        Ctz => s.set_x(i.rd, a.trailing_zeros()),
        Cpop => s.set_x(i.rd, a.count_ones()),
        SextB => s.set_x(i.rd, i32::from(a as i8) as u32),
        SextH => s.set_x(i.rd, i32::from(a as i16) as u32),
        Vadd | VaddS => s.set_v(i.rd, fixed::add(&va, &vb, overflow)),
        Vsub | VsubS => s.set_v(i.rd, fixed::sub(&va, &vb, overflow)),
        Vand => s.set_v(i.rd, fixed::and(&va, &vb)),
        Vsll => s.set_v(i.rd, fixed::sll(&va, &vb)),
        Vsra => s.set_v(i.rd, fixed::sra(&va, &vb)),
        Vmul | VmulRn | VmulRs | VmulS | VmulSRn | VmulSRs => {
            let value = fixed::mul(&va, &vb, imm, rounding, overflow, s.rng());
            s.set_v(i.rd, value);
        }
        Vslli => s.set_v(i.rd, fixed::slli(&va, imm)),
        Vsrai | VsraiRn | VsraiRs => {
            let value = fixed::srai(&va, imm, rounding, s.rng());
            s.set_v(i.rd, value);
        }
        Vteq => s.set_x(i.rd, fixed::teq(&va, &vb)),
        Vtne => s.set_x(i.rd, fixed::tne(&va, &vb)),
        Vtlt => s.set_x(i.rd, fixed::tlt(&va, &vb)),
        Vtge => s.set_x(i.rd, fixed::tge(&va, &vb)),
        Vsel => s.set_v(i.rd, fixed::sel(a, &vb, &s.v(i.rd))),
        Vloadv => load_vector(s, i)?,
        Vloadl => load_lanes(s, i)?,
        Vloadr0 | Vloadr1 => generator(s, i)?,
        Vstorev => store_vector(s, i)?,
        Vstorel => store_lanes(s, i)?,
        Vlui => s.set_v(i.rd, fixed::lui(i.imm)),
        Vfill => s.set_v(i.rd, fixed::fill(a)),
        Vextract => s.set_x(i.rd, fixed::extract(&va, imm)),
        Vrng => {
            let value = fixed::rng(s.rng());
            s.set_v(i.rd, value);
        }
        Vandadd => s.set_v(i.rd, fixed::andadd(&va, imm, b)),
    }
    Ok(next)
}

/// `address`, if an instruction can be there.
fn aligned(address: u32) -> Result<u32, Cause> {
    if address.is_multiple_of(4) {
        Ok(address)
    } else {
        Err(Cause::MisalignedFetch { address })
    }
}

fn branch(taken: bool, target: u32, next: u32) -> Result<u32, Cause> {
    if taken { aligned(target) } else { Ok(next) }
}

/// The link register is written only where the jump is possible.
fn jump<S: State>(s: &mut S, rd: u8, link: u32, target: u32) -> Result<u32, Cause> {
    let target = aligned(target)?;
    s.set_x(rd, link);
    Ok(target)
}
