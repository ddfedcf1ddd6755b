//! `compile`, `asm`, `disasm` and `inspect`.

use std::process::Stdio;

use crate::common::{DIGITS, Folder, MODEL, PIN, fails, output, spikevec, stdout, text};

#[test]
fn a_program_has_symbols_and_text() {
    let folder = Folder::new();
    let (elf, listing) = (folder.path("d.elf"), folder.path("d.s"));
    let summary = stdout(&[
        "compile", MODEL, PIN, DIGITS, "-o", &elf, "--disasm", &listing,
    ]);
    for word in [
        "program",
        "of 4096 bytes",
        "vector memory",
        "weights of its spikes",
    ] {
        assert!(summary.contains(word), "no {word:?} in: {summary}");
    }
    assert_eq!(folder.files(), ["d.elf", "d.s"]);
    let text = std::fs::read_to_string(&listing).unwrap();
    assert_eq!(
        text,
        stdout(&["compile", MODEL, PIN, DIGITS, "-o", &elf, "--disasm", "-"])
    );
    assert_eq!(text, stdout(&["disasm", &elf]));
    // Text that assembles to the same program, the manifest apart.
    let again = folder.path("again.elf");
    output(&["asm", &listing, "-o", &again]);
    let sorted = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    // Symbols without contents may come in another order.
    let again = stdout(&["disasm", &again]);
    assert!(sorted(&again) == sorted(&text), "{}", again.len());
    let listing = stdout(&["disasm", &elf, "--listing"]);
    assert!(
        listing.lines().any(|line| line.contains("ecall")),
        "{listing}"
    );
}

#[test]
fn the_report_shows_every_stage() {
    let folder = Folder::new();
    let report = stdout(&[
        "compile",
        MODEL,
        PIN,
        DIGITS,
        "-o",
        &folder.path("d.elf"),
        "--report",
    ]);
    for word in [
        "network: 64 inputs",
        "quantised network",
        "what the formats cost",
        "placed network",
    ] {
        assert!(report.contains(word), "no {word:?} in: {report}");
    }
}

#[test]
fn models_are_shown_stage_by_stage() {
    let all = stdout(&["inspect", MODEL, PIN, DIGITS]);
    let words = [
        "population lif1: 128 LIF",
        "state v: q",
        "input: weights of its spikes",
    ];
    for (stage, word) in ["graph", "quantised", "placed"].into_iter().zip(words) {
        assert!(all.contains(word), "no {word:?} in: {all}");
        let one = stdout(&["inspect", MODEL, PIN, DIGITS, "--stage", stage]);
        assert!(all.contains(one.trim()), "{stage}: {one}");
        for other in words {
            assert_eq!(one.contains(other), other == word, "{stage}: {one}");
        }
    }
}

#[test]
fn programs_are_shown() {
    let folder = Folder::new();
    let elf = folder.path("d.elf");
    output(&["compile", MODEL, PIN, DIGITS, "-o", &elf]);
    let shown = stdout(&["inspect", &elf]);
    for word in [
        "model digits",
        "lif2.spikes",
        "contents:",
        "symbols:",
        "input.weights_of_its_spikes",
        "q",
    ] {
        assert!(shown.contains(word), "no {word:?} in: {shown}");
    }
}

#[test]
fn errors_of_a_source_have_places() {
    let folder = Folder::new();
    let source = folder.file("bad.s", b"addi a0, a0, 1\nfrobnicate a0\naddi a0, a9, 1\n");
    let out = folder.path("bad.elf");
    let output = spikevec(&["asm", &source, "-o", &out]).output().unwrap();
    assert!(!output.status.success());
    let message = text(&output.stderr);
    for word in ["bad.s:2:1: error:", "bad.s:3:10: error:", "^", "2 errors"] {
        assert!(message.contains(word), "no {word:?} in: {message}");
    }
    assert_eq!(folder.files(), ["bad.s"]);
    let binary = folder.file("binary.s", &[0xff, 0xfe, 0x00]);
    fails(&["asm", &binary, "-o", &out], &["binary.s", "not UTF-8"]);
}

#[test]
fn a_reader_may_go_away() {
    let mut child = spikevec(&["inspect", MODEL, PIN, DIGITS])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(text(&output.stderr), "");
}
