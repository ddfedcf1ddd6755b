//! What each instruction does to the state.

use spikevec_isa::fixed::{Overflow, Rounding};
use spikevec_isa::{Cause, Instruction, Op};

use super::csr::Change;
use super::vector::Multiply;
use super::{lanes, scalar};
use crate::clock::Clock;
use crate::state::{Failure, State};

pub(super) fn load_failed(failure: Failure) -> Cause {
    match failure {
        Failure::Misaligned(access) => Cause::MisalignedLoad(access),
        Failure::Outside(access) => Cause::LoadFault(access),
    }
}

pub(super) fn store_failed(failure: Failure) -> Cause {
    match failure {
        Failure::Misaligned(access) => Cause::MisalignedStore(access),
        Failure::Outside(access) => Cause::StoreFault(access),
    }
}

/// Executes one instruction at `pc` and gives the next `pc`. `now` is the number
/// of instructions retired before it.
///
/// On an error nothing has changed. The match names every instruction of the
/// table, so that one without a meaning does not compile.
#[inline(always)]
// A list.
pub(super) fn execute<C: Clock>(
    m: &mut State,
    clock: &mut C,
    entered: C::Entered,
    i: Instruction,
    pc: u32,
    now: u64,
) -> Result<u32, Cause> {
    use Overflow::{Saturate, Wrap};
    use Rounding::{Nearest, Stochastic, Truncate};
    match i.op {
        Op::Lui => m.set_x(i.rd, (i.imm as u32) << 12),
        Op::Auipc => m.set_x(i.rd, pc.wrapping_add((i.imm as u32) << 12)),
        Op::Jal => return m.jump(i, pc, pc.wrapping_add(i.imm as u32)),
        Op::Jalr => return m.jump(i, pc, m.address(i) & !1),
        Op::Beq => return m.branch(Op::Beq, i, pc),
        Op::Bne => return m.branch(Op::Bne, i, pc),
        Op::Blt => return m.branch(Op::Blt, i, pc),
        Op::Bge => return m.branch(Op::Bge, i, pc),
        Op::Bltu => return m.branch(Op::Bltu, i, pc),
        Op::Bgeu => return m.branch(Op::Bgeu, i, pc),

        Op::Lb => m.load(i, |[byte]: [u8; 1]| i32::from(byte as i8) as u32)?,
        Op::Lh => m.load(i, |bytes: [u8; 2]| {
            i32::from(i16::from_le_bytes(bytes)) as u32
        })?,
        Op::Lw => m.load(i, u32::from_le_bytes)?,
        Op::Lbu => m.load(i, |[byte]: [u8; 1]| u32::from(byte))?,
        Op::Lhu => m.load(i, |bytes: [u8; 2]| u32::from(u16::from_le_bytes(bytes)))?,
        Op::Sb => m.store(i, |value| [value as u8])?,
        Op::Sh => m.store(i, |value| (value as u16).to_le_bytes())?,
        Op::Sw => m.store(i, u32::to_le_bytes)?,

        Op::Addi => m.immediate(i, u32::wrapping_add),
        Op::Slti => m.immediate(i, |a, b| u32::from((a as i32) < b as i32)),
        Op::Sltiu => m.immediate(i, |a, b| u32::from(a < b)),
        Op::Xori => m.immediate(i, |a, b| a ^ b),
        Op::Ori => m.immediate(i, |a, b| a | b),
        Op::Andi => m.immediate(i, |a, b| a & b),
        Op::Slli => m.immediate(i, u32::wrapping_shl),
        Op::Srli => m.immediate(i, u32::wrapping_shr),
        Op::Srai => m.immediate(i, |a, b| (a as i32).wrapping_shr(b) as u32),
        Op::Add => m.alu(i, u32::wrapping_add),
        Op::Sub => m.alu(i, u32::wrapping_sub),
        Op::Sll => m.alu(i, u32::wrapping_shl),
        Op::Slt => m.alu(i, |a, b| u32::from((a as i32) < b as i32)),
        Op::Sltu => m.alu(i, |a, b| u32::from(a < b)),
        Op::Xor => m.alu(i, |a, b| a ^ b),
        Op::Srl => m.alu(i, u32::wrapping_shr),
        Op::Sra => m.alu(i, |a, b| (a as i32).wrapping_shr(b) as u32),
        Op::Or => m.alu(i, |a, b| a | b),
        Op::And => m.alu(i, |a, b| a & b),
        Op::Fence => {}
        Op::Ecall => return Err(Cause::Ecall),
        Op::Ebreak => return Err(Cause::Ebreak),

        Op::Mul => m.alu(i, u32::wrapping_mul),
        Op::Mulh => m.alu(i, scalar::mulh),
        Op::Mulhsu => m.alu(i, scalar::mulhsu),
        Op::Mulhu => m.alu(i, scalar::mulhu),
        Op::Div => m.alu(i, scalar::div),
        Op::Divu => m.alu(i, |a, b| a.checked_div(b).unwrap_or(u32::MAX)),
        Op::Rem => m.alu(i, scalar::rem),
        Op::Remu => m.alu(i, |a, b| a.checked_rem(b).unwrap_or(a)),

        Op::Csrrw => m.csr(clock, entered, i, now, Change::Write(m.x(i.rs1)))?,
        Op::Csrrs => m.csr(clock, entered, i, now, Change::set(i.rs1, m.x(i.rs1)))?,
        Op::Csrrc => m.csr(clock, entered, i, now, Change::clear(i.rs1, m.x(i.rs1)))?,
        Op::Csrrwi => m.csr(clock, entered, i, now, Change::Write(u32::from(i.rs1)))?,
        Op::Csrrsi => m.csr(clock, entered, i, now, Change::set(i.rs1, u32::from(i.rs1)))?,
        Op::Csrrci => m.csr(
            clock,
            entered,
            i,
            now,
            Change::clear(i.rs1, u32::from(i.rs1)),
        )?,

        Op::Clz => m.unary(i, u32::leading_zeros),
        Op::Ctz => m.unary(i, u32::trailing_zeros),
        Op::Cpop => m.unary(i, u32::count_ones),
        Op::SextB => m.unary(i, |a| i32::from(a as i8) as u32),
        Op::SextH => m.unary(i, |a| i32::from(a as i16) as u32),

        Op::Vadd => m.lanes(i, lanes::add),
        Op::VaddS => m.saturating(i, pc, lanes::add_s, lanes::add_clamps),
        Op::Vsub => m.lanes(i, lanes::sub),
        Op::VsubS => m.saturating(i, pc, lanes::sub_s, lanes::sub_clamps),
        Op::Vand => m.lanes(i, lanes::and),
        Op::Vsll => m.lanes(i, lanes::sll),
        Op::Vsra => m.lanes(i, lanes::sra),
        Op::Vmul => m.multiply(i, pc, Multiply(Truncate, Wrap)),
        Op::VmulRn => m.multiply(i, pc, Multiply(Nearest, Wrap)),
        Op::VmulRs => m.multiply(i, pc, Multiply(Stochastic, Wrap)),
        Op::VmulS => m.multiply(i, pc, Multiply(Truncate, Saturate)),
        Op::VmulSRn => m.multiply(i, pc, Multiply(Nearest, Saturate)),
        Op::VmulSRs => m.multiply(i, pc, Multiply(Stochastic, Saturate)),
        Op::Vslli => m.shift_left(i),
        Op::Vsrai => m.shift_right(i, Truncate),
        Op::VsraiRn => m.shift_right(i, Nearest),
        Op::VsraiRs => m.shift_right(i, Stochastic),

        Op::Vteq => m.compare(i, |a, b| a == b),
        Op::Vtne => m.compare(i, |a, b| a != b),
        Op::Vtlt => m.compare(i, |a, b| a < b),
        Op::Vtge => m.compare(i, |a, b| a >= b),
        Op::Vsel => m.select(i),

        Op::Vloadv => m.load_vector(clock, entered, i)?,
        Op::Vloadl => m.load_lanes(i)?,
        Op::Vloadr0 => m.load_rng(clock, entered, i, 0)?,
        Op::Vloadr1 => m.load_rng(clock, entered, i, 1)?,
        Op::Vstorev => m.store_vector(clock, entered, i)?,
        Op::Vstorel => m.store_lanes(i)?,

        Op::Vlui => m.set_v(i.rd, [i.imm as i16; spikevec_isa::LANES]),
        Op::Vfill => m.fill(i),
        Op::Vextract => m.extract(i),
        Op::Vrng => m.random(i),
        Op::Vandadd => m.and_add(i),
    }
    Ok(pc.wrapping_add(4))
}
