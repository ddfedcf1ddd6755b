//! What is written is read back the same.
#![allow(clippy::unwrap_used)]

mod common;

use proptest::prelude::*;
use spikevec_nir::{Error, NodeKind, from_bytes, from_bytes_unrepaired, read, to_bytes, write};

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn random_graphs_survive(graph in common::graph(2)) {
        let bytes = to_bytes(&graph).unwrap();
        let model = from_bytes_unrepaired(&bytes, "test").unwrap();
        prop_assert_eq!(model.warnings, []);
        prop_assert_eq!(model.graph, graph);
    }

    #[test]
    fn repair_and_shapes_never_panic(mut graph in common::graph(2)) {
        // edges are at random, so most graphs are refused; those accepted have to be sound
        if spikevec_nir::repair(&mut graph).is_ok() {
            prop_assert!(spikevec_nir::shapes(&graph).is_ok());
        }
    }
}

#[test]
fn every_primitive_is_among_the_random_ones() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..2000 {
        let kind: NodeKind = common::primitive().new_tree(&mut runner).unwrap().current();
        seen.insert(kind.type_name());
    }
    assert_eq!(seen.len(), 18, "{seen:?}");
}

#[test]
fn a_large_weight_is_compressed_and_survives() {
    let mut graph = common::small();
    let weight = spikevec_nir::Tensor::full(&[300, 400], 0.25);
    graph.nodes.get_mut("fc").unwrap().kind = NodeKind::Linear(spikevec_nir::Linear { weight });
    let bytes = to_bytes(&graph).unwrap();
    assert!(bytes.len() < 100_000, "{} bytes", bytes.len());
    assert_eq!(from_bytes_unrepaired(&bytes, "test").unwrap().graph, graph);
}

#[test]
fn a_file_is_replaced_whole_and_nothing_else_is_left() {
    let folder = std::env::temp_dir().join(format!("spikevec-nir-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("net.nir");
    std::fs::write(&path, "old").unwrap();
    let graph = common::small();
    write(&path, &graph).unwrap();
    assert_eq!(read(&path).unwrap().graph, graph);
    // a graph that cannot be written leaves the file alone
    let mut broken = graph.clone();
    let node = broken.nodes.get("fc").unwrap().clone();
    broken.nodes.insert("a/b".to_owned(), node);
    assert!(matches!(
        write(&path, &broken),
        Err(Error::NotWritable { .. })
    ));
    assert_eq!(read(&path).unwrap().graph, graph);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
    std::fs::remove_dir_all(&folder).unwrap();
    // and a folder that is not there is an error of the system
    assert!(matches!(write(&path, &graph), Err(Error::Io { .. })));
}

#[test]
fn values_that_the_type_does_not_hold_are_refused() {
    use spikevec_nir::{DType, Scale, Tensor};
    for (value, dtype) in [
        (1e300, DType::F32),
        (1e6, DType::F16),
        (0.5, DType::Int),
        (1e17, DType::Int),
    ] {
        let mut graph = common::small();
        let mut scale = Tensor::scalar(value);
        scale.dtype = dtype;
        graph.nodes.get_mut("fc").unwrap().kind = NodeKind::Scale(Scale { scale });
        assert!(matches!(to_bytes(&graph), Err(Error::NotWritable { .. })));
    }
    let mut graph = common::small();
    let scale = Tensor::scalar(f64::NAN);
    graph.nodes.get_mut("fc").unwrap().kind = NodeKind::Scale(Scale { scale });
    assert!(matches!(to_bytes(&graph), Err(Error::NotFinite { .. })));
}

#[test]
fn the_small_network_needs_no_repair() {
    let graph = common::small();
    let model = from_bytes(&to_bytes(&graph).unwrap(), "test").unwrap();
    assert_eq!(model.warnings, []);
    assert_eq!(model.graph, graph);
    assert_eq!(graph.predecessors("lif").collect::<Vec<_>>(), ["fc"]);
    assert_eq!(graph.successors("lif").collect::<Vec<_>>(), ["out"]);
}
