//! Fast forms of `spikevec_isa::fixed`.
//!
//! Plain loops over 32 lanes in shapes that the compiler turns into vector
//! instructions of the host. `tests/vector.rs` holds them to `fixed`.

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
pub(crate) fn add(a: &Vector, b: &Vector) -> Vector {
    zip(a, b, i16::wrapping_add)
}

#[inline(always)]
pub(crate) fn add_s(a: &Vector, b: &Vector) -> Vector {
    zip(a, b, i16::saturating_add)
}

#[inline(always)]
pub(crate) fn sub(a: &Vector, b: &Vector) -> Vector {
    zip(a, b, i16::wrapping_sub)
}

#[inline(always)]
pub(crate) fn sub_s(a: &Vector, b: &Vector) -> Vector {
    zip(a, b, i16::saturating_sub)
}

#[inline(always)]
pub(crate) fn and(a: &Vector, b: &Vector) -> Vector {
    zip(a, b, |x, y| x & y)
}

#[inline(always)]
pub(crate) fn sll(a: &Vector, amount: &Vector) -> Vector {
    zip(a, amount, |x, s| x.wrapping_shl(s as u32))
}

#[inline(always)]
pub(crate) fn sra(a: &Vector, amount: &Vector) -> Vector {
    zip(a, amount, |x, s| x.wrapping_shr(s as u32))
}

/// Lanes in which a saturating add clamps.
pub(crate) fn add_clamps(a: &Vector, b: &Vector) -> u32 {
    mask(a, b, |x, y| x.checked_add(y).is_none())
}

/// Lanes in which a saturating subtraction clamps.
pub(crate) fn sub_clamps(a: &Vector, b: &Vector) -> u32 {
    mask(a, b, |x, y| x.checked_sub(y).is_none())
}

/// One lane's exact shifted product.
#[inline(always)]
fn product(a: i16, b: i16, increment: u16, shift: u32) -> i32 {
    (i32::from(a) * i32::from(b) + i32::from(increment)) >> shift
}

/// The shifted product, low 16 bits. `increments` are below `1 << shift`.
#[inline(always)]
pub(crate) fn mul(a: &Vector, b: &Vector, increments: &[u16; LANES], shift: u32) -> Vector {
    let mut out = [0; LANES];
    for i in 0..LANES {
        out[i] = product(a[i], b[i], increments[i], shift) as i16;
    }
    out
}

/// The shifted product, clamped.
#[inline(always)]
pub(crate) fn mul_s(a: &Vector, b: &Vector, increments: &[u16; LANES], shift: u32) -> Vector {
    let mut out = [0; LANES];
    for i in 0..LANES {
        let exact = product(a[i], b[i], increments[i], shift);
        out[i] = exact.clamp(i16::MIN.into(), i16::MAX.into()) as i16;
    }
    out
}

/// Lanes in which [`mul_s`] clamps.
pub(crate) fn mul_clamps(a: &Vector, b: &Vector, increments: &[u16; LANES], shift: u32) -> u32 {
    (0..LANES).fold(0, |bits, i| {
        let exact = product(a[i], b[i], increments[i], shift);
        bits | (u32::from(i16::try_from(exact).is_err()) << i)
    })
}

#[inline(always)]
pub(crate) fn slli(a: &Vector, shift: u32) -> Vector {
    let mut out = [0; LANES];
    for i in 0..LANES {
        out[i] = a[i] << (shift & 15);
    }
    out
}

/// Right shift after adding `increments`, which are below `1 << shift`.
#[inline(always)]
pub(crate) fn srai(a: &Vector, increments: &[u16; LANES], shift: u32) -> Vector {
    let mut out = [0; LANES];
    for i in 0..LANES {
        out[i] = ((i32::from(a[i]) + i32::from(increments[i])) >> shift) as i16;
    }
    out
}

/// Bit k is set in lanes k and k + 16.
const WEIGHTS: [u16; LANES] = {
    let mut weights = [0; LANES];
    let mut i = 0;
    while i < LANES {
        weights[i] = 1 << (i % 16);
        i += 1;
    }
    weights
};

/// One bit a lane. Each half is an OR of 16-bit lanes, which stays in 16-bit
/// vector arithmetic, where shifts by the lane's number would need 32.
#[inline(always)]
pub(crate) fn mask(a: &Vector, b: &Vector, f: impl Fn(i16, i16) -> bool) -> u32 {
    let half = |start: usize| {
        let mut bits = 0;
        for i in start..start + LANES / 2 {
            bits |= if f(a[i], b[i]) { WEIGHTS[i] } else { 0 };
        }
        u32::from(bits)
    };
    half(0) | (half(LANES / 2) << 16)
}

#[inline(always)]
pub(crate) fn sel(mask: u32, b: &Vector, old: &Vector) -> Vector {
    let mut out = [0; LANES];
    for i in 0..LANES / 2 {
        let low = mask as u16 & WEIGHTS[i] != 0;
        out[i] = if low { b[i] } else { old[i] };
    }
    for i in LANES / 2..LANES {
        let high = (mask >> 16) as u16 & WEIGHTS[i] != 0;
        out[i] = if high { b[i] } else { old[i] };
    }
    out
}

#[inline(always)]
pub(crate) fn andadd(a: &Vector, bits: u32, x: u32) -> Vector {
    let keep = ((1u32 << bits) - 1) as i16;
    let mut out = [0; LANES];
    for i in 0..LANES {
        out[i] = (a[i] & keep).wrapping_add(x as i16);
    }
    out
}

/// Steps every lane's generator.
#[inline(always)]
pub(crate) fn sample(rng: &mut Rng) -> [u16; LANES] {
    let mut out = [0; LANES];
    let (mut s0, mut s1) = (rng.s0, rng.s1);
    for i in 0..LANES {
        (out[i], s0[i], s1[i]) = rng::step(s0[i], s1[i]);
    }
    (rng.s0, rng.s1) = (s0, s1);
    out
}
