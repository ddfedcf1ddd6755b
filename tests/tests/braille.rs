//! The Braille networks: fixed point loses at most two of 280 samples against float.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use spikevec_compiler::Options;
use spikevec_compiler::options::Reset;
use spikevec_isa::fixed::Rounding;
use spikevec_runtime::{DataOptions, Dataset, load_labels};
use spikevec_tests::evaluate::{compiled, reference_classes, run};
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
    options.dynamics.dt = Some(1e-4);
    options.dynamics.reset = reset;
    options
}

fn data(root: &Path) -> (Dataset, Vec<usize>) {
    let x = Dataset::load(&root.join("braille/x.npy"), &DataOptions::for_input(&[12])).unwrap();
    (x, load_labels(&root.join("braille/y.npy")).unwrap())
}

fn right(predictions: &[usize], labels: &[usize]) -> usize {
    predictions
        .iter()
        .zip(labels)
        .filter(|(a, b)| a == b)
        .count()
}

#[test]
fn fixed_point_loses_at_most_two_samples() {
    let Some(root) = shared::data() else { return };
    let (x, y) = data(&root);
    for (name, reset, expected) in MODELS {
        let path = root.join(format!("nir/{name}.nir"));
        let options = options(reset);
        let nearest = compiled(&path, &options);
        let float = right(&reference_classes(&nearest, &x.samples, &options), &y);
        assert_eq!(float, expected, "{name}: float");
        let summary = run(&nearest, &x.samples, 1);
        let fixed = right(&summary.predictions, &y);
        println!(
            "{name}: float {float}, nearest {fixed}, {:.1} instructions a step",
            summary.instructions_per_step
        );
        assert!(
            fixed + MAY_LOSE >= float,
            "{name}: nearest rounding gets {fixed}, float {float}"
        );
        // Two figures to beat: 114 instructions a step, and the 110 that were set as the aim.
        assert!(summary.instructions_per_step <= 110.0);

        let options = Options {
            rounding: Rounding::Stochastic,
            ..options
        };
        let stochastic = compiled(&path, &options);
        let counts: Vec<usize> = (1..=5)
            .map(|seed| right(&run(&stochastic, &x.samples, seed).predictions, &y))
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
    assert_eq!(flat.image.code, nested.image.code);
    assert_eq!(flat.image.segments, nested.image.segments);
}

#[test]
fn the_same_seed_gives_the_same_bits() {
    let Some(root) = shared::data() else { return };
    let (x, _) = data(&root);
    let options = Options {
        rounding: Rounding::Stochastic,
        ..options(Reset::Zero)
    };
    let path = root.join("nir/braille_noDelay_bias_zero.nir");
    let (a, b) = (compiled(&path, &options), compiled(&path, &options));
    assert_eq!(a.image, b.image);
    let samples = &x.samples[..20];
    let (first, second) = (run(&a, samples, 7), run(&b, samples, 7));
    assert_eq!(first.results, second.results);
    assert_ne!(first.results, run(&a, samples, 8).results);
}
