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

/// How a number is split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digits {
    /// Words.
    pub words: usize,
    /// Bits of each word but the first.
    pub bits: u32,
}

/// `value` in digits, the first in `format`, the others from `-below` to `2^bits - below - 1`.
pub fn split(
    value: f64,
    format: Format,
    Digits { words: count, bits }: Digits,
    below: i64,
) -> Result<Vec<i16>, Narrow> {
    let narrow = Narrow { format, value };
    let last = Format::new(format.fraction() + bits * (count as u32 - 1));
    let scaled = (value / last.step()).round();
    // Far beyond the largest value of any format in use, and exact in `i64`.
    if !scaled.is_finite() || scaled.abs() > 2f64.powi(52) {
        return Err(narrow);
    }
    let mut rest = scaled as i64;
    let mut words = vec![0; count];
    for word in words.iter_mut().skip(1).rev() {
        let digit = ((rest + below) & ((1 << bits) - 1)) - below;
        *word = digit as i16;
        rest = (rest - digit) >> bits;
    }
    words[0] = i16::try_from(rest).map_err(|_| narrow)?;
    Ok(words)
}

/// The words of one number a neuron: word by word, digits from zero up.
pub fn split_all(
    name: &str,
    values: &[f64],
    format: Format,
    digits: Digits,
) -> Result<Vec<Vec<i16>>, DoesNotFit> {
    let mut words = vec![Vec::with_capacity(values.len()); digits.words];
    for &value in values {
        let split = split(value, format, digits, 0).map_err(|narrow| DoesNotFit {
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

    const FOUR: Digits = Digits { words: 4, bits: 9 };

    #[test]
    fn digits_add_up() {
        for below in [0, 1 << 8] {
            for value in [0.0, 1.0, -1.0, 0.123_456_789, -7.987_654_321, 1e-7, -1e-7] {
                let words = split(value, Format::new(12), FOUR, below).unwrap();
                let mut sum = 0.0;
                for (m, &word) in words.iter().enumerate() {
                    sum += f64::from(word) / 2f64.powi(12 + 9 * m as i32);
                    let lowest = -(below as i16);
                    assert!(m == 0 || (lowest..lowest + 512).contains(&word));
                }
                assert!((sum - value).abs() <= 2f64.powi(-40), "{value}: {words:?}");
            }
        }
        assert!(split(8.1, Format::new(12), FOUR, 0).is_err());
        assert!(split(f64::NAN, Format::new(12), FOUR, 0).is_err());
        assert!(split(1e30, Format::new(12), FOUR, 0).is_err());
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
