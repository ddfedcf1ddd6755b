//! The Braille networks: fixed point loses at most two of 280 samples against float.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use spikevec::compiler::reading::Reset;
use spikevec::isa::fixed::Rounding;
use spikevec::{Data, DataOptions, Options, RunOptions};
use spikevec_tests::evaluate::{compiled, run};
use spikevec_tests::shared;

/// Model, reset rule, samples that float gets right.
const MODELS: [(&str, Reset, usize); 2] = [
    ("braille_noDelay_bias_zero", Reset::Zero, 271),
    ("braille_noDelay_noBias_subtract", Reset::Subtract, 277),
];

/// Samples that fixed point may lose.
const MAY_LOSE: usize = 2;

fn options(reset: Reset) -> Options {
    let mut options = Options::default();
    options.readings.dt = Some(1e-4);
    options.readings.all.reset = Some(reset);
    options
}

fn data(root: &Path) -> Data {
    let options = DataOptions::for_input(&[12]);
    let data = Data::load(root.join("braille/x.npy"), &options).unwrap();
    data.with_labels_from(root.join("braille/y.npy")).unwrap()
}

fn seeded(seed: u64) -> RunOptions<'static> {
    RunOptions {
        seed: Some(seed),
        float: false,
        ..RunOptions::default()
    }
}

#[test]
fn fixed_point_loses_at_most_two_samples() {
    let Some(root) = shared::data() else { return };
    let data = data(&root);
    for (name, reset, expected) in MODELS {
        let path = root.join(format!("nir/{name}.nir"));
        let options = options(reset);
        let nearest = compiled(&path, &options);
        let beside = RunOptions {
            float: true,
            ..seeded(1)
        };
        let report = run(&nearest, &data, &beside).report;
        let float = report.float_correct.unwrap();
        assert_eq!(float, expected, "{name}: float");
        let fixed = report.correct.unwrap();
        println!(
            "{name}: float {float}, nearest {fixed}, {:.1} instructions a step",
            report.instructions_per_step
        );
        assert!(
            fixed + MAY_LOSE >= float,
            "{name}: nearest rounding gets {fixed}, float {float}"
        );
        // Two figures to beat: 114 instructions a step, and the 110 that were set as the aim.
        assert!(report.instructions_per_step <= 110.0);

        let options = Options {
            rounding: Rounding::Stochastic,
            ..options
        };
        let stochastic = compiled(&path, &options);
        let counts: Vec<usize> = (1..=5)
            .map(|seed| {
                run(&stochastic, &data, &seeded(seed))
                    .report
                    .correct
                    .unwrap()
            })
            .collect();
        let mean = counts.iter().sum::<usize>() as f64 / counts.len() as f64;
        println!("{name}: stochastic {counts:?}, mean {mean}");
        assert!(
            mean + MAY_LOSE as f64 >= float as f64,
            "{name}: stochastic rounding gets {counts:?}, float {float}"
        );
    }
}

#[test]
fn a_nested_graph_is_the_same_program() {
    let Some(root) = shared::data() else { return };
    let options = options(Reset::Zero);
    let flat = compiled(&root.join("nir/braille_noDelay_bias_zero.nir"), &options);
    let nested = compiled(
        &root.join("nir/braille_noDelay_bias_zero_subgraph.nir"),
        &options,
    );
    assert_eq!(flat.image().code, nested.image().code);
    assert_eq!(flat.image().segments, nested.image().segments);
}

#[test]
fn the_same_seed_gives_the_same_bits() {
    let Some(root) = shared::data() else { return };
    let data = data(&root);
    let options = Options {
        rounding: Rounding::Stochastic,
        ..options(Reset::Zero)
    };
    let path = root.join("nir/braille_noDelay_bias_zero.nir");
    let (a, b) = (compiled(&path, &options), compiled(&path, &options));
    assert_eq!(a.image(), b.image());
    let results = |program, seed| {
        let options = RunOptions {
            limit: Some(20),
            ..seeded(seed)
        };
        run(program, &data, &options).results
    };
    let first = results(&a, 7);
    assert_eq!(first, results(&b, 7));
    assert_ne!(first, results(&a, 8));
}
