//! Dividers of the ECP5's PLL.

/// Frequencies in kHz between which each part works: FPGA-DS-02012, table "sysCLOCK PLL Timing". The phase detector is
/// held to 10 MHz and more, although ecppll of Project Trellis goes down to 3.125.
const INPUT: (u64, u64) = (8_000, 400_000);
const OUTPUT: (u64, u64) = (3_125, 400_000);
const VCO: (u64, u64) = (400_000, 800_000);
const DETECTOR: (u64, u64) = (10_000, 400_000);

/// The largest value of each divider: FPGA-TN-02200; the feedback's as ecppll has it.
const DIVIDER: u32 = 128;
const FEEDBACK: u32 = 80;

/// Most that the clock may differ from what was asked for, in millionths.
const TOLERANCE: u64 = 1_000;

/// How a PLL makes a clock of another: `vco = input / reference * feedback * primary`, and the clock is `vco / output`.
///
/// Source of the formulas: Lattice FPGA-TN-02200, "ECP5 and ECP5-5G sysCLOCK PLL/DLL Design and Usage Guide".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PllSettings {
    /// Divider of the input.
    pub reference: u32,
    /// Divider of the feedback.
    pub feedback: u32,
    /// Divider of the first output, which is fed back.
    pub primary: u32,
    /// Divider of the outputs that give the clock.
    pub output: u32,
    /// The clock in Hz, rounded down.
    pub output_hz: u32,
    /// The oscillator in Hz, rounded down.
    pub vco_hz: u32,
}

/// A clock that the PLL cannot make.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PllError {
    /// The board's clock is out of range.
    #[error("an input clock of {hz} Hz: the ECP5's PLL takes 8 to 400 MHz")]
    Input {
        /// The clock.
        hz: u32,
    },
    /// The wanted clock is out of range.
    #[error(
        "a clock of {hz} Hz: the ECP5's PLL makes 3.125 to 400 MHz; choose a frequency between"
    )]
    Output {
        /// The clock.
        hz: u32,
    },
    /// No dividers come near enough.
    #[error(
        "a clock of {wanted_hz} Hz from one of {input_hz} Hz: the nearest that the PLL can make is {nearest_hz} Hz; \
         choose that"
    )]
    Inexact {
        /// What was asked for.
        wanted_hz: u32,
        /// The board's clock.
        input_hz: u32,
        /// What is possible.
        nearest_hz: u32,
    },
}

fn within(hz: u64, times: u64, by: u64, (least, most): (u64, u64)) -> bool {
    let value = hz * times;
    value >= least * 1000 * by && value <= most * 1000 * by
}

impl PllSettings {
    /// The dividers that come nearest to `wanted_hz`: among equals those whose phase detector is fastest, then those whose
    /// oscillator is nearest to the middle of its range.
    ///
    /// # Errors
    /// Frequencies out of range, or more than 0.1 % from what can be made.
    pub fn find(input_hz: u32, wanted_hz: u32) -> Result<Self, PllError> {
        let (input, wanted) = (u64::from(input_hz), u64::from(wanted_hz));
        if !within(input, 1, 1, INPUT) {
            return Err(PllError::Input { hz: input_hz });
        }
        if !within(wanted, 1, 1, OUTPUT) {
            return Err(PllError::Output { hz: wanted_hz });
        }
        let middle = (VCO.0 + VCO.1) / 2 * 1000;
        let mut best = None;
        for reference in 1..=DIVIDER {
            let r = u64::from(reference);
            if !within(input, 1, r, DETECTOR) {
                continue;
            }
            for feedback in 1..=FEEDBACK {
                for primary in 1..=DIVIDER {
                    let times = u64::from(feedback) * u64::from(primary);
                    let fed = u64::from(feedback);
                    if !within(input, times, r, VCO) || !within(input, fed, r, OUTPUT) {
                        continue;
                    }
                    let vco = input * times / r;
                    let output = ((vco + wanted / 2) / wanted).clamp(1, DIVIDER.into());
                    let made = input * times / (r * output);
                    if !within(made, 1, 1, OUTPUT) {
                        continue;
                    }
                    let found = Self {
                        reference,
                        feedback,
                        primary,
                        output: output as u32,
                        output_hz: made as u32,
                        vco_hz: vco as u32,
                    };
                    let rank = (
                        made.abs_diff(wanted),
                        reference,
                        vco.abs_diff(middle),
                        primary,
                    );
                    if best.as_ref().is_none_or(|(other, _)| rank < *other) {
                        best = Some((rank, found));
                    }
                }
            }
        }
        let Some((_, found)) = best else {
            return Err(PllError::Output { hz: wanted_hz });
        };
        let error = u64::from(found.output_hz).abs_diff(wanted);
        if error * 1_000_000 > wanted * TOLERANCE {
            return Err(PllError::Inexact {
                wanted_hz,
                input_hz,
                nearest_hz: found.output_hz,
            });
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(input: u32, wanted: u32) -> Result<u32, PllError> {
        PllSettings::find(input, wanted).map(|s| s.output_hz)
    }

    #[test]
    fn common_clocks_are_exact() {
        for (input, wanted) in [(25, 50), (25, 55), (25, 45), (12, 48), (100, 400)] {
            let (input, wanted) = (input * 1_000_000, wanted * 1_000_000);
            assert_eq!(output(input, wanted), Ok(wanted));
        }
        assert_eq!(output(25_000_000, 62_500_000), Ok(62_500_000));
        // By hand: 25 MHz * 24 = 600 MHz, and / 12 = 50 MHz.
        let found = PllSettings::find(25_000_000, 50_000_000).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(found.reference, 1);
        assert_eq!(found.feedback * found.primary, 24);
        assert_eq!((found.output, found.vco_hz), (12, 600_000_000));
    }

    #[test]
    fn all_settings_keep_to_the_limits() {
        for mhz in 4..=400 {
            let Ok(s) = PllSettings::find(25_000_000, mhz * 1_000_000) else {
                continue;
            };
            assert!((400_000_000..=800_000_000).contains(&s.vco_hz), "{s:?}");
            assert!(25_000_000 / s.reference >= 10_000_000, "{s:?}");
            let fed = u64::from(s.vco_hz) / u64::from(s.primary);
            assert!((3_125_000..=400_000_000).contains(&fed), "{s:?}");
            assert!(s.output_hz.abs_diff(s.vco_hz / s.output) <= 1, "{s:?}");
        }
    }

    #[test]
    fn what_cannot_be_made_is_refused() {
        assert_eq!(
            output(1_000_000, 50_000_000),
            Err(PllError::Input { hz: 1_000_000 })
        );
        assert_eq!(
            output(25_000_000, 500_000_000),
            Err(PllError::Output { hz: 500_000_000 })
        );
        let error = output(25_000_000, 390_000_000).map_err(|error| error.to_string());
        assert!(error.is_err_and(|text| text.contains("choose that")));
    }
}
