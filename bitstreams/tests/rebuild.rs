//! Builds the small board's bitstream again, end to end, and compares with the committed report. `cargo xtask verify
//! bitstreams` runs this; so does `cargo test -p spikevec-bitstreams --test rebuild`, which installs the tools.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use spikevec_bitstreams::Board;
use spikevec_bitstreams::flow::{Options, Progress, Step, Tools, synthesise};
use spikevec_bitstreams::report::Report;

/// By how much the numbers of LUTs and flip-flops may differ from those of the report.
const DRIFT: f64 = 0.05;

struct Lines;

impl Progress for Lines {
    fn begin(&mut self, _: Step) {}
    fn line(&mut self, _: Step, _: &str) {}
    fn end(&mut self, step: Step, result: &str) {
        println!("{step}: {result}");
    }
}

#[test]
fn the_small_board_is_built_again() {
    let board = Board::named("colorlight-i5").unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(board.name);
    let text = std::fs::read_to_string(folder.join("report.json")).unwrap();
    let committed = Report::from_json(&text).unwrap();

    let tools = Tools::prepare(&Tools::default_folder().unwrap(), &mut Lines);
    let tools = tools.unwrap_or_else(|error| panic!("{error}"));
    let options = Options {
        clock_hz: Some(committed.clock.core_hz),
        seeds: vec![committed.seed],
        wide_luts: committed.wide_luts,
        ..Options::default()
    };
    let outcome = synthesise(&board, &options, &tools, &mut Lines);
    let report = outcome.unwrap_or_else(|error| panic!("{error}")).report;

    let exact = |r: &Report| (r.total.block_ram, r.total.dsp, r.total.lut_ram);
    assert_eq!(
        exact(&report),
        exact(&committed),
        "block RAMs, multipliers, LUT-RAM"
    );
    for name in ["LUT4", "flip-flops", "block RAMs", "multipliers"] {
        let (found, expected) = (report.used(name).unwrap(), committed.used(name).unwrap());
        println!("{name}: {found}, committed {expected}");
        let drift = (found as f64 / expected as f64 - 1.0).abs();
        assert!(
            drift <= DRIFT,
            "{name}: build the committed image again if the change is meant"
        );
    }
    match report.checksums == committed.checksums {
        true => println!("the bitstream is the committed one, bit for bit"),
        false => println!(
            "the bitstream differs from the committed one: the core has changed since, or the host is another"
        ),
    }
}
