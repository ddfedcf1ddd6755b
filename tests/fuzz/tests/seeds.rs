//! Each fuzz target once over the inputs that are committed for it, and over what a few changes
//! make of them.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use spikevec_fuzz_targets::{TARGETS, run};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz")
}

/// Name and contents of the seeds of a target.
fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = folder().join("seeds").join(target);
    let files = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    files
        .iter()
        .map(|path| (name(path), fs::read(path).unwrap()))
        .collect()
}

#[test]
fn seeds_are_held_to_what_the_targets_ask() {
    for (target, _) in TARGETS {
        let seeds = seeds(target);
        assert!(!seeds.is_empty(), "{target} has no seeds");
        for (name, seed) in &seeds {
            println!("{target}: {name}");
            run(target, seed);
        }
    }
}

/// Cut short and with a byte changed, at places all over them.
#[test]
fn damaged_seeds_are_held_to_the_same() {
    for (target, _) in TARGETS {
        for (name, seed) in seeds(target) {
            println!("{target}: {name}");
            run(target, &[]);
            let step = seed.len() / 24 + 1;
            for at in (0..seed.len()).step_by(step) {
                run(target, &seed[..at]);
                let mut changed = seed.clone();
                changed[at] ^= 1 << (at % 8);
                run(target, &changed);
            }
        }
    }
}

/// A target that cargo-fuzz does not know, or a folder that nothing reads, is left over.
#[test]
fn each_target_has_its_files() {
    let names: Vec<&str> = TARGETS.iter().map(|target| target.0).collect();
    let manifest = fs::read_to_string(folder().join("Cargo.toml")).unwrap();
    let binaries = manifest.lines().filter_map(|line| {
        let name = line.strip_prefix("name = \"")?.strip_suffix('"')?;
        (name != "spikevec-fuzz").then_some(name)
    });
    assert_eq!(binaries.collect::<Vec<_>>(), names);
    for name in &names {
        let source = folder().join(format!("fuzz_targets/{name}.rs"));
        let source = fs::read_to_string(&source).unwrap();
        assert!(source.contains(&format!("run(\"{name}\", data)")), "{name}");
    }
    for (kind, ending) in [("seeds", ""), ("dictionaries", ".dict")] {
        for entry in fs::read_dir(folder().join(kind)).unwrap() {
            let entry = entry.unwrap().file_name().into_string().unwrap();
            let name = entry.strip_suffix(ending).unwrap_or(&entry);
            assert!(names.contains(&name), "{kind}/{entry} is of no target");
        }
    }
}
