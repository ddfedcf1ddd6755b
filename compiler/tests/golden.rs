//! Golden folders: `golden/<case>/network.toml` beside every stage of its compilation.
//! `UPDATE_GOLDEN=1 cargo test -p spikevec-compiler --test golden` writes the stages again.
#![allow(clippy::unwrap_used)]

mod support;

use std::path::{Path, PathBuf};

use spikevec_assembler::disassemble;
use spikevec_compiler::quantise::{Calibration, seeded_spikes};
use spikevec_compiler::{Compiled, compile};

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let entries = std::fs::read_dir(root).unwrap();
    let mut cases: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 12, "the cases are missing");
    cases
}

fn compiled(case: &Path) -> Compiled {
    let name = case.file_name().unwrap().to_str().unwrap();
    let source = std::fs::read_to_string(case.join("network.toml")).unwrap();
    let (graph, options) =
        support::text::read(&source, name).unwrap_or_else(|e| panic!("{}: {e}", case.display()));
    compile(&graph, &Calibration::Seeded, &options).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// The stages, as `inspect` and `compile --disasm` print them, by file.
fn stages(compiled: &Compiled) -> [(&'static str, String); 4] {
    let mut graph = compiled.network.to_string();
    for warning in &compiled.network.warnings {
        graph.push_str(&format!("warning: {warning}\n"));
    }
    [
        ("graph.txt", graph),
        ("quantised.txt", compiled.placed.network.to_string()),
        ("placed.txt", compiled.placed.to_string()),
        ("program.s", disassemble(&compiled.image)),
    ]
}

#[test]
fn every_stage_of_every_case_is_what_is_written() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut wrong = Vec::new();
    for case in cases() {
        for (file, found) in stages(&compiled(&case)) {
            let path = case.join(file);
            if update {
                std::fs::write(&path, &found).unwrap();
                continue;
            }
            let wanted = std::fs::read_to_string(&path).unwrap_or_default();
            if wanted != found {
                wrong.push(format!("{}: {}", path.display(), first(&wanted, &found)));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\n(`UPDATE_GOLDEN=1 cargo test -p spikevec-compiler --test golden` writes all of them again)",
        wrong.join("\n")
    );
}

/// The first line in which two texts differ.
fn first(wanted: &str, found: &str) -> String {
    let (mut wanted, mut found) = (wanted.lines(), found.lines());
    for line in 1.. {
        let pair = (wanted.next(), found.next());
        if pair.0 != pair.1 || pair.0.is_none() {
            let text = |line: Option<&str>| line.unwrap_or("(end)").to_owned();
            let (wanted, found) = (text(pair.0), text(pair.1));
            return format!("line {line}\n  written  {wanted}\n  found    {found}");
        }
    }
    unreachable!("texts end")
}

#[test]
fn every_case_runs_as_its_quantised_stage() {
    for case in cases() {
        let compiled = compiled(&case);
        let input = seeded_spikes(1, 12, compiled.network.inputs(), 0.4);
        support::lockstep(&compiled, &input, 1);
    }
}
