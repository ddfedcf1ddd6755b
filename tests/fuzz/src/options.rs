//! What users write in words: readings, formats, readouts, names of machines. A line is a flag and
//! its value.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use spikevec_compiler::Format;
use spikevec_compiler::options::Precision;
use spikevec_compiler::reading::{
    Comparison, Framework, Initial, InputScale, Integration, Reset, ResetStep, SpikesAStep,
};
use spikevec_isa::Target;
use spikevec_isa::registers::{parse_v, parse_x};
use spikevec_runtime::Readout;
use spikevec_simulator::Timing;

pub fn run(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    for line in text.lines() {
        let (flag, word) = line.split_once(' ').unwrap_or((line, ""));
        match flag {
            "format" => stable::<Format>(word),
            "precision" => stable::<Precision>(word),
            "framework" => stable::<Framework>(word),
            "integration" => stable::<Integration>(word),
            "reset" => stable::<Reset>(word),
            "reset-step" => stable::<ResetStep>(word),
            "comparison" => stable::<Comparison>(word),
            "initial" => stable::<Initial>(word),
            "spikes-a-step" => stable::<SpikesAStep>(word),
            "input-scale" => stable::<InputScale>(word),
            "readout" => drop(Readout::named(word)),
            "target" => assert_eq!(
                Target::named(word).map(|target| target.name),
                Target::NAMES.contains(&word).then(|| word.to_owned())
            ),
            "core" => assert_eq!(
                Timing::named(word).is_some(),
                Target::CORE_NAMES.contains(&word)
            ),
            "register" => {
                let found = [parse_x(word), parse_v(word)];
                assert!(found.iter().flatten().all(|register| *register < 32));
            }
            _ => {}
        }
    }
}

/// A word is refused, or what it is read as is written and read again the same.
fn stable<T: FromStr<Err: Display> + Display + PartialEq + Debug>(word: &str) {
    match word.parse::<T>() {
        Ok(value) => {
            let again = value.to_string().parse::<T>().ok();
            assert_eq!(again.as_ref(), Some(&value), "{word}");
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
