//! Programs of `asm`, which have no manifest: set up by flags, and looked at when they have stopped.

use spikevec_verilated::{VerilatedError, check_tools};

use crate::common::{Folder, INPUT, MODEL, fails, output, spikevec, stdout, text};

/// Sums `a1` words from `a0` into `a2`, adds 1 to a vector, and stores both.
const SUM: &str = "\
        vloadv v1, 0(zero)
        vlui v2, 1
        vadd v3, v1, v2
        vstorev v3, 64(zero)
loop:   beqz a1, done
        lw t0, 0(a0)
        add a2, a2, t0
        addi a0, a0, 4
        addi a1, a1, -1
        j loop
done:   sw a2, 0(zero)
        ecall
.scalar
        .word -1, 2, 3
";

fn assembled(folder: &Folder, source: &str) -> String {
    let source = folder.file("a.s", source.as_bytes());
    let elf = folder.path("a.elf");
    output(&["asm", &source, "-o", &elf]);
    elf
}

#[test]
fn registers_and_memories_go_in_and_come_out() {
    let folder = Folder::new();
    let elf = assembled(&folder, SUM);
    let words: Vec<u8> = [10u32, 20, 30]
        .iter()
        .flat_map(|w| w.to_le_bytes())
        .collect();
    let lanes: Vec<u8> = (0..32i16).flat_map(|lane| (-lane).to_le_bytes()).collect();
    let scalar = format!("scalar:0x100={}", folder.file("words.bin", &words));
    let vector = format!("vector:0={}", folder.file("lanes.bin", &lanes));
    let run = [
        "run",
        &elf,
        "--set",
        "a0=0x100",
        "--set",
        "x11=3",
        "--set",
        "s0=-2",
        "--load",
        &scalar,
        "--load",
        &vector,
        "--print-memory",
        "scalar:0x0..0xc",
        "--print-memory",
        "vector:64..72",
    ];
    let shown = stdout(&run);
    for line in [
        "  x10  a0  0x0000010c  268\n",
        "  x12  a2  0x0000003c   60\n",
        "  x8   s0  0xfffffffe   -2\n",
        "  v3  1 0 -1 -2",
        "scalar memory:\n  0x000000  0000003c 00000002 00000003\n",
        "vector memory:\n  0x000040  1 0 -1 -2\n",
    ] {
        assert!(shown.contains(line), "{line:?} in {shown}");
    }
    assert!(
        shown.contains("a.elf ended after 25 instructions, "),
        "{shown}"
    );
    let json: serde_json::Value =
        serde_json::from_str(&stdout(&[&run[..], &["--json"]].concat())).unwrap();
    assert_eq!(json["registers"]["x"][12], 60);
    assert_eq!(json["registers"]["v"][3][1], 0);
    assert_eq!(json["memories"][0]["memory"], "scalar memory");
    assert_eq!(json["memories"][0]["bytes"][0], 60);
    assert!(json["stop"].is_null() && json["instructions"] == 25);
    // Nothing is set: three words that are there, and no loop.
    let shown = stdout(&["run", &elf, "--print-memory", "scalar:0..4", "--untimed"]);
    assert!(
        shown.contains("a.elf ended after 7 instructions\n"),
        "{shown}"
    );
    assert!(shown.contains("0x000000  00000000"), "{shown}");
}

/// What was computed until then is printed, and the exit code says that it did not end.
#[test]
fn a_stop_elsewhere_is_a_failure_that_shows_the_state() {
    let folder = Folder::new();
    for (source, budget, words) in [
        ("li a0, 7\nebreak\n", "9", &["breakpoint", "pc 0x4"][..]),
        ("li a0, 7\nlw a1, -4(zero)\n", "9", &["load", "pc 0x4"]),
        (
            "li a0, 7\nloop: j loop\n",
            "1000",
            &["after 1000 instructions: it is in the loop at pc 0x4 (loop)"],
        ),
    ] {
        let elf = assembled(&folder, source);
        let trace = folder.path("trace.txt");
        let run = ["run", &elf, "--budget", budget, "--trace", &trace];
        let ran = spikevec(&run).output().unwrap();
        assert_eq!(ran.status.code(), Some(1));
        let (shown, message) = (text(&ran.stdout), text(&ran.stderr));
        assert!(shown.contains("a.elf was stopped after "), "{shown}");
        assert!(shown.contains("x10  a0  0x00000007  7\n"), "{shown}");
        for word in words {
            assert!(message.contains(word), "{word} in {message}");
        }
        let trace = std::fs::read_to_string(&trace).unwrap();
        assert!(trace.contains("addi"), "{trace}");
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let folder = Folder::new();
    let elf = assembled(&folder, SUM);
    let file = folder.file("x.bin", &[1; 8]);
    let beyond = format!("scalar:0x1fffc={file}");
    for (flags, words) in [
        (&["--set", "a9=1"][..], &["a9"][..]),
        (&["--set", "zero=1"], &["x0 is always 0"]),
        (&["--set", "a0=0x100000000"], &["32 bits"]),
        (&["--set", "a0"], &["REGISTER=VALUE"]),
        (&["--load", "heap:0=x"], &["heap", "scalar"]),
        (&["--load", "text:0=x"], &["instructions"]),
        (&["--load", "scalar:0=no.bin"], &["no.bin"]),
        (&["--load", &beyond], &["scalar memory", "0x1fffc"]),
        (&["--print-memory", "scalar:8..4"], &["upward"]),
        (&["--print-memory", "scalar:0..6"], &["multiples of 4"]),
        (
            &["--print-memory", "vector:0..0xfffffffe"],
            &["vector memory"],
        ),
        (&["--input", INPUT], &["--input", "no manifest", "--load"]),
        (&["--labels", INPUT], &["--labels", "no manifest"]),
        (&["--stalls"], &["--stalls", "no manifest"]),
        (&["--reset", "zero"], &["--reset", "compiled already"]),
        (
            &["--set", "a0=1", "--backend", "board", "--port", "/dev/null"],
            &["set", "simulator"],
        ),
    ] {
        fails(&[&["run", &elf][..], flags].concat(), words);
    }
    let flags = ["run", MODEL, "--input", INPUT, "--set", "a0=1"];
    fails(&flags, &["--set", "manifest"]);
    fails(&["run", MODEL], &["--input"]);
    // Larger memories, and those of a smaller core.
    let far = format!("scalar:0x40000={file}");
    output(&["run", &elf, "--load", &far, "--target", "large"]);
    let inside = format!("scalar:0x4000={file}");
    output(&["run", &elf, "--load", &inside]);
    let small = ["run", &elf, "--load", &inside, "--config", "small"];
    fails(&small, &["scalar memory"]);
}

/// A disk that is full, as a limit on the size of files: an error, and what was there stays.
#[cfg(unix)]
#[test]
fn a_trace_that_cannot_be_written_leaves_no_part_of_it() {
    let folder = Folder::new();
    let elf = assembled(&folder, "loop: j loop\n");
    let trace = folder.file("trace.txt", b"before");
    let full = "trap '' XFSZ; ulimit -f 8; exec \"$0\" run \"$1\" --budget 100000 --trace \"$2\"";
    let ran = std::process::Command::new("sh")
        .args(["-c", full, env!("CARGO_BIN_EXE_spikevec"), &elf, &trace])
        .output()
        .unwrap();
    let message = text(&ran.stderr);
    assert!(message.contains("cannot write the trace"), "{message}");
    assert!(
        message.contains("trace.txt") && message.contains("too large"),
        "{message}"
    );
    assert_eq!(std::fs::read(&trace).unwrap(), b"before");
    assert_eq!(folder.files(), ["a.elf", "a.s", "trace.txt"]);
    if std::path::Path::new("/dev/full").exists() {
        let words = ["/dev/full", "No space"];
        fails(
            &["run", &elf, "--budget", "100000", "--trace", "/dev/full"],
            &words,
        );
    }
}

#[test]
fn a_loop_ends_by_itself() {
    let folder = Folder::new();
    let elf = assembled(&folder, "j .\n");
    let place = "after 100000000 instructions: it is in the loop at pc 0x0";
    stops(&["run", &elf, "--untimed"], place);
}

/// Runs what must stop before its end, and tell where; the state until then is printed.
fn stops(arguments: &[&str], place: &str) {
    let ran = spikevec(arguments).output().unwrap();
    let (shown, message) = (text(&ran.stdout), text(&ran.stderr));
    assert_eq!(ran.status.code(), Some(1), "{message}");
    assert!(shown.contains("a.elf was stopped after "), "{shown}");
    assert!(message.contains(place), "{message}");
}

/// The same text where the core itself runs.
#[test]
fn a_loop_ends_on_the_core() {
    if let Err(error @ VerilatedError::Missing { .. }) = check_tools() {
        println!("skipped: {error}");
        return;
    }
    let folder = Folder::new();
    let elf = assembled(&folder, "nop\nloop: addi a0, a0, 1\nj loop\nnop\n");
    let place = "after 2000 instructions: it is in the loop from pc 0x4 to 0x8 (loop)";
    for backend in ["simulator", "rtl", "system"] {
        let run = ["run", &elf, "--budget", "2000", "--backend", backend];
        stops(&[&run[..], &["--config", "tiny"]].concat(), place);
    }
}
