//! Golden folders: `golden/<case>/input.s` beside the `expected.txt` (listing, contents
//! and symbols) or the `errors.txt` that it must give. `UPDATE_GOLDEN=1` writes them again.
#![allow(clippy::unwrap_used)]

use std::fmt::Write;
use std::path::Path;

use spikevec_assembler::{Image, assemble, listing};

fn report(image: &Image) -> String {
    let mut out = listing(&image.code, &image.symbols);
    for segment in &image.segments {
        writeln!(out, "\n{} from {:#x}", segment.memory, segment.address).unwrap();
        for (k, line) in segment.bytes.chunks(16).enumerate() {
            let hex: Vec<String> = line.iter().map(|b| format!("{b:02x}")).collect();
            writeln!(
                out,
                "{:6x}:  {}",
                segment.address as usize + 16 * k,
                hex.join(" ")
            )
            .unwrap();
        }
    }
    if !image.symbols.is_empty() {
        writeln!(out, "\nsymbols").unwrap();
    }
    for s in &image.symbols {
        let memory = s.memory.map_or("value".to_owned(), |m| m.to_string());
        writeln!(out, "{:08x} {:4} {memory}: {}", s.value, s.size, s.name).unwrap();
    }
    out
}

#[test]
fn every_case_gives_what_is_written() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut cases: Vec<_> = std::fs::read_dir(&root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    cases.sort();
    let mut wrong = Vec::new();
    for case in &cases {
        let source = std::fs::read_to_string(case.join("input.s")).unwrap();
        let (file, other, found) = match assemble(&source, "input.s") {
            Ok(image) => ("expected.txt", "errors.txt", report(&image)),
            Err(errors) => ("errors.txt", "expected.txt", format!("{errors}\n")),
        };
        if update {
            std::fs::write(case.join(file), &found).unwrap();
            let _ = std::fs::remove_file(case.join(other));
            continue;
        }
        let wanted = std::fs::read_to_string(case.join(file)).unwrap_or_default();
        if wanted != found {
            wrong.push(format!("{}/{file}:\n{found}", case.display()));
        }
    }
    assert!(cases.len() >= 5, "the cases are missing");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn the_example_of_the_manual_assembles() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/assembler.md");
    let manual = std::fs::read_to_string(path).unwrap();
    let (_, example) = manual.split_once("```asm\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    let image = assemble(example, "assembler.md").unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(image.code.len(), 10);
    assert_eq!(image.segments[0].bytes.len(), 64);
}
