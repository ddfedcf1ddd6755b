//! Data in and out: forms of input, recordings, readouts.

use std::path::Path;

use serde_json::{Value, json};
use spikevec::runtime::data::{Array, Values, read_arrays};
use spikevec::runtime::write_npz;

use crate::common::{
    DIGITS, Folder, INPUT, LABELS, MODEL, PIN, SMALL, fails, json, li, lif, network, output,
};

#[test]
fn results_are_written_for_numpy() {
    let folder = Folder::new();
    let out = folder.path("out.npz");
    let report = json(&[
        "run",
        MODEL,
        PIN,
        DIGITS,
        "--input",
        INPUT,
        "--labels",
        LABELS,
        "--limit",
        "5",
        "--record",
        "*",
        "--record-membranes",
        "--output",
        &out,
        "--json",
    ]);
    let arrays = read_arrays(Path::new(&out)).unwrap();
    let array = |name: &str| {
        let found = arrays.iter().find(|(n, _)| n == name);
        &found
            .unwrap_or_else(|| {
                panic!(
                    "no {name} among {:?}",
                    arrays.iter().map(|(n, _)| n).collect::<Vec<_>>()
                )
            })
            .1
    };
    assert_eq!(array("predictions").shape, [5]);
    let predictions: Vec<Value> = (0..5)
        .map(|k| json!(array("predictions").values.whole(k).unwrap()))
        .collect();
    assert_eq!(Value::Array(predictions), report["predictions"]);
    assert_eq!(array("labels").shape, [5]);
    assert_eq!(array("float_predictions").shape, [5]);
    assert_eq!(array("lif1.spikes").shape, [5, 24, 128]);
    assert_eq!(array("lif2.spikes").shape, [5, 24, 10]);
    assert_eq!(array("lif2.v").shape, [5, 24, 10]);
    for (population, k) in [("lif1", 0), ("lif2", 1)] {
        let Values::U8(spikes) = &array(&format!("{population}.spikes")).values else {
            panic!("{population}")
        };
        assert!(spikes.iter().all(|s| *s <= 1));
        let total: u64 = spikes.iter().map(|s| u64::from(*s)).sum();
        assert_eq!(json!(total), report["populations"][k]["spikes"]);
    }
    assert_eq!(folder.files(), ["out.npz"]);
}

#[test]
fn outputs_that_do_not_spike_are_read_by_membranes() {
    let folder = Folder::new();
    let model = folder.model("li.nir", &network(6, 3, li(3)));
    let input = folder.spikes("x.npz", 4, 50, 6);
    let out = folder.path("out.npz");
    let report = json(&[
        "run", &model, "--dt", "1e-3", PIN, SMALL, PIN, SMALL, "--input", &input, "--output", &out,
        "--json",
    ]);
    assert_eq!(report["readout"], "max-v");
    assert_eq!(report["disagreements"], 0);
    assert_eq!(report["populations"][0]["spikes_per_step"], Value::Null);
    let arrays = read_arrays(Path::new(&out)).unwrap();
    let (_, membranes) = arrays.iter().find(|(name, _)| name == "neurons.v").unwrap();
    assert_eq!(membranes.shape, [4, 50, 3]);
    // A program has the membranes that were compiled into it.
    let elf = folder.path("li.elf");
    output(&[
        "compile", &model, "-o", &elf, "--dt", "1e-3", PIN, SMALL, PIN, SMALL,
    ]);
    for readout in ["max-v", "mean-v", "last-v"] {
        let flags = ["--input", &input, "--readout", readout, "--json"];
        let program = json(&[&["run", &elf], &flags[..]].concat());
        let model = json(
            &[
                &["run", &model, "--dt", "1e-3", PIN, SMALL, PIN, SMALL],
                &flags[..],
            ]
            .concat(),
        );
        assert_eq!(program["predictions"], model["predictions"], "{readout}");
        assert_eq!(model["readout"], readout);
    }
}

#[test]
fn membranes_of_spiking_outputs_are_recorded_where_the_readout_needs_them() {
    let folder = Folder::new();
    let model = folder.model("lif.nir", &network(6, 3, lif(3)));
    let input = folder.spikes("x.npz", 4, 50, 6);
    let report = json(&[
        "run",
        &model,
        "--dt",
        "1e-3",
        PIN,
        SMALL,
        "--input",
        &input,
        "--readout",
        "last-v",
        "--json",
    ]);
    assert_eq!(report["readout"], "last-v");
    assert!(report["populations"][0]["spikes"].as_u64().unwrap() > 0);
}

#[test]
fn one_sample_and_bits_are_taken_too() {
    let folder = Folder::new();
    let model = folder.model("lif.nir", &network(10, 3, lif(3)));
    let run = |input: &str| {
        json(&[
            "run", &model, "--dt", "1e-3", PIN, SMALL, PIN, SMALL, "--input", input, "--json",
        ])
    };
    let bit = |step: usize, neuron: usize| u8::from((step * 3 + neuron).is_multiple_of(4));
    let counts = (0..40 * 10).map(|k| bit(k / 10, k % 10)).collect();
    let counts = run(&folder.array("counts.npz", &[40, 10], Values::U8(counts)));
    assert_eq!(counts["samples"], 1);
    let packed = |step: usize, byte: usize| {
        (0..8)
            .filter(|k| byte * 8 + k < 10)
            .fold(0u8, |b, k| b | (bit(step, byte * 8 + k) << (7 - k)))
    };
    let bytes = (0..80).map(|k| packed(k / 2, k % 2)).collect();
    let bits = run(&folder.array("bits.npz", &[1, 40, 2], Values::U8(bytes)));
    assert_eq!(counts["populations"], bits["populations"]);
    assert!(counts["populations"][0]["spikes"].as_u64().unwrap() > 0);
}
#[test]
fn nothing_that_is_read_is_overwritten() {
    let folder = Folder::new();
    let model = folder.model("lif.nir", &network(6, 3, lif(3)));
    let input = folder.spikes("x.npz", 2, 10, 6);
    let before = std::fs::read(&input).unwrap();
    let run = ["run", &model, "--dt", "1e-3", PIN, SMALL, "--input", &input];
    for flag in ["--output", "--trace"] {
        fails(
            &[&run[..], &[flag, &input]].concat(),
            &["x.npz", "overwritten"],
        );
        fails(
            &[&run[..], &[flag, &model]].concat(),
            &["lif.nir", "overwritten"],
        );
    }
    assert_eq!(std::fs::read(&input).unwrap(), before);
}

#[test]
fn events_are_taken_with_a_sensor() {
    let folder = Folder::new();
    let model = folder.model("lif.nir", &network(8, 3, lif(3)));
    let path = folder.path("events.npz");
    let column = |values: Vec<u32>| Array {
        shape: vec![values.len()],
        values: Values::U32(values),
    };
    // Two polarities of a sensor of 2 x 2, an event a step of 500 microseconds.
    let t = column((0..100).map(|k| k * 500).collect());
    let x = column((0..100).map(|k| k % 2).collect());
    let y = column((0..100).map(|k| k / 2 % 2).collect());
    let p = column((0..100).map(|k| k / 4 % 2).collect());
    write_npz(
        Path::new(&path),
        &[("t", &t), ("x", &x), ("y", &y), ("p", &p)],
    )
    .unwrap();
    let run = [
        "run", &model, "--dt", "1e-3", PIN, SMALL, "--input", &path, "--json",
    ];
    let sensor = |sizes, dt| json(&[&run[..], &["--sensor", sizes, "--event-dt", dt]].concat());
    let report = sensor("2,2,2", "500");
    assert_eq!(
        (&report["samples"], &report["steps"]),
        (&json!(1), &json!(100))
    );
    assert_eq!(sensor("2,2,2", "1000")["steps"], 50);
    let counts = (0..100 * 8).map(|k| u8::from(k / 8 % 8 == k % 8)).collect();
    let counts = folder.array("counts.npz", &[100, 8], Values::U8(counts));
    let same = json(&[
        "run", &model, "--dt", "1e-3", PIN, SMALL, "--input", &counts, "--json",
    ]);
    assert_eq!(same["populations"], report["populations"]);
    fails(
        &[&run[..], &["--sensor", "2,3,3"]].concat(),
        &["events.npz", "18", "8 input"],
    );
}

#[test]
fn bytes_for_one_input_are_counts_unless_they_are_said_to_be_bits() {
    let folder = Folder::new();
    let model = folder.model("one.nir", &network(1, 2, lif(2)));
    let data = folder.array("x.npz", &[1, 4, 1], Values::U8(vec![128, 0, 128, 0]));
    let twice = folder.array("twice.npz", &[1, 4, 1], Values::U8(vec![1, 0, 1, 0]));
    let run = ["run", &model, PIN, SMALL, "--dt", "1e-3", "--json", "-i"];
    let with = |data: &str, packing: &str| {
        let mut report = json(&[&run[..], &[data, "--packing", packing]].concat());
        report["populations"].take()
    };
    assert_eq!(with(&data, "bits"), with(&twice, "counts"));
    assert_eq!(with(&data, "auto"), with(&data, "counts"));
    assert_ne!(with(&data, "bits"), with(&data, "counts"));
    fails(
        &["run", MODEL, PIN, DIGITS, "-i", INPUT, "--packing", "bits"],
        &[
            "test_x.npy",
            "not bit-packed data for 64 neurons",
            "(samples, steps, 8)",
        ],
    );
}
