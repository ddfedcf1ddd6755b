//! The meaning of every vector operation, as plain functions.
//!
//! Nothing here is fast and nothing here knows of registers. The simulator's
//! engines, the compiler's interpreter and the hardware are checked against it.

use crate::{LANES, Rng, Vector};

/// How the bits that a right shift drops are treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Rounding {
    /// Toward minus infinity: a plain arithmetic shift.
    #[default]
    Truncate,
    /// To nearest, a half upward.
    Nearest,
    /// Up with the probability of the dropped fraction.
    Stochastic,
}

/// What a result beyond 16 bits becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Overflow {
    /// The low 16 bits are kept.
    Wrap,
    /// The nearer of -32768 and 32767.
    Saturate,
}

/// Brings an exact result into 16 bits.
pub const fn narrow(value: i32, overflow: Overflow) -> i16 {
    match overflow {
        Overflow::Wrap => value as i16,
        Overflow::Saturate => {
            if value > i16::MAX as i32 {
                i16::MAX
            } else if value < i16::MIN as i32 {
                i16::MIN
            } else {
                value as i16
            }
        }
    }
}

/// One lane's right shift with rounding. `value` is an exact sum or product,
/// `shift` is 0 to 15, `sample` a 16-bit random number (used by stochastic rounding only).
pub const fn round_shift(value: i32, shift: u32, rounding: Rounding, sample: u16) -> i32 {
    let increment = match rounding {
        Rounding::Truncate => 0,
        Rounding::Nearest => (1 << shift) >> 1,
        Rounding::Stochastic => sample as i32 & ((1 << shift) - 1),
    };
    (value + increment) >> shift
}

fn zip(a: &Vector, b: &Vector, f: impl Fn(i16, i16) -> i16) -> Vector {
    std::array::from_fn(|i| f(a[i], b[i]))
}

fn mask(a: &Vector, b: &Vector, f: impl Fn(i16, i16) -> bool) -> u32 {
    (0..LANES).fold(0, |bits, i| bits | (u32::from(f(a[i], b[i])) << i))
}

/// Random samples where `rounding` needs them: only stochastic rounding steps the generators.
fn samples(rounding: Rounding, rng: &mut Rng) -> [u16; LANES] {
    match rounding {
        Rounding::Stochastic => rng.sample(),
        Rounding::Truncate | Rounding::Nearest => [0; LANES],
    }
}

/// VADD.
pub fn add(a: &Vector, b: &Vector, overflow: Overflow) -> Vector {
    zip(a, b, |x, y| narrow(i32::from(x) + i32::from(y), overflow))
}

/// VSUB.
pub fn sub(a: &Vector, b: &Vector, overflow: Overflow) -> Vector {
    zip(a, b, |x, y| narrow(i32::from(x) - i32::from(y), overflow))
}

/// VAND.
pub fn and(a: &Vector, b: &Vector) -> Vector {
    zip(a, b, |x, y| x & y)
}

/// VSLL: each lane by the low four bits of its own amount.
pub fn sll(a: &Vector, amount: &Vector) -> Vector {
    zip(a, amount, |x, s| x << (s & 15))
}

/// VSRA: each lane by the low four bits of its own amount, sign filled.
pub fn sra(a: &Vector, amount: &Vector) -> Vector {
    zip(a, amount, |x, s| x >> (s & 15))
}

/// VMUL: the exact product shifted right by `shift` (0 to 15), then narrowed.
pub fn mul(
    a: &Vector,
    b: &Vector,
    shift: u32,
    rounding: Rounding,
    overflow: Overflow,
    rng: &mut Rng,
) -> Vector {
    let sample = samples(rounding, rng);
    std::array::from_fn(|i| {
        let product = i32::from(a[i]) * i32::from(b[i]);
        narrow(round_shift(product, shift, rounding, sample[i]), overflow)
    })
}

/// VSLLI: by `shift` 0 to 15.
pub fn slli(a: &Vector, shift: u32) -> Vector {
    a.map(|x| x << (shift & 15))
}

/// VSRAI: by `shift` 0 to 15, rounded. The result always fits.
pub fn srai(a: &Vector, shift: u32, rounding: Rounding, rng: &mut Rng) -> Vector {
    let sample = samples(rounding, rng);
    std::array::from_fn(|i| round_shift(i32::from(a[i]), shift, rounding, sample[i]) as i16)
}

/// VTEQ.
pub fn teq(a: &Vector, b: &Vector) -> u32 {
    mask(a, b, |x, y| x == y)
}

/// VTNE.
pub fn tne(a: &Vector, b: &Vector) -> u32 {
    mask(a, b, |x, y| x != y)
}

/// VTLT, signed.
pub fn tlt(a: &Vector, b: &Vector) -> u32 {
    mask(a, b, |x, y| x < y)
}

/// VTGE, signed.
pub fn tge(a: &Vector, b: &Vector) -> u32 {
    mask(a, b, |x, y| x >= y)
}

/// VSEL: lane i is `b`'s where bit i of `mask` is set, else `old`'s.
pub fn sel(mask: u32, b: &Vector, old: &Vector) -> Vector {
    std::array::from_fn(|i| if (mask >> i) & 1 == 1 { b[i] } else { old[i] })
}

/// VLUI: every lane is the low 16 bits of `imm`.
pub fn lui(imm: i32) -> Vector {
    [imm as i16; LANES]
}

/// VFILL: every lane is bit 31 of `x` as its sign bit and bits 14:0 as the rest.
pub fn fill(x: u32) -> Vector {
    [(((x >> 16) & 0x8000) | (x & 0x7fff)) as i16; LANES]
}

/// VEXTRACT: lane `lane` (0 to 31), sign-extended.
pub fn extract(a: &Vector, lane: u32) -> u32 {
    i32::from(a[lane as usize]) as u32
}

/// VRNG: a number in [0, 1) with 15 fraction bits a lane.
pub fn rng(rng: &mut Rng) -> Vector {
    rng.sample().map(|s| (s >> 1) as i16)
}

/// VANDADD: the low `bits` (0 to 15) of each lane plus the low half of `x`, wrapping.
pub fn andadd(a: &Vector, bits: u32, x: u32) -> Vector {
    a.map(|lane| (lane & ((1i32 << bits) - 1) as i16).wrapping_add(x as i16))
}

/// Lanes whose exact sum does not fit in 16 bits: what a saturating add clamps.
pub fn add_clamps(a: &Vector, b: &Vector) -> u32 {
    mask(a, b, |x, y| x.checked_add(y).is_none())
}

/// Lanes whose exact difference does not fit in 16 bits.
pub fn sub_clamps(a: &Vector, b: &Vector) -> u32 {
    mask(a, b, |x, y| x.checked_sub(y).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_at_the_edges() {
        assert_eq!(round_shift(-1, 1, Rounding::Truncate, 0), -1);
        assert_eq!(round_shift(-1, 1, Rounding::Nearest, 0), 0);
        assert_eq!(round_shift(1, 1, Rounding::Nearest, 0), 1);
        assert_eq!(round_shift(7, 0, Rounding::Nearest, 0), 7);
        assert_eq!(round_shift(7, 0, Rounding::Stochastic, 0xffff), 7);
        assert_eq!(round_shift(1, 4, Rounding::Stochastic, 15), 1);
        assert_eq!(round_shift(1, 4, Rounding::Stochastic, 14), 0);
        let most = i32::from(i16::MIN) * i32::from(i16::MIN);
        assert_eq!(
            narrow(
                round_shift(most, 15, Rounding::Nearest, 0),
                Overflow::Saturate
            ),
            32767
        );
        assert_eq!(
            narrow(round_shift(most, 15, Rounding::Nearest, 0), Overflow::Wrap),
            -32768
        );
    }

    #[test]
    fn stochastic_rounding_is_unbiased() {
        let mut rng = Rng::from_seed(1, 0);
        let a = [3; LANES];
        let mut sum = 0i64;
        let rounds = 4096;
        for _ in 0..rounds {
            sum += srai(&a, 3, Rounding::Stochastic, &mut rng)
                .iter()
                .map(|&x| i64::from(x))
                .sum::<i64>();
        }
        let mean = sum as f64 / (rounds * LANES as i64) as f64;
        // 131072 draws of a coin with p = 3/8: four standard deviations are 0.0054.
        assert!((mean - 0.375).abs() < 0.0054, "{mean}");
    }

    #[test]
    fn fill_takes_the_sign_from_bit_31() {
        assert_eq!(fill(0x8000_0001)[0], i16::MIN + 1);
        assert_eq!(fill(0x0000_8001)[0], 1);
        assert_eq!(fill((-5i32) as u32)[31], -5);
    }

    #[test]
    fn masks_and_selects() {
        let a: Vector = std::array::from_fn(|i| i as i16);
        let b = [16; LANES];
        assert_eq!(tlt(&a, &b), 0x0000_ffff);
        assert_eq!(tge(&a, &b), 0xffff_0000);
        assert_eq!(teq(&a, &b), 0x0001_0000);
        assert_eq!(tne(&a, &b), 0xfffe_ffff);
        let picked = sel(0x8000_0001, &b, &a);
        assert_eq!((picked[0], picked[1], picked[31]), (16, 1, 16));
        assert_eq!(andadd(&[0x7fff; LANES], 3, 0xffff_fffe)[0], 5);
    }
}
