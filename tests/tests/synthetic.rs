//! A network of the size of a speech classifier: its activity and its instructions.
#![allow(clippy::unwrap_used)]

use spikevec::{CompileOptions, Data, Model, RunOptions};
use spikevec_tests::evaluate::run;
use spikevec_tests::synthetic::{INPUTS, input, network};

const STEPS: usize = 1000;

/// Instructions of a step: what was asked for, on the base set and free of load hazards.
const MOST_INSTRUCTIONS: f64 = 420.0;

#[test]
fn a_recurrent_network_takes_few_instructions() {
    for seed in 1..=3 {
        let model = Model::from_graph(network(seed), "synthetic").unwrap();
        let program = model.compile(&CompileOptions::default()).unwrap();
        let spikes = input(seed, STEPS);
        let rate = spikes.iter().map(Vec::len).sum::<usize>() as f64 / spikes.len() as f64;
        let options = RunOptions {
            seed: Some(seed),
            ..RunOptions::default()
        };
        // The simulator runs in strict mode: a load hazard would stop it.
        let report = run(&program, &Data::new(INPUTS, vec![spikes]), &options).report;
        let hidden = report.populations[0].spikes_per_step.unwrap();
        let float = report.populations[0].float_spikes_per_step.unwrap();
        println!(
            "seed {seed}: {:.2} input and {hidden:.2} hidden spikes a step (float {float:.2}), {:.1} instructions a step",
            rate, report.instructions_per_step
        );
        assert!((rate - 7.0).abs() <= 0.5);
        assert!((hidden - 1.0).abs() <= 0.2);
        assert!(report.instructions_per_step <= MOST_INSTRUCTIONS);
    }
}
