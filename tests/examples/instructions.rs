//! Prints instructions and clocks a step of the networks that the field publishes figures for.
#![allow(clippy::unwrap_used)]

use spikevec::compiler::reading::Reset;
use spikevec::{CompileOptions, Data, DataOptions, Model, Options, Program, RunOptions};
use spikevec_tests::evaluate::compiled;
use spikevec_tests::{shared, synthetic};

/// On the core with all lanes in hardware.
fn print(name: &str, program: &Program, data: &Data) {
    let options = RunOptions {
        float: false,
        ..RunOptions::default()
    };
    let report = program.run(data, &options).unwrap().report;
    println!(
        "{name}.instructions_per_step {:.1}",
        report.instructions_per_step
    );
    println!(
        "{name}.clocks_per_step {:.1}",
        report.timing.cycles_per_step.unwrap()
    );
}

fn main() {
    let name = "recurrent_700_256_20";
    let model = Model::from_graph(synthetic::network(1), name).unwrap();
    let program = model.compile(&CompileOptions::default()).unwrap();
    let data = Data::new(synthetic::INPUTS, vec![synthetic::input(1, 1000)]);
    print(name, &program, &data);
    let Some(root) = shared::data() else { return };
    let path = root.join("braille/x.npy");
    let data = Data::load(path, &DataOptions::for_input(&[12])).unwrap();
    for (name, reset) in [
        ("braille_noDelay_bias_zero", Reset::Zero),
        ("braille_noDelay_noBias_subtract", Reset::Subtract),
    ] {
        let mut options = Options::default();
        options.readings.dt = Some(1e-4);
        options.readings.all.reset = Some(reset);
        let program = compiled(&root.join(format!("nir/{name}.nir")), &options);
        print(name, &program, &data);
    }
}
