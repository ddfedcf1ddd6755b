//! Loads, stores and CSR instructions.

use super::State;
use crate::csr::Csr;
use crate::stop::Access;
use crate::table::Op;
use crate::{Cause, Instruction, LANES, Memory, VECTOR_BYTES, Vector};

/// Whether an access reads or writes, which decides the name of its failure.
#[derive(Clone, Copy)]
enum Way {
    Load,
    Store,
}

/// Checks that `width` bytes at `address` are aligned and inside.
fn check<S: State>(
    s: &S,
    way: Way,
    memory: Memory,
    (address, width): (u32, u32),
    lane: Option<u8>,
) -> Result<(), Cause> {
    let size = s.size(memory);
    let access = Access {
        memory,
        address,
        width,
        size,
        lane,
    };
    if !address.is_multiple_of(width) {
        return Err(match way {
            Way::Load => Cause::MisalignedLoad(access),
            Way::Store => Cause::MisalignedStore(access),
        });
    }
    if u64::from(address) + u64::from(width) > u64::from(size) {
        return Err(match way {
            Way::Load => Cause::LoadFault(access),
            Way::Store => Cause::StoreFault(access),
        });
    }
    Ok(())
}

/// x[rs1] + imm12, and the bytes that the instruction accesses there.
fn place<S: State>(s: &S, i: &Instruction) -> (u32, u32) {
    let address = s.x(i.rs1).wrapping_add(i.imm as u32);
    (address, i.op.spec().access_bytes().unwrap_or(1))
}

/// LB, LH, LW, LBU, LHU.
pub(super) fn load<S: State>(s: &mut S, i: &Instruction) -> Result<(), Cause> {
    let (address, width) = place(s, i);
    check(s, Way::Load, Memory::Scalar, (address, width), None)?;
    let byte = |k: u32| u32::from(s.byte(Memory::Scalar, 0, address + k)) << (8 * k);
    let word: u32 = (0..width).map(byte).sum();
    let value = match i.op {
        Op::Lb => i32::from(word as i8) as u32,
        Op::Lh => i32::from(word as i16) as u32,
        _ => word,
    };
    s.set_x(i.rd, value);
    Ok(())
}

/// SB, SH, SW.
pub(super) fn store<S: State>(s: &mut S, i: &Instruction) -> Result<(), Cause> {
    let (address, width) = place(s, i);
    check(s, Way::Store, Memory::Scalar, (address, width), None)?;
    let value = s.x(i.rs2);
    for k in 0..width {
        s.set_byte(Memory::Scalar, 0, address + k, (value >> (8 * k)) as u8);
    }
    Ok(())
}

fn halfword<S: State>(s: &S, memory: Memory, lane: usize, address: u32) -> i16 {
    let byte = |k| s.byte(memory, lane, address + k);
    i16::from_le_bytes([byte(0), byte(1)])
}

fn set_halfword<S: State>(s: &mut S, memory: Memory, lane: usize, address: u32, value: i16) {
    let [low, high] = value.to_le_bytes();
    s.set_byte(memory, lane, address, low);
    s.set_byte(memory, lane, address + 1, high);
}

/// The vector at the instruction's address.
fn vector<S: State>(s: &S, i: &Instruction) -> Result<Vector, Cause> {
    let place = place(s, i);
    check(s, Way::Load, Memory::Vector, place, None)?;
    let lane = |k| halfword(s, Memory::Vector, 0, place.0 + 2 * k as u32);
    Ok(std::array::from_fn(lane))
}

/// VLOADV.
pub(super) fn load_vector<S: State>(s: &mut S, i: &Instruction) -> Result<(), Cause> {
    let value = vector(s, i)?;
    s.set_v(i.rd, value);
    Ok(())
}

/// VLOADR0, VLOADR1.
pub(super) fn generator<S: State>(s: &mut S, i: &Instruction) -> Result<(), Cause> {
    let value = vector(s, i)?.map(|lane| lane as u16);
    let rng = s.rng();
    match i.op {
        Op::Vloadr0 => rng.s0 = value,
        _ => rng.s1 = value,
    }
    Ok(())
}

/// VSTOREV.
pub(super) fn store_vector<S: State>(s: &mut S, i: &Instruction) -> Result<(), Cause> {
    let place = place(s, i);
    check(s, Way::Store, Memory::Vector, place, None)?;
    debug_assert_eq!(place.1, VECTOR_BYTES);
    for (k, lane) in s.v(i.rs2).into_iter().enumerate() {
        set_halfword(s, Memory::Vector, 0, place.0 + 2 * k as u32, lane);
    }
    Ok(())
}

/// The address of each lane that a negative base does not mask off.
fn lane_addresses<S: State>(
    s: &S,
    way: Way,
    i: &Instruction,
) -> Result<[Option<u32>; LANES], Cause> {
    let mut out = [None; LANES];
    for (lane, base) in s.v(i.rs1).into_iter().enumerate() {
        if base >= 0 {
            let address = i32::from(base).wrapping_add(i.imm) as u32;
            let place = (address, 2);
            check(s, way, Memory::LaneLocal, place, Some(lane as u8))?;
            out[lane] = Some(address);
        }
    }
    Ok(out)
}

/// VLOADL.
pub(super) fn load_lanes<S: State>(s: &mut S, i: &Instruction) -> Result<(), Cause> {
    let addresses = lane_addresses(s, Way::Load, i)?;
    let mut value = s.v(i.rd);
    for (lane, address) in addresses.into_iter().enumerate() {
        if let Some(address) = address {
            value[lane] = halfword(s, Memory::LaneLocal, lane, address);
        }
    }
    s.set_v(i.rd, value);
    Ok(())
}

/// VSTOREL. Where one lane fails, none stores.
pub(super) fn store_lanes<S: State>(s: &mut S, i: &Instruction) -> Result<(), Cause> {
    let addresses = lane_addresses(s, Way::Store, i)?;
    let value = s.v(i.rs2);
    for (lane, address) in addresses.into_iter().enumerate() {
        if let Some(address) = address {
            set_halfword(s, Memory::LaneLocal, lane, address, value[lane]);
        }
    }
    Ok(())
}

/// CSR instructions: the CSR's old value goes to rd, then it changes.
pub(super) fn csr<S: State>(s: &mut S, i: &Instruction, pc: u32) -> Result<(), Cause> {
    let illegal = Cause::Illegal { word: s.word(pc) };
    let csr = Csr::from_address(i.imm as u32).ok_or(illegal)?;
    let operand = match i.op {
        Op::Csrrwi | Op::Csrrsi | Op::Csrrci => u32::from(i.rs1),
        _ => s.x(i.rs1),
    };
    let writes = matches!(i.op, Op::Csrrw | Op::Csrrwi) || i.rs1 != 0;
    if writes && csr.is_read_only() {
        return Err(illegal);
    }
    let old = s.read_csr(csr);
    if writes {
        let new = match i.op {
            Op::Csrrw | Op::Csrrwi => operand,
            Op::Csrrs | Op::Csrrsi => old | operand,
            _ => old & !operand,
        };
        s.write_csr(csr, new);
    }
    s.set_x(i.rd, old);
    Ok(())
}
