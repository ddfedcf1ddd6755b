//! Fixed-point formats.

use std::fmt;
use std::str::FromStr;

/// A signed 16-bit fixed-point format: a sign, `15 - fraction` integer bits and
/// `fraction` fraction bits. Written `q7.8` for 7 integer and 8 fraction bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Format {
    fraction: u32,
}

/// Text that names no format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a 16-bit format: write qI.F with I + F = 15, for instance q7.8")]
pub struct BadFormat(String);

/// A value that a format does not hold.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("{value} is beyond {format}, which holds up to {}", .format.largest())]
pub struct Narrow {
    /// The format.
    pub format: Format,
    /// The value.
    pub value: f64,
}

impl Format {
    /// The format with `fraction` fraction bits, at most 15.
    pub fn new(fraction: u32) -> Option<Self> {
        (fraction <= 15).then_some(Format { fraction })
    }

    /// Whole numbers: no fraction bits.
    pub const INTEGER: Format = Format { fraction: 0 };

    /// Numbers in [-1, 1): 15 fraction bits.
    pub const FINEST: Format = Format { fraction: 15 };

    /// Number of fraction bits.
    pub fn fraction(self) -> u32 {
        self.fraction
    }

    /// Difference of two neighbouring numbers.
    pub fn step(self) -> f64 {
        1.0 / self.scale()
    }

    /// Largest number.
    pub fn largest(self) -> f64 {
        f64::from(i16::MAX) / self.scale()
    }

    fn scale(self) -> f64 {
        f64::from(1u32 << self.fraction)
    }

    /// The nearest number, halves away from zero.
    ///
    /// # Errors
    /// [`Narrow`] where the value is beyond the format: nothing is clamped.
    pub fn quantise(self, value: f64) -> Result<i16, Narrow> {
        let rounded = (value * self.scale()).round();
        if rounded >= f64::from(i16::MIN) && rounded <= f64::from(i16::MAX) {
            Ok(rounded as i16)
        } else {
            Err(Narrow {
                format: self,
                value,
            })
        }
    }

    /// The value of a stored number.
    pub fn value(self, stored: i16) -> f64 {
        f64::from(stored) / self.scale()
    }

    /// The format with most fraction bits, `limit` at most, that holds every value; `None` where none does.
    pub fn finest(values: &[f64], limit: u32) -> Option<Self> {
        (0..=limit.min(15))
            .rev()
            .map(|fraction| Format { fraction })
            .find(|format| values.iter().all(|&v| format.quantise(v).is_ok()))
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "q{}.{}", 15 - self.fraction, self.fraction)
    }
}

impl FromStr for Format {
    type Err = BadFormat;
    fn from_str(text: &str) -> Result<Self, BadFormat> {
        let bad = || BadFormat(text.to_owned());
        let (integer, fraction) = text
            .strip_prefix('q')
            .and_then(|rest| rest.split_once('.'))
            .ok_or_else(bad)?;
        let integer: u32 = integer.parse().map_err(|_| bad())?;
        let fraction: u32 = fraction.parse().map_err(|_| bad())?;
        if integer > 15 || fraction > 15 || integer + fraction != 15 {
            return Err(bad());
        }
        Ok(Format { fraction })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn text_and_value_round_trip() {
        for fraction in 0..=15 {
            let format = Format::new(fraction).unwrap();
            assert_eq!(format.to_string().parse::<Format>().unwrap(), format);
            assert_eq!(format.quantise(format.value(-123)).unwrap(), -123);
            assert_eq!(format.quantise(format.largest()).unwrap(), i16::MAX);
        }
        for bad in ["q8.8", "8.7", "q15", "q-1.16", "q7.8 ", "q4294967295.16"] {
            assert!(bad.parse::<Format>().is_err(), "{bad}");
        }
        assert!(Format::new(16).is_none());
    }

    #[test]
    fn nothing_is_clamped() {
        let format = Format::new(15).unwrap();
        assert!(format.quantise(1.0).is_err());
        assert_eq!(format.quantise(-1.0).unwrap(), i16::MIN);
        assert!(format.quantise(f64::NAN).is_err());
        assert_eq!(Format::finest(&[1.0, -0.5], 15).unwrap().fraction(), 14);
        assert_eq!(Format::finest(&[40000.0], 15), None);
    }
}
