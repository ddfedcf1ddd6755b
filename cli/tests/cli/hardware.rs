//! The core from the command line: its Verilog, and networks on it.

use spikevec_verilated::{VerilatedError, check_tools};

use crate::common::{DIGITS, Folder, INPUT, MODEL, PIN, fails, json, spikevec, stdout, text};

const RUN: [&str; 9] = [
    "run",
    MODEL,
    PIN,
    DIGITS,
    "--input",
    INPUT,
    "--limit",
    "2",
    "--no-float",
];

#[test]
fn the_core_is_written_as_verilog() {
    let text = stdout(&["hdl", "--config", "tiny"]);
    assert!(text.starts_with("module core ("), "{} bytes", text.len());
    let folder = Folder::new();
    let path = folder.path("core.v");
    stdout(&["hdl", "--config", "tiny", "--output", &path]);
    assert_eq!(std::fs::read_to_string(path).unwrap(), text);
    let text = stdout(&["hdl", "--config", "tiny", "--for", "axi"]);
    assert!(text.starts_with("module spikevec_axi ("));
    assert!(text.contains("s_axi_awvalid") && !text.contains("ultra"));
    let ultra = ["--vector-memory", "ultra"];
    let text = stdout(&["hdl", "--config", "tiny", ultra[0], ultra[1]]);
    assert!(text.contains("ram_style = \"ultra\""));
    fails(&["hdl", "--config", "huge"], &["huge", "base", "tiny"]);
    fails(&["hdl", "--for", "pci"], &["pci", "core", "axi"]);
}

/// Same results and clocks in the simulator, on the core, and on the core behind its serial link.
#[test]
fn the_core_runs_a_network_as_the_simulator_does() {
    if let Err(error @ VerilatedError::Missing { .. }) = check_tools() {
        println!("skipped: {error}");
        return;
    }
    let report = |backend: &str| {
        let flags = ["--config", "tiny", "--backend", backend, "--json"];
        let mut report = json(&[&RUN[..], &flags].concat());
        let values = report.as_object_mut().unwrap();
        for host in ["seconds", "instructions_per_second"] {
            values.remove(host);
        }
        // The core does not count saturation.
        for population in values["populations"].as_array_mut().unwrap() {
            for key in ["saturated", "saturated_values", "values"] {
                population.as_object_mut().unwrap().remove(key);
            }
        }
        report
    };
    let simulator = report("simulator");
    assert!(simulator["cycles_per_step"].as_f64().unwrap() > 0.0);
    assert_eq!(report("rtl"), simulator);
    assert_eq!(report("system"), simulator);
}

#[test]
fn flags_that_a_machine_does_not_have() {
    let flags = |flags: &[&'static str]| [&RUN[..], flags].concat();
    let rtl = ["--backend", "rtl"];
    for flag in ["--strict", "--stalls", "--untimed"] {
        fails(&flags(&[&rtl[..], &[flag]].concat()), &[flag, "simulator"]);
    }
    fails(&flags(&["--backend", "board"]), &["--port", "/dev/ttyUSB0"]);
    fails(
        &flags(&["--backend", "board", "--port", "/dev/no-such-port"]),
        &["/dev/no-such-port", "1000000 bit/s"],
    );
    fails(
        &flags(&["--backend", "gpu"]),
        &["simulator", "rtl", "system", "board"],
    );
}

#[test]
fn programs_that_a_board_cannot_run() {
    let folder = Folder::new();
    let check = |program: &str| {
        let flags = ["--program", program, "--check"];
        [&["synth", "--board", "colorlight-i5"][..], &flags]
            .concat()
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let fails_with = |program: &str, words: &[&str]| {
        let arguments = check(program);
        fails(
            &arguments.iter().map(String::as_str).collect::<Vec<_>>(),
            words,
        );
    };
    let text = folder.file("dma.s", b"csrrwi x0, mm2s_control, 1\necall\n");
    let elf = folder.path("dma.elf");
    stdout(&["asm", &text, "-o", &elf]);
    fails_with(
        &elf,
        &["external memory", "colorlight-i5", "DMA transfer", "0x0"],
    );
    // Buffers take all of the target's scalar memory.
    let large = folder.path("base.elf");
    stdout(&["compile", MODEL, PIN, DIGITS, "-o", &large]);
    fails_with(&large, &["scalar memory", "8192"]);
    // What no contents show: symbols, and lane-local memory, of which each lane has its part.
    for (text, words) in [
        (
            "ecall\n.symbol buf, scalar, 0, 40000\n",
            ["40000", "scalar memory", "8192"],
        ),
        (
            "ecall\n.symbol buf, vector, 0x8000, 64\n",
            ["32832", "vector memory", "32768"],
        ),
        (
            "ecall\n.lanelocal\n.org 40000\n.half 1\n",
            ["1252", "lane-local memory", "512"],
        ),
        (
            "ecall\n.symbol t, lanelocal, 0, 20000\n",
            ["626", "lane-local memory", "512"],
        ),
        (
            "ecall\n.symbol b, external, 0, 64\n",
            ["64", "external memory", "colorlight-i5"],
        ),
    ] {
        let text = folder.file("needs.s", text.as_bytes());
        let elf = folder.path("needs.elf");
        let said = stdout(&["asm", &text, "-o", &elf]);
        assert!(said.contains(words[0]), "{said}");
        assert!(stdout(&["inspect", &elf]).contains(&format!("{} of ", words[0])));
        fails_with(&elf, &words);
    }
    let fitting = folder.path("small.elf");
    stdout(&[
        "compile", MODEL, PIN, DIGITS, "--target", "small", "-o", &fitting,
    ]);
    let arguments = check(&fitting);
    let said = stdout(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(said.contains("fits colorlight-i5"), "{said}");
}

#[test]
fn boards_clocks_and_tools_that_are_not_there() {
    fails(
        &["synth", "--board", "arty"],
        &["arty", "ulx3s-85f", "colorlight-i5"],
    );
    fails(
        &["flash", "--board", "arty"],
        &["arty", "ulx3s-85f", "colorlight-i5"],
    );
    fails(
        &["synth", "--board", "ulx3s-85f", "--clock", "fast"],
        &["fast", "MHz"],
    );
    fails(
        &["flash", "--board", "tang-nano-20k"],
        &["tang-nano-20k/tang-nano-20k.fs"],
    );
    let folder = Folder::new();
    let missing = folder.path("no.bit");
    fails(
        &["flash", "--board", "ulx3s-85f", "--bitstream", &missing],
        &["no.bit", "spikevec synth --board ulx3s-85f"],
    );
    let image = folder.file("some.bit", b"");
    let flash = |path: &str| {
        let mut command = spikevec(&["flash", "--board", "ulx3s-85f", "--bitstream", &image]);
        let output = command.env("PATH", path).output().unwrap();
        assert!(!output.status.success());
        text(&output.stderr)
    };
    let said = flash("");
    assert!(said.contains("apt-get install openfpgaloader"), "{said}");
    // Python is not there either; nothing is left behind.
    let (out, tools) = (folder.path("out"), folder.path("tools"));
    let mut command = spikevec(&[
        "synth",
        "--board",
        "ulx3s-85f",
        "--tools",
        &tools,
        "-o",
        &out,
    ]);
    command.env("PATH", "").env_remove("SPIKEVEC_PYTHON");
    let output = command.output().unwrap();
    let said = text(&output.stderr);
    assert!(
        said.contains("apt-get install python3 python3-venv"),
        "{said}"
    );
    assert_eq!(folder.files(), ["some.bit"]);
}
