//! Fixed-point formats.

use std::fmt;
use std::str::FromStr;

/// A signed 16-bit fixed-point format: a sign, `15 - fraction` integer bits and
/// `fraction` fraction bits. Written `q7.8` for 7 integer and 8 fraction bits.
///
/// More than 15 fraction bits are possible: `q-3.18` holds numbers below an eighth.
/// Models in small units (volts, seconds) need such formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Format {
    fraction: u32,
}

/// Text that names no format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a 16-bit format: write qI.F with I + F = 15 and F from 0 to 40, for instance q7.8"
)]
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
    /// Most fraction bits that a variable may have.
    pub const MOST_FRACTION_BITS: u32 = 40;

    /// Whole numbers: no fraction bits.
    pub const INTEGER: Format = Format { fraction: 0 };

    /// The format with `fraction` fraction bits.
    pub const fn new(fraction: u32) -> Self {
        Format { fraction }
    }

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
        2f64.powi(i32::try_from(self.fraction).unwrap_or(i32::MAX))
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
        (0..=limit)
            .rev()
            .map(|fraction| Format { fraction })
            .find(|format| values.iter().all(|&v| format.quantise(v).is_ok()))
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "q{}.{}", 15 - i64::from(self.fraction), self.fraction)
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
        let integer: i64 = integer.parse().map_err(|_| bad())?;
        let fraction: u32 = fraction.parse().map_err(|_| bad())?;
        if fraction > Format::MOST_FRACTION_BITS || integer + i64::from(fraction) != 15 {
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
        for fraction in 0..=Format::MOST_FRACTION_BITS {
            let format = Format::new(fraction);
            assert_eq!(format.to_string().parse::<Format>().unwrap(), format);
            assert_eq!(format.quantise(format.value(-123)).unwrap(), -123);
            assert_eq!(format.quantise(format.largest()).unwrap(), i16::MAX);
        }
        for bad in ["q8.8", "8.7", "q15", "q-26.41", "q7.8 ", "q4294967295.16"] {
            assert!(bad.parse::<Format>().is_err(), "{bad}");
        }
        assert_eq!("q-3.18".parse::<Format>().unwrap(), Format::new(18));
    }

    #[test]
    fn nothing_is_clamped() {
        let format = Format::new(15);
        assert!(format.quantise(1.0).is_err());
        assert_eq!(format.quantise(-1.0).unwrap(), i16::MIN);
        assert!(format.quantise(f64::NAN).is_err());
        assert_eq!(Format::finest(&[1.0, -0.5], 15).unwrap().fraction(), 14);
        assert_eq!(Format::finest(&[40000.0], 15), None);
    }
}
