//! Reports and results.

use serde_json::Value;
use spikevec::runtime::data::Values;
use spikevec::{
    Data, Machine, MachineOptions, Network, Opened, Program, Readout, Run, RunOptions, open,
};

use crate::common::{Folder, as_trained, data, digits, program};

fn options() -> RunOptions<'static> {
    RunOptions {
        limit: Some(40),
        ..RunOptions::default()
    }
}

/// The report as JSON, without what differs from run to run and what only a compilation knows.
fn comparable(run: &Run) -> Value {
    let mut report = serde_json::to_value(&run.report).unwrap();
    let values = report.as_object_mut().unwrap();
    for key in [
        "seconds",
        "instructions_per_second",
        "program",
        "float_accuracy",
        "float_correct",
        "reading",
        "disagreements",
    ] {
        assert!(values.remove(key).is_some(), "{key}");
    }
    for population in values["populations"].as_array_mut().unwrap() {
        let population = population.as_object_mut().unwrap();
        for key in ["fidelity", "difference", "float_spikes_per_step"] {
            assert!(population.remove(key).is_some(), "{key}");
        }
    }
    report
}

#[test]
fn a_saved_program_has_the_report_of_its_model() {
    let folder = Folder::new("saved");
    let program = program();
    let path = folder.path("digits.elf");
    program.save(&path).unwrap();
    let Opened::Program(saved) = open(&path).unwrap() else {
        panic!("it is a program");
    };
    assert!(saved.compiled().is_none() && program.compiled().is_some());
    let data = data(&program);
    let (first, second) = (
        program.run(&data, &options()).unwrap(),
        saved.run(&data, &options()).unwrap(),
    );
    assert_eq!(comparable(&first), comparable(&second));
    assert_eq!(first.results, second.results);
    assert!(first.report.float_correct >= Some(36) && second.report.float_correct.is_none());
    assert!(first.float.is_some() && second.float.is_none());
    assert!(first.report.populations[0].fidelity.is_some());
    assert_eq!(second.report.program, path.display().to_string());
    assert_eq!(program.memory(), saved.memory());
    assert_eq!(
        program.disassembly().unwrap(),
        Program::open(&path).unwrap().disassembly().unwrap()
    );
}

#[test]
fn a_machine_runs_one_data_set_after_the_other() {
    let program = program();
    let data = data(&program);
    let mut machine = Machine::open(&MachineOptions::default(), &program).unwrap();
    let first = machine.run(&data, &options()).unwrap();
    let few = RunOptions {
        limit: Some(3),
        seed: Some(9),
        ..options()
    };
    assert_eq!(machine.run(&data, &few).unwrap().report.seed, Some(9));
    let again = machine.run(&data, &options()).unwrap();
    assert_eq!(comparable(&first), comparable(&again));
    let summary = &first.report;
    assert_eq!(summary.timing.config.as_deref(), Some("base"));
    assert_eq!(summary.correct, Some(right(&first)));
    assert_eq!(first.predictions().len(), 40);
    assert_eq!(first.labels.as_ref().unwrap().len(), 40);
}

fn right(run: &Run) -> usize {
    let pairs = run.labels.iter().flatten().zip(run.predictions());
    pairs
        .filter(|(label, class)| Some(**label) == **class)
        .count()
}

#[test]
fn recordings_are_arrays_with_names() {
    let mut how = spikevec::CompileOptions::default();
    how.compiler.record.spikes = vec!["*".to_owned()];
    let model = spikevec::Model::open(digits("digits.nir")).unwrap();
    let program = model.compile(&how).unwrap();
    let run = program.run(&data(&program), &options()).unwrap();
    let arrays = run.arrays();
    let shape = |name: &str| {
        let found = arrays.iter().find(|(found, _)| found == name);
        found.map(|(_, array)| array.shape.clone())
    };
    assert_eq!(shape("lif1.spikes"), Some(vec![40, 24, 128]));
    for name in ["predictions", "labels", "float_predictions"] {
        assert_eq!(shape(name), Some(vec![40]), "{name}");
    }
    let (_, spikes) = arrays
        .iter()
        .find(|(name, _)| name == "lif1.spikes")
        .unwrap();
    let Values::U8(spikes) = &spikes.values else {
        panic!("spikes are bytes");
    };
    let ones = spikes.iter().filter(|spike| **spike == 1).count();
    assert_eq!(run.report.populations[0].spikes, Some(ones as u64));
    let folder = Folder::new("arrays");
    run.save(folder.path("run.npz")).unwrap();
    let read = spikevec::runtime::data::read_arrays(&folder.path("run.npz")).unwrap();
    assert_eq!(read.len(), arrays.len());
}

/// Networks that no file holds begin at the first stage.
#[test]
fn a_network_without_a_file_is_the_same_program() {
    let model = spikevec::Model::open(digits("digits.nir")).unwrap();
    let graph = model.network().unwrap().graph().clone();
    let made = Network::new(graph, "digits").compile(&as_trained());
    let made = made.unwrap();
    assert_eq!(made.image(), program().image());
    let samples = data(&made).samples()[..5].to_vec();
    let own = Data::new(64, samples);
    let run = made.run(&own, &RunOptions::default()).unwrap();
    assert_eq!(run.report.accuracy, None);
    assert_eq!(run.report.readout, Readout::Count.name());
}

#[test]
fn a_run_says_how_far_fixed_point_is_from_float() {
    let program = program();
    let data = data(&program);
    let run = program.run(&data, &options()).unwrap();
    let arrays: std::collections::BTreeMap<_, _> = run.arrays().into_iter().collect();
    let bytes = |name: &str| match &arrays[name].values {
        Values::U8(values) => values.clone(),
        other => panic!("{name}: {other:?}"),
    };
    let (fixed, float) = (bytes("lif2.spikes"), bytes("float.lif2.spikes"));
    assert_eq!(
        arrays["lif2.spikes"].shape,
        arrays["float.lif2.spikes"].shape
    );
    let ones = |values: &[u8]| values.iter().map(|v| u64::from(*v)).sum::<u64>();
    let differing = fixed.iter().zip(&float).filter(|(a, b)| a != b).count();
    let output = run.report.populations[1].difference.unwrap();
    assert_eq!(
        (output.spikes, output.reference_spikes),
        (ones(&fixed), ones(&float))
    );
    let found = output.spike_error * output.reference_spikes as f64;
    assert_eq!(found.round() as usize, differing);
    assert!(
        differing > 0,
        "a comparison of a thing with itself would find nothing"
    );
    assert_eq!(
        2 * output.moved_spikes + output.missing_spikes + output.extra_spikes,
        differing as u64
    );
    // The hidden population is not recorded, but counted.
    let hidden = &run.report.populations[0];
    assert_eq!(Some(hidden.difference.unwrap().spikes), hidden.spikes);
    assert!(!arrays.contains_key("float.lif1.spikes"));
    assert_eq!(run.report.warnings, []);
}

#[test]
fn a_large_difference_is_said_with_its_remedy() {
    // Three fraction bits for membranes that reach a threshold of 1.
    let mut compile = spikevec::CompileOptions::default();
    let pin = "q12.3".parse().unwrap();
    compile.compiler.formats.insert("lif1.v".to_owned(), pin);
    let model = spikevec::Model::open(digits("digits.nir")).unwrap();
    let program = model.compile(&compile).unwrap();
    let run = program.run(&data(&program), &options()).unwrap();
    let said: Vec<String> = run
        .report
        .warnings
        .iter()
        .map(ToString::to_string)
        .collect();
    let of = |name: &str| {
        said.iter()
            .find(|text| text.starts_with(&format!("`{name}`: ")) && text.contains("on these data"))
    };
    let hidden = of("lif1").unwrap_or_else(|| panic!("{said:?}"));
    assert!(
        hidden.contains("% of its spikes differ from the float reference")
            && hidden.contains("--calibrate"),
        "{hidden}"
    );
}
