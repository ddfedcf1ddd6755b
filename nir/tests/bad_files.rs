//! Files that have to be refused, with a message that says what is wrong, and never a panic.
#![allow(clippy::unwrap_used)]

mod common;

use hdf5_pure::FileBuilder;
use proptest::prelude::*;
use spikevec_nir::{Error, NodeKind, from_bytes, to_bytes};

/// Fields of one node for [`file`].
enum Field<'a> {
    Text(&'a str),
    Floats(&'a [f64], &'a [u64]),
}

/// A file with an Input `in` and the node `x` of the given fields, connected.
fn file(fields: &[(&str, Field)]) -> Vec<u8> {
    let mut builder = FileBuilder::new();
    let mut root = builder.create_group("node");
    let text = |d: &mut hdf5_pure::DatasetBuilder, t: &str| {
        d.with_vlen_strings(&[t]).with_shape(&[]);
    };
    text(root.create_dataset("type"), "NIRGraph");
    root.create_dataset("edges")
        .with_vlen_strings(&["in", "x"])
        .with_shape(&[1, 2]);
    let mut nodes = root.create_group("nodes");
    let mut input = nodes.create_group("in");
    text(input.create_dataset("type"), "Input");
    input.create_dataset("shape").with_i64_data(&[2]);
    nodes.add_group(input.finish());
    let mut node = nodes.create_group("x");
    for (name, field) in fields {
        match field {
            Field::Text(t) => text(node.create_dataset(name), t),
            Field::Floats(data, shape) => {
                node.create_dataset(name)
                    .with_f64_data(data)
                    .with_shape(shape);
            }
        }
    }
    nodes.add_group(node.finish());
    root.add_group(nodes.finish());
    builder.add_group(root.finish());
    builder.finish().unwrap()
}

fn refused(bytes: &[u8]) -> Error {
    from_bytes(bytes, "bad.nir").unwrap_err()
}

#[test]
fn the_test_file_itself_is_sound() {
    let bytes = file(&[
        ("type", Field::Text("Linear")),
        ("weight", Field::Floats(&[1., 2., 3., 4.], &[2, 2])),
    ]);
    assert_eq!(from_bytes(&bytes, "good.nir").unwrap().warnings, []);
}

#[test]
fn a_text_file_is_not_hdf5() {
    let error = refused(b"this is a text file named bad.nir");
    assert!(matches!(error, Error::NotHdf5 { .. }));
    assert!(error.to_string().contains("bad.nir"), "{error}");
    assert!(matches!(refused(b""), Error::NotHdf5 { .. }));
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = spikevec_nir::read(std::path::Path::new("no/such.nir")).unwrap_err();
    assert!(matches!(error, Error::Io { .. }));
    assert!(error.to_string().contains("no/such.nir"), "{error}");
}

#[test]
fn hdf5_without_a_graph_says_so() {
    let mut builder = FileBuilder::new();
    builder.create_dataset("other").with_f64_data(&[1.0]);
    let error = refused(&builder.finish().unwrap());
    assert!(matches!(error, Error::NoGraph { .. }), "{error}");
    let mut builder = FileBuilder::new();
    let node = builder.create_group("node");
    builder.add_group(node.finish());
    let error = refused(&builder.finish().unwrap());
    assert!(error.to_string().contains("empty"), "{error}");
}

#[test]
fn a_weight_that_is_not_finite_is_named_with_its_index() {
    for (value, text) in [(f64::NAN, "NaN"), (f64::INFINITY, "inf")] {
        let error = refused(&file(&[
            ("type", Field::Text("Linear")),
            ("weight", Field::Floats(&[1., 2., 3., value], &[2, 2])),
        ]));
        let message = error.to_string();
        assert!(matches!(error, Error::NotFinite { .. }), "{message}");
        for part in ["'x'", "'weight'", "[1, 1]", text] {
            assert!(message.contains(part), "{message}");
        }
    }
}

/// A LIF node of two neurons.
fn lif(tau: &[f64], r: &[f64]) -> Vec<u8> {
    file(&[
        ("type", Field::Text("LIF")),
        ("tau", Field::Floats(tau, &[2])),
        ("r", Field::Floats(r, &[2])),
        ("v_leak", Field::Floats(&[0.0; 2], &[2])),
        ("v_threshold", Field::Floats(&[1.0, 3.0], &[2])),
        ("v_reset", Field::Floats(&[0.0; 2], &[2])),
    ])
}

#[test]
fn a_lif_that_never_leaks_is_an_if_and_nothing_else_may_be_infinite() {
    const INF: f64 = f64::INFINITY;
    let model = from_bytes(&lif(&[INF; 2], &[INF; 2]), "beta1.nir").unwrap();
    let NodeKind::IF(neurons) = &model.graph.nodes["x"].kind else {
        panic!("{:?}", model.graph.nodes);
    };
    assert_eq!(
        (&neurons.r.data, &neurons.r.shape),
        (&vec![1.0; 2], &vec![2])
    );
    assert_eq!(neurons.v_threshold.data, [1.0, 3.0]);
    let [warning] = &model.warnings[..] else {
        panic!("{:?}", model.warnings);
    };
    assert!(warning.to_string().contains("'x'") && warning.to_string().contains("read as an IF"));
    for (tau, r) in [
        ([INF, INF], [1.0, 1.0]),
        ([1.0, 1.0], [INF, INF]),
        ([INF, 1.0], [INF, INF]),
        ([-INF, -INF], [INF, INF]),
        ([f64::NAN, INF], [INF, INF]),
    ] {
        let error = refused(&lif(&tau, &r));
        assert!(matches!(error, Error::NotFinite { .. }), "{error}");
    }
}

#[test]
fn a_type_that_is_not_known_is_named() {
    match refused(&file(&[("type", Field::Text("Perceptron"))])) {
        Error::UnsupportedNode { name, type_name } => {
            assert_eq!((name.as_str(), type_name.as_str()), ("x", "Perceptron"));
        }
        other => panic!("{other}"),
    }
}

#[test]
fn a_missing_field_is_named() {
    let error = refused(&file(&[
        ("type", Field::Text("Affine")),
        ("weight", Field::Floats(&[1., 2.], &[1, 2])),
    ]));
    assert_eq!(error.to_string(), "node 'x' (Affine) has no field 'bias'");
    let error = refused(&file(&[("weight", Field::Floats(&[1.], &[1]))]));
    assert!(error.to_string().contains("no field 'type'"), "{error}");
}

#[test]
fn a_field_of_the_wrong_type_or_shape_is_named() {
    let error = refused(&file(&[
        ("type", Field::Text("Linear")),
        ("weight", Field::Text("heavy")),
    ]));
    assert!(matches!(error, Error::WrongType { .. }), "{error}");
    let error = refused(&file(&[
        ("type", Field::Text("Linear")),
        ("weight", Field::Floats(&[1., 2.], &[2])),
    ]));
    assert!(matches!(error, Error::FieldShape { .. }), "{error}");
    let error = refused(&file(&[
        ("type", Field::Text("Input")),
        ("shape", Field::Floats(&[1.5], &[1])),
    ]));
    assert!(matches!(error, Error::WrongType { .. }), "{error}");
    let error = refused(&file(&[
        ("type", Field::Text("Input")),
        ("shape", Field::Floats(&[-1.0], &[1])),
    ]));
    assert!(error.to_string().contains("-1"), "{error}");
    // found by damaging a file: the message once listed millions of axes
    let error = refused(&file(&[
        ("type", Field::Text("Input")),
        ("shape", Field::Floats(&[1.0; 10_000], &[10_000])),
    ]));
    assert!(matches!(error, Error::FieldShape { .. }), "{error}");
    assert!(error.to_string().len() < 200);
}

#[test]
fn shapes_that_do_not_match_name_both_nodes() {
    let error = refused(&file(&[
        ("type", Field::Text("Linear")),
        ("weight", Field::Floats(&[0.0; 12], &[4, 3])),
    ]));
    assert_eq!(
        error.to_string(),
        "node 'in' gives 2 and node 'x', which it feeds, takes 3"
    );
    let error = refused(&file(&[
        ("type", Field::Text("LI")),
        ("tau", Field::Floats(&[1., 1.], &[2])),
        ("r", Field::Floats(&[1., 1., 1.], &[3])),
        ("v_leak", Field::Floats(&[1., 1.], &[2])),
    ]));
    assert!(matches!(error, Error::FieldShape { .. }), "{error}");
}

#[test]
fn a_field_that_is_not_known_is_a_warning() {
    let model = from_bytes(
        &file(&[
            ("type", Field::Text("Linear")),
            ("weight", Field::Floats(&[1., 2.], &[1, 2])),
            ("colour", Field::Text("blue")),
        ]),
        "test",
    )
    .unwrap();
    let text = model.warnings.first().unwrap().to_string();
    assert_eq!(text, "node 'x': field 'colour' is not known; ignored");
}

#[test]
fn graphs_nested_without_end_are_refused() {
    let mut graph = common::small();
    for _ in 0..100 {
        let mut outer = spikevec_nir::Graph::default();
        let kind = spikevec_nir::NodeKind::Graph(graph);
        outer.nodes.insert("g".to_owned(), kind.into());
        graph = outer;
    }
    let bytes = to_bytes(&graph).unwrap();
    assert!(matches!(refused(&bytes), Error::TooDeep { .. }));
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    let bytes = to_bytes(&common::small()).unwrap();
    for length in (0..bytes.len()).step_by(7) {
        let error = refused(bytes.get(..length).unwrap());
        assert!(
            matches!(error, Error::NotHdf5 { .. } | Error::Damaged { .. }),
            "cut to {length}: {error}"
        );
    }
}

#[test]
fn every_file_of_the_wild_is_refused_when_cut() {
    let folder = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/nir");
    if !folder.is_dir() {
        println!("skipped: ../shared/data/nir is missing");
        return;
    }
    for entry in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for parts in 1..40 {
            refused(bytes.get(..bytes.len() * parts / 40).unwrap());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    /// Damage may go unnoticed where it hits a weight; it must not panic or hang.
    #[test]
    fn damaged_bytes_never_panic(
        hits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        set in any::<bool>(),
    ) {
        thread_local! {
            static SOUND: Vec<u8> = to_bytes(&common::small()).unwrap();
        }
        let mut bytes = SOUND.with(Clone::clone);
        for (place, value) in hits {
            let place = place.index(bytes.len());
            if set {
                bytes[place] = value;
            } else {
                bytes[place] ^= 1 << (value % 8);
            }
        }
        let _ = from_bytes(&bytes, "damaged");
    }
}

/// Zeros, which take no room in the file.
#[test]
fn more_values_than_any_target_holds_are_refused_before_they_are_read() {
    let mut graph = common::small();
    let rows = (1 << 14) + 1;
    let weight = spikevec_nir::Tensor::full(&[rows, 1 << 10], 0.0);
    let kind = spikevec_nir::NodeKind::Linear(spikevec_nir::Linear { weight });
    graph.nodes.insert("large".to_owned(), kind.into());
    let bytes = to_bytes(&graph).unwrap();
    assert!(bytes.len() < 1 << 23, "{} bytes", bytes.len());
    match refused(&bytes) {
        Error::TooLarge { claimed, .. } => assert_eq!(claimed, (8 * rows as u64) << 10),
        other => panic!("{other}"),
    }
}
