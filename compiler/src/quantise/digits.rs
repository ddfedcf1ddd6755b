//! Numbers in several words: a first word with a sign, and digits below it.

use super::lower::DoesNotFit;
use crate::format::{Format, Narrow};

/// Most and fewest bits of a digit.
const BITS: (u32, u32) = (9, 3);

/// Bits of a digit where `sources` neurons may spike in one step; `None` where even the
/// smallest digit might overflow.
pub fn digit_bits(sources: usize) -> Option<u32> {
    // A digit of a weight is at most half a digit's range; the update leaves up to
    // eight ranges behind.
    let fits = |bits: u32| (sources << (bits - 1)) + (8 << bits) <= i16::MAX as usize;
    (BITS.1..=BITS.0).rev().find(|&bits| fits(bits))
}

/// `value` in digits, the first in `format`, the others from `-below` to `2^bits - below - 1`.
pub fn split<const N: usize>(
    value: f64,
    format: Format,
    bits: u32,
    below: i64,
) -> Result<[i16; N], Narrow> {
    let narrow = Narrow { format, value };
    let last = Format::new(format.fraction() + bits * (N as u32 - 1));
    let scaled = (value / last.step()).round();
    // Far beyond the largest value of any format in use, and exact in `i64`.
    if !scaled.is_finite() || scaled.abs() > 2f64.powi(52) {
        return Err(narrow);
    }
    let mut rest = scaled as i64;
    let mut words = [0; N];
    for word in words.iter_mut().skip(1).rev() {
        let digit = ((rest + below) & ((1 << bits) - 1)) - below;
        *word = digit as i16;
        rest = (rest - digit) >> bits;
    }
    words[0] = i16::try_from(rest).map_err(|_| narrow)?;
    Ok(words)
}

/// The words of one number a neuron: word by word, digits from zero up.
pub fn split_all<const N: usize>(
    name: &str,
    values: &[f64],
    format: Format,
    bits: u32,
) -> Result<[Vec<i16>; N], DoesNotFit> {
    let mut words = [(); N].map(|()| Vec::with_capacity(values.len()));
    for &value in values {
        let split: [i16; N] = split(value, format, bits, 0).map_err(|narrow| DoesNotFit {
            what: name.to_owned(),
            narrow,
        })?;
        for (all, word) in words.iter_mut().zip(split) {
            all.push(word);
        }
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const WORDS: usize = 4;

    #[test]
    fn digits_add_up() {
        for below in [0, 1 << 8] {
            for value in [0.0, 1.0, -1.0, 0.123_456_789, -7.987_654_321, 1e-7, -1e-7] {
                let words: [i16; WORDS] = split(value, Format::new(12), 9, below).unwrap();
                let mut sum = 0.0;
                for (m, &word) in words.iter().enumerate() {
                    sum += f64::from(word) / 2f64.powi(12 + 9 * m as i32);
                    let lowest = -(below as i16);
                    assert!(m == 0 || (lowest..lowest + 512).contains(&word));
                }
                assert!((sum - value).abs() <= 2f64.powi(-40), "{value}: {words:?}");
            }
        }
        assert!(split::<WORDS>(8.1, Format::new(12), 9, 0).is_err());
        assert!(split::<WORDS>(f64::NAN, Format::new(12), 9, 0).is_err());
        assert!(split::<WORDS>(1e30, Format::new(12), 9, 0).is_err());
    }

    #[test]
    fn digits_shrink_as_sources_grow() {
        assert_eq!(digit_bits(0), Some(9));
        assert_eq!(digit_bits(64), Some(9));
        assert_eq!(digit_bits(128), Some(8));
        assert_eq!(digit_bits(1000), Some(6));
        assert_eq!(digit_bits(100_000), None);
        for sources in 1..8000 {
            let bits = digit_bits(sources).unwrap();
            assert!(sources * (1 << (bits - 1)) + (8 << bits) <= 32767);
        }
    }
}
