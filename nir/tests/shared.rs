//! Files that other frameworks exported, as found in the wild. They are not part of the project;
//! the tests skip where the folder is missing.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use spikevec_nir::{Error, Model, NodeKind, Tensor, read, read_unrepaired, shapes};

fn file(name: &str) -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/nir");
    if !folder.is_dir() {
        println!("skipped: ../shared/data/nir is missing");
        return None;
    }
    Some(folder.join(name))
}

fn load(name: &str) -> Option<Model> {
    Some(read(&file(name)?).unwrap())
}

/// File, number of nodes and edges after repair, and the warnings in order.
const TABLE: &[(&str, usize, usize, &[&str])] = &[
    ("braille_noDelay_bias_zero.nir", 7, 7, &[]),
    ("braille_noDelay_noBias_subtract.nir", 7, 7, &[]),
    (
        "braille_noDelay_bias_zero_subgraph.nir",
        6,
        5,
        &[
            "edge lif1/input -> lif1/lif: there is no node 'lif'; taken as 'lif1/lif1'",
            "edge lif1/lif -> lif1/lin: there is no node 'lif'; taken as 'lif1/lif1'",
            "edge lif1/lin -> lif1/lif: there is no node 'lif'; taken as 'lif1/lif1'",
            "edge lif1/lif -> lif1/output: there is no node 'lif'; taken as 'lif1/lif1'",
        ],
    ),
    (
        "braille_v2_unconnected_ports.nir",
        7,
        7,
        &[
            "edge lif1 -> fc2: there is no node 'lif1'; taken as 'lif1.output'",
            "edge fc1 -> lif1: there is no node 'lif1'; taken as 'lif1.input'",
            "node 'lif1.input' is a port inside the graph; its edges now pass it by",
            "node 'lif1.output' is a port inside the graph; its edges now pass it by",
            "node 'input': leading time axis dropped, 256x12 is now 12",
        ],
    ),
    ("cnn_sinabs.nir", 15, 14, &[]),
    ("lif_norse.nir", 4, 3, &[]),
    (
        "lif_norse_1000.nir",
        3,
        2,
        &["node 'lif': tau, r, v_leak, v_threshold repeated to the shape 1000"],
    ),
    (
        "lif_rockpool.nir",
        4,
        3,
        &["node 'output': axes of length 1 dropped, 1x1x1 is now 1"],
    ),
    (
        "spyx_shd.nir",
        8,
        7,
        &["weights are stored as inputs x outputs; transposed: linear, linear_1, linear_2"],
    ),
    ("two_lif_neurons.nir", 6, 5, &[]),
];

#[test]
fn every_file_reads_with_the_warnings_expected() {
    for &(name, nodes, edges, expected) in TABLE {
        let Some(model) = load(name) else { return };
        let warnings: Vec<String> = model.warnings.iter().map(ToString::to_string).collect();
        assert_eq!(warnings, expected, "{name}");
        assert_eq!(model.graph.nodes.len(), nodes, "{name}");
        assert_eq!(model.graph.edges.len(), edges, "{name}");
        assert!(model.version.is_some(), "{name}");
    }
}

#[test]
fn no_file_is_left_out_of_the_table() {
    let Some(folder) = file("") else { return };
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let listed = TABLE.iter().any(|row| row.0 == name) || name == "broken_no_graph.nir";
        assert!(listed, "{name} has no row in the table");
    }
}

#[test]
fn a_file_without_a_graph_is_refused() {
    let Some(path) = file("broken_no_graph.nir") else {
        return;
    };
    let error = read(&path).unwrap_err();
    assert!(matches!(error, Error::NoGraph { .. }), "{error}");
    assert!(error.to_string().contains("broken_no_graph.nir"), "{error}");
}

#[test]
fn repairing_a_repaired_graph_changes_nothing() {
    for &(name, ..) in TABLE {
        let Some(mut model) = load(name) else { return };
        let before = model.graph.clone();
        assert_eq!(
            spikevec_nir::repair(&mut model.graph).unwrap(),
            [],
            "{name}"
        );
        assert_eq!(model.graph, before, "{name}");
    }
}

#[test]
fn every_file_survives_being_written() {
    for &(name, ..) in TABLE {
        let Some(path) = file(name) else { return };
        let before = read_unrepaired(&path).unwrap().graph;
        let bytes = spikevec_nir::to_bytes(&before).unwrap();
        let after = spikevec_nir::from_bytes_unrepaired(&bytes, name).unwrap();
        assert_eq!(after.graph, before, "{name}");
    }
}

#[test]
fn the_flattened_and_the_nested_braille_network_are_wired_alike() {
    let Some(model) = load("braille_v2_unconnected_ports.nir") else {
        return;
    };
    let mut edges: Vec<(&str, &str)> = model
        .graph
        .edges
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    edges.sort_unstable();
    assert_eq!(
        edges,
        [
            ("fc1", "lif1.lif"),
            ("fc2", "lif2"),
            ("input", "fc1"),
            ("lif1.lif", "fc2"),
            ("lif1.lif", "lif1.w_rec"),
            ("lif1.w_rec", "lif1.lif"),
            ("lif2", "output"),
        ]
    );
}

#[test]
fn the_transposed_weights_are_the_stored_ones_turned() {
    let Some(path) = file("spyx_shd.nir") else {
        return;
    };
    let weight = |model: &Model, name: &str| -> Tensor {
        match &model.graph.nodes.get(name).unwrap().kind {
            NodeKind::Linear(p) => p.weight.clone(),
            other => panic!("{other:?}"),
        }
    };
    let stored = read_unrepaired(&path).unwrap();
    let repaired = read(&path).unwrap();
    for (name, inputs, outputs) in [
        ("linear", 128, 64),
        ("linear_1", 64, 64),
        ("linear_2", 64, 20),
    ] {
        let (before, after) = (weight(&stored, name), weight(&repaired, name));
        assert_eq!(before.shape, [inputs, outputs]);
        assert_eq!(after.shape, [outputs, inputs]);
        for i in 0..inputs {
            for o in 0..outputs {
                assert_eq!(before.data[i * outputs + o], after.data[o * inputs + i]);
            }
        }
    }
}

#[test]
fn the_shapes_of_the_convolutional_network_follow_its_layers() {
    let Some(model) = load("cnn_sinabs.nir") else {
        return;
    };
    let all = shapes(&model.graph).unwrap();
    let output = |name: &str| all.get(name).unwrap().1.clone();
    assert_eq!(output("input"), [2, 34, 34]);
    assert_eq!(output("0"), [16, 16, 16]);
    assert_eq!(output("2"), [16, 16, 16]);
    assert_eq!(output("4"), [16, 8, 8]);
    assert_eq!(output("5"), [8, 8, 8]);
    assert_eq!(output("7"), [8, 4, 4]);
    assert_eq!(output("8"), [128]);
    assert_eq!(output("11"), [10]);
}

#[test]
fn an_absent_reset_potential_stays_absent() {
    let Some(model) = load("braille_noDelay_bias_zero.nir") else {
        return;
    };
    match &model.graph.nodes.get("lif2").unwrap().kind {
        NodeKind::CubaLIF(p) => assert_eq!(p.v_reset, None),
        other => panic!("{other:?}"),
    }
}
