//! Lines and toggles of the Verilog that the suite reaches, by block.

use spikevec_hdl::verilated::{Model, Recording, cache_folder};
use spikevec_tests::block_coverage::{BlockCoverage, Kind};
use spikevec_tests::lockstep::{Rig, Setup, named};
use spikevec_tests::sabotage::suite;

use super::{have_tools, number};

/// `SPIKEVEC_COVERAGE_CONFIG` names the configuration, `SPIKEVEC_COVERAGE_INSTRUCTIONS` how many.
#[test]
#[ignore = "builds a core that counts, and runs the suite on it"]
fn coverage_by_block() {
    if !have_tools() {
        return;
    }
    let name = std::env::var("SPIKEVEC_COVERAGE_CONFIG").unwrap_or_else(|_| "half".to_owned());
    let setup = Setup::new(&named(&name).unwrap()).unwrap();
    let design = setup.design.clone();
    let model = Model::recording(&design, Recording::Coverage).unwrap();
    let mut rig = Rig::of(setup, &model).unwrap();
    let (catch, retired) = suite(&mut rig, number("SPIKEVEC_COVERAGE_INSTRUCTIONS", 200_000));
    assert_eq!(catch, None);
    let path = cache_folder().with_file_name(format!("coverage-{name}.dat"));
    rig.dut().circuit().write_coverage(&path).unwrap();
    let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
    let mut coverage = BlockCoverage::default();
    coverage.add(&text);
    println!(
        "{name}: {retired} instructions, {} points in {}\n",
        coverage.len(),
        path.display()
    );
    println!(
        "{}\nnever reached:\n{}",
        coverage.table(&design),
        coverage.report(&design)
    );
    let sum = |kind| {
        let of = design
            .modules
            .iter()
            .map(|module| coverage.of(module, kind));
        of.fold((0, 0), |sum, (a, b)| (sum.0 + a, sum.1 + b))
    };
    let (lines, toggles) = (sum(Kind::Line), sum(Kind::Toggle));
    assert!(lines.0 * 100 >= lines.1 * 90, "lines {lines:?}");
    assert!(toggles.0 * 100 >= toggles.1 * 75, "toggles {toggles:?}");
}
