//! Synthesis.

use std::path::Path;

use super::error::FlowError;
use super::family::Family;
use super::process::run;
use super::progress::{Progress, Step};
use super::tools::{Tools, YOSYS};

/// The command that maps a design to the cells of a family.
pub(super) fn command(family: &Family, wide_luts: bool) -> String {
    let narrow = if wide_luts { "" } else { " -nowidelut" };
    format!("{}{narrow}", family.synthesis)
}

/// Turns `top.v` in `work` into `netlist.json`.
///
/// Before it is mapped the design is looked through for latches and undriven nets. `wide_luts` allows the device's
/// multiplexers behind LUTs, which are faster and take more LUTs.
pub(super) fn synthesise(
    tools: &Tools,
    work: &Path,
    top: &str,
    family: &Family,
    wide_luts: bool,
    progress: &mut dyn Progress,
) -> Result<(), FlowError> {
    let synthesis = command(family, wide_luts);
    let cells = family
        .cells
        .map(|file| format!("read_verilog -lib {file}; "));
    let cells = cells.unwrap_or_default();
    let dissolve = match family.dissolve {
        true => "setattr -mod -unset keep_hierarchy *; ",
        false => "",
    };
    let script = format!(
        "{cells}read_verilog top.v; hierarchy -check -top {top}; proc; check -assert; \
         select -assert-none t:$dlatch t:$adlatch t:$dlatchsr; {dissolve}\
         {synthesis} -top {top} -json netlist.json"
    );
    let log = work.join("yosys.log");
    let start = |source| FlowError::Start {
        tool: YOSYS.name,
        source,
    };
    let mut command = tools.command(YOSYS).map_err(start)?;
    command.args(["-p", &script]).current_dir(work);
    let ran = run(&mut command, &log, |line| {
        // `2.24.1. Executing OPT_EXPR pass (...).`
        if line.contains("Executing ") {
            progress.line(Step::Synthesis, line);
        }
    });
    let ran = ran.map_err(start)?;
    match ran.status.success() {
        true => Ok(()),
        false => Err(FlowError::Tool {
            tool: YOSYS.name,
            complaints: ran.complaints,
            log,
        }),
    }
}
