//! Populations with neurons of their own.

use crate::common::{Folder, fails, json, lif, network, spikevec, stdout, text};

const RESTING: &str = include_str!("../../../examples/neurons/lif_refractory.neuron");

#[test]
fn a_population_gets_other_neurons() {
    let folder = Folder::new();
    let model = folder.model("lif.nir", &network(6, 3, lif(3)));
    let input = folder.spikes("x.npz", 2, 40, 6);
    let file = folder.file("resting.neuron", RESTING.as_bytes());
    let run = [
        "run", &model, "--input", &input, "--dt", "1e-3", "--reset", "zero", "--json",
    ];
    let neuron = format!("neurons={file}");
    let with = |flags: &[&'static str]| {
        let mut all: Vec<&str> = run.to_vec();
        all.extend(["--neuron", &neuron]);
        all.extend(flags);
        all.into_iter().map(str::to_owned).collect::<Vec<String>>()
    };
    let spikes = |arguments: &[String]| {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let report = json(&arguments);
        assert_eq!(report["populations"][0]["kind"], "LIF_refractory");
        report["populations"][0]["spikes"]
            .as_u64()
            .expect("a number")
    };
    let plain = json(&run)["populations"][0]["spikes"]
        .as_u64()
        .expect("a number");
    let rested = spikes(&with(&[]));
    let long = spikes(&with(&["--parameter", "neurons.rest=0.02"]));
    assert!(
        plain > rested && rested > long && long > 0,
        "{plain} {rested} {long}"
    );
    // It does the same from an ELF.
    let program = folder.path("p.elf");
    stdout(&[
        "compile", &model, "--dt", "1e-3", "--neuron", &neuron, "-o", &program,
    ]);
    assert_eq!(
        json(&["run", &program, "--input", &input, "--json"])["populations"][0]["spikes"],
        rested
    );
    fails(
        &["run", &program, "--input", &input, "--neuron", &neuron],
        &["--neuron", "compiled already"],
    );
}

#[test]
fn what_cannot_be_had_is_refused() {
    let folder = Folder::new();
    let model = folder.model("lif.nir", &network(6, 3, lif(3)));
    let input = folder.spikes("x.npz", 2, 40, 6);
    let file = folder.file("resting.neuron", RESTING.as_bytes());
    let base = ["run", &model, "--input", &input];
    let neuron = format!("neurons={file}");
    let given = [&base[..], &["--dt", "1e-3", "--neuron", &neuron]].concat();
    let refused = |flags: &[&str], wanted: &[&str]| {
        fails(&[&given[..], flags].concat(), wanted);
    };
    refused(
        &["--parameter", "neurons.x=1"],
        &["no parameter `x`", "tau, r, v_leak"],
    );
    refused(
        &["--parameter", "other.rest=1"],
        &["only neurons that --neuron gives"],
    );
    refused(&["--parameter", "rest=1"], &["POPULATION.NAME=VALUE"]);
    refused(&["--parameter", "neurons.rest=inf"], &["a finite number"]);
    refused(
        &["--reset", "neurons=zero"],
        &["--reset neurons=...", "LIF_refractory"],
    );
    refused(
        &["--neuron", "neurons=other.neuron"],
        &["gives neurons two models"],
    );
    let wrong = folder.file("wrong.neuron", b"neuron N\nstate v\nv = w\n");
    let wrong = format!("neurons={wrong}");
    let output = spikevec(&[&base[..], &["--neuron", &wrong]].concat()).output();
    let output = output.expect("it starts");
    let said = text(&output.stderr);
    assert!(
        !output.status.success() && output.stdout.is_empty(),
        "{said}"
    );
    assert!(
        said.contains("wrong.neuron:3:5: error: `w` is not known"),
        "{said}"
    );
    fails(
        &[&base[..], &["--neuron", "neurons=none.neuron"]].concat(),
        &["cannot read none.neuron"],
    );
    let unknown = format!("hidden={file}");
    fails(
        &[&base[..], &["--neuron", &unknown]].concat(),
        &["no population `hidden`; it has neurons"],
    );
    fails(
        &[&base[..], &["--neuron", "neurons"]].concat(),
        &["POPULATION=FILE"],
    );
    // Nothing but the text knows of time here.
    let bare = folder.file(
        "alif.neuron",
        include_bytes!("../../../examples/neurons/alif.neuron"),
    );
    let bare = format!("neurons={bare}");
    fails(
        &[&base[..], &["--neuron", &bare]].concat(),
        &["depend on it", "--dt"],
    );
}
