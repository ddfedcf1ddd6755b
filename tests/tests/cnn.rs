//! A network of convolutions from the NIR paper on recordings of N-MNIST, against the float
//! reference.
#![allow(clippy::unwrap_used)]

use spikevec::compiler::options::Precision;
use spikevec::compiler::quantise::Calibration;
use spikevec::compiler::reading::Reset;
use spikevec::isa::Target;
use spikevec::{CompileOptions, Data, DataOptions, Model, RunOptions};
use spikevec_tests::evaluate::run;
use spikevec_tests::shared;

/// Samples on which spikes are compared; classes are on all.
const COMPARED: usize = 6;

#[test]
fn classes_are_those_of_float_and_spikes_fall_in_their_steps() {
    let Some(root) = shared::data() else { return };
    let model = Model::open(root.join("nir/cnn_sinabs.nir")).unwrap();
    let options = DataOptions::for_input(&[2, 34, 34]);
    let data = Data::load(root.join("nmnist/test30.npz"), &options).unwrap();
    let mut options = CompileOptions::default();
    options.compiler.readings.all.reset = Some(Reset::Subtract);

    // In one word, on the smaller target.
    let program = model.compile(&options).unwrap();
    let report = run(&program, &data, &RunOptions::default()).report;
    assert_eq!((report.samples, report.disagreements), (30, Some(0)));

    options.compiler.precision = Precision::Highest;
    options.compiler.target = Target::large();
    options.calibration = Calibration::Samples(data.samples().to_vec());
    let program = model.compile(&options).unwrap();
    let some = RunOptions {
        limit: Some(COMPARED),
        ..RunOptions::default()
    };
    let report = run(&program, &data, &some).report;
    assert_eq!(report.disagreements, Some(0));
    for population in &report.populations {
        let error = population.difference.as_ref().unwrap().spike_error;
        println!(
            "{}: {:.2} % of spikes differ",
            population.name,
            100.0 * error
        );
        assert!(error < 0.02, "{}: {error}", population.name);
    }
    assert_eq!(report.populations.len(), 5);
}
