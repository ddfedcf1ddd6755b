//! Fast forms of `spikevec_isa::fixed`.
//!
//! Plain loops over 32 lanes in shapes that the compiler turns into vector
//! instructions of the host. `tests/engine` holds them to `fixed`.

use spikevec_isa::{LANES, Rng, Vector, rng};

#[inline(always)]
fn zip(a: &Vector, b: &Vector, f: impl Fn(i16, i16) -> i16) -> Vector {
    let mut out = [0; LANES];
    for i in 0..LANES {
        out[i] = f(a[i], b[i]);
    }
    out
}

#[inline(always)]
pub(super) fn add(a: &Vector, b: &Vector) -> Vector {
    zip(a, b, i16::wrapping_add)
}

#[inline(always)]
pub(super) fn add_s(a: &Vector, b: &Vector) -> Vector {
    zip(a, b, i16::saturating_add)
}

#[inline(always)]
pub(super) fn sub(a: &Vector, b: &Vector) -> Vector {
    zip(a, b, i16::wrapping_sub)
}

#[inline(always)]
pub(super) fn sub_s(a: &Vector, b: &Vector) -> Vector {
    zip(a, b, i16::saturating_sub)
}

#[inline(always)]
pub(super) fn and(a: &Vector, b: &Vector) -> Vector {
    zip(a, b, |x, y| x & y)
}

#[inline(always)]
pub(super) fn sll(a: &Vector, amount: &Vector) -> Vector {
    zip(a, amount, |x, s| x.wrapping_shl(s as u32))
}

#[inline(always)]
pub(super) fn sra(a: &Vector, amount: &Vector) -> Vector {
    zip(a, amount, |x, s| x.wrapping_shr(s as u32))
}

/// Lanes in which a saturating add clamps.
pub(super) fn add_clamps(a: &Vector, b: &Vector) -> u32 {
    mask(a, b, |x, y| x.checked_add(y).is_none())
}

/// Lanes in which a saturating subtraction clamps.
pub(super) fn sub_clamps(a: &Vector, b: &Vector) -> u32 {
    mask(a, b, |x, y| x.checked_sub(y).is_none())
}

/// One lane's exact shifted product.
#[inline(always)]
fn product(a: i16, b: i16, increment: u16, shift: u32) -> i32 {
    (i32::from(a) * i32::from(b) + i32::from(increment)) >> shift
}

/// The shifted product, low 16 bits. `increments` are below `1 << shift`.
#[inline(always)]
pub(super) fn mul(a: &Vector, b: &Vector, increments: &[u16; LANES], shift: u32) -> Vector {
    let mut out = [0; LANES];
    for i in 0..LANES {
        out[i] = product(a[i], b[i], increments[i], shift) as i16;
    }
    out
}

/// The shifted product, clamped.
#[inline(always)]
pub(super) fn mul_s(a: &Vector, b: &Vector, increments: &[u16; LANES], shift: u32) -> Vector {
    let mut out = [0; LANES];
    for i in 0..LANES {
        let exact = product(a[i], b[i], increments[i], shift);
        out[i] = exact.clamp(i16::MIN.into(), i16::MAX.into()) as i16;
    }
    out
}

/// Lanes in which [`mul_s`] clamps.
pub(super) fn mul_clamps(a: &Vector, b: &Vector, increments: &[u16; LANES], shift: u32) -> u32 {
    (0..LANES).fold(0, |bits, i| {
        let exact = product(a[i], b[i], increments[i], shift);
        bits | (u32::from(i16::try_from(exact).is_err()) << i)
    })
}

#[inline(always)]
pub(super) fn slli(a: &Vector, shift: u32) -> Vector {
    let mut out = [0; LANES];
    for i in 0..LANES {
        out[i] = a[i] << (shift & 15);
    }
    out
}

/// Right shift, sign filled.
#[inline(always)]
pub(super) fn srai(a: &Vector, shift: u32) -> Vector {
    let mut out = [0; LANES];
    for i in 0..LANES {
        out[i] = a[i] >> (shift & 15);
    }
    out
}

/// Right shift after adding `increments`, which are below `1 << shift`. The sum
/// may need 17 bits; the carry out of the dropped bits is all that matters of it.
#[inline(always)]
pub(super) fn srai_rounded(a: &Vector, increments: &[u16; LANES], shift: u32) -> Vector {
    let shift = shift & 15;
    let dropped = ((1u32 << shift) - 1) as u16;
    let mut out = [0; LANES];
    for i in 0..LANES {
        let carry = ((a[i] as u16 & dropped) + increments[i]) >> shift;
        out[i] = (a[i] >> shift) + carry as i16;
    }
    out
}

/// The bit of lane i in its half of a mask.
const WEIGHTS: [u16; LANES] = {
    let mut weights = [0; LANES];
    let mut i = 0;
    while i < LANES {
        weights[i] = 1 << (i % 16);
        i += 1;
    }
    weights
};

/// One bit a lane.
#[inline(always)]
pub(super) fn mask(a: &Vector, b: &Vector, f: impl Fn(i16, i16) -> bool) -> u32 {
    let mut all = [0; LANES];
    for i in 0..LANES {
        all[i] = u16::from(f(a[i], b[i])).wrapping_neg();
    }
    pack(&all)
}

/// Lanes of all ones or all zeros to bits. Out of line: the compiler vectorises
/// the comparison and the packing each by itself, but not the two together.
#[inline(never)]
fn pack(all: &[u16; LANES]) -> u32 {
    let (mut low, mut high) = (0, 0);
    for i in 0..LANES / 2 {
        low |= all[i] & WEIGHTS[i];
        high |= all[i + LANES / 2] & WEIGHTS[i + LANES / 2];
    }
    u32::from(low) | (u32::from(high) << 16)
}

/// Each half of the mask is spread over 16 lanes and compared there: 16-bit
/// arithmetic throughout, where shifts by the lane's number would need 32.
#[inline(always)]
pub(super) fn sel(mask: u32, b: &Vector, old: &Vector) -> Vector {
    let mut halves = [mask as u16; LANES];
    halves[LANES / 2..].fill((mask >> 16) as u16);
    let mut out = [0; LANES];
    for i in 0..LANES {
        let all = i16::from(halves[i] & WEIGHTS[i] == WEIGHTS[i]).wrapping_neg();
        out[i] = old[i] ^ ((old[i] ^ b[i]) & all);
    }
    out
}

#[inline(always)]
pub(super) fn andadd(a: &Vector, bits: u32, x: u32) -> Vector {
    let keep = ((1u32 << bits) - 1) as i16;
    let mut out = [0; LANES];
    for i in 0..LANES {
        out[i] = (a[i] & keep).wrapping_add(x as i16);
    }
    out
}

/// Steps every lane's generator.
#[inline(always)]
pub(super) fn sample(rng: &mut Rng) -> [u16; LANES] {
    let mut out = [0; LANES];
    let (mut s0, mut s1) = (rng.s0, rng.s1);
    for i in 0..LANES {
        (out[i], s0[i], s1[i]) = rng::step(s0[i], s1[i]);
    }
    (rng.s0, rng.s1) = (s0, s1);
    out
}
