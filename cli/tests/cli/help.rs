//! Help, version and completions.

use clap_complete::Shell;

use crate::common::{spikevec, stdout, text};

const VERBS: [&str; 8] = [
    "run",
    "compile",
    "asm",
    "disasm",
    "inspect",
    "synth",
    "flash",
    "completions",
];

#[test]
fn every_verb_has_help_with_examples() {
    let all = stdout(&["--help"]);
    for verb in VERBS {
        assert!(all.contains(verb), "{all}");
        let help = stdout(&[verb, "--help"]);
        assert!(help.contains("Examples:"), "{verb}: {help}");
        assert!(help.contains(&format!("spikevec {verb}")), "{verb}: {help}");
    }
    assert!(all.contains("examples/digits/digits.nir"));
}

#[test]
fn the_version_is_the_packages() {
    assert_eq!(
        stdout(&["--version"]),
        format!("spikevec {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn completions_know_the_verbs() {
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
        let script = stdout(&["completions", &shell.to_string()]);
        for word in VERBS.iter().chain(&["calibrate", "stochastic"]) {
            assert!(script.contains(word), "{shell}: no {word}");
        }
    }
}

#[test]
fn nothing_to_do_is_an_error() {
    let output = spikevec(&[]).output().unwrap();
    assert!(!output.status.success());
    assert!(text(&output.stderr).contains("Usage:"));
}
