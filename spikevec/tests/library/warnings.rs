//! Warnings are values.

use spikevec::nir;
use spikevec::runtime::Sample;
use spikevec::{CompileOptions, Data, Model, Program, RunOptions, Warning};

use crate::common::graph;

fn program(outputs: &[&str]) -> (Model, Program) {
    let model = Model::from_graph(graph(outputs), "made.nir").unwrap();
    let mut options = CompileOptions::default();
    options.compiler.readings.dt = Some(1e-3);
    let program = model.compile(&options).unwrap();
    (model, program)
}

fn run(program: &Program, options: &RunOptions<'_>) -> Vec<Warning> {
    let sample: Sample = vec![vec![0, 1], vec![], vec![2], vec![0, 3]];
    let data = Data::new(4, vec![sample; 2]);
    program.run(&data, options).unwrap().report.warnings
}

#[test]
fn repairs_travel_from_the_model_to_the_report() {
    let (model, program) = program(&["one"]);
    let repairs = model.warnings();
    assert!(
        matches!(&repairs[..], [Warning::Model(nir::Warning::Broadcast { node, .. }), ..] if node == "one"),
        "{repairs:?}"
    );
    assert!(repairs[0].to_string().contains("repeated to the shape"));
    assert_eq!(program.warnings()[..repairs.len()], repairs);
    let of_run = run(&program, &RunOptions::default());
    assert_eq!(of_run, program.warnings());
    let json = serde_json::to_value(&of_run).unwrap();
    assert_eq!(json[0], serde_json::json!(repairs[0].to_string()));
    // An assembled program has nothing to warn of.
    let bare = Program::assemble("ecall\n", "bare.s").unwrap();
    assert_eq!((bare.warnings(), bare.output_warning()), (&[][..], None));
}

#[test]
fn several_outputs_and_none_chosen() {
    let (_, program) = program(&["one", "two"]);
    let several = program.output_warning().unwrap();
    let Warning::SeveralOutputs { outputs, chosen } = &several else {
        panic!("{several}");
    };
    assert!(outputs.len() == 2 && outputs.contains(&"one".to_owned()));
    assert_eq!(chosen, &outputs[0]);
    let found = run(&program, &RunOptions::default());
    assert_eq!(found.last(), Some(&several));
    let chosen = RunOptions {
        output: Some("two".to_owned()),
        ..RunOptions::default()
    };
    assert!(!run(&program, &chosen).contains(&several));
}
