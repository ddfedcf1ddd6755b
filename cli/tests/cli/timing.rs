//! Clocks of a run.

use serde_json::Value;

use crate::common::{DIGITS, INPUT, MODEL, PIN, fails, json, stdout};

const RUN: [&str; 9] = [
    "run",
    MODEL,
    PIN,
    DIGITS,
    "--input",
    INPUT,
    "--limit",
    "5",
    "--no-float",
];

fn report(flags: &[&str]) -> Value {
    json(&[&RUN[..], flags, &["--json"]].concat())
}

#[test]
fn clocks_follow_the_core() {
    let base = report(&[]);
    assert_eq!(
        (&base["config"], &base["lanes"]),
        (&"base".into(), &32.into())
    );
    let instructions = base["instructions_per_step"].as_f64().unwrap();
    let mut clocks = base["cycles_per_step"].as_f64().unwrap();
    assert!(
        clocks > instructions && clocks < 2.0 * instructions,
        "{clocks}"
    );
    assert!((base["cycles"].as_f64().unwrap() / 120.0 - clocks).abs() < 1e-9);
    assert_eq!(base["seconds_per_step"], Value::Null);
    for (name, lanes) in [("half", "16"), ("small", "8"), ("tiny", "4")] {
        let slower = report(&["--config", name]);
        assert_eq!(slower, report(&["--lanes", lanes]));
        assert_eq!(slower["config"], name);
        assert_eq!(slower["predictions"], base["predictions"]);
        assert_eq!(slower["instructions"], base["instructions"]);
        let more = slower["cycles_per_step"].as_f64().unwrap();
        assert!(more > clocks && more < 2.0 * clocks, "{more}");
        clocks = more;
    }
}

#[test]
fn a_clock_makes_times_of_clocks() {
    let report = report(&["--clock", "50"]);
    let number = |key: &str| report[key].as_f64().unwrap();
    assert_eq!(number("clock_mhz"), 50.0);
    let step = number("cycles_per_step") / 50e6;
    assert!((number("seconds_per_step") - step).abs() < 1e-12);
    assert!((number("seconds_per_sample") - 24.0 * step).abs() < 1e-12);
    let text = stdout(&[&RUN[..], &["--clock", "50", "--config", "small"]].concat());
    assert!(text.contains("a sample at 50 MHz"), "{text}");
    assert!(text.contains("core small, 8 lanes"), "{text}");
}

#[test]
fn without_timing_clocks_are_unknown() {
    let report = report(&["--untimed"]);
    for key in ["config", "lanes", "cycles", "cycles_per_step", "clock_mhz"] {
        assert_eq!(report.get(key), Some(&Value::Null), "{key}");
    }
    let text = stdout(&[&RUN[..], &["--untimed"]].concat());
    assert!(!text.contains("clocks"), "{text}");
}

#[test]
fn stalls_are_listed() {
    let text = stdout(&[&RUN[..], &["--stalls"]].concat());
    for word in ["spent on", "jump or taken branch before", "waits for"] {
        assert!(text.contains(word), "no {word:?} in: {text}");
    }
}

#[test]
fn cores_that_there_are_not() {
    let cases: [(&[&str], &[&str]); 7] = [
        (&["--lanes", "12"], &["12 lanes", "4, 8, 16 or 32"]),
        (&["--lanes", "all"], &["4, 8, 16 or 32"]),
        (&["--config", "huge"], &["base", "tiny"]),
        (&["--config", "half", "--lanes", "16"], &["--lanes"]),
        (&["--clock", "0"], &["above 0"]),
        (&["--clock", "nan"], &["above 0"]),
        (&["--untimed", "--clock", "80"], &["--clock"]),
    ];
    for (flags, words) in cases {
        fails(&[&RUN[..], flags].concat(), words);
    }
}
