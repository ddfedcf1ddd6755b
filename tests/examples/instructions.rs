//! Prints instructions and clocks a step of the networks that the field publishes figures for.
#![allow(clippy::unwrap_used)]

use spikevec_compiler::options::Reset;
use spikevec_compiler::quantise::Calibration;
use spikevec_compiler::{Options, compile};
use spikevec_runtime::{DataOptions, Dataset, Summary};
use spikevec_simulator::Timing;
use spikevec_tests::evaluate::{compiled, run_timed};
use spikevec_tests::{shared, synthetic};

fn print(name: &str, summary: &Summary) {
    println!(
        "{name}.instructions_per_step {:.1}",
        summary.instructions_per_step
    );
    println!(
        "{name}.clocks_per_step {:.1}",
        summary.clocks_per_step.unwrap()
    );
}

fn main() {
    let seed = 1;
    let graph = synthetic::network(seed);
    let network = compile(&graph, &Calibration::Seeded, &Options::default()).unwrap();
    // The core with all lanes in hardware.
    let timing = Some(Timing::default());
    let summary = run_timed(&network, &[synthetic::input(seed, 1000)], seed, timing);
    print("recurrent_700_256_20", &summary);
    let Some(root) = shared::data() else { return };
    let path = root.join("braille/x.npy");
    let data = Dataset::load(&path, &DataOptions::for_input(&[12])).unwrap();
    for (name, reset) in [
        ("braille_noDelay_bias_zero", Reset::Zero),
        ("braille_noDelay_noBias_subtract", Reset::Subtract),
    ] {
        let mut options = Options::default();
        options.dynamics.dt = Some(1e-4);
        options.dynamics.reset = reset;
        let network = compiled(&root.join(format!("nir/{name}.nir")), &options);
        let summary = run_timed(&network, &data.samples, seed, timing);
        print(name, &summary);
    }
}
