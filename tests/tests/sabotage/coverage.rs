//! Lines and toggles of the Verilog that the suite reaches, by block.

use spikevec_design::Design;
use spikevec_tests::block_coverage::{BlockCoverage, Kind};
use spikevec_tests::lockstep::{Rig, Setup, named};
use spikevec_tests::sabotage::suite;
use spikevec_verilated::{Model, Recording, cache_folder};

use super::{have_tools, number};

/// Runs the suite on a core that counts; gives its design.
fn count(config: &str, recording: Recording, most: u64, coverage: &mut BlockCoverage) -> Design {
    let setup = Setup::new(&named(config).unwrap()).unwrap();
    let design = setup.design.clone();
    let model = Model::recording(&design, recording).unwrap();
    let mut rig = Rig::of(setup, &model).unwrap();
    let (catch, retired) = suite(&mut rig, most);
    assert_eq!(catch, None);
    let models = cache_folder().unwrap_or_else(|error| panic!("{error}"));
    let path = models.with_file_name(format!("coverage-{config}-{recording:?}.dat"));
    rig.dut().circuit().write_coverage(&path).unwrap();
    // The keys stand between bytes that are no text.
    coverage.add(&String::from_utf8_lossy(&std::fs::read(&path).unwrap()));
    println!(
        "{recording:?} of {config}: {retired} instructions, {}",
        path.display()
    );
    design
}

/// Lines on `half` with all directed programs; bits on `tiny` with random ones, since counting
/// them is slow: `SPIKEVEC_TOGGLE_INSTRUCTIONS` says how many.
#[test]
#[ignore = "builds cores that count, and runs the suite on them"]
fn coverage_by_block() {
    if !have_tools() {
        return;
    }
    let mut coverage = BlockCoverage::default();
    let half = count("half", Recording::Lines, 300_000, &mut coverage);
    println!("\nnever run:\n{}", coverage.lines_missed(&half));
    let most = number("SPIKEVEC_TOGGLE_INSTRUCTIONS", 25_000);
    count("tiny", Recording::Toggles, most, &mut coverage);
    println!("\nnever changed:\n{}", coverage.bits_missed());
    println!("{}", coverage.table(&half));
    let sum = |kind| {
        let of = half.modules.iter().map(|module| coverage.of(module, kind));
        of.fold((0, 0), |sum, (a, b)| (sum.0 + a, sum.1 + b))
    };
    let (lines, toggles) = (sum(Kind::Line), sum(Kind::Toggle));
    assert!(lines.0 * 100 >= lines.1 * 90, "lines {lines:?}");
    assert!(toggles.0 * 100 >= toggles.1 * 70, "toggles {toggles:?}");
}
