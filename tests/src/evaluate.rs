//! A model from file to predictions, as the command line runs it.

use std::path::Path;

use rayon::prelude::*;
use spikevec_compiler::quantise::Calibration;
use spikevec_compiler::reference::Reference;
use spikevec_compiler::{Compiled, Options, compile};
use spikevec_runtime::{
    EvaluateOptions, OutputView, Readout, Sample, Session, SessionOptions, SimulatorBackend,
    SimulatorOptions, Summary, evaluate,
};
use spikevec_simulator::Timing;

/// Reads, repairs and compiles a model with seeded calibration.
///
/// # Panics
/// Where the model does not compile: these are tests.
#[allow(clippy::expect_used)]
pub fn compiled(path: &Path, options: &Options) -> Compiled {
    let model = spikevec_nir::read(path).expect("the model reads");
    compile(&model.graph, &Calibration::Seeded, options).expect("the model compiles")
}

/// Runs samples in the simulator, in strict mode. No clocks are counted.
///
/// # Panics
/// Where the program does not run.
pub fn run(compiled: &Compiled, samples: &[Sample], seed: u64) -> Summary {
    run_timed(compiled, samples, seed, None)
}

/// As [`run`], with the clocks of a core.
///
/// # Panics
/// Where the program does not run.
#[allow(clippy::expect_used)]
pub fn run_timed(
    compiled: &Compiled,
    samples: &[Sample],
    seed: u64,
    timing: Option<Timing>,
) -> Summary {
    let options = SimulatorOptions {
        strict: true,
        count_saturation: true,
    };
    let mut backend =
        SimulatorBackend::for_image(&compiled.image, options).expect("the program loads");
    backend.set_timing(timing);
    let options = SessionOptions {
        seed: Some(seed),
        ..SessionOptions::default()
    };
    let mut session =
        Session::new(backend, &compiled.image, &options).expect("the manifest is sound");
    evaluate(
        &mut session,
        samples,
        None,
        &EvaluateOptions::default(),
        &|_| (),
    )
    .expect("the samples run")
}

/// Classes that the float reference predicts by spike count.
///
/// # Panics
/// Where the model has no time step, or an output that does not spike.
#[allow(clippy::expect_used)]
pub fn reference_classes(compiled: &Compiled, samples: &[Sample], options: &Options) -> Vec<usize> {
    let network = &compiled.network;
    let output = network.outputs[0];
    let neurons = network.populations[output].size;
    let reference = Reference::new(network, &options.dynamics, &[]).expect("the model has a dt");
    let class = |sample: &Sample| {
        let recording = reference.run(sample);
        let view = OutputView {
            population: &network.populations[output].name,
            neurons,
            spikes: Some(&recording.spikes[output]),
            membranes: None,
        };
        Readout::Count.classify(&view).expect("the output spikes")
    };
    samples.par_iter().map(class).collect()
}
