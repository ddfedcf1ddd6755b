//! The scripts for the KV260, without Vivado: they run in `tclsh` with commands that do nothing but say that they were called.

use std::path::PathBuf;
use std::process::Command;

use spikevec_hdl::core::Config;

/// What Vivado has and `tclsh` has not, as far as the scripts use it.
const VIVADO: [&str; 40] = [
    "add_files",
    "apply_bd_automation",
    "assign_bd_address",
    "connect_bd_intf_net",
    "connect_bd_net",
    "create_bd_cell",
    "create_bd_design",
    "create_clock",
    "create_project",
    "current_fileset",
    "current_project",
    "generate_target",
    "get_bd_addr_segs",
    "get_bd_addr_spaces",
    "get_bd_intf_pins",
    "get_bd_pins",
    "get_board_parts",
    "get_files",
    "get_ports",
    "get_property",
    "get_runs",
    "launch_runs",
    "make_wrapper",
    "open_run",
    "opt_design",
    "phys_opt_design",
    "place_design",
    "read_verilog",
    "read_xdc",
    "report_timing_summary",
    "report_utilization",
    "route_design",
    "save_bd_design",
    "set_property",
    "synth_design",
    "update_compile_order",
    "validate_bd_design",
    "wait_on_run",
    "write_checkpoint",
    "write_hw_platform",
];

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../bitstreams/kv260"))
}

/// The commands that a script gave, or none where there is no `tclsh`.
fn commands(script: &str, arguments: &[&str], slack: &str) -> Option<Result<String, String>> {
    let file = folder().join(script);
    let harness = format!(
        "proc unknown {{name args}} {{\n\
             puts \"$name $args\"\n\
             if {{$name eq \"get_property\" && [lindex $args 0] eq \"PROGRESS\"}} {{return 100%}}\n\
             if {{$name eq \"get_property\"}} {{return {slack}}}\n\
             return $name\n\
         }}\n\
         set argv {{{}}}\n\
         source {{{}}}\n",
        arguments.join(" "),
        file.display()
    );
    let place = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{script}-{slack}.tcl"));
    std::fs::write(&place, harness).unwrap();
    let output = match Command::new("tclsh").arg(&place).output() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            println!("skipped: tclsh is missing");
            return None;
        }
        output => output.unwrap(),
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Some(match output.status.success() {
        true => Ok(text(&output.stdout)),
        false => Err(text(&output.stderr)),
    })
}

#[test]
fn the_scripts_run_with_empty_commands() {
    let verilog = format!("{}/axi.v", env!("CARGO_TARGET_TMPDIR"));
    std::fs::write(&verilog, "").unwrap();
    let output = format!("{}/kv260", env!("CARGO_TARGET_TMPDIR"));
    let given = [verilog.as_str(), output.as_str()];
    for script in ["build.tcl", "estimate.tcl"] {
        let Some(found) = commands(script, &given, "0.5") else {
            return;
        };
        let found = found.unwrap();
        for line in found.lines().filter(|line| !line.starts_with("bitstream")) {
            let name = line.split(' ').next().unwrap();
            assert!(VIVADO.contains(&name), "{script}: {line}");
        }
        let wanted = match script {
            "build.tcl" => ["create_bd_cell -type module", "write_hw_platform"],
            _ => ["synth_design -top spikevec_axi", "write_checkpoint"],
        };
        for wanted in wanted {
            assert!(found.contains(wanted), "{script}: no {wanted}");
        }
        let error = commands(script, &[], "0.5").unwrap().unwrap_err();
        assert!(error.contains("usage: vivado"), "{error}");
    }
    let error = commands("build.tcl", &given, "-0.25").unwrap().unwrap_err();
    assert!(error.contains("100 MHz is missed by -0.25 ns"), "{error}");
    let error = commands("build.tcl", &["missing.v", "out"], "1").unwrap();
    assert!(error.unwrap_err().contains("no such file"));
}

/// What the scripts say of the module is there, and the README begins with what it must.
#[test]
fn the_scripts_fit_the_module() {
    let design = Config::named("tiny").unwrap().axi_design().unwrap();
    let has = |name: &str| design.ports.iter().any(|port| port.name == name);
    let read = |name: &str| std::fs::read_to_string(folder().join(name)).unwrap();
    let build = read("build.tcl");
    assert_eq!(design.top, "spikevec_axi");
    for pin in build.split("get_bd_pins core/").skip(1) {
        let name = pin.split(']').next().unwrap();
        assert!(has(name), "{name}");
    }
    for bus in build.split("get_bd_intf_pins core/").skip(1) {
        let name = bus.split(']').next().unwrap();
        for signal in ["awvalid", "wready", "bresp", "araddr", "rdata"] {
            assert!(has(&format!("{name}_{signal}")), "{name}_{signal}");
        }
    }
    assert!(read("clock.xdc").contains("[get_ports aclk]") && has("aclk") && has("aresetn"));
    let readme = read("README.md");
    assert!(
        readme
            .lines()
            .next()
            .unwrap()
            .contains("None of this has been run")
    );
    for script in ["build.tcl", "estimate.tcl", "clock.xdc"] {
        assert!(read(script).contains("NOT RUN"), "{script}");
    }
}
