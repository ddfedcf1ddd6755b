//! NIR files: read, repaired, made into a network, and written and read again.

use spikevec_compiler::graph;
use spikevec_nir::{from_bytes, from_bytes_unrepaired, to_bytes};

/// Most values of a graph that is written again.
const WRITTEN: usize = 1 << 14;

pub fn run(input: &[u8]) {
    match from_bytes_unrepaired(input, "fuzz.nir") {
        Err(error) => return crate::check_message(&error),
        Ok(stored) => stored.warnings.iter().for_each(|w| crate::check_message(w)),
    }
    let model = match from_bytes(input, "fuzz.nir") {
        Err(error) => return crate::check_message(&error),
        Ok(model) => model,
    };
    model.warnings.iter().for_each(|w| crate::check_message(w));
    let graph = &model.graph;
    match graph::from_nir(graph) {
        Ok(network) => drop(network),
        Err(error) => crate::check_message(&error),
    }
    let tensors = graph.nodes.values().flat_map(|node| node.kind.tensors());
    if tensors.map(|tensor| tensor.1.len()).sum::<usize>() > WRITTEN {
        return;
    }
    match to_bytes(graph) {
        Err(error) => crate::check_message(&error),
        Ok(bytes) => match from_bytes(&bytes, "again.nir") {
            Err(error) => panic!("read again: {error}"),
            Ok(again) => {
                assert_eq!(&again.graph, graph, "read again");
                assert_eq!(again.warnings, [], "what was repaired is repaired again");
            }
        },
    }
}
