//! From NIR graphs to networks: what is understood, and what is refused and how.
#![allow(clippy::unwrap_used)]

use spikevec_compiler::CompileError;
use spikevec_compiler::graph::{Connectivity, Network, Source, from_nir};
use spikevec_compiler::reading::Readings;
use spikevec_nir::{Affine, Delay, Graph, Input, LI, LIF, Linear, NodeKind, Output, Scale, Tensor};

fn graph(nodes: Vec<(&str, NodeKind)>, edges: &[(&str, &str)]) -> Graph {
    let nodes = nodes
        .into_iter()
        .map(|(name, kind)| (name.to_owned(), kind.into()))
        .collect();
    let edges = edges
        .iter()
        .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
        .collect();
    Graph {
        nodes,
        edges,
        ..Graph::default()
    }
}

fn input(n: usize) -> NodeKind {
    NodeKind::Input(Input { shape: vec![n] })
}

fn output(n: usize) -> NodeKind {
    NodeKind::Output(Output { shape: vec![n] })
}

fn matrix(rows: usize, columns: usize, data: &[f64]) -> Tensor {
    Tensor::new(vec![rows, columns], data.to_vec()).unwrap()
}

fn linear(rows: usize, columns: usize, data: &[f64]) -> NodeKind {
    NodeKind::Linear(Linear {
        weight: matrix(rows, columns, data),
    })
}

fn affine(rows: usize, columns: usize, data: &[f64], bias: &[f64]) -> NodeKind {
    NodeKind::Affine(Affine {
        weight: matrix(rows, columns, data),
        bias: Tensor::vector(bias.to_vec()),
    })
}

fn lif_with(tau: &[f64]) -> NodeKind {
    let all = |value: f64| Tensor::full(&[tau.len()], value);
    NodeKind::LIF(LIF {
        tau: Tensor::vector(tau.to_vec()),
        r: all(1.0),
        v_leak: all(0.0),
        v_threshold: all(1.0),
        v_reset: None,
    })
}

fn lif(n: usize) -> NodeKind {
    lif_with(&vec![2.0; n])
}

fn li(n: usize) -> NodeKind {
    let all = |value: f64| Tensor::full(&[n], value);
    NodeKind::LI(LI {
        tau: all(2.0),
        r: all(1.0),
        v_leak: all(0.0),
    })
}

fn weights<'a>(network: &'a Network, source: Source, target: &str) -> &'a [f64] {
    let target = network
        .populations
        .iter()
        .position(|p| p.name == target)
        .unwrap();
    let found = network
        .projections
        .iter()
        .find(|p| p.source == source && p.target == target);
    found.unwrap().connectivity.weights()
}

fn message(graph: &Graph) -> String {
    from_nir(graph).unwrap_err().to_string()
}

#[test]
fn chains_of_linear_nodes_become_one_projection() {
    let g = graph(
        vec![
            ("in", input(2)),
            ("a", affine(2, 2, &[1.0, 2.0, 3.0, 4.0], &[0.5, -0.5])),
            (
                "s",
                NodeKind::Scale(Scale {
                    scale: Tensor::vector(vec![2.0, 10.0]),
                }),
            ),
            ("b", affine(1, 2, &[1.0, 1.0], &[7.0])),
            ("n", lif(1)),
            ("out", output(1)),
        ],
        &[
            ("in", "a"),
            ("a", "s"),
            ("s", "b"),
            ("b", "n"),
            ("n", "out"),
        ],
    );
    let network = from_nir(&g).unwrap();
    // b s (a x + bias) = [1 1] diag(2, 10) [[1 2] [3 4]] x + ..., by hand.
    assert_eq!(weights(&network, Source::Input, "n"), [32.0, 44.0]);
    assert_eq!(network.populations[0].bias, [2.0 * 0.5 + 10.0 * -0.5 + 7.0]);
    assert_eq!(network.outputs, [0]);
}

#[test]
fn what_several_paths_bring_is_added() {
    let g = graph(
        vec![
            ("in", input(2)),
            ("a", linear(2, 2, &[1.0, 2.0, 3.0, 4.0])),
            ("n", lif(2)),
            ("out", output(2)),
        ],
        // Through `a` and directly.
        &[("in", "a"), ("a", "n"), ("in", "n"), ("n", "out")],
    );
    let network = from_nir(&g).unwrap();
    assert_eq!(network.projections.len(), 1);
    assert_eq!(weights(&network, Source::Input, "n"), [2.0, 3.0, 2.0, 5.0]);
}

#[test]
fn feedback_is_one_step_late() {
    let g = graph(
        vec![
            ("in", input(1)),
            ("w", linear(1, 1, &[1.0])),
            ("first", lif(1)),
            ("forward", linear(1, 1, &[2.0])),
            ("second", lif(1)),
            ("back", linear(1, 1, &[3.0])),
            ("self", linear(1, 1, &[4.0])),
            ("out", output(1)),
        ],
        &[
            ("in", "w"),
            ("w", "first"),
            ("first", "forward"),
            ("forward", "second"),
            ("second", "back"),
            ("back", "first"),
            ("second", "self"),
            ("self", "second"),
            ("second", "out"),
        ],
    );
    let network = from_nir(&g).unwrap();
    let delay = |weight: f64| {
        network
            .projections
            .iter()
            .find(|p| p.connectivity.weights() == [weight])
            .unwrap()
            .delay
    };
    assert_eq!([1.0, 2.0, 3.0, 4.0].map(delay), [0, 0, 1, 1]);
    assert!(network.is_recurrent());
}

#[test]
fn an_output_behind_a_linear_node_is_read_through_a_population() {
    let g = graph(
        vec![
            ("in", input(1)),
            ("n", lif(1)),
            ("w", affine(2, 1, &[1.0, -1.0], &[0.5, 0.25])),
            ("out", output(2)),
        ],
        &[("in", "n"), ("n", "w"), ("w", "out")],
    );
    let network = from_nir(&g).unwrap();
    let read = &network.populations[network.outputs[0]];
    assert_eq!(
        (read.name.as_str(), read.neuron.kind(), read.size()),
        ("out", "readout", 2)
    );
    assert_eq!(read.bias, [0.5, 0.25]);
}

#[test]
fn input_without_weights_is_one_to_one() {
    let g = graph(
        vec![("in", input(3)), ("n", lif(3)), ("out", output(3))],
        &[("in", "n"), ("n", "out")],
    );
    let network = from_nir(&g).unwrap();
    assert_eq!(
        network.projections[0].connectivity,
        Connectivity::one_to_one(vec![1.0; 3])
    );
}

#[test]
fn the_step_length_is_the_users_then_the_models() {
    let mut g = graph(
        vec![
            ("in", input(2)),
            ("n", lif_with(&[0.004, 0.25])),
            ("out", output(2)),
        ],
        &[("in", "n"), ("n", "out")],
    );
    let unknown = Readings::default()
        .of(&from_nir(&g).unwrap())
        .map(|reading| reading.dt)
        .unwrap_err();
    let text = unknown.to_string();
    assert!(
        text.contains("--dt") && text.contains("4.0000e-3") && text.contains("2.5000e-1"),
        "{text}"
    );
    g.metadata
        .insert("dt".to_owned(), spikevec_nir::MetaValue::Float(0.001));
    let network = from_nir(&g).unwrap();
    assert_eq!(
        Readings::default().of(&network).map(|reading| reading.dt),
        Ok(0.001)
    );
    let given = Readings {
        dt: Some(0.002),
        ..Readings::default()
    };
    assert_eq!(given.of(&network).map(|reading| reading.dt), Ok(0.002));
    for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let given = Readings {
            dt: Some(bad),
            ..Readings::default()
        };
        assert!(
            matches!(
                given.of(&network).map(|reading| reading.dt),
                Err(CompileError::BadDt(_))
            ),
            "{bad}"
        );
    }
}

#[test]
fn negative_time_constants_are_said() {
    let g = graph(
        vec![
            ("in", input(2)),
            ("n", lif_with(&[-3.0, 2.0])),
            ("out", output(2)),
        ],
        &[("in", "n"), ("n", "out")],
    );
    let warnings = from_nir(&g).unwrap().warnings;
    assert!(
        warnings[0].contains("`n`: 1 of 2 time constants are negative"),
        "{warnings:?}"
    );
}

#[test]
fn what_is_not_supported_is_refused_by_name() {
    let delay = NodeKind::Delay(Delay {
        delay: Tensor::vector(vec![1.0; 16]),
    });
    let g = graph(
        vec![
            ("in", input(16)),
            ("line", delay),
            ("n", lif(16)),
            ("out", output(16)),
        ],
        &[("in", "line"), ("line", "n"), ("n", "out")],
    );
    let text = message(&g);
    assert!(
        text.contains("`line` (Delay)") && text.contains("up to 1,"),
        "{text}"
    );

    // Without a delay it hands on what it gets.
    let mut g = g;
    if let NodeKind::Delay(p) = &mut g.nodes.get_mut("line").unwrap().kind {
        p.delay.data.fill(0.0);
    }
    assert_eq!(from_nir(&g).unwrap().projections[0].delay, 0);

    let g = graph(
        vec![
            ("in", input(1)),
            ("slow", li(1)),
            ("w", linear(1, 1, &[1.0])),
            ("n", lif(1)),
            ("out", output(1)),
        ],
        &[("in", "slow"), ("slow", "w"), ("w", "n"), ("n", "out")],
    );
    assert!(message(&g).contains("`slow` (LI) does not spike but feeds other nodes"));
}

#[test]
fn broken_structures_are_refused() {
    let two = graph(
        vec![
            ("a", input(1)),
            ("b", input(1)),
            ("n", lif(1)),
            ("out", output(1)),
        ],
        &[("a", "n"), ("b", "n"), ("n", "out")],
    );
    // They stand in one row.
    let two = from_nir(&two).unwrap();
    assert_eq!(two.input_shape, [2]);
    assert_eq!(two.projections[0].connectivity.weights(), [1.0, 1.0]);
    assert!(two.warnings[0].contains("2 Input nodes") && two.warnings[0].contains("`b` from 1 on"));

    let none = graph(vec![("n", lif(1)), ("out", output(1))], &[("n", "out")]);
    assert!(message(&none).contains("no Input node"));

    let silent = graph(
        vec![("in", input(1)), ("n", lif(1)), ("out", output(1))],
        &[("in", "n")],
    );
    assert!(message(&silent).contains("output node `out` is not connected"));

    let unread = graph(vec![("in", input(1)), ("n", lif(1))], &[("in", "n")]);
    assert!(message(&unread).contains("no Output node"));

    let round = graph(
        vec![
            ("in", input(1)),
            ("a", linear(1, 1, &[1.0])),
            ("b", linear(1, 1, &[1.0])),
            ("n", lif(1)),
            ("out", output(1)),
        ],
        &[
            ("in", "a"),
            ("a", "b"),
            ("b", "a"),
            ("b", "n"),
            ("n", "out"),
        ],
    );
    assert!(message(&round).contains("form a loop without a neuron"));

    let still = graph(
        vec![
            ("in", input(2)),
            ("n", lif_with(&[1.0, 0.0])),
            ("out", output(2)),
        ],
        &[("in", "n"), ("n", "out")],
    );
    let text = message(&still);
    assert!(text.contains("`n`: tau of neuron 1 is 0"), "{text}");

    let narrow = graph(
        vec![
            ("in", input(2)),
            ("w", linear(3, 2, &[1.0; 6])),
            ("n", lif(2)),
            ("out", output(2)),
        ],
        &[("in", "w"), ("w", "n"), ("n", "out")],
    );
    let text = message(&narrow);
    assert!(
        text.contains("'w' gives 3") && text.contains("'n'") && text.contains("takes 2"),
        "{text}"
    );

    let into = graph(
        vec![("in", input(1)), ("n", lif(1)), ("out", output(1))],
        &[("in", "n"), ("n", "in"), ("n", "out")],
    );
    assert!(message(&into).contains("the edge from `n` leads to the Input node `in`"));

    let own = graph(
        vec![("in", input(1)), ("n", lif(1)), ("out", output(1))],
        &[("in", "n"), ("out", "out")],
    );
    assert!(message(&own).contains("form a loop without a neuron"));
}

#[test]
fn populations_that_the_input_does_not_reach_are_said() {
    let g = graph(
        vec![
            ("in", input(1)),
            ("n", lif(1)),
            ("apart", lif(1)),
            ("out", output(1)),
            ("too", output(1)),
        ],
        &[("in", "n"), ("n", "out"), ("apart", "too")],
    );
    let warnings = from_nir(&g).unwrap().warnings;
    assert_eq!(warnings.len(), 1);
    assert!(
        warnings[0].contains("`apart`: no path leads here from the Input node"),
        "{warnings:?}"
    );
}

#[test]
fn shapes_are_kept() {
    let flatten = NodeKind::Flatten(spikevec_nir::Flatten {
        input_shape: Some(vec![2, 3]),
        start_dim: 0,
        end_dim: -1,
    });
    let graph = graph(
        vec![
            (
                "input",
                NodeKind::Input(spikevec_nir::Input { shape: vec![2, 3] }),
            ),
            (
                "grid",
                NodeKind::IF(spikevec_nir::IntegrateAndFire {
                    r: Tensor::new(vec![2, 3], vec![1.0; 6]).unwrap(),
                    v_threshold: Tensor::new(vec![2, 3], vec![1.0; 6]).unwrap(),
                    v_reset: None,
                }),
            ),
            ("flatten", flatten),
            ("row", lif(6)),
            ("output", output(6)),
        ],
        &[
            ("input", "grid"),
            ("grid", "flatten"),
            ("flatten", "row"),
            ("row", "output"),
        ],
    );
    let network = from_nir(&graph).unwrap();
    assert_eq!(network.input_shape, [2, 3]);
    let shapes: Vec<_> = network
        .populations
        .iter()
        .map(|p| (&p.name[..], &p.shape[..]))
        .collect();
    assert_eq!(shapes, [("grid", &[2, 3][..]), ("row", &[6][..])]);
    let text = network.to_string();
    assert!(text.contains("network: 6 inputs (2 x 3)\n"), "{text}");
    assert!(text.contains("population grid: 6 IF (2 x 3)\n"), "{text}");
    assert!(text.contains("population row: 6 LIF, output\n"), "{text}");
}

#[test]
fn an_input_that_leads_nowhere_is_refused() {
    let graph = graph(
        vec![
            ("input", input(5)),
            ("fc", linear(8, 5, &[0.5; 40])),
            ("lif", lif(8)),
            ("output", output(8)),
        ],
        &[("fc", "lif"), ("lif", "output")],
    );
    let text = message(&graph);
    assert!(text.contains("the Input node leads to no neuron"), "{text}");
}
