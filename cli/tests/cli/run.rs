//! `run`.

use std::path::Path;

use serde_json::Value;
use spikevec::nir::NodeKind;
use spikevec::runtime::data::{Values, read_arrays};

use crate::common::{
    DIGITS, Folder, INPUT, LABELS, MODEL, PIN, SMALL, fails, json, lif, network, output, stdout,
    text, vector,
};

#[test]
fn digits_are_classified() {
    let report = json(&["run", MODEL, "--input", INPUT, "--labels", LABELS, "--json"]);
    assert_eq!(report["samples"], 540);
    assert_eq!(report["steps"], 540 * 24);
    let accuracy = report["accuracy"].as_f64().unwrap();
    assert!(accuracy >= 0.97, "{accuracy}");
    // Measured in Python: 534 of 540.
    assert_eq!(report["float_correct"], 534);
    assert!((report["float_accuracy"].as_f64().unwrap() - 534.0 / 540.0).abs() < 1e-12);
    assert!(report["disagreements"].as_u64().unwrap() <= 10);
    assert!(report["instructions_per_step"].as_f64().unwrap() > 10.0);
    let populations = report["populations"].as_array().unwrap();
    assert_eq!(populations.len(), 2);
    for (population, name, neurons) in [
        (&populations[0], "lif1", 128),
        (&populations[1], "lif2", 10),
    ] {
        assert_eq!(population["name"], name);
        assert_eq!(population["kind"], "LIF");
        assert_eq!(population["neurons"], neurons);
        assert!(population["format"].as_str().unwrap().contains("v q"));
        assert!(
            population["formats"]["v"]
                .as_str()
                .unwrap()
                .starts_with('q')
        );
        let fixed = population["spikes_per_step"].as_f64().unwrap();
        let float = population["float_spikes_per_step"].as_f64().unwrap();
        assert!((fixed - float).abs() < 0.02 * float, "{fixed} {float}");
        assert!((0.0..1.0).contains(&population["saturated"].as_f64().unwrap()));
        assert!(population["fidelity"]["spike_error"].as_f64().unwrap() < 0.05);
    }
    // Of the hidden layer the README says 3.06.
    assert!((populations[0]["float_spikes_per_step"].as_f64().unwrap() - 3.06).abs() < 0.005);
    let memory = &report["memory"];
    for (used, limit) in [
        ("program", 4096),
        ("scalar", 128 << 10),
        ("vector", 512 << 10),
    ] {
        let used_bytes = memory[format!("{used}_bytes")].as_u64().unwrap();
        assert!(
            used_bytes > 0 && used_bytes <= limit,
            "{used}: {used_bytes}"
        );
        assert_eq!(memory[format!("{used}_limit")], limit);
    }
}

#[test]
fn the_text_says_what_matters() {
    let text = stdout(&[
        "run", MODEL, PIN, DIGITS, "--input", INPUT, "--labels", LABELS, "--limit", "20",
    ]);
    for word in [
        "accuracy in fixed point",
        "accuracy of the float reference",
        "disagreements of the two",
        "lif1",
        "saturated",
        "instructions",
        "of 4096 bytes",
        "what the formats cost",
    ] {
        assert!(text.contains(word), "no {word:?} in: {text}");
    }
    assert!(!text.contains("predictions"), "{text}");
}

#[test]
fn what_is_unknown_is_null() {
    let report = json(&[
        "run",
        MODEL,
        PIN,
        DIGITS,
        "--input",
        INPUT,
        "--limit",
        "7",
        "--no-float",
        "--json",
    ]);
    assert_eq!(report["samples"], 7);
    assert_eq!(report["predictions"].as_array().unwrap().len(), 7);
    for key in ["accuracy", "float_accuracy", "disagreements"] {
        assert_eq!(report[key], Value::Null, "{key}");
    }
    assert_eq!(
        report["populations"][0]["float_spikes_per_step"],
        Value::Null
    );
    let text = stdout(&["run", MODEL, PIN, DIGITS, "--input", INPUT, "--limit", "7"]);
    assert!(text.contains("predictions (there are no labels)"), "{text}");
}

#[test]
fn a_sample_without_output_spikes_has_no_class() {
    let folder = Folder::new();
    let dull = |threshold: f64| {
        let NodeKind::LIF(mut neurons) = lif(3) else {
            unreachable!()
        };
        neurons.v_threshold = vector(&[threshold; 3]);
        network(6, 3, NodeKind::LIF(neurons))
    };
    // The first sample is silent; of the other, neurons spike where their threshold lets them.
    let mut values = vec![0; 2 * 100 * 6];
    values[600..].fill(1);
    let input = folder.array("x.npz", &[2, 100, 6], Values::U8(values));
    let labels = folder.array("y.npz", &[2], Values::I64(vec![0, 0]));
    let out = folder.path("out.npz");
    let data = ["--input", &input, "--output", &out];
    let reading = ["--dt", "1e-3", "--framework", "nir", PIN, SMALL];
    for (threshold, silent) in [(0.2, 1), (15.0, 2)] {
        let model = folder.model("lif.nir", &dull(threshold));
        let last = ["--labels", &labels, "--json"];
        let report = json(&[&["run", &model][..], &reading, &data, &last].concat());
        assert_eq!(report["silent_samples"], silent, "{report}");
        assert_eq!(report["float_silent_samples"], silent, "{report}");
        assert_eq!(report["predictions"][0], Value::Null);
        assert_eq!(report["predictions"][1].is_null(), silent == 2);
        // Both labels are 0, which silence must not be taken for.
        let right = u64::from(report["predictions"][1] == 0);
        assert_eq!(report["correct"], right, "{report}");
        assert_eq!(report["float_correct"], right, "{report}");
        assert_eq!(report["disagreements"], 0, "{report}");
        let warnings = report["warnings"].to_string();
        let told = warnings.contains("spiked in none of 2 samples");
        assert_eq!(told, silent == 2, "{warnings}");
        let arrays = read_arrays(Path::new(&out)).unwrap();
        for name in ["predictions", "float_predictions"] {
            let (_, array) = arrays.iter().find(|(n, _)| n == name).unwrap();
            let Values::I64(classes) = &array.values else {
                panic!("{array:?}");
            };
            assert_eq!(classes[0], -1, "{name}");
        }
    }
    let model = folder.model("lif.nir", &dull(0.2));
    let text = stdout(&[&["run", &model][..], &reading, &data].concat());
    let listed = text.split("(there are no labels):\n").nth(1).unwrap();
    assert!(listed.trim_start().starts_with("none "), "{text}");
    assert!(text.contains("silent samples in fixed point"), "{text}");
    assert!(text.contains("50.00 %  1 of 2"), "{text}");
}

#[test]
fn a_program_runs_as_its_model() {
    let folder = Folder::new();
    let elf = folder.path("digits.elf");
    for extra in [
        &[][..],
        &["--rounding", "stochastic", "--seed", "5", "--record", "*"],
    ] {
        output(&[&["compile", MODEL, "-o", &elf], extra].concat());
        let data = [
            "--input", INPUT, "--labels", LABELS, "--limit", "60", "--json",
        ];
        let out = folder.path("out.npz");
        let model = json(&[&["run", MODEL, "--output", &out], extra, &data].concat());
        let program = json(&[&["run", &elf], &data[..]].concat());
        for key in [
            "samples",
            "predictions",
            "accuracy",
            "instructions",
            "memory",
            "seed",
            "dt",
            "rounding",
        ] {
            assert_eq!(model[key], program[key], "{key}");
        }
        for key in ["name", "formats", "spikes", "values", "saturated_values"] {
            assert_eq!(
                model["populations"][0][key], program["populations"][0][key],
                "{key}"
            );
        }
        assert_eq!(program["reading"]["text"], model["reading"]["text"]);
        assert!(model["reading"]["text"].is_string(), "{model}");
        assert_eq!(program["float_accuracy"], Value::Null);
        assert_eq!(program["disagreements"], Value::Null);
        assert_eq!(program["populations"][0]["fidelity"], Value::Null);
    }
}

#[test]
fn a_seed_fixes_all_bits() {
    let run = |seed: &str| {
        json(&[
            "run",
            MODEL,
            PIN,
            DIGITS,
            "--input",
            INPUT,
            "--limit",
            "40",
            "--rounding",
            "stochastic",
            "--seed",
            seed,
            "--json",
        ])
    };
    let first = run("11");
    assert_eq!(first, run("11"));
    assert_eq!(first["seed"], 11);
    assert_eq!(first["rounding"], "stochastic");
    let other = run("12");
    assert_ne!(
        (&first["instructions"], &first["populations"]),
        (&other["instructions"], &other["populations"])
    );
}

#[test]
fn samples_do_not_depend_on_their_number_or_the_threads() {
    let arguments = [
        "run",
        MODEL,
        PIN,
        DIGITS,
        "--input",
        INPUT,
        "--rounding",
        "stochastic",
        "--json",
        "--limit",
    ];
    let many = json(&[&arguments[..], &["30"]].concat());
    let few = json(&[&arguments[..], &["10"]].concat());
    assert_eq!(
        many["predictions"].as_array().unwrap()[..10],
        few["predictions"].as_array().unwrap()[..]
    );
    let mut one = crate::common::spikevec(&[&arguments[..], &["30"]].concat());
    let one = one.env("RAYON_NUM_THREADS", "1").output().unwrap();
    let one: Value = serde_json::from_slice(&one.stdout).unwrap();
    assert_eq!(one["populations"], many["populations"]);
    assert_eq!(one["instructions"], many["instructions"]);
}

#[test]
fn the_flags_of_the_dynamics_matter() {
    let folder = Folder::new();
    let model = folder.model("lif.nir", &network(6, 3, lif(3)));
    let input = folder.spikes("x.npz", 2, 100, 6);
    let spikes = |flags: &[&str]| {
        let report = json(
            &[
                &[
                    "run", &model, "--dt", "1e-3", PIN, SMALL, PIN, SMALL, "--input", &input,
                    "--json",
                ],
                flags,
            ]
            .concat(),
        );
        let population = &report["populations"][0];
        let (fixed, float) = (
            population["spikes"].as_f64().unwrap(),
            population["float_spikes_per_step"].as_f64().unwrap() * 200.0,
        );
        assert!(
            (fixed - float).abs() <= 0.05 * float,
            "{flags:?}: {fixed} {float}"
        );
        fixed
    };
    let plain = spikes(&[]);
    assert_ne!(plain, spikes(&["--reset", "subtract"]));
    assert_ne!(plain, spikes(&["--reset-step", "next"]));
    assert_ne!(plain, spikes(&["--integration", "exponential"]));
    assert_eq!(plain, spikes(&["--reset", "zero"]), "v_reset is 0");
    assert_eq!(plain, spikes(&["--strict"]));
    assert_eq!(plain, spikes(&["--target", "large"]));
}

#[test]
fn formats_can_be_pinned_and_calibrated() {
    let calibrate = "examples/digits/calibrate_x.npy";
    let data = ["--input", INPUT, "--limit", "5", "--json"];
    let report = json(
        &[
            &[
                "run",
                MODEL,
                "--format",
                "lif1.v=q6.9",
                "--calibrate",
                calibrate,
            ],
            &data[..],
        ]
        .concat(),
    );
    assert_eq!(report["populations"][0]["formats"]["v"], "q6.9");
    let spikes = report["populations"][0]["fidelity"]["reference_spikes"]
        .as_u64()
        .unwrap();
    // 3.06 spikes a step on data of this kind, 32 samples of 24 steps.
    assert!((2000..2700).contains(&spikes), "{spikes}");
}

#[test]
fn a_trace_is_in_the_order_of_the_samples() {
    let folder = Folder::new();
    let trace = folder.path("trace.txt");
    let report = json(&[
        "run",
        MODEL,
        PIN,
        DIGITS,
        "--input",
        INPUT,
        "--limit",
        "3",
        "--trace",
        &trace,
        "--no-float",
        "--json",
    ]);
    let trace = std::fs::read_to_string(&trace).unwrap();
    let instructions = report["instructions"].as_u64().unwrap() as usize;
    // Each sample's final `ecall` is executed but does not retire.
    assert_eq!(trace.lines().count() + 3, instructions);
    let starts = trace
        .lines()
        .filter(|line| line.split_whitespace().nth(1) == Some("00000000"))
        .count();
    assert_eq!(starts, 3);
}

#[test]
fn recordings_that_go_nowhere_are_warned_of() {
    let output = output(&[
        "run",
        MODEL,
        PIN,
        DIGITS,
        "--input",
        INPUT,
        "--limit",
        "1",
        "--record",
        "lif1",
        "--json",
        "--framework",
        "nir",
    ]);
    let warning = text(&output.stderr);
    assert!(
        warning.contains("warning: what is recorded is written nowhere"),
        "{warning}"
    );
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["warnings"].as_array().unwrap().len(), 1);
}

/// The input goes to two populations of different sizes, both outputs.
#[test]
fn of_several_outputs_one_is_read_and_said() {
    let folder = Folder::new();
    let mut graph = network(4, 3, lif(3));
    let other = network(4, 2, lif(2));
    for name in ["weights", "neurons", "output"] {
        let node = other.nodes.get(name).unwrap().clone();
        graph.nodes.insert(format!("other_{name}"), node);
    }
    let edges = [
        ("input", "other_weights"),
        ("other_weights", "other_neurons"),
        ("other_neurons", "other_output"),
    ];
    graph
        .edges
        .extend(edges.map(|(from, to)| (from.to_owned(), to.to_owned())));
    let model = folder.model("two.nir", &graph);
    let data = folder.spikes("x.npz", 3, 10, 4);
    let pins = [
        "--format",
        "neurons.v=q4.11,other_neurons.v=q4.11",
        "--dt",
        "1e-3",
        "--framework",
        "nir",
    ];
    let run = [&["run", &model, "-i", &data], &pins[..]].concat();
    let silent = output(&run);
    let warning = text(&silent.stderr);
    let first = json(&[&run[..], &["--json"]].concat());
    let first = first["output"].as_str().unwrap().to_owned();
    let read = format!("the class is read from {first}. Choose one with --output-population");
    for word in ["2 output populations (", "other_neurons", &read] {
        assert!(warning.contains(word), "{warning}");
    }
    assert!(text(&silent.stdout).contains(&format!("readout count of {first}")));
    for name in ["neurons", "other_neurons"] {
        let chosen = [&run[..], &["--output-population", name, "--json"]].concat();
        let report = json(&chosen);
        assert_eq!(report["output"], name);
        assert_eq!(report["warnings"], serde_json::json!([]));
        // The reference reads the same population.
        assert_eq!(report["disagreements"], 0);
    }
    let labels = folder.array("y.npz", &[3], Values::U8(vec![0, 2, 1]));
    let labelled = [&run[..], &["-l", &labels, "--output-population"]].concat();
    output(&[&labelled[..], &["neurons"]].concat());
    fails(
        &[&labelled[..], &["other_neurons"]].concat(),
        &["label 2 of sample 1", "2 classes"],
    );
    fails(
        &[&run[..], &["--output-population", "input"]].concat(),
        &["two.nir", "no output population \"input\"", "other_neurons"],
    );
}

#[test]
fn one_sample_is_no_samples() {
    let shown = stdout(&[
        "run", MODEL, PIN, DIGITS, "-i", INPUT, "--limit", "1", "--dt", "1e-300",
    ]);
    assert!(
        shown.contains("digits.nir: 1 sample, 24 steps; target base, dt 1e-300,"),
        "{shown}"
    );
}
