//! What the writer makes, read by another HDF5 library.
#![allow(clippy::unwrap_used)]

mod common;

use hdf5_reader::Hdf5File;
use proptest::prelude::*;
use spikevec_nir::{DType, Graph, NodeKind, to_bytes};

fn check(file: &Hdf5File, graph: &Graph, at: &str) {
    let edges = file.dataset(&format!("{at}/edges")).unwrap();
    assert_eq!(edges.shape(), [graph.edges.len() as u64, 2]);
    if !graph.edges.is_empty() {
        let flat: Vec<String> = graph
            .edges
            .iter()
            .flat_map(|(a, b)| [a.clone(), b.clone()])
            .collect();
        assert_eq!(edges.read_strings().unwrap(), flat);
    }
    for (name, node) in &graph.nodes {
        let path = format!("{at}/nodes/{name}");
        let type_name = file.dataset(&format!("{path}/type")).unwrap();
        assert_eq!(type_name.read_string().unwrap(), node.kind.type_name());
        if let NodeKind::Graph(nested) = &node.kind {
            check(file, nested, &path);
        }
        for (field, tensor) in node.kind.tensors() {
            let dataset = file.dataset(&format!("{path}/{field}")).unwrap();
            let shape: Vec<usize> = dataset.shape().iter().map(|&n| n as usize).collect();
            assert_eq!(shape, tensor.shape, "{path}/{field}");
            let data: Vec<f64> = match tensor.dtype {
                DType::F64 => dataset.read_array::<f64>().unwrap().into_iter().collect(),
                DType::F32 => dataset
                    .read_array::<f32>()
                    .unwrap()
                    .into_iter()
                    .map(f64::from)
                    .collect(),
                DType::F16 => dataset
                    .read_raw_bytes()
                    .unwrap()
                    .chunks(2)
                    .map(|b| half::f16::from_le_bytes([b[0], b[1]]).to_f64())
                    .collect(),
                DType::Int => dataset
                    .read_array::<i64>()
                    .unwrap()
                    .into_iter()
                    .map(|v| v as f64)
                    .collect(),
            };
            assert_eq!(data, tensor.data, "{path}/{field}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn another_library_reads_the_same(graph in common::graph(1)) {
        let file = Hdf5File::from_vec(to_bytes(&graph).unwrap()).unwrap();
        let version = file.dataset("version").unwrap().read_string().unwrap();
        prop_assert_eq!(version, "1.0.8");
        check(&file, &graph, "node");
    }
}
