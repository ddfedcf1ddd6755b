//! The core from the command line: its Verilog, and networks on it.

use spikevec_hdl::verilated::{VerilatedError, check_tools};

use crate::common::{DIGITS, Folder, INPUT, MODEL, PIN, fails, json, stdout};

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
