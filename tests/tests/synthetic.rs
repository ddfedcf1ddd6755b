//! A network of the size of a speech classifier: its activity and its instructions.
#![allow(clippy::unwrap_used)]

use spikevec_compiler::quantise::Calibration;
use spikevec_compiler::reference::Reference;
use spikevec_compiler::{Options, compile};
use spikevec_tests::evaluate::run;
use spikevec_tests::synthetic::{input, network};

const STEPS: usize = 1000;

/// Instructions of a step: what was asked for, on the base set and free of load hazards.
const MOST_INSTRUCTIONS: f64 = 420.0;

#[test]
fn a_recurrent_network_takes_few_instructions() {
    for seed in 1..=3 {
        let graph = network(seed);
        let options = Options::default();
        let compiled = compile(&graph, &Calibration::Seeded, &options).unwrap();
        let spikes = input(seed, STEPS);
        let rate = |spikes: &[Vec<u32>]| {
            spikes.iter().map(Vec::len).sum::<usize>() as f64 / spikes.len() as f64
        };
        // The simulator runs in strict mode: a load hazard would stop it.
        let summary = run(&compiled, std::slice::from_ref(&spikes), seed);
        let hidden = summary.populations[0].spikes_per_step.unwrap();
        let reference = Reference::new(&compiled.network, &options.dynamics, &[]).unwrap();
        let float = rate(&reference.run(&spikes).spikes[0]);
        println!(
            "seed {seed}: {:.2} input and {hidden:.2} hidden spikes a step (float {float:.2}), {:.1} instructions a step",
            rate(&spikes),
            summary.instructions_per_step
        );
        assert!((rate(&spikes) - 7.0).abs() <= 0.5);
        assert!((hidden - 1.0).abs() <= 0.2);
        assert!(summary.instructions_per_step <= MOST_INSTRUCTIONS);
    }
}
