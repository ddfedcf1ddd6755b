//! A model from file to results, through the library.

use std::path::Path;

use spikevec::{
    CompileOptions, Data, Machine, MachineOptions, Model, Options, Program, Run, RunOptions,
};

/// Reads, repairs and compiles a model with seeded calibration.
///
/// # Panics
/// Where the model does not compile: these are tests.
#[allow(clippy::expect_used)]
pub fn compiled(path: &Path, options: &Options) -> Program {
    let model = Model::open(path).expect("the model reads");
    let options = CompileOptions {
        compiler: options.clone(),
        ..CompileOptions::default()
    };
    model.compile(&options).expect("the model compiles")
}

/// Runs data in the simulator, in strict mode. No clocks are counted.
///
/// # Panics
/// Where the program does not run.
#[allow(clippy::expect_used)]
pub fn run(program: &Program, data: &Data, options: &RunOptions<'_>) -> Run {
    let strict = MachineOptions {
        strict: true,
        timed: false,
        ..MachineOptions::default()
    };
    let mut machine = Machine::open(&strict, program).expect("the program loads");
    machine.run(data, options).expect("the samples run")
}
